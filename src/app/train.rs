use std::sync::Arc;

use chrono::{Days, NaiveDate};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use thiserror::Error;

use ledger::{self, AsOf, Guidance, Ledger, LedgerColumns, LedgerError, Progress, Source};
use report::backtest::{BINS, cases};
use scoring::validation::{HORIZONS, Metrics, pairs, reliability};
use scoring::{BoostedHazard, Check, History, ModelFile, ModelFileError, PriorCurve, TooFewPaid};
use underwriting::Policy;

use super::backtest::Bench;
use super::ingest::ingest_options;
use super::pool::history;

/// Seed of the samples that training draws.
const SEED: u64 = 7;

/// Fewest invoices on which a model is trained when nothing else is said, and most: beyond them
/// training would take longer than everything else together.
const TRAINED_BY_DEFAULT: std::ops::RangeInclusive<usize> = 200..=20_000;

/// Days before the as-of date at which a model file is tested: two months of outcomes.
const CHECKED_DAYS: u64 = 60;

/// By which model invoices are scored.
#[derive(Debug, Clone, Default)]
pub enum ModelChoice {
    /// Trained on the ledger when it has 200 to 20,000 invoices, else Kaplan-Meier.
    #[default]
    Auto,
    /// Kaplan-Meier of the debtor's own history.
    Km,
    /// A boosted hazard, trained on the ledger itself.
    Train,
    /// A boosted hazard that was trained before.
    File(Arc<LoadedModel>),
}

/// A model file with the hash of its bytes.
#[derive(Debug)]
pub struct LoadedModel {
    /// The file.
    pub file: ModelFile,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

impl LoadedModel {
    /// The model of a file with these bytes.
    ///
    /// # Errors
    /// [`ModelFileError`] saying what is wrong with it.
    pub fn from_json(bytes: &[u8]) -> Result<Self, ModelFileError> {
        let file = ModelFile::from_json(bytes)?;
        Ok(Self { file, sha256: basics::hex(&Sha256::digest(bytes)) })
    }
}

impl ModelChoice {
    /// A model trained on these histories, if the choice is to train one. When nothing else is
    /// said, a history too short to learn from is none.
    pub(super) fn trained(
        &self,
        histories: &[History],
        prior: &PriorCurve,
    ) -> Result<Option<BoostedHazard>, TooFewPaid> {
        match self {
            Self::Auto => Ok(BoostedHazard::train(histories, prior, SEED).ok()),
            Self::Train => BoostedHazard::train(histories, prior, SEED).map(Some),
            Self::Km | Self::File(_) => Ok(None),
        }
    }

    /// Whether a ledger with this many invoices is worth an attempt.
    pub(super) fn trains(&self, invoices: usize) -> bool {
        match self {
            Self::Auto => TRAINED_BY_DEFAULT.contains(&invoices),
            Self::Km | Self::File(_) => false,
            Self::Train => true,
        }
    }
}

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

/// Why no model was trained.
#[derive(Debug, Error)]
pub enum TrainError {
    /// The ledger cannot be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Too little to learn from.
    #[error(transparent)]
    TooFewPaid(#[from] TooFewPaid),
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

/// Whether clients lean on the pool of the model's training data instead of the policy's prior: it
/// came from elsewhere, or saw other clients.
pub(super) fn leans_on_pool(model: &BoostedHazard, choice: &ModelChoice) -> bool {
    matches!(choice, ModelChoice::File(_)) || model.training().clients > 1
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
