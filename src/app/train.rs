use chrono::{Days, NaiveDate};
use rayon::prelude::*;

use ledger::{self, AsOf, Guidance, Ledger, LedgerColumns, Progress, Source};
use policy::Policy;
use scoring::validation::{HORIZONS, Metrics, pairs, reliability};
use scoring::{BoostedHazard, Check, History, ModelFile, PriorCurve};

use super::backtest::{BINS, Bench, cases};
use super::choice::{ModelChoice, SEED, TrainError};
use super::ingest::ingest_options;
use super::pool::history;

/// Days before the as-of date at which a model file is tested: two months of outcomes.
const CHECKED_DAYS: u64 = 60;

/// What to train on.
#[derive(Debug, Clone)]
pub struct TrainRequest {
    /// The files that together are the ledger, of one client or several.
    pub ledgers: Vec<Source>,
    /// The as-of date; the ledger's own when absent.
    pub as_of: Option<NaiveDate>,
    /// Whose prior curve and assumptions hold.
    pub policy: Policy,
    /// What the user says about how the files are to be read.
    pub guidance: Guidance,
}

impl TrainRequest {
    /// These ledgers under this policy; everything else as it is when nothing is said.
    pub fn new<S: Into<Source>>(ledgers: impl IntoIterator<Item = S>, policy: Policy) -> Self {
        Self {
            ledgers: ledgers.into_iter().map(Into::into).collect(),
            as_of: None,
            policy,
            guidance: Guidance::default(),
        }
    }
}

/// Trains a model on all that is known at the end of the as-of date, and tests one trained in the
/// same way on what was known 60 days before.
///
/// # Errors
/// [`TrainError`] when the files are no ledger or too little was paid; a bad row is left out.
pub fn train(request: &TrainRequest, progress: Progress<'_>) -> Result<ModelFile, TrainError> {
    let options = ingest_options(&request.policy, &request.guidance);
    let ledger = ledger::read(&request.ledgers, &options, progress)?;
    let as_of = ledger.as_of(request.as_of)?;
    let prior = request.policy.prior();
    let histories = histories(&ledger, &ledger.columns()?, &as_of);
    let model = BoostedHazard::train(&histories, prior, SEED)?;
    let hashes = ledger.certificate.files.iter().map(|file| file.sha256.clone()).collect();
    let check = check(&ledger, as_of, prior)?;
    Ok(ModelFile::new(model, hashes, check))
}

/// The histories of all clients, as known at the end of the as-of date.
pub(super) fn histories(
    ledger: &Ledger,
    columns: &LedgerColumns<'_>,
    as_of: &AsOf,
) -> Vec<History> {
    let of_client = |client: usize| {
        let position = columns.position(client, as_of);
        history(columns, &position, &ledger.clients[client].debtors, as_of)
    };
    (0..ledger.clients.len()).into_par_iter().map(of_client).collect()
}

/// The test; `None` when too little was known before.
fn check(ledger: &Ledger, as_of: AsOf, prior: &PriorCurve) -> Result<Option<Check>, TrainError> {
    let Some(origin) = as_of.date.checked_sub_days(Days::new(CHECKED_DAYS)) else {
        return Ok(None);
    };
    let bench = Bench::new(ledger, as_of, prior, ModelChoice::Train)?;
    let (_, scored) = match bench.at(origin) {
        Err(TrainError::TooFewPaid(_)) => return Ok(None),
        scored => scored?,
    };
    let (ours, km) = (cases(&scored, |scored| scored.model), cases(&scored, |scored| scored.km));
    let place_30 = HORIZONS.iter().position(|&days| days == 30).unwrap_or_default();
    let both = Metrics::of(&ours).zip(Metrics::of(&km));
    Ok(both.map(|(model, kaplan_meier)| Check {
        origin,
        model,
        kaplan_meier,
        calibration_30: reliability(&pairs(&ours, place_30), BINS),
    }))
}
