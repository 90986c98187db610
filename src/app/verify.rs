//! Verification: an offer is recomputed from its ledger and compared.

use serde_json::Value;
use thiserror::Error;

use ledger::Progress;
use offer::{Difference, Engine, Origin, OriginError, ScoredBy, other_files};

use super::choice::ModelChoice;
use super::evaluate::{EvaluateError, EvaluateRequest, evaluate};

/// The option that gives an earlier ledger.
const PREVIOUS: &str = "--previous LEDGER";

/// The most names of earlier ledgers in a sentence.
const NAMED: usize = 5;

/// An error that prevents a verification.
#[derive(Debug, Error)]
pub enum VerifyError {
    /// The document is not an offer, or its policy is not valid.
    #[error(transparent)]
    Origin(#[from] OriginError),
    /// The offer was scored with a model file other than the one given.
    #[error("the offer was scored with the model file of SHA-256 {0}; pass that file with --model")]
    Model(String),
    /// Inputs that the offer was made with were not given again.
    #[error("the offer was made with {made_with}; not given again: {missing}")]
    Missing {
        /// All its inputs beside the ledger.
        made_with: String,
        /// The options that give those that are missing.
        missing: String,
    },
    /// Another selection seed was given than the one in the document.
    #[error("the offer was drawn with the selection seed {0}, not {1}")]
    Seed(u64, u64),
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
    /// The inputs given now that the document does not name, if the offer differs.
    pub not_then: Vec<&'static str>,
    /// The engine that made the offer and this one, if the offer differs and so do they.
    pub engines: Option<(Engine, Engine)>,
}

/// Recomputes the offer of a document under the policy and at the as-of date in the document.
/// `request` supplies the ledger, how it is read, and the other files; policy, date, model and
/// selection seed come from the document.
///
/// # Errors
/// If the document is not an offer, an input that it names was not given, its model file or its
/// selection seed is another, or the ledger cannot be evaluated. A difference is a result, not an
/// error.
pub fn verify(
    document: &Value,
    request: EvaluateRequest,
    progress: Progress<'_>,
) -> Result<Verified, VerifyError> {
    let origin = Origin::of(document)?;
    let inputs = Input::all(&origin, &request);
    demand(&inputs)?;
    let model = model(&origin.scored_by, &request.model)?;
    let Origin { as_of, policy, requested: advance, made_with, .. } = origin;
    let earlier = made_with.previous_files;
    let selection_seed = match (made_with.selection_seed, request.selection_seed) {
        (Some(made), Some(given)) if made != given => return Err(VerifyError::Seed(made, given)),
        (made, given) => made.or(given),
    };
    let request = EvaluateRequest { as_of, policy, advance, selection_seed, model, ..request };
    let evaluation = evaluate(&request, progress)?;
    let mut bytes = Vec::new();
    evaluation.write_offer(&mut bytes)?;
    let recomputed: Value = serde_json::from_slice(&bytes).map_err(|_| VerifyError::Unread)?;
    let other_files = other_files(document, &recomputed);
    // Counted now: one of those given may be a folder of several files.
    if evaluation.provenance.previous_files.len() < earlier.len() {
        let missing: Vec<String> =
            earlier.iter().filter(|name| other_files.contains(name)).cloned().collect();
        return Err(VerifyError::Missing {
            made_with: format!("{} earlier ledgers", earlier.len()),
            missing: format!("{PREVIOUS} for {}", shortened(&missing)),
        });
    }
    let offer_id = recomputed["offer_id"].as_str().ok_or(VerifyError::Unread)?.to_owned();
    let difference = Difference::first(document, &recomputed);
    let engines = Engine::of(document).zip(Engine::of(&recomputed));
    let not_then = inputs.iter().filter(|input| input.given && input.made_with.is_none());
    let not_then = not_then.filter(|_| difference.is_some()).map(|input| input.name);
    Ok(Verified {
        offer_id,
        not_then: not_then.collect(),
        engines: engines.filter(|(made_by, own)| difference.is_some() && made_by != own),
        difference,
        other_files,
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

/// An input beside ledger and policy.
struct Input {
    /// Its name, as a sentence lists it.
    name: &'static str,
    /// The option that gives it.
    option: &'static str,
    /// The same with the file that the document names; `None` if it was made without.
    made_with: Option<String>,
    /// True if it is given now.
    given: bool,
}

impl Input {
    fn all(origin: &Origin, request: &EvaluateRequest) -> [Self; 5] {
        let made = &origin.made_with;
        let file = |name: &str, file: &str| match file {
            "" => name.to_owned(),
            file => format!("{name} {file}"),
        };
        let input = |name: &'static str, option, is_made: bool, of: &str, given| Self {
            name,
            option,
            made_with: is_made.then(|| file(name, of)),
            given,
        };
        let answers = made.confirmations.as_deref();
        let model = match &origin.scored_by {
            ScoredBy::File(sha256) => Some(format!("of SHA-256 {sha256}")),
            ScoredBy::Km | ScoredBy::Trained => None,
        };
        let is_file = matches!(request.model, ModelChoice::File(_));
        [
            input("a facility", "--facility FILE", made.facility, "", request.facility.is_some()),
            input(
                if made.previous_files.len() > 1 { "the ledgers" } else { "the previous ledger" },
                PREVIOUS,
                made.previous,
                &shortened(&made.previous_files),
                !request.previous.is_empty(),
            ),
            input(
                "the confirmations",
                "--confirmations FILE",
                answers.is_some(),
                answers.unwrap_or_default(),
                request.confirmations.is_some(),
            ),
            input(
                "the offer that it completes,",
                "--completes OFFER",
                made.completes.is_some(),
                made.completes.as_deref().unwrap_or_default(),
                request.completes.is_some(),
            ),
            input(
                "the model file",
                "--model FILE",
                model.is_some(),
                model.as_deref().unwrap_or_default(),
                is_file,
            ),
        ]
    }
}

/// Refuses to recompute an offer without what it was made with: the first difference would explain
/// nothing.
fn demand(inputs: &[Input]) -> Result<(), VerifyError> {
    let missing = inputs.iter().filter(|input| input.made_with.is_some() && !input.given);
    let missing: Vec<&str> = missing.map(|input| input.option).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let made_with: Vec<&str> =
        inputs.iter().filter_map(|input| input.made_with.as_deref()).collect();
    Err(VerifyError::Missing { made_with: listed(&made_with), missing: listed(&missing) })
}

/// The first of these names, and how many more there are.
fn shortened(names: &[String]) -> String {
    match names.split_at_checked(NAMED) {
        Some((first, [_, ..])) => {
            format!("{} and {} more", first.join(", "), names.len() - NAMED)
        }
        _ => names.join(", "),
    }
}

/// "a, b and c".
fn listed(all: &[&str]) -> String {
    match all {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        all => all.concat(),
    }
}
