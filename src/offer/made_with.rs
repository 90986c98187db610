//! The inputs beside ledger and policy that an offer was made with, as its document tells. The
//! document may have been changed, so its words are cut down before they are shown.

use serde_json::Value;

/// The most characters of a file's name that are repeated.
const SHOWN: usize = 80;

/// The inputs of an offer beside its ledger and its policy.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MadeWith {
    /// True if there was a facility.
    pub facility: bool,
    /// True if it was compared with ledgers that the client sent before.
    pub previous: bool,
    /// The names of the files of those ledgers; a document of an older version has none.
    pub previous_files: Vec<String>,
    /// The file of confirmations.
    pub confirmations: Option<String>,
    /// The id of the offer that it completes.
    pub completes: Option<String>,
    /// The seed that drew invoices for confirmation.
    pub selection_seed: Option<u64>,
}

impl MadeWith {
    /// Reads them out of a document. Those of an older version do not name facility and previous
    /// ledger: there, what the offer shows of them tells.
    pub fn of(document: &Value) -> Self {
        let provenance = &document["provenance"];
        let parts = || document["offer"]["parts"].as_array().into_iter().flatten();
        let previous = provenance["previous_files"].as_array().into_iter().flatten();
        // No older version completes an offer, and one that does has funds in use without one.
        let is_older = provenance["completes"].is_null();
        let previous_files: Vec<String> =
            previous.filter_map(|file| plain(&file["name"])).collect();
        Self {
            facility: provenance["facility_sha256"].is_string()
                || is_older && parts().any(|part| shows_facility(&part["borrowing_base"])),
            previous: !previous_files.is_empty() || parts().any(shows_previous),
            previous_files,
            confirmations: plain(&provenance["confirmations"]["name"]),
            completes: plain(&provenance["completes"]),
            selection_seed: provenance["selection_seed"].as_u64(),
        }
    }
}

/// Returns true if a part shows differences from a previous ledger. What was credited and billed
/// again is told without one.
fn shows_previous(part: &Value) -> bool {
    let mut changes = part["changes"].as_array().into_iter().flatten();
    changes.any(|change| change["change"] != "rebilled")
}

/// Returns true if a borrowing base has figures that only a facility gives.
fn shows_facility(base: &Value) -> bool {
    let is_amount = |name: &str| {
        let text = base[name].as_str().unwrap_or_default();
        text.contains(|c: char| c.is_ascii_digit() && c != '0')
    };
    let figures = ["outstanding", "other_reserves"];
    base["line"].is_string() || base["declared"].is_array() || figures.into_iter().any(is_amount)
}

/// Returns a text of the document without control characters, and no longer than a name.
fn plain(text: &Value) -> Option<String> {
    let shown = |c: char| if c.is_control() { '?' } else { c };
    Some(text.as_str()?.chars().map(shown).take(SHOWN).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::samples::{document, input, listed, offer, part, pool};
    use super::super::{Facility, PartInput};
    use super::*;

    fn made(of: super::super::OfferPart) -> Value {
        serde_json::from_str(&document(&offer(&listed(), vec![of]))).expect("JSON")
    }

    #[test]
    fn an_offer_of_a_ledger_alone_was_made_with_nothing_else() {
        assert_eq!(MadeWith::of(&made(part(&listed()))), MadeWith::default());
        assert_eq!(MadeWith::of(&json!({})), MadeWith::default());
    }

    #[test]
    fn what_its_provenance_names_it_was_made_with() {
        let mut document = made(part(&listed()));
        document["provenance"]["facility_sha256"] = "ab".into();
        document["provenance"]["previous_files"] = json!([{"name": "may.csv", "sha256": "cd"}]);
        document["provenance"]["confirmations"] = json!({"name": "a\nb", "sha256": "ef"});
        document["provenance"]["completes"] = "01".into();
        document["provenance"]["selection_seed"] = u64::MAX.into();
        let expected = MadeWith {
            facility: true,
            previous: true,
            previous_files: vec!["may.csv".to_owned()],
            confirmations: Some("a?b".to_owned()),
            completes: Some("01".to_owned()),
            selection_seed: Some(u64::MAX),
        };
        assert_eq!(MadeWith::of(&document), expected);
    }

    #[test]
    fn what_an_older_document_shows_it_was_made_with() {
        for text in ["line = 9000", "outstanding = 1", "other_reserves = \"0.01\""] {
            let facility: Facility =
                format!("currency = \"USD\"\n{text}\n").parse().expect("a facility");
            let policy = listed();
            let input = PartInput { facility: Some(&facility), ..input(&policy, pool()) };
            let made_with = MadeWith::of(&made(input.part().expect("a part")));
            assert_eq!(made_with, MadeWith { facility: true, ..MadeWith::default() }, "{text}");
        }
        let mut document = made(part(&listed()));
        document["offer"]["parts"][0]["changes"] = json!([{}]);
        assert!(MadeWith::of(&document).previous);
    }
}
