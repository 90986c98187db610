use std::io::Write;

use basics::Outline;
use serde::Serialize;
use serde_json::Serializer;

use scoring::validation::{Bin, HORIZONS, Interval, Metrics};

use crate::ReportError;
use app::{Backtest, Cash, cash, slices};

/// The depth of nesting below which there are no line breaks.
const DEPTH: usize = 4;

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    known_until: chrono::NaiveDate,
    origins: Vec<Origin<'a>>,
    rejected_rows: usize,
    metrics: Vec<Named<Option<Metrics>>>,
    model_less: Vec<Named<Option<Differences>>>,
    calibration: Vec<Calibration>,
    collections_30: Vec<Cash>,
    slices: Vec<SliceMetrics>,
}

#[derive(Serialize)]
struct Origin<'a> {
    origin: chrono::NaiveDate,
    model: &'a str,
}

#[derive(Serialize)]
struct Named<T> {
    name: &'static str,
    // Without a value only the name is left: `None` flattens to nothing.
    #[serde(flatten)]
    value: T,
}

#[derive(Serialize)]
struct Differences {
    mean_brier: Interval,
    mean_log_loss: Interval,
}

impl Differences {
    fn new([mean_brier, mean_log_loss]: [Interval; 2]) -> Self {
        Self { mean_brier, mean_log_loss }
    }
}

#[derive(Serialize)]
struct Calibration {
    days: u32,
    bins: Vec<Bin>,
}

#[derive(Serialize)]
struct SliceMetrics {
    slice: String,
    value: String,
    model: Option<Metrics>,
    kaplan_meier: Option<Metrics>,
    debtors: usize,
    model_less_kaplan_meier: Option<Differences>,
}

/// Writes `backtest.json`: metrics of the model and of simple baselines, differences with
/// intervals, calibration tables, 30-day collections by origin, and slices.
///
/// # Errors
/// If `out` cannot be written to.
pub fn backtest_json(backtest: &Backtest, mut out: impl Write) -> Result<(), ReportError> {
    let origin = |&(origin, model)| Origin { origin, model };
    let document = Document {
        format: "factorage.backtest/1",
        known_until: backtest.known_until,
        origins: backtest.models.iter().map(origin).collect(),
        rejected_rows: backtest.rejects,
        metrics: backtest
            .metrics()
            .into_iter()
            .map(|(name, value)| Named { name, value })
            .collect(),
        model_less: backtest
            .differences()
            .into_iter()
            .map(|(name, both)| Named { name, value: both.map(Differences::new) })
            .collect(),
        calibration: HORIZONS
            .iter()
            .enumerate()
            .map(|(place, &days)| Calibration { days, bins: backtest.calibration(place) })
            .collect(),
        collections_30: cash(backtest),
        slices: slices(backtest)
            .into_iter()
            .map(|slice| SliceMetrics {
                slice: slice.of.to_owned(),
                value: slice.value,
                model: slice.model,
                kaplan_meier: slice.kaplan_meier,
                debtors: slice.debtors,
                model_less_kaplan_meier: slice.difference.map(Differences::new),
            })
            .collect(),
    };
    document.serialize(&mut Serializer::with_formatter(&mut out, Outline::new(0, DEPTH)))?;
    Ok(out.write_all(b"\n")?)
}
