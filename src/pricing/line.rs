use serde::{Deserialize, Serialize};

use crate::basics::{CollectionCurve, Money, Rate};

use super::{Apr, FeeBase, FeeByDay, FeePlan, PricingError, advance, line_apr};

/// Who bears an invoice that is not collected within the recourse period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recourse {
    /// The client buys it back and repays the advance and the fee to that day.
    Full,
    /// The factor bears it.
    NonRecourse,
}

/// The terms under which one line of an offer is priced.
#[derive(Debug, Clone)]
pub struct LineTerms<'a> {
    /// Share of the amount bought that is advanced.
    pub advance_rate: Rate,
    /// What the factor charges.
    pub fee_plan: &'a FeePlan,
    /// The fee plan by day, from [`FeePlan::by_day`], up to the longest recourse.
    pub fee_by_day: &'a FeeByDay,
    /// Who bears what is not collected.
    pub recourse: Recourse,
    /// Share of the advance lost on an invoice that is not collected: after the client's buy-back
    /// under full recourse, after all recoveries without recourse.
    pub loss_given_non_collection: Rate,
}

/// One line of an offer, priced. All amounts have the currency of the amount bought.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinePrice {
    /// Eligible open balance bought.
    pub amount: Money,
    /// Cash paid at purchase.
    pub advance: Money,
    /// Amount bought less advance.
    pub reserve: Money,
    /// Days from the as-of date to expected collection: the mean of the curve given collection
    /// within the recourse period, rounded up, at least 1.
    pub expected_day: u32,
    /// Fee if collected on the expected day.
    pub fee: Money,
    /// Rebate in the expected case: amount less advance less fee. Negative: the client owes it.
    pub rebate: Money,
    /// Expectation of the fee over the curve, what is uncollected charged to the recourse day.
    pub expected_fee: Money,
    /// Expectation of the part of the advance that the factor loses.
    pub expected_loss: Money,
    /// Expectation of days for which the advance is out.
    pub mean_days_out: f64,
    /// P(collected by the recourse day).
    pub collected_within_recourse: f64,
    /// APR at the expected day; `None` when nothing is advanced.
    pub apr: Option<Apr>,
}

/// Prices one line: advance and reserve, the expected case, and expectations over the collection
/// curve.
///
/// `recourse_day` counts from the as-of date and is at least 1. The expected case satisfies
/// advance + fee + rebate = amount to the minor unit.
///
/// # Errors
/// [`PricingError`] when the arithmetic overflows.
pub fn price_line(
    amount: Money,
    curve: &CollectionCurve,
    recourse_day: u32,
    terms: &LineTerms<'_>,
) -> Result<LinePrice, PricingError> {
    let recourse_day = recourse_day.max(1);
    let last = recourse_day as usize;
    let advanced = advance(amount, terms.advance_rate)?;
    let reserve = amount.checked_sub(advanced)?;
    let expected_day = expected_day(curve, recourse_day);
    let fee = terms.fee_plan.fee(FeeBase { amount, advance: advanced }, expected_day)?;
    let rebate = reserve.checked_sub(fee)?;

    let collected = curve.by(last);
    let uncollected = 1.0 - collected;
    let advance_rate = terms.advance_rate.to_f64();
    let share_on = |day: usize| terms.fee_by_day.share(day, advance_rate);
    let (mut fee_share, mut mean_days) = (0.0, uncollected * f64::from(recourse_day));
    for (day, probability) in curve.daily(last) {
        fee_share += probability * share_on(day);
        mean_days += probability * day as f64;
    }
    fee_share += uncollected * share_on(last);
    let currency = amount.currency();
    let loss_share = uncollected * terms.loss_given_non_collection.to_f64();
    let apr = match line_apr(fee, advanced, expected_day) {
        Ok(apr) => Some(apr),
        Err(PricingError::NothingFinanced(_)) => None,
        Err(error) => return Err(error),
    };
    Ok(LinePrice {
        amount,
        advance: advanced,
        reserve,
        expected_day,
        fee,
        rebate,
        expected_fee: Money::from_expectation(fee_share * amount.minor() as f64, currency)?,
        expected_loss: Money::from_expectation(loss_share * advanced.minor() as f64, currency)?,
        mean_days_out: mean_days,
        collected_within_recourse: collected,
        apr,
    })
}

/// The mean of the curve given collection by the recourse day, rounded up to a whole day; the
/// recourse day itself when nothing is collected by then.
fn expected_day(curve: &CollectionCurve, recourse_day: u32) -> u32 {
    let mean = curve.mean_day_within(recourse_day as usize);
    // A mean of days within the recourse period is a small positive number.
    mean.map_or(recourse_day, |mean| (mean - 1e-9).ceil() as u32).clamp(1, recourse_day)
}
