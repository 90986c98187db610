//! Validation: proper scores, calibration and coverage of predictions, by horizon and slice, beside
//! simple baselines.

mod baselines;
mod interval;
mod metrics;
mod rank;
mod reliability;

pub use baselines::{BaseRates, debtor_average};
pub use interval::{DebtorDraws, Interval};
pub use metrics::{HorizonMetrics, Metrics, collections_30, pairs};
pub use reliability::{Bin, reliability};

use basics::{CollectionCurve, Day};

/// Horizons in days at which predictions are judged.
pub const HORIZONS: [u32; 5] = [7, 14, 30, 60, 90];

/// Quantiles for which the day of collection is predicted.
pub const QUANTILES: [f64; 3] = [0.1, 0.5, 0.9];

/// Latest day that a quantile can have.
pub const LATEST_DAY: u32 = 365;

/// The forecast for one invoice open at an origin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Forecast {
    /// P(collected within each of the [`HORIZONS`]).
    pub within: [f64; 5],
    /// Whole days from the origin by which each of the [`QUANTILES`] is reached.
    pub days: [u32; 3],
}

impl Forecast {
    /// Takes the forecast from a curve. A share that the curve never reaches is put at
    /// [`LATEST_DAY`].
    pub fn of(curve: &CollectionCurve) -> Self {
        let day = |share: f64| {
            let reached = (0..=LATEST_DAY).find(|&day| curve.by(day as usize) >= share);
            reached.unwrap_or(LATEST_DAY)
        };
        Self { within: HORIZONS.map(|day| curve.by(day as usize)), days: QUANTILES.map(day) }
    }
}

/// One invoice open at an origin, with its outcome.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Case {
    /// The origin: the forecast uses what was known at the end of this day.
    pub origin: Day,
    /// The last day whose events are known.
    pub known_until: Day,
    /// The day of collection, if it is known.
    pub collected: Option<Day>,
    /// The debtor's number over the whole backtest.
    pub debtor: usize,
    /// Open balance at the origin in major units.
    pub amount: f64,
    /// Number of invoices that the debtor had paid by the origin.
    pub paid_before: usize,
}

impl Case {
    /// Returns the outcome at a horizon; `None` if it is not known yet.
    pub fn outcome(&self, horizon: u32) -> Option<bool> {
        let day = self.origin + horizon as Day;
        (day <= self.known_until).then(|| self.collected.is_some_and(|paid| paid <= day))
    }
}
