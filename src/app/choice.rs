//! By which model invoices are scored.

use std::sync::Arc;

use sha2::{Digest, Sha256};
use thiserror::Error;

use ledger::LedgerError;
use scoring::{BoostedHazard, History, ModelFile, ModelFileError, PriorCurve, TooFewPaid};

/// Seed of the samples that training draws.
pub(super) const SEED: u64 = 7;

/// Fewest invoices on which a model is trained when nothing else is said, and most: beyond them
/// training would take longer than everything else together.
const TRAINED_BY_DEFAULT: std::ops::RangeInclusive<usize> = 200..=20_000;

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

/// Whether clients lean on the pool of the model's training data instead of the policy's prior: it
/// came from elsewhere, or saw other clients.
pub(super) fn leans_on_pool(model: &BoostedHazard, choice: &ModelChoice) -> bool {
    matches!(choice, ModelChoice::File(_)) || model.training().clients > 1
}
