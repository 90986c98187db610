use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use basics::Rate;

use super::one_or_many::one_or_many;

/// The instructions for the process of a job. Paths are relative to where it runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobFile {
    /// Memory limit, in megabytes.
    pub most_megabytes: u64,
    /// The work.
    pub work: Work,
}

/// The work of a job: a command of this program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Work {
    /// Reads a ledger.
    Ingest(IngestWork),
    /// Evaluates a ledger into an offer.
    Evaluate(EvaluateWork),
    /// Reports on the portfolio.
    Report(ReportWork),
}

/// The reading of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IngestWork {
    /// Client of rows that name no client.
    pub client: Option<String>,
    /// The ledger.
    pub ledger: PathBuf,
    /// The output folder.
    pub out: PathBuf,
}

/// The evaluation of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvaluateWork {
    /// Client of rows that name no client.
    pub client: Option<String>,
    /// The ledger.
    pub ledger: PathBuf,
    /// The as-of date; by default the latest date in the ledger.
    pub as_of: Option<NaiveDate>,
    /// The largest advance that is asked for.
    pub advance_percent: Option<Rate>,
    /// The policy, TOML; by default the standard policy.
    pub policy: Option<PathBuf>,
    /// The scoring model.
    pub model: JobModel,
    /// The client's facility, TOML.
    pub facility: Option<PathBuf>,
    /// The facts known about debtors of all clients, CSV.
    pub debtor_register: Option<PathBuf>,
    /// The ledgers that it is compared with.
    #[serde(default, deserialize_with = "one_or_many")]
    pub previous: Vec<PathBuf>,
    /// The answers of debtors about the client's invoices, CSV.
    pub confirmations: Option<PathBuf>,
    /// The offer that is completed, JSON.
    #[serde(default)]
    pub completes: Option<PathBuf>,
    /// The seed that draws invoices for confirmation.
    pub selection_seed: Option<u64>,
    /// The output folder.
    pub out: PathBuf,
}

/// A report on the portfolio.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportWork {
    /// The list of clients, TOML, or a ledger of several clients.
    pub portfolio: PathBuf,
    /// The policy for all clients, TOML; by default the one in the list, else the standard policy.
    pub policy: Option<PathBuf>,
    /// The as-of date; by default the latest date in the ledger.
    pub as_of: Option<NaiveDate>,
    /// The sections to include; all if empty.
    pub sections: Vec<String>,
    /// The output folder.
    pub out: PathBuf,
}

/// The scoring model of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobModel {
    /// Chosen by what the ledger allows.
    Auto,
    /// Kaplan-Meier, from the debtors' own histories.
    Km,
    /// A model trained on the ledger.
    Train,
    /// A model file.
    File(PathBuf),
}

impl Work {
    /// The files that an evaluation reads beside its ledgers and its policy.
    pub(super) fn inputs(&self) -> Vec<&Path> {
        let Self::Evaluate(work) = self else { return Vec::new() };
        let model = match &work.model {
            JobModel::File(path) => Some(path),
            JobModel::Auto | JobModel::Km | JobModel::Train => None,
        };
        let files = [&work.facility, &work.debtor_register, &work.confirmations, &work.completes];
        let files = files.into_iter().filter_map(Option::as_ref).chain(model);
        files.map(PathBuf::as_path).collect()
    }
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
            previous: vec!["previous/1/may.csv".into(), "previous/2/may.csv".into()],
            confirmations: Some("../confirmations.csv".into()),
            completes: Some("../completes.json".into()),
            selection_seed: Some(u64::MAX),
            out: "../out".into(),
        });
        let inputs = ["../confirmations.csv", "../completes.json", "../model.json"].map(Path::new);
        assert_eq!(work.inputs(), inputs, "what is kept beside ledgers and policy");
        let file = JobFile { most_megabytes: 8192, work };
        let text = serde_json::to_string(&file).expect("JSON");
        assert_eq!(serde_json::from_str::<JobFile>(&text).expect("a job"), file);
        let compared = ",\"previous\":[\"previous/1/may.csv\",\"previous/2/may.csv\"]";
        for (older, previous) in [("", &[] as &[&str]), (",\"previous\":null", &[])]
            .into_iter()
            .chain([(",\"previous\":\"previous/may.csv\"", &["previous/may.csv"] as &[&str])])
        {
            let text = text.replace(compared, older);
            let read = serde_json::from_str::<JobFile>(&text).expect("a job of an older program");
            let Work::Evaluate(work) = read.work else { panic!("{text}") };
            assert_eq!(work.previous, previous.iter().map(PathBuf::from).collect::<Vec<_>>());
        }
        let more = text.replacen('{', "{\"env\":{},", 1);
        assert!(serde_json::from_str::<JobFile>(&more).is_err(), "nothing else is told");
        let more = text.replace("\"facility\"", "\"line\":1,\"facility\"");
        assert!(serde_json::from_str::<JobFile>(&more).is_err(), "nor inside");
    }
}
