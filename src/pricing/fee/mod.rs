//! Fee plans: one or two components, charged together, within the plan's limits.

mod benchmark;
mod by_day;
mod charges;
mod check;
mod component;
mod leading;
mod share;
mod words;

pub use benchmark::{Benchmark, BenchmarkChange};
pub use by_day::FeeByDay;
pub use charges::{
    ChargeEvent, ChargePer, Charges, EventCharge, MinimumKind, MonthlyMinimum, monthly_minimum,
};
pub use component::{AfterLastPeriod, FeeComponent, FeePeriod};
pub use share::FeeOn;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Money, Rounding};

use super::{PricingError, checked};

/// What the factor charges for one invoice, from the day of purchase to the day of collection.
/// "Days" are days from purchase; day 0 is the purchase itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeePlan {
    components: Vec<FeeComponent>,
    #[serde(default)]
    charges: Charges,
}

/// What a fee rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeeBase {
    /// Amount bought (net face).
    pub amount: Money,
    /// Advance paid on it.
    pub advance: Money,
    /// Day 0: benchmarks and some day counts depend on the calendar.
    pub purchase: NaiveDate,
}

impl FeePlan {
    /// A plan of these components, charged together, without limits.
    pub fn new(components: Vec<FeeComponent>) -> Self {
        Self { components, charges: Charges::default() }
    }

    /// The same with limits and charges per event.
    #[must_use]
    pub fn with_charges(self, charges: Charges) -> Self {
        Self { charges, ..self }
    }

    /// The components.
    pub fn components(&self) -> &[FeeComponent] {
        &self.components
    }

    /// Limits, and charges per event.
    pub fn charges(&self) -> &Charges {
        &self.charges
    }

    /// The fee for collection on `day`, rounded half up: [`FeePlan::unrounded`].
    ///
    /// # Errors
    /// [`PricingError`] when the arithmetic overflows or a table of periods ends.
    pub fn fee(&self, base: FeeBase, day: u32) -> Result<Money, PricingError> {
        let total = self.unrounded(base, day)?;
        Ok(Money::round(total, base.amount.currency(), Rounding::HalfUp)?)
    }

    /// The fee for collection on `day` in major units: the components' sum for the days charged,
    /// not below the minimum nor above the maximum per invoice, and the charges per invoice.
    ///
    /// # Errors
    /// [`PricingError`] when the arithmetic overflows or a table of periods ends.
    pub fn unrounded(&self, base: FeeBase, day: u32) -> Result<Decimal, PricingError> {
        let mut total = Some(Decimal::ZERO);
        for component in &self.components {
            component.shares(base.purchase, self.charges.days_charged(day), &mut |share| {
                total = total.and_then(|sum| sum.checked_add(share.of(base)?));
            })?;
        }
        let total = checked(total, "the fee", base.amount)?;
        let limited = self.charges.limited(total);
        checked(limited.checked_add(self.charges.per_invoice()), "the fee", base.amount)
    }

    /// The same formulas in doubles, for expectations over days 0..=`last`; a table of periods that
    /// ends before then is charged as on its last day.
    pub fn by_day(&self, purchase: NaiveDate, last: u32) -> FeeByDay {
        FeeByDay::new(self, purchase, last)
    }
}
