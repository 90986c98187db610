use std::collections::HashSet;

use chrono::{Days, NaiveDate};
use rayon::prelude::*;

use ledger::{self, AsOf, Guidance, Ledger, Progress, Source};
use policy::Policy;
use scoring::validation::{HORIZONS, Metrics, pairs, reliability};
use scoring::{BoostedHazard, Check, History, ModelFile, PriorCurve};

use super::backtest::{BINS, Bench, cases};
use super::choice::{ModelChoice, SEED, TrainError};
use super::ingest::ingest_options;
use super::pool::history;
use super::previous::{KnownBefore, Ledgers};

/// The days before the as-of date at which a model file is tested: two months of outcomes.
const CHECKED_DAYS: u64 = 60;

/// A ledger to train a model on.
#[derive(Debug, Clone)]
pub struct TrainRequest {
    /// The files that together are the ledger, of one client or several.
    pub ledgers: Vec<Source>,
    /// The as-of date; the ledger's own when absent.
    pub as_of: Option<NaiveDate>,
    /// The policy whose prior curve and assumptions apply.
    pub policy: Policy,
    /// The user's instructions for reading the files.
    pub guidance: Guidance,
}

impl TrainRequest {
    /// A request for these ledgers under this policy, with defaults for the rest.
    pub fn new<S: Into<Source>>(ledgers: impl IntoIterator<Item = S>, policy: Policy) -> Self {
        Self {
            ledgers: ledgers.into_iter().map(Into::into).collect(),
            as_of: None,
            policy,
            guidance: Guidance::default(),
        }
    }
}

/// Trains a model on everything known at the end of the as-of date. Also tests a model trained the
/// same way on what was known 60 days earlier; the file holds that test.
///
/// # Errors
/// If the ledger cannot be read or too few of its invoices were paid. A bad row is left out.
pub fn train(request: &TrainRequest, progress: Progress<'_>) -> Result<ModelFile, TrainError> {
    let options = ingest_options(&request.policy, &request.guidance);
    let ledger = ledger::read(&request.ledgers, &options, progress)?;
    let as_of = ledger.as_of(request.as_of)?;
    let prior = request.policy.prior();
    let columns = ledger.columns()?;
    let alone = Ledgers { ledger: &ledger, columns: &columns, as_of: &as_of, previous: &[] };
    let histories = histories(alone);
    let model = BoostedHazard::train(&histories, prior, SEED)?;
    let hashes = ledger.certificate.files.iter().map(|file| file.sha256.clone()).collect();
    let check = check(&ledger, as_of, prior)?;
    Ok(ModelFile::new(model, hashes, check))
}

/// The histories of all clients, as known at the end of the as-of date, with the dates that count.
pub(super) fn histories(ledgers: Ledgers<'_>) -> Vec<History> {
    let Ledgers { ledger, columns, as_of, .. } = ledgers;
    let of_client = |client: usize| {
        let position = columns.position(client, as_of);
        let known = KnownBefore::of(ledgers, client, &position);
        let counted = known.counted(&position, &HashSet::new());
        history(columns, &counted, &ledger.clients[client].debtors, as_of, &HashSet::new())
    };
    (0..ledger.clients.len()).into_par_iter().map(of_client).collect()
}

/// Runs the test; `None` when too little was known before.
fn check(ledger: &Ledger, as_of: AsOf, prior: &PriorCurve) -> Result<Option<Check>, TrainError> {
    let Some(origin) = as_of.date.checked_sub_days(Days::new(CHECKED_DAYS)) else {
        return Ok(None);
    };
    let bench = Bench::new(ledger, as_of, prior, ModelChoice::Train)?;
    let (_, scored) = match bench.at(origin) {
        // A young ledger may suffice for a model and not for a test of one.
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
