use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use basics::Rate;
use store::JobKind;

use super::one_or_many::one_or_many;

/// The task of a job, as stored until a worker takes it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Task {
    /// Reads a ledger.
    Ingest {
        /// The client's id.
        client: String,
        /// Name of the uploaded file.
        file_name: String,
        /// SHA-256 of its bytes.
        sha256: String,
        /// Size of the file, in bytes.
        bytes: i64,
        /// True if staff have confirmed that the client in the ledger is this one, whatever it is
        /// called there.
        #[serde(default)]
        client_name_confirmed: bool,
        /// True if staff have sent it, who may know of other clients.
        #[serde(default)]
        by_staff: bool,
    },
    /// Evaluates a ledger into an offer.
    Evaluate {
        /// The ledger's id.
        ledger: String,
        /// The as-of date, if one was asked for.
        as_of: Option<NaiveDate>,
        /// The largest advance that the client asks for.
        advance_percent: Option<Rate>,
        /// The scoring model.
        model: Scoring,
        /// The policy; by default the service's own.
        policy: Option<VersionRef>,
        /// Ids of the ledgers that it is compared with.
        #[serde(default, deserialize_with = "one_or_many", skip_serializing_if = "Vec::is_empty")]
        previous: Vec<String>,
        /// The seed that draws invoices for confirmation, so that a repeated job draws the same.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        selection_seed: Option<u64>,
        /// Id of the offer that is completed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        completes: Option<String>,
    },
    /// Reports on the portfolio.
    Report {
        /// The as-of date, if one was asked for.
        as_of: Option<NaiveDate>,
        /// The sections to include; all if empty.
        sections: Vec<String>,
        /// The last ledger of every client.
        ledgers: Vec<ClientLedger>,
    },
}

/// A scoring model, or a method that needs none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scoring {
    /// A method that needs no model file.
    Way(Way),
    /// A version of a model.
    Model(VersionRef),
}

/// A scoring method that needs no model file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Chosen by what the ledger allows.
    Auto,
    /// Kaplan-Meier, from the debtors' own histories.
    Km,
    /// A model trained on the ledger.
    Train,
}

/// A version of a policy or a model. Stored as a pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(String, i64)", into = "(String, i64)")]
pub struct VersionRef {
    /// Name of the policy or model.
    pub name: String,
    /// Version, counted from 1.
    pub version: i64,
}

/// A client's ledger. Stored as a pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(String, String)", into = "(String, String)")]
pub struct ClientLedger {
    /// The client's id.
    pub client: String,
    /// The ledger's id.
    pub ledger: String,
}

impl From<(String, i64)> for VersionRef {
    fn from((name, version): (String, i64)) -> Self {
        Self { name, version }
    }
}

impl From<VersionRef> for (String, i64) {
    fn from(VersionRef { name, version }: VersionRef) -> Self {
        (name, version)
    }
}

impl From<(String, String)> for ClientLedger {
    fn from((client, ledger): (String, String)) -> Self {
        Self { client, ledger }
    }
}

impl From<ClientLedger> for (String, String) {
    fn from(ClientLedger { client, ledger }: ClientLedger) -> Self {
        (client, ledger)
    }
}

impl Way {
    /// Returns the method with this name.
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "auto" => Some(Self::Auto),
            "km" => Some(Self::Km),
            "train" => Some(Self::Train),
            _ => None,
        }
    }
}

impl Task {
    /// The kind of the job.
    pub(super) fn kind(&self) -> JobKind {
        match self {
            Self::Ingest { .. } => JobKind::Ingest,
            Self::Evaluate { .. } => JobKind::Evaluate,
            Self::Report { .. } => JobKind::Report,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A queued task outlives the program that queued it, and is recorded in the audit log.
    #[test]
    fn tasks_are_stored_as_they_always_were() {
        let model = VersionRef { name: "m".to_owned(), version: 2 };
        let policy = Some(VersionRef { name: "p".to_owned(), version: 1 });
        let evaluate = |model, policy| Task::Evaluate {
            ledger: "l".to_owned(),
            as_of: NaiveDate::from_ymd_opt(2026, 6, 30),
            advance_percent: None,
            model,
            policy,
            previous: Vec::new(),
            completes: None,
            selection_seed: None,
        };
        let one = ClientLedger { client: "a".to_owned(), ledger: "l".to_owned() };
        for (task, text) in [
            (
                evaluate(Scoring::Model(model), policy),
                r#"{"kind":"evaluate","ledger":"l","as_of":"2026-06-30","advance_percent":null,"model":{"model":["m",2]},"policy":["p",1]}"#,
            ),
            (
                evaluate(Scoring::Way(Way::Km), None),
                r#"{"kind":"evaluate","ledger":"l","as_of":"2026-06-30","advance_percent":null,"model":{"way":"km"},"policy":null}"#,
            ),
            (
                Task::Report {
                    as_of: None,
                    sections: vec!["ageing".to_owned()],
                    ledgers: vec![one],
                },
                r#"{"kind":"report","as_of":null,"sections":["ageing"],"ledgers":[["a","l"]]}"#,
            ),
        ] {
            assert_eq!(serde_json::to_string(&task).expect("JSON"), text);
            assert_eq!(serde_json::from_str::<Task>(text).expect("a task"), task);
        }
        // What is new stands behind the rest, and in no task that does without it.
        let newer = Task::Evaluate {
            ledger: "l".to_owned(),
            as_of: None,
            advance_percent: None,
            model: Scoring::Way(Way::Km),
            policy: None,
            previous: vec!["b".to_owned(), "c".to_owned()],
            selection_seed: Some(u64::MAX),
            completes: Some("o".to_owned()),
        };
        let text = r#"{"kind":"evaluate","ledger":"l","as_of":null,"advance_percent":null,"model":{"way":"km"},"policy":null,"previous":["b","c"],"selection_seed":18446744073709551615,"completes":"o"}"#;
        assert_eq!(serde_json::to_string(&newer).expect("JSON"), text);
        assert_eq!(serde_json::from_str::<Task>(text).expect("a task"), newer);
        // Once it was compared with one at most.
        let older = text.replace(r#"["b","c"]"#, r#""b""#);
        match serde_json::from_str::<Task>(&older).expect("a task") {
            Task::Evaluate { previous, .. } => assert_eq!(previous, ["b"]),
            other => panic!("{other:?}"),
        }
    }
}
