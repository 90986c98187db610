//! Verification: an offer is recomputed from its ledger and compared.

use serde_json::Value;
use thiserror::Error;

use ledger::Progress;
use offer::{Difference, Engine, Origin, OriginError, ScoredBy, other_files};

use super::choice::ModelChoice;
use super::evaluate::{EvaluateError, EvaluateRequest, evaluate};

/// An error that prevents a verification.
#[derive(Debug, Error)]
pub enum VerifyError {
    /// The document is not an offer, or its policy is not valid.
    #[error(transparent)]
    Origin(#[from] OriginError),
    /// The offer was scored with a model file other than the one given.
    #[error("the offer was scored with the model file of SHA-256 {0}; pass that file with --model")]
    Model(String),
    /// The ledger cannot be evaluated.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
    /// The recomputed offer cannot be written.
    #[error("{}", basics::refusal(.0))]
    Write(#[from] std::io::Error),
    /// The recomputed offer cannot be read back, which would be a fault of the program.
    #[error("the recomputed offer cannot be read back")]
    Unread,
}

/// The result of a verification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The id of the recomputed offer.
    pub offer_id: String,
    /// The first member in which the document differs, with both values; `None` if it agrees.
    pub difference: Option<Difference>,
    /// The offer's ledger files that match none of the given files byte for byte.
    pub other_files: Vec<String>,
    /// The engine that made the offer and this one, if the offer differs and so do they.
    pub engines: Option<(Engine, Engine)>,
}

/// Recomputes the offer of a document under the policy and at the as-of date in the document.
/// `request` supplies the ledger and how it is read; policy, date and model come from the document.
///
/// # Errors
/// If the document is not an offer, its model file was not given, or the ledger cannot be
/// evaluated. A difference is a result, not an error.
pub fn verify(
    document: &Value,
    request: EvaluateRequest,
    progress: Progress<'_>,
) -> Result<Verified, VerifyError> {
    let origin = Origin::of(document)?;
    let model = model(&origin.scored_by, &request.model)?;
    let Origin { as_of, policy, requested: advance, .. } = origin;
    let request = EvaluateRequest { as_of, policy, advance, model, ..request };
    let evaluation = evaluate(&request, progress)?;
    let mut bytes = Vec::new();
    evaluation.write_offer(&mut bytes)?;
    let recomputed: Value = serde_json::from_slice(&bytes).map_err(|_| VerifyError::Unread)?;
    let offer_id = recomputed["offer_id"].as_str().ok_or(VerifyError::Unread)?.to_owned();
    let difference = Difference::first(document, &recomputed);
    let engines = Engine::of(document).zip(Engine::of(&recomputed));
    Ok(Verified {
        offer_id,
        engines: engines.filter(|(made_by, own)| difference.is_some() && made_by != own),
        difference,
        other_files: other_files(document, &recomputed),
    })
}

/// The model that scored the document; if it came from a file, that file must be the given one.
fn model(scored_by: &ScoredBy, given: &ModelChoice) -> Result<ModelChoice, VerifyError> {
    match (scored_by, given) {
        (ScoredBy::Km, _) => Ok(ModelChoice::Km),
        // Not `Auto`: the user may have asked for training outside the limits of that choice.
        (ScoredBy::Trained, _) => Ok(ModelChoice::Train),
        (ScoredBy::File(sha256), ModelChoice::File(loaded)) if loaded.sha256 == *sha256 => {
            Ok(given.clone())
        }
        (ScoredBy::File(sha256), _) => Err(VerifyError::Model(sha256.clone())),
    }
}
