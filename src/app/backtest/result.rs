use chrono::NaiveDate;

use basics::Currency;
use scoring::validation::{
    Bin, Case, DebtorDraws, Forecast, Interval, Metrics, pairs, reliability,
};

/// The number of resamples of debtors for an interval, and their seed. Whole debtors are drawn,
/// because invoices of one debtor are not independent.
const DRAWS: usize = 1000;
const SEED: u64 = 3;

/// The number of bins of a reliability diagram or calibration table.
pub const BINS: usize = 10;

/// The forecasts of a model on past days, with the outcomes.
#[derive(Debug)]
pub struct Backtest {
    /// Every invoice open at every origin, origin by origin.
    pub scored: Vec<PredictedInvoice>,
    /// The model used at each origin: `boosted`, `file` or `km`.
    pub models: Vec<(NaiveDate, &'static str)>,
    /// The last day whose events are known.
    pub known_until: NaiveDate,
    /// The number of rejected rows of the ledger.
    pub rejects: usize,
    /// The ids of the clients, in the order of [`PredictedInvoice::client`].
    pub clients: Vec<String>,
}

/// One invoice at one origin.
#[derive(Debug, Clone)]
pub struct PredictedInvoice {
    /// Index of the client in [`Backtest::clients`].
    pub client: usize,
    /// The client's own number of the invoice.
    pub invoice_number: String,
    /// Currency of the invoice.
    pub currency: Currency,
    /// The case: origin, debtor, amount and outcome.
    pub case: Case,
    /// The amount paid within 30 days of the origin, part payments included, in major units; `None`
    /// if those days are not over.
    pub paid_30: Option<f64>,
    /// The model's forecast.
    pub model: Forecast,
    /// The forecast of the debtor's Kaplan-Meier curve.
    pub km: Forecast,
    /// The forecast of the debtor's average days late.
    pub debtor_average: Forecast,
    /// The forecast of the base rate.
    pub base_rate: Forecast,
}

/// Picks one of the forecasts of a scored invoice.
pub type ForecastOf = fn(&PredictedInvoice) -> Forecast;

/// The forecasts compared, the model first.
pub const COMPARED: [(&str, ForecastOf); 4] = [
    ("model", |scored| scored.model),
    ("kaplan_meier", |scored| scored.km),
    ("debtor_average", |scored| scored.debtor_average),
    ("base_rate", |scored| scored.base_rate),
];

/// The cases, each with one of its forecasts.
pub fn cases<'a>(
    scored: impl IntoIterator<Item = &'a PredictedInvoice>,
    choice: ForecastOf,
) -> Vec<(Case, Forecast)> {
    scored.into_iter().map(|scored| (scored.case, choice(scored))).collect()
}

impl Backtest {
    /// The fit of each of the compared forecasts; `None` where no outcome is known.
    pub fn metrics(&self) -> Vec<(&'static str, Option<Metrics>)> {
        let of = |&(name, choice): &(&'static str, ForecastOf)| {
            (name, Metrics::of(&cases(&self.scored, choice)))
        };
        COMPARED.iter().map(of).collect()
    }

    /// The model less each of the others, in Brier score and log-loss, with intervals from
    /// resampling debtors; `None` for too few debtors.
    pub fn differences(&self) -> Vec<(&'static str, Option<[Interval; 2]>)> {
        let other =
            |&(name, choice): &(&'static str, ForecastOf)| (name, model_less(&self.scored, choice));
        COMPARED[1..].iter().map(other).collect()
    }

    /// The model's predicted and observed shares at `HORIZONS[place]`.
    pub fn calibration(&self, place: usize) -> Vec<Bin> {
        reliability(&pairs(&cases(&self.scored, COMPARED[0].1), place), BINS)
    }
}

/// The model less another forecast, in Brier score and log-loss, with intervals from resampling
/// debtors.
pub(super) fn model_less<'a>(
    scored: impl IntoIterator<Item = &'a PredictedInvoice> + Clone,
    other: ForecastOf,
) -> Option<[Interval; 2]> {
    let model = cases(scored.clone(), COMPARED[0].1);
    DebtorDraws::new(&model, DRAWS, SEED).differences(&model, &cases(scored, other))
}
