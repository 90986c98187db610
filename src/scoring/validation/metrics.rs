use serde::{Deserialize, Serialize};

use super::rank::{auc, calibration_line};
use super::reliability::calibration_error;
use super::{Case, Forecast, HORIZONS, QUANTILES};

/// The fit of predictions to outcomes at one horizon.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HorizonMetrics {
    /// Days after the origin.
    pub days: u32,
    /// Number of invoices whose outcome is known.
    pub rows: usize,
    /// Share of them collected.
    pub rate: f64,
    /// Mean squared error of the probability (Brier 1950).
    pub brier: f64,
    /// Mean of -ln of the probability given to what happened, cut at 1e-6.
    pub log_loss: f64,
    /// Area under the ROC curve.
    pub auc: Option<f64>,
    /// Expected calibration error over 15 bins of equally many predictions.
    pub ece: f64,
    /// Slope of the calibration line: 1 is right, less is overconfident.
    pub calibration_slope: Option<f64>,
    /// Intercept of the calibration line: 0 is right.
    pub calibration_intercept: Option<f64>,
}

/// The fit of forecasts to outcomes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metrics {
    /// Number of invoices at origins.
    pub rows: usize,
    /// By horizon; horizons without a known outcome are left out.
    pub horizons: Vec<HorizonMetrics>,
    /// Mean Brier score over the horizons.
    pub mean_brier: f64,
    /// Mean over the horizons.
    pub mean_log_loss: f64,
    /// Mean over the horizons.
    pub mean_ece: f64,
    /// Mean AUC over the horizons where it exists.
    pub mean_auc: Option<f64>,
    /// Mean absolute error of the median day, with outcome and median cut at the end of what is
    /// known.
    pub mean_absolute_days: f64,
    /// Mean pinball loss of the quantiles, cut in the same way.
    pub pinball: f64,
    /// Share of outcomes between the first and the last quantile; 0.8 is right.
    pub coverage: f64,
    /// Mean number of days between them.
    pub width: f64,
    /// Mean over the origins of |expected less actual collections within 30 days| over actual.
    pub collections_30_error: Option<f64>,
}

impl Metrics {
    /// Measures forecasts for cases, one each. `None` if no outcome is known at any horizon.
    pub fn of(cases: &[(Case, Forecast)]) -> Option<Self> {
        let horizons: Vec<HorizonMetrics> =
            (0..HORIZONS.len()).filter_map(|place| at_horizon(cases, place)).collect();
        if horizons.is_empty() {
            return None;
        }
        let mean = |value: &dyn Fn(&HorizonMetrics) -> f64| {
            horizons.iter().map(value).sum::<f64>() / horizons.len() as f64
        };
        let aucs: Vec<f64> = horizons.iter().filter_map(|horizon| horizon.auc).collect();
        let rows = cases.len() as f64;
        let days: Vec<Days> = cases.iter().map(Days::of).collect();
        let over_days = |value: &dyn Fn(&Days) -> f64| days.iter().map(value).sum::<f64>() / rows;
        Some(Self {
            rows: cases.len(),
            mean_brier: mean(&|horizon| horizon.brier),
            mean_log_loss: mean(&|horizon| horizon.log_loss),
            mean_ece: mean(&|horizon| horizon.ece),
            mean_auc: (!aucs.is_empty()).then(|| aucs.iter().sum::<f64>() / aucs.len() as f64),
            mean_absolute_days: over_days(&|days| (days.outcome - days.quantiles[1]).abs()),
            pinball: over_days(&Days::pinball),
            coverage: over_days(&|days| f64::from(u8::from(days.is_covered()))),
            width: over_days(&|days| days.quantiles[2] - days.quantiles[0]),
            collections_30_error: collections_error(cases),
            horizons,
        })
    }
}

/// Returns the predictions for the horizon with this index, with the outcomes that are known.
pub fn pairs(cases: &[(Case, Forecast)], place: usize) -> Vec<(f64, bool)> {
    let known = |(case, forecast): &(Case, Forecast)| {
        Some((forecast.within[place], case.outcome(HORIZONS[place])?))
    };
    cases.iter().filter_map(known).collect()
}

/// Returns the squared error and the log-loss of one probability.
pub(super) fn losses(probability: f64, happened: bool) -> [f64; 2] {
    let outcome = f64::from(u8::from(happened));
    // A single certain miss would otherwise make the mean infinite.
    let p = probability.clamp(1e-6, 1.0 - 1e-6);
    let log_loss = if happened { -p.ln() } else { -(1.0 - p).ln() };
    [(probability - outcome).powi(2), log_loss]
}

