use statrs::distribution::{ContinuousCDF, Normal};

use basics::{CollectionCurve, Day};

use super::{Forecast, HORIZONS, LATEST_DAY, QUANTILES};
use crate::History;

/// Days between the past days that a base rate looks at.
const STEP: i32 = 14;

/// Days that a base rate looks back.
const WINDOW: i32 = 365;

/// The share of open invoices collected within each horizon: the simplest forecast, the same for
/// every invoice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BaseRates {
    forecast: Forecast,
}

impl BaseRates {
    /// Computes the shares over the days of the past year whose outcome was known at the histories'
    /// as-of date.
    pub fn of(histories: &[History]) -> Self {
        let mut within = [0.0; HORIZONS.len()];
        let mut least = 0.0_f64;
        for (rate, horizon) in within.iter_mut().zip(HORIZONS) {
            let (mut open, mut collected) = (0_usize, 0_usize);
            for history in histories {
                let last = history.as_of() - horizon as Day;
                let first = last - last.rem_euclid(STEP);
                for day in (0..).map(|n| first - n * STEP).take_while(|&day| day > last - WINDOW) {
                    let then = history.invoices().iter().filter(|i| i.is_open_at(day));
                    for invoice in then {
                        open += 1;
                        let by = day + horizon as Day;
                        collected += usize::from(invoice.paid_late_by(by).is_some());
                    }
                }
            }
            // One success and one failure are added, so that no share is 0 or 1; a later horizon is
            // never below an earlier one.
            least = least.max((collected as f64 + 1.0) / (open as f64 + 2.0));
            *rate = least;
        }
        Self { forecast: Forecast { within, days: QUANTILES.map(|share| day_of(&within, share)) } }
    }

    /// Returns the forecast, which is the same for every invoice.
    pub fn forecast(&self) -> Forecast {
        self.forecast
    }
}

/// Returns the day by which a share is reached on straight lines between the horizons.
fn day_of(within: &[f64; 5], share: f64) -> u32 {
    let mut before = (0.0, 0.0);
    for (&rate, horizon) in within.iter().zip(HORIZONS) {
        let day = f64::from(horizon);
        if rate >= share {
            let part = (share - before.1) / (rate - before.1);
            return (before.0 + part * (day - before.0)).ceil() as u32;
        }
        before = (day, rate);
    }
    LATEST_DAY
}

/// Returns what a credit controller expects: the debtor's average days late with the spread of all
/// debtors, normally distributed, given that the invoice is still open. `None` if the history has
/// no paid invoices.
pub fn debtor_average(history: &History, invoice: usize) -> Option<CollectionCurve> {
    let as_of = history.as_of();
    let invoice = history.invoices().get(invoice)?;
    let late = |invoices: &[crate::PastInvoice]| {
        invoices.iter().filter_map(|i| i.paid_late_by(as_of)).map(f64::from).collect::<Vec<_>>()
    };
    let all = late(history.invoices());
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    if all.is_empty() {
        return None;
    }
    let own = late(history.of_debtor(invoice.debtor));
    let expected = if own.is_empty() { mean(&all) } else { mean(&own) };
    let centre = mean(&all);
    let squares = all.iter().map(|value| (value - centre).powi(2)).sum::<f64>();
    // Debtors that all pay on one day have no spread, which a normal distribution must have.
    let normal = Normal::new(expected, (squares / all.len() as f64).sqrt().max(1.0)).ok()?;
    // Half a day more: the normal is continuous and days are whole.
    let share = |days: u32| normal.cdf(f64::from(as_of - invoice.due + days as i32) + 0.5);
    // An invoice older than any payment seen would divide by 0.
    let (before, open) = (share(0), (1.0 - share(0)).max(1e-9));
    let curve = (0..=LATEST_DAY).map(|days| (share(days) - before) / open);
    Some(CollectionCurve::nearest(curve))
}
