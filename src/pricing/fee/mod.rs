//! Fee plans: one or two components, charged together, within the plan's limits. The formulas are
//! given at [`FeePlan::unrounded`].

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

/// The factor's fee for one invoice, from the day of purchase to the day of collection. Days are
/// counted from the purchase, which is day 0.
///
/// A plan has one or two components, charged together, and limits and charges by event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeePlan {
    components: Vec<FeeComponent>,
    #[serde(default)]
    charges: Charges,
}

/// The base of a fee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeeBase {
    /// Amount bought (net face).
    pub amount: Money,
    /// Advance paid on it.
    pub advance: Money,
    /// The day of purchase, day 0: benchmarks and some day counts depend on the calendar.
    pub purchase: NaiveDate,
}

impl FeePlan {
    /// Creates a plan of these components, charged together, without limits.
    pub fn new(components: Vec<FeeComponent>) -> Self {
        Self { components, charges: Charges::default() }
    }

    /// Returns the plan with these limits and charges by event.
    #[must_use]
    pub fn with_charges(self, charges: Charges) -> Self {
        Self { charges, ..self }
    }

    /// Returns the components.
    pub fn components(&self) -> &[FeeComponent] {
        &self.components
    }

    /// Returns the limits and the charges by event.
    pub fn charges(&self) -> &Charges {
        &self.charges
    }

    /// Returns the fee for collection on `day`: [`FeePlan::unrounded`], rounded half up.
    ///
    /// # Errors
    /// [`PricingError`] if the arithmetic overflows, or `day` lies beyond a table of periods that
    /// ends with an error.
    pub fn fee(&self, base: FeeBase, day: u32) -> Result<Money, PricingError> {
        let total = self.unrounded(base, day)?;
        Ok(Money::round(total, base.amount.currency(), Rounding::HalfUp)?)
    }

    /// Returns the fee for collection on `day` in major units: the sum of the components for the
    /// days charged, limited to the minimum and maximum per invoice, plus the charges per invoice.
    ///
    /// With F the amount bought, A the advance and d the days from purchase to collection:
    ///
    /// ```text
    /// flat       r F, or r A
    /// tiered     (r1 + ceil(max(0, d - D1) / s) r2) F; prorated without the ceiling
    /// periods    sum of the shares of the periods begun by day d, of F
    /// per diem   r max(d, minimum days) F
    /// benchmark  (B + m) A max(d, minimum days) / basis, with floors of B and of B + m
    /// fee        min(max(sum of the components, minimum), maximum) + charges per invoice,
    ///            d at most the last day charged
    /// ```
    ///
    /// Source: trade practice; ISDA 2006 section 4.16 for six day counts, the SIA's rules for
    /// 30U/360. Fees are exact decimals, rounded once, half up.
    ///
    /// # Errors
    /// [`PricingError`] if the arithmetic overflows, or `day` lies beyond a table of periods that
    /// ends with an error.
    pub fn unrounded(&self, base: FeeBase, day: u32) -> Result<Decimal, PricingError> {
        // The closure that adds returns no error, so `None` carries an overflow out of it.
        let mut total = Some(Decimal::ZERO);
        for component in &self.components {
            component.shares(base.purchase, self.charges.days_charged(day), &mut |share| {
                total = total.and_then(|sum| sum.checked_add(share.of(base)?));
            })?;
        }
        let total = checked(total, "the fee", base.amount)?;
        // Charges per invoice come after the limits: the maximum caps the fee, not a wire.
        let limited = self.charges.limited(total);
        checked(limited.checked_add(self.charges.per_invoice()), "the fee", base.amount)
    }

    /// Tabulates the plan in doubles for days 0 to `last`, for expectations. Days beyond a table of
    /// periods that ends with an error are charged like its last day.
    pub fn by_day(&self, purchase: NaiveDate, last: u32) -> FeeByDay {
        FeeByDay::new(self, purchase, last)
    }
}
