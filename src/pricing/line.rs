use chrono::NaiveDate;

use basics::{CollectionCurve, Money, Rate};

use super::recourse::Recourse;
use super::{Apr, Equal, FeeBase, FeeByDay, FeePlan, PricingError, ShareLost, advance, line_apr};

/// The terms under which one line of an offer is priced.
#[derive(Debug, Clone)]
pub struct LineTerms<'a> {
    /// Share of the amount bought that is advanced.
    pub advance_rate: Rate,
    /// The day of purchase, from which days count.
    pub purchase: NaiveDate,
    /// The fee plan.
    pub fee_plan: &'a FeePlan,
    /// The fee plan by day, from [`FeePlan::by_day`], up to the longest recourse period.
    pub fee_by_day: &'a FeeByDay,
    /// Recourse, and the share lost of what is not collected.
    pub loss: ShareLost,
}

/// One line of an offer, priced. All amounts have the currency of the amount bought.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinePrice {
    /// Amount bought: the eligible open balance.
    pub amount: Money,
    /// Cash paid at the purchase, before charges.
    pub advance: Money,
    /// Amount bought less advance.
    pub reserve: Money,
    /// Days from the as-of date to expected collection: the mean of the curve given collection
    /// within the recourse period, rounded up, at least 1.
    pub expected_day: u32,
    /// Fee if collected on the expected day.
    pub fee: Money,
    /// Rebate if collected on the expected day: amount less advance less fee. Negative if the
    /// client owes it.
    pub rebate: Money,
    /// Expected fee over the curve; what is uncollected is charged to the recourse day.
    pub expected_fee: Money,
    /// Expected loss of the factor: of the advance and, without recourse, of the fee on it.
    pub expected_loss: Money,
    /// Expected number of days for which the advance is outstanding.
    pub mean_days_out: f64,
    /// P(collected by the recourse day).
    pub collected_within_recourse: f64,
    /// APR at the expected day; `None` if nothing is advanced.
    pub apr: Option<Apr>,
    /// The equal lines that it stands for; all figures are those of one.
    pub equal: Equal,
}

/// The expected case of a line: it is collected on its expected day. All amounts have the currency
/// of the amount bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpectedCase {
    /// Cash paid at the purchase, before charges.
    pub advance: Money,
    /// Amount bought less advance.
    pub reserve: Money,
    /// Days from the as-of date to expected collection.
    pub expected_day: u32,
    /// Fee if collected on that day.
    pub fee: Money,
    /// Amount less advance less fee. Negative if the client owes it.
    pub rebate: Money,
    /// The equal lines that it stands for; all amounts are those of one.
    pub equal: Equal,
}

impl ExpectedCase {
    /// The case of an amount bought on these terms, which is expected to be collected on this day.
    ///
    /// # Errors
    /// [`PricingError`] if the arithmetic overflows.
    pub fn of(
        amount: Money,
        expected_day: u32,
        terms: &LineTerms<'_>,
    ) -> Result<Self, PricingError> {
        let advance = advance(amount, terms.advance_rate)?;
        let reserve = amount.checked_sub(advance)?;
        let base = FeeBase { amount, advance, purchase: terms.purchase };
        let fee = terms.fee_plan.fee(base, expected_day)?;
        let rebate = reserve.checked_sub(fee)?;
        Ok(Self { advance, reserve, expected_day, fee, rebate, equal: Equal::ONE })
    }
}

impl LinePrice {
    /// Returns the expected case of the line.
    pub fn expected_case(&self) -> ExpectedCase {
        let Self { advance, reserve, expected_day, fee, rebate, equal, .. } = *self;
        ExpectedCase { advance, reserve, expected_day, fee, rebate, equal }
    }
}

/// Prices one line: advance and reserve, the expected case, and expectations over the collection
/// curve.
///
/// With P the curve, R the recourse day, f the fee plan and s the share lost ([`ShareLost`]):
///
/// ```text
/// expected day  = max(1, ceil(mean of the day of collection, given collection by R))
/// expected fee  = sum over d of P(collected on d) f(d) + P(not collected by R) f(R)
/// expected loss = P(not collected by R) s (A + f(R)), without f(R) under full recourse
/// days out      = sum over d of P(collected on d) d + P(not collected by R) R
/// ```
///
/// `recourse_day` counts from the as-of date; less than 1 counts as 1. The expected case satisfies
/// advance + fee + rebate = amount to the minor unit. Source: defined here.
///
/// # Errors
/// [`PricingError`] if the arithmetic overflows.
pub fn price_line(
    amount: Money,
    curve: &CollectionCurve,
    recourse_day: u32,
    terms: &LineTerms<'_>,
) -> Result<LinePrice, PricingError> {
    // The expected day lies between 1 and this one, and day 0 has no APR.
    let recourse_day = recourse_day.max(1);
    let last = recourse_day as usize;
    let ExpectedCase { advance, reserve, expected_day, fee, rebate, equal } =
        ExpectedCase::of(amount, expected_day(curve, recourse_day), terms)?;

    let collected = curve.by(last);
    let uncollected = 1.0 - collected;
    let (on_amount, on_advance) = (amount.to_f64(), advance.to_f64());
    let fee_on = |day: usize| terms.fee_by_day.fee(day, on_amount, on_advance);
    let (mut fees, mut mean_days) = (0.0, uncollected * f64::from(recourse_day));
    for (day, probability) in curve.daily(last) {
        fees += probability * fee_on(day);
        mean_days += probability * day as f64;
    }
    fees += uncollected * fee_on(last);
    let currency = amount.currency();
    let minor = |major: f64| Money::from_expectation(major * currency.minor_units(), currency);
    // Without recourse nobody pays the fee to the recourse day: it is lost like the advance. With
    // recourse it is part of what the client owes.
    let fee_at_stake = match terms.loss.recourse() {
        Recourse::Full => 0.0,
        Recourse::NonRecourse | Recourse::Modified => fee_on(last),
    };
    let at_stake = on_advance + fee_at_stake;
    let loss = uncollected * terms.loss.of(uncollected) * at_stake;
    let apr = match line_apr(fee, advance, expected_day) {
        Ok(apr) => Some(apr),
        // Dilution may take all of the advance rate: such a line still has a price, but no APR.
        Err(PricingError::NothingFinanced(_)) => None,
        Err(error) => return Err(error),
    };
    Ok(LinePrice {
        amount,
        advance,
        reserve,
        expected_day,
        fee,
        rebate,
        expected_fee: minor(fees)?,
        expected_loss: minor(loss)?,
        mean_days_out: mean_days,
        collected_within_recourse: collected,
        apr,
        equal,
    })
}

