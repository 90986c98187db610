//! The choice of the model that scores invoices.

use std::sync::Arc;

use sha2::{Digest, Sha256};
use thiserror::Error;

use ledger::LedgerError;
use scoring::{BoostedHazard, History, ModelFile, ModelFileError, PriorCurve, TooFewPaid};

/// The seed of the samples that training draws.
pub(super) const SEED: u64 = 7;

/// The numbers of invoices for which [`ModelChoice::Auto`] trains a model. Above them training
/// would take longer than everything else together.
const TRAINED_BY_DEFAULT: std::ops::RangeInclusive<usize> = 200..=20_000;

/// The model that scores invoices.
#[derive(Debug, Clone, Default)]
pub enum ModelChoice {
    /// Trained on the ledger when it has 200 to 20,000 invoices, else Kaplan-Meier.
    #[default]
    Auto,
    /// Kaplan-Meier of the debtor's own history.
    Km,
    /// A boosted hazard, trained on the ledger itself.
    Train,
    /// A boosted hazard trained earlier.
    File(Arc<LoadedModel>),
}

/// A model file with the hash of its bytes.
#[derive(Debug)]
pub struct LoadedModel {
    /// The file.
    pub file: ModelFile,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

impl LoadedModel {
    /// Reads a model file from its bytes.
    ///
    /// # Errors
    /// If the bytes are not a model file that this version can read.
    pub fn from_json(bytes: &[u8]) -> Result<Self, ModelFileError> {
        let file = ModelFile::from_json(bytes)?;
        Ok(Self { file, sha256: basics::hex(&Sha256::digest(bytes)) })
    }
}

impl ModelChoice {
    /// Trains a model on these histories if the choice is to train one. Under [`Self::Auto`], a
    /// history too short to learn from gives no model and no error.
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

    /// Returns true if a model should be trained on a ledger with this many invoices.
    pub(super) fn trains(&self, invoices: usize) -> bool {
        match self {
            Self::Auto => TRAINED_BY_DEFAULT.contains(&invoices),
            Self::Km | Self::File(_) => false,
            Self::Train => true,
        }
    }
}

/// An error of training.
#[derive(Debug, Error)]
pub enum TrainError {
    /// The ledger cannot be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Too few paid invoices to learn from.
    #[error(transparent)]
    TooFewPaid(#[from] TooFewPaid),
}

/// Returns true if clients lean on the pool of the model's training data instead of the policy's
/// prior: the model came from a file, or was trained on several clients.
pub(super) fn leans_on_pool(model: &BoostedHazard, choice: &ModelChoice) -> bool {
    matches!(choice, ModelChoice::File(_)) || model.training().clients > 1
}
