use chrono::NaiveDate;

use super::super::{FeeByDay, FeeComponent, FeePlan};
use super::{FeeTotals, PoolOutlook};

/// A fee plan over a pool whose leading rate is open.
///
/// The fee of a day is proportional to the leading rate. Its sums over the days of the pool are
/// therefore sums of four tables (of the amount and of the advance, at the plan's own rate and per
/// unit of it), which are added up once and not for every rate that is tried.
#[derive(Debug)]
pub struct OpenPlan<'a> {
    outlook: &'a PoolOutlook<'a>,
    plan: &'a FeePlan,
    purchase: NaiveDate,
    last: u32,
    /// `None` if the fee is not proportional to the leading rate: for a spread over a benchmark
    /// with floors, a limit per invoice, or a leading rate of 0.
    sums: Option<Sums>,
}

/// Sums over the days of a pool of four tables: own and unit of the amount, own and unit of the
/// advance.
#[derive(Debug, Default)]
struct Sums {
    own_rate: f64,
    weight: f64,
    per_invoice: f64,
    first: [f64; 4],
    lost: [f64; 4],
    second: [[f64; 4]; 4],
}

impl<'a> OpenPlan<'a> {
    /// Creates the open plan of a purchase, to the last day on which it is charged.
    pub fn new(
        outlook: &'a PoolOutlook<'a>,
        plan: &'a FeePlan,
        purchase: NaiveDate,
        last: u32,
    ) -> Self {
        let own = plan.by_day(purchase, last);
        let first = plan.components().first();
        let in_proportion = plan.leading_rate().to_f64() > 0.0
            && !own.is_limited()
            && !matches!(first, Some(FeeComponent::PrimePlus(_)));
        let sums = in_proportion
            // A solver asks for dozens of rates: four sums each instead of a walk over all days and
            // lines.
            .then(|| Sums::of(outlook, plan, &own, &FeeByDay::per_unit(plan, purchase, last)));
        Self { outlook, plan, purchase, last, sums }
    }

    /// Returns the fees at an advance rate and a leading rate, in decimal form.
    pub(super) fn totals(&self, advance_rate: f64, rate: f64) -> FeeTotals {
        if let Some(sums) = &self.sums {
            return sums.totals(advance_rate, rate);
        }
        let by_day = self.plan.at_leading_rate(rate).by_day(self.purchase, self.last);
        self.outlook.totals(advance_rate, &by_day)
    }
}

impl Sums {
    fn of(outlook: &PoolOutlook<'_>, plan: &FeePlan, own: &FeeByDay, unit: &FeeByDay) -> Self {
        let mut sums = Self {
            own_rate: plan.leading_rate().to_f64(),
            per_invoice: outlook.invoices * own.per_invoice(),
            ..Self::default()
        };
        for (day, (&amount, &lost)) in outlook.by_day.iter().zip(&outlook.lost_by_day).enumerate() {
            let ((amount_own, advance_own), (amount_unit, advance_unit)) =
                (own.shares(day), unit.shares(day));
            let tables = [amount_own, amount_unit, advance_own, advance_unit];
            sums.weight += amount;
            for (at, share) in tables.iter().enumerate() {
                sums.first[at] += amount * share;
                sums.lost[at] += lost * share;
                for (other, second) in tables.iter().enumerate() {
                    sums.second[at][other] += amount * share * second;
                }
            }
        }
        sums
    }

    fn totals(&self, advance_rate: f64, rate: f64) -> FeeTotals {
        let more = rate - self.own_rate;
        // The fee is own + (rate - own rate) x unit, each of amount and of advance x advance rate.
        let parts = [1.0, more, advance_rate, advance_rate * more];
        let sum = |of: &[f64; 4]| -> f64 { of.iter().zip(parts).map(|(a, b)| a * b).sum() };
        let fees = sum(&self.first);
        let squares: f64 = self.second.iter().zip(parts).map(|(row, part)| part * sum(row)).sum();
        let mean = fees / self.weight;
        FeeTotals {
            fees: fees + self.per_invoice,
            lost: sum(&self.lost),
            spread: (squares / self.weight - mean * mean).max(0.0).sqrt(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CapitalTerms, PoolLine};
    use super::*;
    use crate::{Equal, LossTerms, Recourse};
    use basics::{CollectionCurve, Currency, Money};

    /// At a given rate, an open plan equals the plan that has the rate, whatever its components.
    #[test]
    fn an_open_plan_at_a_rate_is_the_plan_of_that_rate() {
        let purchase = NaiveDate::from_ymd_opt(2026, 6, 30).expect("a date");
        let curve: Vec<f64> = (0..=120).map(|day| 1.0 - (-f64::from(day) / 40.0).exp()).collect();
        let curve = CollectionCurve::new(curve).expect("a curve");
        let line = |cents, debtor| PoolLine {
            amount: Money::from_minor(cents, Currency::USD),
            debtor,
            curve: &curve,
            recourse_day: 120,
            equal: Equal::ONE,
        };
        let lines = [line(125_000, 0), line(34_995, 1)];
        let loss = LossTerms {
            recourse: Recourse::NonRecourse,
            loss_given_default: 0.6,
            credit_share: 0.5,
            client_default: 0.05,
            client_correlation: 0.3,
        };
        let capital = CapitalTerms { confidence: 0.99, correlation: 0.2, cost: 0.12 };
        let outlook = PoolOutlook::new(&lines, &loss, &capital);
        for components in [
            r#"[{"kind": "flat", "percent": "3", "of": "advance"}]"#,
            r#"[{"kind": "tiered", "first_percent": "1.5", "first_days": 30, "step_percent": "0.5",
                "step_days": 10}, {"kind": "per_diem", "percent_per_day": "0.02"}]"#,
            r#"[{"kind": "periods", "periods": [{"days": 30, "percent": "2"}, {"days": 15,
                "percent": "1"}], "after": "repeat"}]"#,
            r#"[{"kind": "per_diem", "percent_per_day": "0"}]"#,
            r#"[{"kind": "prime_plus", "prime_percent": "7.5", "spread_percent": "2",
                "all_in_floor_percent": "9", "day_count": "ACT/360"}]"#,
        ] {
            let plan = FeePlan::new(serde_json::from_str(components).expect("components"));
            let open = OpenPlan::new(&outlook, &plan, purchase, 120);
            for (rate, advance) in [(0.001, 0.5), (0.0123, 0.8), (0.03, 0.85), (0.2, 0.95)] {
                let found = open.totals(advance, rate);
                let by_day = plan.at_leading_rate(rate).by_day(purchase, 120);
                let expected = outlook.totals(advance, &by_day);
                let near = |a: f64, b: f64| (a - b).abs() < 1e-9 * (1.0 + b.abs());
                assert!(near(found.fees, expected.fees), "{found:?} {expected:?}");
                assert!(near(found.lost, expected.lost), "{found:?} {expected:?}");
                // The spread is a root of a difference.
                assert!((found.spread - expected.spread).abs() < 1e-7, "{found:?} {expected:?}");
            }
        }
    }
}
