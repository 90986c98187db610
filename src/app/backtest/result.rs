use chrono::NaiveDate;

use basics::Currency;
use scoring::validation::{
    Bin, Case, DebtorDraws, Forecast, Interval, Metrics, pairs, reliability,
};

/// Times that debtors are drawn for an interval, and the seed of the draws.
const DRAWS: usize = 1000;
const SEED: u64 = 3;

/// Bins of a reliability diagram or calibration table.
pub const BINS: usize = 10;

/// What a model said on days in the past, with what happened.
#[derive(Debug)]
pub struct Backtest {
    /// Every invoice open at every origin, origin by origin.
    pub scored: Vec<PredictedInvoice>,
    /// The model that was used at each origin: `boosted`, `file` or `km`.
    pub models: Vec<(NaiveDate, &'static str)>,
    /// The last day whose events are known.
    pub known_until: NaiveDate,
    /// Rows of the ledger that were kept out.
    pub rejects: usize,
    /// The clients.
    pub clients: Vec<String>,
}

/// One invoice at one origin.
#[derive(Debug, Clone)]
pub struct PredictedInvoice {
    /// Number of the client.
    pub client: usize,
    /// The client's own number of the invoice.
    pub invoice_number: String,
    /// Currency of the invoice.
    pub currency: Currency,
    /// What became of it.
    pub case: Case,
    /// Paid on it within 30 days of the origin, in part or whole, in major units; `None` while they
    /// are not over.
    pub paid_30: Option<f64>,
    /// What the model said.
    pub model: Forecast,
    /// What the debtor's Kaplan-Meier curve said.
    pub km: Forecast,
    /// What the debtor's average days late said.
    pub debtor_average: Forecast,
    /// What the base rate said.
    pub base_rate: Forecast,
}

/// One of the forecasts of a scored invoice.
pub type ForecastOf = fn(&PredictedInvoice) -> Forecast;

/// The forecasts that are compared, the model first.
pub const COMPARED: [(&str, ForecastOf); 4] = [
    ("model", |scored| scored.model),
    ("kaplan_meier", |scored| scored.km),
    ("debtor_average", |scored| scored.debtor_average),
    ("base_rate", |scored| scored.base_rate),
];

/// Cases with what one of the forecasts said.
pub fn cases<'a>(
    scored: impl IntoIterator<Item = &'a PredictedInvoice>,
    choice: ForecastOf,
) -> Vec<(Case, Forecast)> {
    scored.into_iter().map(|scored| (scored.case, choice(scored))).collect()
}

impl Backtest {
    /// How each of the compared forecasts fits.
    pub fn metrics(&self) -> Vec<(&'static str, Option<Metrics>)> {
        let of = |&(name, choice): &(&'static str, ForecastOf)| {
            (name, Metrics::of(&cases(&self.scored, choice)))
        };
        COMPARED.iter().map(of).collect()
    }

    /// The model less each of the others, in Brier score and log-loss, with intervals by drawing
    /// debtors; `None` of very few.
    pub fn differences(&self) -> Vec<(&'static str, Option<[Interval; 2]>)> {
        let other =
            |&(name, choice): &(&'static str, ForecastOf)| (name, model_less(&self.scored, choice));
        COMPARED[1..].iter().map(other).collect()
    }

    /// Predicted and observed shares of the model at the horizon with this place.
    pub fn calibration(&self, place: usize) -> Vec<Bin> {
        reliability(&pairs(&cases(&self.scored, COMPARED[0].1), place), BINS)
    }
}

/// The model less another forecast, in Brier score and log-loss, with intervals by drawing debtors.
pub(super) fn model_less<'a>(
    scored: impl IntoIterator<Item = &'a PredictedInvoice> + Clone,
    other: ForecastOf,
) -> Option<[Interval; 2]> {
    let model = cases(scored.clone(), COMPARED[0].1);
    DebtorDraws::new(&model, DRAWS, SEED).differences(&model, &cases(scored, other))
}
