use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Money, MoneyError, Rate, Rounding};
use pricing::{PricingError, advance};

/// The terms under which eligible receivables become cash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BorrowingTerms {
    /// Share of the eligible receivables that is advanced.
    pub advance_rate: Rate,
    /// Dilution of the receivables.
    pub dilution: Rate,
    /// Dilution up to here needs no reserve.
    pub dilution_threshold: Rate,
    /// Reserves for rent, disputes and other things, set by hand.
    pub other_reserves: Money,
    /// The most that is lent, where there is a line.
    pub line: Option<Money>,
    /// Funds in use.
    pub outstanding: Money,
}

/// From eligible receivables to what the client may still draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BorrowingBase {
    /// What all rules leave.
    pub eligible: Money,
    /// Eligible x advance rate, rounded down.
    pub gross_availability: Money,
    /// Eligible x (dilution - threshold, not below 0), half up.
    pub dilution_reserve: Money,
    /// Reserves set by hand.
    pub other_reserves: Money,
    /// Gross availability less reserves, not below 0.
    pub net_availability: Money,
    /// The line, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<Money>,
    /// The lesser of net availability and line.
    pub borrowing_base: Money,
    /// Funds in use.
    pub outstanding: Money,
    /// What may still be drawn; negative: an overadvance.
    pub excess: Money,
}

/// The certificate's last part (domain practice: net availability, the lesser of it and the line,
/// less what is outstanding).
///
/// # Errors
/// [`PricingError`] when an amount overflows.
pub fn borrowing_base(
    eligible: Money,
    terms: &BorrowingTerms,
) -> Result<BorrowingBase, PricingError> {
    let currency = eligible.currency();
    let gross_availability = advance(eligible, terms.advance_rate)?;
    let above = terms.dilution.fraction() - terms.dilution_threshold.fraction();
    let above = above.max(rust_decimal::Decimal::ZERO);
    let reserve = eligible
        .to_decimal()
        .checked_mul(above)
        .ok_or(MoneyError::OutOfRange { value: "the dilution reserve".to_owned(), currency })?;
    let dilution_reserve = Money::round(reserve, currency, Rounding::HalfUp)?;
    let reserves = dilution_reserve.checked_add(terms.other_reserves)?;
    let net = gross_availability.checked_sub(reserves)?;
    let net_availability = if net.minor() < 0 { Money::zero(currency) } else { net };
    let capped = terms.line.filter(|line| line.minor() < net_availability.minor());
    let borrowing_base = capped.unwrap_or(net_availability);
    Ok(BorrowingBase {
        eligible,
        gross_availability,
        dilution_reserve,
        other_reserves: terms.other_reserves,
        net_availability,
        line: terms.line,
        borrowing_base,
        outstanding: terms.outstanding,
        excess: borrowing_base.checked_sub(terms.outstanding)?,
    })
}