fn at_horizon(cases: &[(Case, Forecast)], place: usize) -> Option<HorizonMetrics> {
    let pairs = pairs(cases, place);
    if pairs.is_empty() {
        return None;
    }
    let rows = pairs.len() as f64;
    let mean = |loss: usize| {
        pairs.iter().map(|&(p, happened)| losses(p, happened)[loss]).sum::<f64>() / rows
    };
    let line = calibration_line(&pairs);
    Some(HorizonMetrics {
        days: HORIZONS[place],
        rows: pairs.len(),
        rate: pairs.iter().filter(|pair| pair.1).count() as f64 / rows,
        brier: mean(0),
        log_loss: mean(1),
        auc: auc(&pairs),
        ece: calibration_error(&pairs),
        calibration_slope: line.map(|(_, slope)| slope),
        calibration_intercept: line.map(|(intercept, _)| intercept),
    })
}

/// Days to collection and their quantiles, cut at the end of what is known.
struct Days {
    outcome: f64,
    quantiles: [f64; 3],
}

impl Days {
    fn of((case, forecast): &(Case, Forecast)) -> Self {
        let known = f64::from(case.known_until - case.origin);
        let outcome = case.collected.map_or(known, |day| f64::from(day - case.origin).min(known));
        Self { outcome, quantiles: forecast.days.map(|day| f64::from(day).min(known)) }
    }

    fn pinball(&self) -> f64 {
        let losses = self.quantiles.iter().zip(QUANTILES).map(|(quantile, share)| {
            let error = self.outcome - quantile;
            (share * error).max((share - 1.0) * error)
        });
        losses.sum::<f64>() / QUANTILES.len() as f64
    }

    fn is_covered(&self) -> bool {
        (self.quantiles[0]..=self.quantiles[2]).contains(&self.outcome)
    }
}

/// Returns expected and actual collections within 30 days in major units, of cases whose outcome by
/// then is known.
pub fn collections_30(cases: &[(Case, Forecast)]) -> (f64, f64) {
    const PLACE: usize = 2;
    const DAYS: u32 = HORIZONS[PLACE];
    let (mut expected, mut actual) = (0.0, 0.0);
    for (case, forecast) in cases {
        let Some(collected) = case.outcome(DAYS) else { continue };
        expected += case.amount * forecast.within[PLACE];
        actual += case.amount * f64::from(u8::from(collected));
    }
    (expected, actual)
}

fn collections_error(cases: &[(Case, Forecast)]) -> Option<f64> {
    let by_origin = cases.chunk_by(|a, b| a.0.origin == b.0.origin).map(collections_30);
    let errors: Vec<f64> = by_origin
        .filter(|(_, actual)| *actual > 0.0)
        .map(|(expected, actual)| (expected - actual).abs() / actual)
        .collect();
    (!errors.is_empty()).then(|| errors.iter().sum::<f64>() / errors.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_judged_by_hand() {
        let case = |collected| Case {
            origin: 100,
            known_until: 140,
            collected,
            debtor: 0,
            amount: 10.0,
            paid_before: 0,
        };
        let forecast = Forecast { within: [0.2, 0.4, 0.5, 0.9, 0.9], days: [5, 10, 70] };
        let cases = [(case(Some(112)), forecast), (case(None), forecast)];
        let metrics = Metrics::of(&cases).expect("cases");
        // 60 and 90 days are not known; within 7 neither, within 14 and 30 one is collected.
        assert_eq!(metrics.horizons.len(), 3);
        let brier: Vec<f64> = metrics.horizons.iter().map(|horizon| horizon.brier).collect();
        assert!((brier[0] - 0.04).abs() < 1e-12 && (brier[1] - 0.26).abs() < 1e-12);
        assert!((metrics.horizons[2].log_loss - 2.0_f64.ln()).abs() < 1e-12);
        // |12 - 10| and |40 - 10|; both lie between 5 and 70 cut to 40.
        assert!((metrics.mean_absolute_days - 16.0).abs() < 1e-12);
        assert!((metrics.coverage - 1.0).abs() < 1e-12 && (metrics.width - 35.0).abs() < 1e-12);
        // Expected 10, collected 10.
        assert_eq!(metrics.collections_30_error, Some(0.0));
    }
}
