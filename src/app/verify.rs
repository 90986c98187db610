//! Recomputes an offer from its ledger and finds the first difference.

use chrono::NaiveDate;
use serde_json::Value;
use thiserror::Error;

use basics::Rate;
use ledger::Progress;
use offer::FORMAT;
use policy::{Policy, PolicyError};

use super::choice::ModelChoice;
use super::evaluate::{EvaluateError, EvaluateRequest, evaluate};

/// Why an offer cannot be verified at all.
#[derive(Debug, Error)]
pub enum VerifyError {
    /// Not an offer document.
    #[error("not an offer: {0}")]
    Document(String),
    /// The policy in it is none.
    #[error("the policy in the offer: {0}")]
    Policy(#[from] PolicyError),
    /// It was scored by another model file than the one given.
    #[error("the offer was scored by the model file with SHA-256 {0}; give it with --model")]
    Model(String),
    /// The ledger cannot be evaluated.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
    /// The recomputed offer cannot be written.
    #[error("{}", basics::refusal(.0))]
    Write(#[from] std::io::Error),
}

/// What is said of a recomputed offer that is not JSON, which no offer of ours is.
const UNREAD: &str = "the recomputed offer cannot be read";

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

/// A member that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Where: `offer.parts[0].totals.fee`.
    pub path: String,
    /// What the document says; `absent` where it lacks the member.
    pub document: String,
    /// What the ledger gives.
    pub recomputed: String,
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
    let offer = &document["offer"];
    if offer["format"] != FORMAT {
        return Err(VerifyError::Document(format!("its format is not {FORMAT}")));
    }
    let text = |value: &Value, what: &str| {
        let missing = || VerifyError::Document(format!("{what} is missing"));
        value.as_str().map(str::to_owned).ok_or_else(missing)
    };
    let as_of: NaiveDate = text(&offer["as_of"], "offer.as_of")?
        .parse()
        .map_err(|_| VerifyError::Document("offer.as_of is no date".to_owned()))?;
    let policy: Policy = text(&offer["policy"]["text"], "offer.policy.text")?.parse()?;
    let given = offer["as_of_reason"] == "given";
    let model = model(offer, &request.model)?;
    let advance = requested(offer)?;
    let as_of = given.then_some(as_of);
    let request = EvaluateRequest { as_of, policy, advance, model, ..request };
    let evaluation = evaluate(&request, progress)?;
    let mut bytes = Vec::new();
    evaluation.write_offer(&mut bytes)?;
    let recomputed: Value =
        serde_json::from_slice(&bytes).map_err(|_| VerifyError::Document(UNREAD.to_owned()))?;
    let difference = first_difference("offer".to_owned(), offer, &recomputed["offer"])
        .or_else(|| beside(document, &recomputed));
    Ok(Verified {
        offer_id: text(&recomputed["offer_id"], "offer_id")?,
        difference,
        other_files: other_files(document, &recomputed),
    })
}

/// The most that was asked to be advanced, which stands in every part.
fn requested(offer: &Value) -> Result<Option<Rate>, VerifyError> {
    let value = &offer["parts"][0]["terms"]["requested_advance_percent"];
    if value.is_null() {
        return Ok(None);
    }
    let rate = serde_json::from_value(value.clone());
    let path = "offer.parts[0].terms.requested_advance_percent";
    rate.map(Some)
        .map_err(|_| VerifyError::Document(format!("{path} = {value}: expected a percent")))
}

/// The model by which the document was scored.
fn model(offer: &Value, given: &ModelChoice) -> Result<ModelChoice, VerifyError> {
    let notes = offer["parts"].as_array().into_iter().flatten().map(|part| &part["scoring"]);
    let mut choice = ModelChoice::Km;
    for note in notes {
        if let Some(sha256) = note["model_sha256"].as_str() {
            return match given {
                ModelChoice::File(loaded) if loaded.sha256 == sha256 => Ok(given.clone()),
                _ => Err(VerifyError::Model(sha256.to_owned())),
            };
        }
        if note["model"] == "boosted" {
            choice = ModelChoice::Train;
        }
    }
    Ok(choice)
}

/// What was changed beside the offer: its id, what it was made by, or a member that no offer has.
/// Names and hashes of files may be others, and the envelope is the issuer's.
fn beside(document: &Value, recomputed: &Value) -> Option<Difference> {
    let provenance = ["engine", "engine_version", "as_of", "ledger_date", "policy_sha256"];
    let members = provenance.map(|member| ("provenance", Some(member)));
    let named = std::iter::once(("offer_id", None)).chain(members);
    let mut differences = named.filter_map(|(name, member)| {
        let of = |value: &Value| match member {
            Some(member) => value[name][member].clone(),
            None => value[name].clone(),
        };
        let path = member.map_or(name.to_owned(), |member| format!("{name}.{member}"));
        first_difference(path, &of(document), &of(recomputed))
    });
    differences.next().or_else(|| {
        let known = ["envelope", "offer", "offer_id", "provenance"];
        let mut members = document.as_object().into_iter().flatten();
        let unknown = members.find(|(name, _)| !known.contains(&name.as_str()));
        unknown.map(|(name, value)| Difference {
            path: name.clone(),
            document: shown(value),
            recomputed: shown(&Value::Null),
        })
    })
}

/// The first member, in the order of their names, in which two values differ.
fn first_difference(path: String, document: &Value, recomputed: &Value) -> Option<Difference> {
    match (document, recomputed) {
        (Value::Object(a), Value::Object(b)) => {
            let missing = b.keys().filter(|key| !a.contains_key(*key));
            a.keys().chain(missing).find_map(|key| {
                let none = Value::Null;
                let [a, b] = [a, b].map(|members| members.get(key).unwrap_or(&none));
                first_difference(format!("{path}.{key}"), a, b)
            })
        }
        (Value::Array(a), Value::Array(b)) => {
            let longest = a.len().max(b.len());
            (0..longest).find_map(|index| {
                let none = Value::Null;
                let [a, b] = [a, b].map(|items| items.get(index).unwrap_or(&none));
                first_difference(format!("{path}[{index}]"), a, b)
            })
        }
        (a, b) if a == b => None,
        (a, b) => Some(Difference { path, document: shown(a), recomputed: shown(b) }),
    }
}

fn shown(value: &Value) -> String {
    let text = match value {
        Value::Null => "absent".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

fn other_files(document: &Value, recomputed: &Value) -> Vec<String> {
    let files = |value: &Value| -> Vec<(String, String)> {
        let all = value["provenance"]["ledger_files"].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        all.iter().map(|file| (text(&file["name"]), text(&file["sha256"]))).collect()
    };
    let ours = files(recomputed);
    let unknown = |(_, sha256): &(String, String)| ours.iter().all(|(_, own)| own != sha256);
    files(document).into_iter().filter(unknown).map(|(name, _)| name).collect()
}
