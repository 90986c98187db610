use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::Rate;

use super::super::PricingError;
use super::benchmark::Benchmark;
use super::share::{FeeOn, Share};

/// One component of a fee plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FeeComponent {
    /// The same fee whenever the debtor pays: f = r F, a service charge on face.
    #[serde(alias = "service_charge")]
    #[schemars(extend("x-aliases" = ["service_charge"]))]
    Flat {
        /// r: the share charged.
        #[schemars(extend("minimum" = 0, "maximum" = 100))]
        percent: Rate,
        /// The base of the share.
        #[serde(default)]
        of: FeeOn,
    },
    /// A staircase on the amount bought: f = (r1 + ceil(max(0, d - D1) / s) r2) F; if prorated,
    /// without the ceiling.
    Tiered {
        /// r1: the share of the amount bought for the first period.
        #[schemars(extend("minimum" = 0, "maximum" = 100))]
        first_percent: Rate,
        /// D1: the days of the first period.
        #[schemars(range(min = 0, max = 365))]
        first_days: u32,
        /// r2: the share of the amount bought for every started block after it.
        #[schemars(extend("minimum" = 0, "maximum" = 100))]
        step_percent: Rate,
        /// s: the days of a block, at least 1.
        #[schemars(range(min = 1, max = 365))]
        step_days: u32,
        /// True if a started block is charged by the day instead of whole.
        #[serde(default)]
        prorated: bool,
    },
    /// A table of periods, each with its own share of the amount bought, charged when the period
    /// begins: the first on day 0, every other on the day after its predecessor ends.
    Periods {
        /// The periods, at most 365.
        #[schemars(length(min = 1, max = 365))]
        periods: Vec<FeePeriod>,
        /// The charge after the last period.
        after: AfterLastPeriod,
    },
    /// A share of the amount bought for every day: f = r d F.
    PerDiem {
        /// r: the share per day.
        #[schemars(extend("minimum" = 0, "maximum" = 100))]
        percent_per_day: Rate,
        /// Minimum number of days charged.
        #[serde(default)]
        #[schemars(range(min = 0, max = 365))]
        minimum_days: u32,
    },
    /// Benchmark plus spread on the advance (funds employed), by the day.
    PrimePlus(Benchmark),
}

/// A period of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeePeriod {
    /// Length in days, at least 1.
    #[schemars(range(min = 1, max = 365))]
    pub days: u32,
    /// Share of the amount bought that is added when it begins.
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub percent: Rate,
}

/// The charge after the last period of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AfterLastPeriod {
    /// Nothing more.
    Stop,
    /// The last period is repeated.
    Repeat,
    /// A collection after it is an error.
    Error,
}

impl FeeComponent {
    /// Calls `add` with each share charged for collection on `day`.
    pub(super) fn shares(
        &self,
        purchase: NaiveDate,
        day: u32,
        add: &mut dyn FnMut(Share),
    ) -> Result<(), PricingError> {
        let mut of_amount = |rate: Rate, times: u32, over| {
            let (rate, times) = (rate.fraction(), times.into());
            add(Share { on: FeeOn::Amount, rate, times, over });
        };
        match self {
            Self::Flat { percent, of } => {
                add(Share { on: *of, rate: percent.fraction(), times: 1, over: 1 });
            }
            Self::Tiered { first_percent, first_days, step_percent, step_days, prorated } => {
                of_amount(*first_percent, 1, 1);
                // At least 1: a plan that was not checked must not divide by 0.
                let (beyond, step) = (day.saturating_sub(*first_days), (*step_days).max(1));
                if *prorated {
                    of_amount(*step_percent, beyond, step);
                } else {
                    of_amount(*step_percent, beyond.div_ceil(step), 1);
                }
            }
            Self::Periods { periods, after } => {
                let mut end = 0;
                for (index, period) in periods.iter().enumerate() {
                    // The first period is charged on day 0 already, the others once a day of theirs
                    // has begun.
                    if index > 0 && day <= end {
                        return Ok(());
                    }
                    of_amount(period.percent, 1, 1);
                    // At most 365 periods of 365 days, so the sum fits.
                    end += period.days;
                }
                if let (Some(last), true) = (periods.last(), day > end) {
                    match after {
                        AfterLastPeriod::Stop => {}
                        AfterLastPeriod::Repeat => {
                            of_amount(last.percent, (day - end).div_ceil(last.days.max(1)), 1);
                        }
                        AfterLastPeriod::Error => {
                            return Err(PricingError::BeyondTable { day, last: end });
                        }
                    }
                }
            }
            Self::PerDiem { percent_per_day, minimum_days } => {
                of_amount(*percent_per_day, day.max(*minimum_days), 1);
            }
            Self::PrimePlus(benchmark) => benchmark.shares(purchase, day, add),
        }
        Ok(())
    }

    /// Returns the last day on which it can be charged, if there is one.
    pub fn last_day(&self) -> Option<u32> {
        match self {
            Self::Periods { periods, after: AfterLastPeriod::Error } => {
                Some(periods.iter().map(|period| period.days).sum())
            }
            _ => None,
        }
    }
}
