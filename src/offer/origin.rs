//! The origin of an offer, as its document states it: the inputs needed to make it again. The
//! document may have been changed, so only these members are read.

use std::fmt;

use chrono::NaiveDate;
use serde_json::Value;
use thiserror::Error;

use basics::Rate;
use policy::{Policy, PolicyError};

use super::document::FORMAT;
use super::made_with::MadeWith;

/// The reason why an offer cannot be made again.
#[derive(Debug, Error)]
pub enum OriginError {
    /// Not an offer document.
    #[error("not an offer: {0}")]
    Document(String),
    /// The policy in it cannot be read.
    #[error("the policy in the offer: {0}")]
    Policy(#[from] PolicyError),
}

/// The model that the curves of an offer were made by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScoredBy {
    /// Kaplan-Meier alone.
    Km,
    /// A model trained on the ledger itself.
    Trained,
    /// The model file with this SHA-256.
    File(String),
}

/// The inputs of an offer beside its ledger.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The as-of date, if it was given; otherwise it comes from the ledger.
    pub as_of: Option<NaiveDate>,
    /// The rules.
    pub policy: Policy,
    /// The largest advance asked for, which every part repeats.
    pub requested: Option<Rate>,
    /// The model.
    pub scored_by: ScoredBy,
    /// Its other inputs.
    pub made_with: MadeWith,
}

impl Origin {
    /// Reads it out of a document.
    ///
    /// # Errors
    /// If a member that it needs is missing or cannot be read; the error names it.
    pub fn of(document: &Value) -> Result<Self, OriginError> {
        let offer = &document["offer"];
        if offer["format"] != FORMAT {
            return Err(OriginError::Document(format!("its format is not {FORMAT}")));
        }
        let as_of = text(&offer["as_of"], "offer.as_of")?
            .parse()
            .map_err(|_| OriginError::Document("offer.as_of is not a date".to_owned()))?;
        let policy = text(&offer["policy"]["text"], "offer.policy.text")?.parse()?;
        let is_given = offer["as_of_reason"] == "given";
        Ok(Self {
            as_of: is_given.then_some(as_of),
            policy,
            requested: requested(offer)?,
            scored_by: scored_by(offer),
            made_with: MadeWith::of(document),
        })
    }
}

/// A program that makes offers, as the provenance of a document names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Engine {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Engine {
    /// Reads it out of a document; `None` if the provenance names no engine and version.
    pub fn of(document: &Value) -> Option<Self> {
        let provenance = &document["provenance"];
        let word = |member: &str| {
            let word = provenance[member].as_str()?;
            // The document may have been changed, and this is printed.
            let is_plain = word.len() <= 80 && !word.is_empty() && !word.contains(char::is_control);
            is_plain.then(|| word.to_owned())
        };
        Some(Self { name: word("engine")?, version: word("engine_version")? })
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.version)
    }
}

fn text<'a>(value: &'a Value, what: &str) -> Result<&'a str, OriginError> {
    value.as_str().ok_or_else(|| OriginError::Document(format!("{what} is missing")))
}

fn requested(offer: &Value) -> Result<Option<Rate>, OriginError> {
    let value = &offer["parts"][0]["terms"]["requested_advance_percent"];
    if value.is_null() {
        return Ok(None);
    }
    let path = "offer.parts[0].terms.requested_advance_percent";
    let fault = |_| OriginError::Document(format!("{path} = {value}: expected a percent"));
    serde_json::from_value(value.clone()).map(Some).map_err(fault)
}

fn scored_by(offer: &Value) -> ScoredBy {
    let notes = offer["parts"].as_array().into_iter().flatten().map(|part| &part["scoring"]);
    let mut found = ScoredBy::Km;
    for note in notes {
        if let Some(sha256) = note["model_sha256"].as_str() {
            return ScoredBy::File(sha256.to_owned());
        }
        if note["model"] == "boosted" {
            found = ScoredBy::Trained;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::samples::{document, listed, offer, part};
    use super::*;

    fn made() -> Value {
        let policy = listed();
        serde_json::from_str(&document(&offer(&policy, vec![part(&policy)]))).expect("JSON")
    }

    #[test]
    fn an_offer_says_by_what_it_was_made() {
        let origin = Origin::of(&made()).expect("an offer");
        assert_eq!(origin.policy.text(), listed().text());
        assert_eq!((origin.requested, origin.scored_by), (None, ScoredBy::Km));
        let with = |change: &dyn Fn(&mut Value)| {
            let mut document = made();
            change(&mut document["offer"]);
            Origin::of(&document).expect("an offer")
        };
        let asked = with(&|o| o["parts"][0]["terms"]["requested_advance_percent"] = "70".into());
        assert_eq!(asked.requested, Some(Rate::from_percent(70.into())));
        let trained = with(&|o| o["parts"][0]["scoring"]["model"] = "boosted".into());
        assert_eq!(trained.scored_by, ScoredBy::Trained);
        let file = with(&|o| o["parts"][0]["scoring"]["model_sha256"] = "ab".into());
        assert_eq!(file.scored_by, ScoredBy::File("ab".to_owned()));
        let dated = |reason: &str| with(&|o| o["as_of_reason"] = reason.into()).as_of;
        assert!(dated("given").is_some() && dated("stated by the report").is_none());
    }

    #[test]
    fn the_engine_of_an_offer_is_read_from_its_provenance() {
        let mut document = made();
        let engine = Engine::of(&document).expect("an engine");
        assert_eq!(engine.to_string(), "factorage 0");
        for wrong in [Value::Null, 1.into(), "".into(), "1\n2".into()] {
            document["provenance"]["engine_version"] = wrong;
            assert_eq!(Engine::of(&document), None);
        }
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let fault = |change: &dyn Fn(&mut Value)| {
            let mut document = made();
            change(&mut document["offer"]);
            Origin::of(&document).expect_err("a fault").to_string()
        };
        let none = "not an offer: its format is not factorage.offer/2";
        assert_eq!(fault(&|o| o["format"] = "other".into()), none);
        let none = "not an offer: offer.as_of is not a date";
        assert_eq!(fault(&|o| o["as_of"] = "June".into()), none);
        let none = "not an offer: offer.policy.text is missing";
        assert_eq!(fault(&|o| o["policy"] = Value::Null), none);
        let said = fault(&|o| o["parts"][0]["terms"]["requested_advance_percent"] = "x".into());
        assert!(said.contains("requested_advance_percent = \"x\": expected a percent"), "{said}");
    }
}
