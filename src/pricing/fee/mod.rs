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

    /// Returns the days from 1 to `last` on which another share is charged than on the day before,
    /// in order: on no other day does the fee of any invoice change. They end where a table of
    /// periods ends with an error.
    pub fn changes(&self, purchase: NaiveDate, last: u32) -> Vec<u32> {
        let charged = |day| {
            let mut all = Vec::new();
            let day = self.charges.days_charged(day);
            let mut components = self.components.iter();
            let shares = components.try_for_each(|c| c.shares(purchase, day, &mut |s| all.push(s)));
            shares.ok().map(|()| all)
        };
        let days = (0..=last).map_while(charged).collect::<Vec<_>>();
        let changes = days.windows(2).zip(1..).filter(|(pair, _)| pair[0] != pair[1]);
        changes.map(|(_, day)| day).collect()
    }

    /// Tabulates the plan in doubles for days 0 to `last`, for expectations. Days beyond a table of
    /// periods that ends with an error are charged like its last day.
    pub fn by_day(&self, purchase: NaiveDate, last: u32) -> FeeByDay {
        FeeByDay::new(self, purchase, last)
    }
}

#[cfg(test)]
mod tests {
    use basics::{Currency, Rate};

    use super::*;

    fn percent(text: &str) -> Rate {
        Rate::from_percent(text.parse().expect("a decimal"))
    }

    fn tiered(prorated: bool) -> FeeComponent {
        FeeComponent::Tiered {
            first_percent: percent("3"),
            first_days: 30,
            step_percent: percent("1"),
            step_days: 10,
            prorated,
        }
    }

    fn periods(after: AfterLastPeriod) -> FeeComponent {
        let period = |days, rate| FeePeriod { days, percent: percent(rate) };
        FeeComponent::Periods { periods: vec![period(20, "2"), period(15, "0.5")], after }
    }

    #[test]
    fn the_fee_changes_where_a_step_begins_and_on_no_other_day() {
        let flat = FeeComponent::Flat { percent: percent("2"), of: FeeOn::Advance };
        let per_diem = FeeComponent::PerDiem { percent_per_day: percent("0.1"), minimum_days: 47 };
        let changes = |components: &[FeeComponent]| {
            let plan = FeePlan::new(components.to_vec());
            let changes = plan.changes(NaiveDate::default(), 50);
            let usd = |cents| Money::from_minor(cents, Currency::USD);
            let (amount, advance) = (usd(123_456), usd(98_765));
            let base = FeeBase { amount, advance, purchase: NaiveDate::default() };
            let fee = |day| plan.fee(base, day);
            let charged = (1..=50).take_while(|day| fee(*day).is_ok());
            let found: Vec<u32> = charged.filter(|day| fee(*day) != fee(day - 1)).collect();
            assert_eq!(found, changes, "{components:?}");
            changes
        };
        assert_eq!(changes(&[tiered(false)]), [31, 41]);
        assert_eq!(changes(&[flat.clone(), tiered(false)]), [31, 41]);
        assert_eq!(changes(&[tiered(true)]), (31..=50).collect::<Vec<_>>());
        assert_eq!(changes(&[per_diem, tiered(false)]), [31, 41, 48, 49, 50]);
        assert_eq!(changes(&[periods(AfterLastPeriod::Repeat)]), [21, 36]);
        assert_eq!(changes(&[periods(AfterLastPeriod::Stop)]), [21]);
        assert_eq!(changes(&[periods(AfterLastPeriod::Error)]), [21]);
        assert!(changes(&[flat]).is_empty());
    }
}
