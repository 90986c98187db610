use chrono::NaiveDate;
use rust_decimal::{Decimal, prelude::ToPrimitive};

use crate::basics::Amount;

use super::{Charges, FeeComponent, FeeOn, FeePlan};

/// A fee plan by day, in doubles, for expectations.
#[derive(Debug, Clone, PartialEq)]
pub struct FeeByDay {
    days: Vec<DayShares>,
    least: f64,
    most: f64,
    per_invoice: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct DayShares {
    of_amount: f64,
    of_advance: f64,
}

fn float(decimal: Decimal) -> f64 {
    decimal.to_f64().unwrap_or(f64::NAN)
}

/// What the components come to by day, up to `last` or the end of a table of periods.
fn tabulated(
    components: &[FeeComponent],
    charges: &Charges,
    purchase: NaiveDate,
    last: u32,
) -> Vec<DayShares> {
    let mut days = Vec::with_capacity(last as usize + 1);
    for day in 0..=last {
        let mut shares = DayShares::default();
        let all = components.iter().try_for_each(|component| {
            component.shares(purchase, charges.days_charged(day), &mut |share| {
                let part = float(share.rate) * share.times as f64 / f64::from(share.over);
                match share.on {
                    FeeOn::Amount => shares.of_amount += part,
                    FeeOn::Advance => shares.of_advance += part,
                }
            })
        });
        if all.is_err() {
            break;
        }
        days.push(shares);
    }
    days
}

/// A fee plan by day whose leading rate is open: it is tabulated once, and not for every rate that
/// is tried.
#[derive(Debug)]
pub struct OpenPlan<'a> {
    plan: &'a FeePlan,
    purchase: NaiveDate,
    last: u32,
    /// At its own leading rate.
    at_own: FeeByDay,
    /// Of it what a unit of the leading rate brings; `None` where the fee is not in proportion to
    /// it: a spread over a benchmark with floors, or a leading rate of 0.
    per_unit: Option<Vec<DayShares>>,
    own: f64,
}

impl<'a> OpenPlan<'a> {
    /// The plan of a purchase, with the last day on which it is charged.
    pub fn new(plan: &'a FeePlan, purchase: NaiveDate, last: u32) -> Self {
        let at_own = FeeByDay::new(plan, purchase, last);
        let own = plan.leading_rate().to_f64();
        let first = plan.components.get(..1).unwrap_or_default();
        let in_proportion = own > 0.0 && !matches!(first, [FeeComponent::PrimePlus(_)]);
        let per_unit = in_proportion.then(|| {
            let mut days = tabulated(first, &plan.charges, purchase, last);
            for day in &mut days {
                day.of_amount /= own;
                day.of_advance /= own;
            }
            days
        });
        Self { plan, purchase, last, at_own, per_unit, own }
    }

    /// The plan at a leading rate, decimal form.
    pub(in crate::pricing) fn at(&self, rate: f64) -> FeeByDay {
        let Some(per_unit) = &self.per_unit else {
            return self.plan.at_leading_rate(rate).by_day(self.purchase, self.last);
        };
        let more = rate - self.own;
        let days = self.at_own.days.iter().zip(per_unit).map(|(own, unit)| DayShares {
            of_amount: own.of_amount + more * unit.of_amount,
            of_advance: own.of_advance + more * unit.of_advance,
        });
        FeeByDay { days: days.collect(), ..self.at_own }
    }
}

impl FeeByDay {
    pub(super) fn new(plan: &FeePlan, purchase: NaiveDate, last: u32) -> Self {
        let charges = &plan.charges;
        let limit = |amount: Option<Amount>, none: f64| amount.map_or(none, |a| float(a.0));
        Self {
            days: tabulated(&plan.components, charges, purchase, last),
            least: limit(charges.minimum_per_invoice, f64::NEG_INFINITY),
            most: limit(charges.maximum_per_invoice, f64::INFINITY),
            per_invoice: float(charges.per_invoice()),
        }
    }

    /// The fee for collection on `day` in major units. Days beyond the last tabulated are charged
    /// as that one.
    pub fn fee(&self, day: usize, amount: f64, advance: f64) -> f64 {
        let shares = self.on(day);
        let fee = shares.of_amount * amount + shares.of_advance * advance;
        fee.max(self.least).min(self.most) + self.per_invoice
    }

    /// The fee for collection on `day` per unit of amount bought, without limits and charges per
    /// invoice.
    pub fn share(&self, day: usize, advance_rate: f64) -> f64 {
        let shares = self.on(day);
        shares.of_amount + advance_rate * shares.of_advance
    }

    /// Charges for every invoice, major units.
    pub fn per_invoice(&self) -> f64 {
        self.per_invoice
    }

    /// Whether a minimum or maximum per invoice may bind.
    pub fn is_limited(&self) -> bool {
        self.least > f64::NEG_INFINITY || self.most < f64::INFINITY
    }

    fn on(&self, day: usize) -> DayShares {
        self.days.get(day).or(self.days.last()).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An open plan at a rate is the plan that has the rate, whatever its components.
    #[test]
    fn an_open_plan_at_a_rate_is_the_plan_of_that_rate() {
        let purchase = NaiveDate::from_ymd_opt(2026, 6, 30).expect("a date");
        for components in [
            r#"[{"kind": "flat", "percent": "3", "of": "advance"}]"#,
            r#"[{"kind": "tiered", "first_percent": "1.5", "first_days": 30, "step_percent": "0.5",
                "step_days": 10}, {"kind": "per_diem", "percent_per_day": "0.02"}]"#,
            r#"[{"kind": "periods", "periods": [{"days": 30, "percent": "2"}, {"days": 15,
                "percent": "1"}], "after": "error"}]"#,
            r#"[{"kind": "per_diem", "percent_per_day": "0"}]"#,
            r#"[{"kind": "prime_plus", "prime_percent": "7.5", "spread_percent": "2",
                "all_in_floor_percent": "9", "day_count": "ACT/360"}]"#,
        ] {
            let components = serde_json::from_str(components).expect("components");
            let plan = FeePlan::new(components);
            let open = OpenPlan::new(&plan, purchase, 120);
            for rate in [0.001, 0.0123, 0.03, 0.2] {
                let (found, expected) =
                    (open.at(rate), plan.at_leading_rate(rate).by_day(purchase, 120));
                assert_eq!(found.days.len(), expected.days.len());
                for day in 0..=120 {
                    let difference = found.share(day, 0.8) - expected.share(day, 0.8);
                    assert!(difference.abs() < 1e-14, "{plan:?} at {rate}, day {day}");
                }
            }
        }
    }
}
