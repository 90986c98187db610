use basics::{DayCount, Money, Rate};

use super::{LinePrice, PricingError};

/// The factor's earnings over a pool per year of funds employed, in decimal form.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FactorYield {
    /// (Expected fee - expected loss) x 365 / sum of advance x expected days out.
    pub before_cost_of_funds: f64,
    /// The same, less the cost of funds, which accrues on the advance under its own day count.
    pub after_cost_of_funds: f64,
}

/// The sums over a pool from which its yield follows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FundsEmployed {
    /// Expected fees of the pool.
    pub expected_fee: Money,
    /// Expected losses of the pool.
    pub expected_loss: Money,
    /// Sum of advance (minor units) x expected days out.
    pub minor_unit_days: f64,
}

impl FundsEmployed {
    /// Adds up the lines of a pool in their given order.
    ///
    /// # Errors
    /// [`PricingError::Money`] if a sum overflows or currencies differ.
    pub fn of<'a>(
        lines: impl IntoIterator<Item = &'a LinePrice>,
        zero: Money,
    ) -> Result<Self, PricingError> {
        let mut funds = Self { expected_fee: zero, expected_loss: zero, minor_unit_days: 0.0 };
        for line in lines {
            funds.expected_fee = funds.expected_fee.checked_add(line.expected_fee)?;
            funds.expected_loss = funds.expected_loss.checked_add(line.expected_loss)?;
            funds.minor_unit_days += line.advance.minor() as f64 * line.mean_days_out;
        }
        Ok(funds)
    }
}

/// Returns the factor's yield on a pool; `None` if no money is out.
///
/// Source: the trade's "ROI = fees / advance, annualised", with expectations over the collection
/// curve in both places and the expected loss taken off the fees.
pub fn factor_yield(
    funds: FundsEmployed,
    cost_of_funds: Rate,
    day_count: DayCount,
) -> Option<FactorYield> {
    if funds.minor_unit_days <= 0.0 {
        return None;
    }
    let income = funds.expected_fee.minor() as f64 - funds.expected_loss.minor() as f64;
    let before = income * 365.0 / funds.minor_unit_days;
    // Only ACT/ACT has no basis, and the cost of funds is ACT/360 or ACT/365F in a policy.
    let cost = cost_of_funds.to_f64() * 365.0 / f64::from(day_count.basis_days().unwrap_or(365));
    Some(FactorYield { before_cost_of_funds: before, after_cost_of_funds: before - cost })
}
