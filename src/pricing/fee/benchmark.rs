use chrono::{Days, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{DayCount, Rate};

use super::share::{FeeOn, Share};

/// Benchmark plus spread on the advance (funds employed), accrued by the day: f = (B + m) A d /
/// basis, with B the benchmark in force on each day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Benchmark {
    /// B: the benchmark at the purchase, per year.
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub prime_percent: Rate,
    /// m: the spread over it, per year.
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub spread_percent: Rate,
    /// The day count by which days become years.
    pub day_count: DayCount,
    /// Minimum number of days charged.
    #[serde(default)]
    #[schemars(range(min = 0, max = 365))]
    pub minimum_days: u32,
    /// Floor of the benchmark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub floor_percent: Option<Rate>,
    /// Floor of benchmark and spread together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub all_in_floor_percent: Option<Rate>,
    /// Later values of the benchmark, in order of their dates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<BenchmarkChange>,
}

/// A value of the benchmark from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BenchmarkChange {
    /// The first day on which it is in force.
    pub from: NaiveDate,
    /// The benchmark, per year.
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub prime_percent: Rate,
}

impl Benchmark {
    /// Returns the yearly rate charged while the benchmark is `prime`.
    pub fn rate(&self, prime: Rate) -> Rate {
        let benchmark = self.floor_percent.map_or(prime, |floor| prime.max(floor));
        let rate = Rate::from_fraction(benchmark.fraction() + self.spread_percent.fraction());
        self.all_in_floor_percent.map_or(rate, |floor| rate.max(floor))
    }

    /// Calls `add` with the share of every stretch of days on which the benchmark stays the same.
    /// Days are charged from the purchase, included, to the collection, excluded.
    pub(super) fn shares(&self, purchase: NaiveDate, day: u32, add: &mut dyn FnMut(Share)) {
        let days = Days::new(day.max(self.minimum_days).into());
        let end = purchase.checked_add_days(days).unwrap_or(NaiveDate::MAX);
        let mut from = purchase;
        let mut prime = self.prime_percent;
        let mut stretch = |from, to, prime| {
            // 30E/360 ISDA treats the end of February differently on the termination date.
            let time = if to == end {
                self.day_count.between(from, to)
            } else {
                self.day_count.between_before_termination(from, to)
            };
            let rate = self.rate(prime).fraction();
            for (times, over) in time.parts() {
                add(Share { on: FeeOn::Advance, rate, times, over });
            }
        };
        for change in &self.changes {
            // In order of their dates, so the later ones begin after the collection as well.
            if change.from >= end {
                break;
            }
            // One on or before the purchase only sets the rate of the first stretch.
            if change.from > from {
                stretch(from, change.from, prime);
                from = change.from;
            }
            prime = change.prime_percent;
        }
        stretch(from, end, prime);
    }
}
