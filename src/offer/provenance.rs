use std::collections::BTreeMap;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use basics::{Currency, Money, SetAside};

/// Hashes and counts of what an offer was made from.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Provenance {
    /// The name of this engine.
    pub engine: &'static str,
    /// Its version.
    pub engine_version: &'static str,
    /// The as-of date.
    pub as_of: NaiveDate,
    /// The latest invoice or settlement date of the ledger that was not set aside.
    pub ledger_date: NaiveDate,
    /// Dates that were passed over when the as-of date was chosen.
    pub dates_set_aside: Vec<SetAside>,
    /// The ledger files.
    pub ledger_files: Vec<LedgerFile>,
    /// SHA-256 of the policy's bytes.
    pub policy_sha256: String,
    /// SHA-256 of the facility file, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facility_sha256: Option<String>,
    /// The files of the ledgers that the client sent before, if it was compared with any, in order
    /// of their dates; an exact copy stands once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub previous_files: Vec<LedgerFile>,
    /// The file of confirmations, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmations: Option<AnswersFile>,
    /// The id of the offer that this one completes, if it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completes: Option<String>,
    /// The seed that drew invoices for confirmation, if the policy draws any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selection_seed: Option<u64>,
    /// Invoices dated after the as-of date, which nothing in the offer has seen.
    pub future_dated: Vec<LaterRows>,
    /// Rejected rows by code.
    pub rejects: BTreeMap<&'static str, u64>,
}

/// A ledger file and its hash.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LedgerFile {
    /// The name that the user gave.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// Its rows after the header.
    pub rows: u64,
}

/// A file of confirmations and its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AnswersFile {
    /// The name that the user gave.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// The number of answers in it, of any date.
    pub answers: usize,
}

/// Invoices of one currency dated after the as-of date.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LaterRows {
    /// The currency.
    pub currency: Currency,
    /// The number of invoices.
    pub invoices: usize,
    /// Sum of their faces.
    pub face: Money,
}

#[cfg(test)]
mod tests {
    use super::super::samples::provenance;
    use super::*;

    #[test]
    fn faces_have_the_digits_of_their_currency_and_rejects_the_order_of_their_codes() {
        let text = serde_json::to_string(&provenance()).expect("JSON");
        // 1,250 yen, which have no cents.
        assert!(text.contains(r#"{"currency":"JPY","invoices":1,"face":"1250"}"#), "{text}");
        assert!(text.contains(r#""rejects":{"bad_date":1,"no_amount":2}"#), "{text}");
    }

    #[test]
    fn an_input_that_was_not_given_leaves_no_trace() {
        let bare = serde_json::to_value(provenance()).expect("JSON");
        let inputs =
            ["facility_sha256", "previous_files", "confirmations", "completes", "selection_seed"];
        assert!(inputs.iter().all(|name| bare.get(name).is_none()), "{bare}");
        let file = provenance().ledger_files.remove(0);
        let answers = AnswersFile { name: "c.csv".into(), sha256: "ab".into(), answers: 3 };
        let full = Provenance {
            facility_sha256: Some("cd".to_owned()),
            previous_files: vec![file],
            confirmations: Some(answers),
            completes: Some("ef".to_owned()),
            selection_seed: Some(u64::MAX),
            ..provenance()
        };
        let full = serde_json::to_value(full).expect("JSON");
        assert!(inputs.iter().all(|name| full.get(name).is_some()), "{full}");
        assert_eq!(full["confirmations"]["answers"], 3);
        assert_eq!(full["selection_seed"], u64::MAX);
    }
}
