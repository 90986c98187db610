//! Recomputes an offer from its ledger and finds the first difference.

use serde_json::Value;
use thiserror::Error;

use ledger::Progress;
use offer::{Difference, Origin, OriginError, ScoredBy, other_files};

use super::choice::ModelChoice;
use super::evaluate::{EvaluateError, EvaluateRequest, evaluate};

/// Why an offer cannot be verified at all.
#[derive(Debug, Error)]
pub enum VerifyError {
    /// Not an offer document, or one whose policy is none.
    #[error(transparent)]
    Origin(#[from] OriginError),
    /// It was scored by another model file than the one given.
    #[error("the offer was scored by the model file with SHA-256 {0}; give it with --model")]
    Model(String),
    /// The ledger cannot be evaluated.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
    /// The recomputed offer cannot be written.
    #[error("{}", basics::refusal(.0))]
    Write(#[from] std::io::Error),
    /// The recomputed offer is not JSON, which no offer of ours is.
    #[error("the recomputed offer cannot be read")]
    Unread,
}

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The id of the recomputed offer.
    pub offer_id: String,
    /// The first member in which the document differs, with both values.
    pub difference: Option<Difference>,
    /// Ledger files of the offer of which none of the given ones has the bytes.
    pub other_files: Vec<String>,
}

/// Recomputes the offer of a document under the policy and at the as-of date that stand in it.
/// `request` names the ledger and how it is read; its policy, date and model are the document's.
///
/// # Errors
/// [`VerifyError`]; a difference is a result.
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
    Ok(Verified {
        offer_id,
        difference: Difference::first(document, &recomputed),
        other_files: other_files(document, &recomputed),
    })
}

/// The model by which the document was scored; a file has to be the given one.
fn model(scored_by: &ScoredBy, given: &ModelChoice) -> Result<ModelChoice, VerifyError> {
    match (scored_by, given) {
        (ScoredBy::Km, _) => Ok(ModelChoice::Km),
        (ScoredBy::Trained, _) => Ok(ModelChoice::Train),
        (ScoredBy::File(sha256), ModelChoice::File(loaded)) if loaded.sha256 == *sha256 => {
            Ok(given.clone())
        }
        (ScoredBy::File(sha256), _) => Err(VerifyError::Model(sha256.clone())),
    }
}
