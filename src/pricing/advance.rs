use rust_decimal::Decimal;

use basics::{Money, Rate, Rounding};

use super::{PricingError, checked};

/// Returns the advance rate: the policy's cap less every point of dilution above the threshold, but
/// not below zero.
///
/// Source: trade practice, "Dilution Reserve % = dilution - 5 %, floor 0". At a dilution of 8 % and
/// a threshold of 5 %, 3 points come off the advance rate.
pub fn advance_rate(cap: Rate, dilution: Rate, threshold: Rate) -> Rate {
    let above = (dilution.fraction() - threshold.fraction()).max(Decimal::ZERO);
    Rate::from_fraction((cap.fraction() - above).max(Decimal::ZERO))
}

/// Returns the advance A = a F on an amount bought F at the rate a, rounded down to the minor unit;
/// the reserve is the rest.
///
/// # Errors
/// [`PricingError`] if the arithmetic overflows.
pub fn advance(amount: Money, rate: Rate) -> Result<Money, PricingError> {
    let product = amount.to_decimal().checked_mul(rate.fraction());
    let product = checked(product, "the advance", amount)?;
    // Down, so that the reserve is never less than the policy asks for.
    Ok(Money::round(product, amount.currency(), Rounding::Down)?)
}

/// Returns the average advance outstanding of a facility, yearly face x advance rate x turn / 365,
/// rounded half up.
///
/// # Errors
/// [`PricingError`] if the arithmetic overflows.
pub fn average_advance_outstanding(
    yearly_face: Money,
    rate: Rate,
    turn_days: u32,
) -> Result<Money, PricingError> {
    let product = (yearly_face.to_decimal().checked_mul(rate.fraction()))
        .and_then(|advanced| advanced.checked_mul(Decimal::from(turn_days)))
        .and_then(|days| days.checked_div(Decimal::from(365)));
    let average = checked(product, "the average advance", yearly_face)?;
    Ok(Money::round(average, yearly_face.currency(), Rounding::HalfUp)?)
}
