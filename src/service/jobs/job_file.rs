use std::path::PathBuf;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use basics::Rate;

/// All that the process of a job is told. Its paths are seen from where it runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobFile {
    /// Most memory that it may take.
    pub most_megabytes: u64,
    /// What it does.
    pub work: Work,
}

/// What a job does: a command of this program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Work {
    /// Reads a ledger.
    Ingest(IngestWork),
    /// Makes an offer.
    Evaluate(EvaluateWork),
    /// Reports on the portfolio.
    Report(ReportWork),
}

/// A ledger that is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IngestWork {
    /// Client of rows that name none.
    pub client: Option<String>,
    /// The ledger.
    pub ledger: PathBuf,
    /// Folder to write into.
    pub out: PathBuf,
}

/// An offer that is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvaluateWork {
    /// Client of rows that name none.
    pub client: Option<String>,
    /// The ledger.
    pub ledger: PathBuf,
    /// The day at whose end everything is judged.
    pub as_of: Option<NaiveDate>,
    /// The most that is wanted as an advance.
    pub advance_percent: Option<Rate>,
    /// The policy, TOML; the standard policy where none is named.
    pub policy: Option<PathBuf>,
    /// By what invoices are scored.
    pub model: JobModel,
    /// What is agreed with the client, TOML.
    pub facility: Option<PathBuf>,
    /// What is known of the debtors of all clients, CSV.
    pub debtor_register: Option<PathBuf>,
    /// Folder to write into.
    pub out: PathBuf,
}

/// A report that is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportWork {
    /// The list of clients, TOML, or a ledger of several.
    pub portfolio: PathBuf,
    /// The policy for all, TOML; the list's, or the standard policy, where none is named.
    pub policy: Option<PathBuf>,
    /// The day at whose end everything is judged.
    pub as_of: Option<NaiveDate>,
    /// Sections; all where none is named.
    pub sections: Vec<String>,
    /// Folder to write into.
    pub out: PathBuf,
}

/// By what a job scores invoices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobModel {
    /// As the ledger allows.
    Auto,
    /// By the debtor's own history.
    Km,
    /// By a model that is trained on the ledger.
    Train,
    /// By the model in a file.
    File(PathBuf),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_reads_what_was_written_for_it() {
        let work = Work::Evaluate(EvaluateWork {
            client: Some("a".to_owned()),
            ledger: "--policy.csv".into(),
            as_of: NaiveDate::from_ymd_opt(2026, 6, 30),
            advance_percent: Some(Rate::from_percent("72.5".parse().expect("a decimal"))),
            policy: Some("../policy.toml".into()),
            model: JobModel::File("../model.json".into()),
            facility: None,
            debtor_register: None,
            out: "../out".into(),
        });
        let file = JobFile { most_megabytes: 8192, work };
        let text = serde_json::to_string(&file).expect("JSON");
        assert_eq!(serde_json::from_str::<JobFile>(&text).expect("a job"), file);
        let more = text.replacen('{', "{\"env\":{},", 1);
        assert!(serde_json::from_str::<JobFile>(&more).is_err(), "nothing else is told");
        let more = text.replace("\"facility\"", "\"line\":1,\"facility\"");
        assert!(serde_json::from_str::<JobFile>(&more).is_err(), "nor inside");
    }
}
