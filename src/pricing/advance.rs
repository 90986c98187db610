use rust_decimal::Decimal;

use basics::{Money, Rate, Rounding};

use super::{PricingError, checked};

/// The advance rate: the policy's cap less every point of dilution above the threshold, not below
/// zero.
///
/// Trade practice, "Dilution Reserve % = dilution - 5 %, floor 0": 8 % dilution over a threshold of
/// 5 % takes 3 points off the advance rate.
pub fn advance_rate(cap: Rate, dilution: Rate, threshold: Rate) -> Rate {
    let above = (dilution.fraction() - threshold.fraction()).max(Decimal::ZERO);
    Rate::from_fraction((cap.fraction() - above).max(Decimal::ZERO))
}

/// The advance A = a F on an amount bought, rounded down to the minor unit; the reserve is the
/// rest.
///
/// # Errors
/// [`PricingError`] when the arithmetic overflows.
pub fn advance(amount: Money, rate: Rate) -> Result<Money, PricingError> {
    let product = amount.to_decimal().checked_mul(rate.fraction());
    let product = checked(product, "the advance", amount)?;
    Ok(Money::round(product, amount.currency(), Rounding::Down)?)
}

/// Average advance outstanding of a facility: yearly face times advance rate times turn over 365,
/// half up.
///
/// # Errors
/// [`PricingError`] when the arithmetic overflows.
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