/// Returns the mean of the curve given collection by the recourse day, rounded up to a whole day;
/// the recourse day itself if nothing is collected by then.
fn expected_day(curve: &CollectionCurve, recourse_day: u32) -> u32 {
    let mean = curve.mean_day_within(recourse_day as usize);
    // A mean of days within the recourse period is a small positive number.
    // A mean that is whole but for the last bit of a double is not rounded up to the next day.
    mean.map_or(recourse_day, |mean| (mean - 1e-9).ceil() as u32).clamp(1, recourse_day)
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;
    use crate::{FeeComponent, LossTerms};
    use basics::Currency;

    /// 1,000.00 bought at 85 %, fee 3 % to day 30 and 1 % per 10 days after it; half of it is
    /// collected on day 10, two fifths on day 40, a tenth not within 100 days.
    fn priced(recourse: Recourse) -> LinePrice {
        let usd: Currency = "USD".parse().expect("listed");
        let percent = |percent: i64| Rate::from_percent(Decimal::from(percent));
        let plan = FeePlan::new(vec![FeeComponent::Tiered {
            first_percent: percent(3),
            first_days: 30,
            step_percent: percent(1),
            step_days: 10,
            prorated: false,
        }]);
        let purchase = NaiveDate::default();
        let terms = LineTerms {
            advance_rate: percent(85),
            purchase,
            fee_plan: &plan,
            fee_by_day: &plan.by_day(purchase, 100),
            // A tenth of what is not collected is lost.
            loss: LossTerms {
                recourse,
                loss_given_default: 0.1,
                credit_share: 1.0,
                client_default: 1.0,
                client_correlation: 0.0,
            }
            .share_lost(),
        };
        let by = |day: usize| {
            if day < 10 {
                0.0
            } else if day < 40 {
                0.5
            } else {
                0.9
            }
        };
        let curve = CollectionCurve::new((0..=100).map(by).collect()).expect("a curve");
        price_line(Money::from_minor(100_000, usd), &curve, 100, &terms).expect("a price")
    }

    #[test]
    fn expectations_are_those_of_the_curve() {
        let line = priced(Recourse::Full);
        // 0.5 x 3 % + 0.4 x 4 % + 0.1 x 10 % = 4.1 %
        assert_eq!(line.expected_fee.to_string(), "41.00");
        // 0.1 x 10 % of 850.00
        assert_eq!(line.expected_loss.to_string(), "8.50");
        // Without recourse the fee of 100.00 on day 100 is at stake as well.
        assert_eq!(priced(Recourse::NonRecourse).expected_loss.to_string(), "9.50");
        // 0.5 x 10 + 0.4 x 40 + 0.1 x 100
        assert!((line.mean_days_out - 31.0).abs() < 1e-9);
        assert!((line.collected_within_recourse - 0.9).abs() < 1e-12);
    }

    #[test]
    fn the_expected_case_is_the_mean_day_given_collection() {
        let line = priced(Recourse::Full);
        // (5 + 16) / 0.9 = 23.3 days, rounded up; 3 % of 1,000.00 on that day
        assert_eq!((line.expected_day, line.fee.to_string()), (24, "30.00".to_owned()));
        assert_eq!(line.advance.to_string(), "850.00");
        assert_eq!(line.rebate.to_string(), "120.00");
        let apr = line.apr.expect("an APR").0;
        assert!((apr - 30.0 / 850.0 * 365.0 / 24.0).abs() < 1e-12);
    }

    #[test]
    fn the_yield_put_back_earns_the_expected_income() {
        use crate::{FundsEmployed, factor_yield};
        use basics::DayCount;
        let line = priced(Recourse::Full);
        let funds = FundsEmployed::of([&line, &line], Money::zero(line.amount.currency()));
        let funds = funds.expect("sums");
        let cost = Rate::from_percent(Decimal::from(8));
        let earned = factor_yield(funds, cost, DayCount::Actual360).expect("funds are out");
        // Income 2 x (41.00 - 8.50) on 2 x 850.00 for 31 days.
        let income = earned.before_cost_of_funds * 2.0 * 850.0 * 31.0 / 365.0;
        assert!((income - 65.0).abs() < 1e-9, "{income}");
        let cost = 0.08 * 2.0 * 850.0 * 31.0 / 360.0;
        let left = earned.after_cost_of_funds * 2.0 * 850.0 * 31.0 / 365.0;
        assert!((income - cost - left).abs() < 1e-9, "{left}");
    }
}
