use chrono::NaiveDate;

use basics::{Amount, float};

use super::{Charges, FeeComponent, FeeOn, FeePlan};

/// A fee plan tabulated by day in doubles, for expectations over a collection curve.
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

/// Tabulates the components by day, up to `last` or the end of a table of periods.
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
                // Doubles are good enough for expectations; what is charged is computed in
                // decimals.
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
        // A table that ends with an error ends the tabulation: later days are charged like its
        // last.
        days.push(shares);
    }
    days
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

    /// Tabulates the first component alone, per unit of the leading rate.
    pub(crate) fn per_unit(plan: &FeePlan, purchase: NaiveDate, last: u32) -> Self {
        // Above 0: `OpenPlan::new` makes sure of it, because the tables are divided by it.
        let rate = plan.leading_rate().to_f64();
        let first = plan.components.get(..1).unwrap_or_default();
        let mut days = tabulated(first, &plan.charges, purchase, last);
        for day in &mut days {
            day.of_amount /= rate;
            day.of_advance /= rate;
        }
        Self { days, least: f64::NEG_INFINITY, most: f64::INFINITY, per_invoice: 0.0 }
    }

    /// Returns the charge for collection on `day`, per unit of the amount and of the advance.
    pub(crate) fn shares(&self, day: usize) -> (f64, f64) {
        let shares = self.on(day);
        (shares.of_amount, shares.of_advance)
    }

    /// Returns the fee for collection on `day` in major units. Days beyond the last tabulated one
    /// are charged like it.
    pub fn fee(&self, day: usize, amount: f64, advance: f64) -> f64 {
        let shares = self.on(day);
        let fee = shares.of_amount * amount + shares.of_advance * advance;
        // In the order of `FeePlan::unrounded`, which charges the same fee in decimals.
        fee.max(self.least).min(self.most) + self.per_invoice
    }

    /// Returns the fee for collection on `day` per unit of amount bought, without limits and
    /// charges per invoice.
    pub fn share(&self, day: usize, advance_rate: f64) -> f64 {
        let shares = self.on(day);
        shares.of_amount + advance_rate * shares.of_advance
    }

    /// Returns the charges for every invoice, in major units.
    pub fn per_invoice(&self) -> f64 {
        self.per_invoice
    }

    /// True if a minimum or maximum per invoice may bind.
    pub fn is_limited(&self) -> bool {
        self.least > f64::NEG_INFINITY || self.most < f64::INFINITY
    }

    fn on(&self, day: usize) -> DayShares {
        self.days.get(day).or(self.days.last()).copied().unwrap_or_default()
    }
}
