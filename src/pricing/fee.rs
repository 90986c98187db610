use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{Deserialize, Serialize};

use crate::basics::{DayCount, Money, Rate, Rounding};

use super::{PricingError, checked};

/// What the factor charges: the sum of one or two components, each from the day of purchase to the
/// day of collection. "Days" are days from purchase; day 0 is the purchase itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FeePlan {
    components: Vec<FeeComponent>,
}

/// One charge of a fee plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FeeComponent {
    /// Staircase on the amount bought: f = (r1 + ceil(max(0, d - D1) / s) r2) F. Steps are not
    /// prorated.
    Tiered {
        /// r1: share of the amount bought for the first period.
        first_percent: Rate,
        /// D1: days of the first period.
        first_days: u32,
        /// r2: share of the amount bought for every started block after it.
        step_percent: Rate,
        /// s: days of a block, at least 1.
        step_days: u32,
    },
    /// Benchmark plus spread on the advance (funds employed), per diem: f = (B + m) A d / basis.
    PrimePlus {
        /// B: the benchmark, per year.
        prime_percent: Rate,
        /// m: the spread over it, per year.
        spread_percent: Rate,
        /// How days become years.
        day_count: DayCount,
        /// Days charged at least.
        #[serde(default)]
        minimum_days: u32,
    },
}

/// The two amounts on which a fee may rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeeBase {
    /// Amount bought (net face).
    pub amount: Money,
    /// Advance paid on it.
    pub advance: Money,
}

impl FeePlan {
    /// A plan of these components, charged together.
    pub fn new(components: Vec<FeeComponent>) -> Self {
        Self { components }
    }

    /// The components.
    pub fn components(&self) -> &[FeeComponent] {
        &self.components
    }

    /// The fee for collection on `day`: every component unrounded, their sum rounded half up.
    ///
    /// # Errors
    /// [`PricingError`] when the arithmetic overflows.
    pub fn fee(&self, base: FeeBase, day: u32) -> Result<Money, PricingError> {
        let mut total = Decimal::ZERO;
        for component in &self.components {
            let charge = component.unrounded(base, day)?;
            total = checked(total.checked_add(charge), "the fee", base.amount)?;
        }
        Ok(Money::round(total, base.amount.currency(), Rounding::HalfUp)?)
    }

    /// The same formulas as [`FeePlan::fee`] in doubles, for expectations over days 0..=`last`.
    pub fn by_day(&self, last: u32) -> FeeByDay {
        let shares = (0..=last).map(|day| {
            let sum = |base| self.components.iter().map(|c| c.share(base, day)).sum::<f64>();
            DayShares { of_amount: sum(Base::Amount), of_advance: sum(Base::Advance) }
        });
        FeeByDay { days: shares.collect() }
    }
}

/// A fee plan by day, as shares of the amount bought and of the advance.
#[derive(Debug, Clone, PartialEq)]
pub struct FeeByDay {
    days: Vec<DayShares>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct DayShares {
    of_amount: f64,
    of_advance: f64,
}

/// What a component rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Base {
    Amount,
    Advance,
}

impl FeeByDay {
    /// The fee for collection on `day` per unit of amount bought, with `advance_rate` of it
    /// advanced. Days beyond the last tabulated are charged as that one.
    pub fn share(&self, day: usize, advance_rate: f64) -> f64 {
        let shares = self.days.get(day).or(self.days.last());
        shares.map_or(0.0, |shares| shares.of_amount + advance_rate * shares.of_advance)
    }
}

impl FeeComponent {
    /// The charge for collection on `day` in major units, unrounded.
    fn unrounded(&self, base: FeeBase, day: u32) -> Result<Decimal, PricingError> {
        let (on, times) = match self {
            Self::Tiered { .. } => (base.amount, self.tiered_rate(day)),
            Self::PrimePlus { minimum_days, .. } => {
                (base.advance, self.rate_per_year() * Decimal::from(day.max(*minimum_days)))
            }
        };
        let product = checked(on.to_decimal().checked_mul(times), "the fee", base.amount)?;
        match self {
            Self::Tiered { .. } => Ok(product),
            Self::PrimePlus { day_count, .. } => {
                checked(product.checked_div(day_count.basis_days().into()), "the fee", base.amount)
            }
        }
    }

    fn share(&self, base: Base, day: u32) -> f64 {
        let float = |decimal: Decimal| decimal.to_f64().unwrap_or(f64::NAN);
        match (self, base) {
            (Self::Tiered { .. }, Base::Amount) => float(self.tiered_rate(day)),
            (Self::PrimePlus { day_count, minimum_days, .. }, Base::Advance) => {
                let years = f64::from(day.max(*minimum_days)) / f64::from(day_count.basis_days());
                float(self.rate_per_year()) * years
            }
            _ => 0.0,
        }
    }

    fn tiered_rate(&self, day: u32) -> Decimal {
        let Self::Tiered { first_percent, first_days, step_percent, step_days } = self else {
            return Decimal::ZERO;
        };
        let blocks = day.saturating_sub(*first_days).div_ceil((*step_days).max(1));
        first_percent.fraction() + step_percent.fraction() * Decimal::from(blocks)
    }

    fn rate_per_year(&self) -> Decimal {
        match self {
            Self::Tiered { .. } => Decimal::ZERO,
            Self::PrimePlus { prime_percent, spread_percent, .. } => {
                prime_percent.fraction() + spread_percent.fraction()
            }
        }
    }
}
