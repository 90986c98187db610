//! The folder of a job: copies of its inputs, and the job file.

use std::path::{Path, PathBuf};

use serde::Serialize;

use basics::DebtorFacts;
use policy::Policy;
use store::TextKind;

use super::job_file::{EvaluateWork, IngestWork, JobModel, ReportWork, Work};
use super::task::{ClientLedger, Scoring, Task, VersionRef, Way};
use crate::confirmation_file::confirmation_file;
use crate::debtor_file::debtor_file;
use crate::{Service, ServiceError};

/// The folder in which the process runs, within the folder of its job, and its output folder as
/// seen from there. Both are apart, so that no uploaded name can replace an output or the job file.
pub(super) const IN: &str = "in";
const OUT: &str = "../out";

/// Name of the debtor file, in the folder of the job.
const DEBTORS: &str = "debtors.csv";

/// Name of the file of debtors' answers, in the folder of the job.
const CONFIRMATIONS: &str = "confirmations.csv";

/// Number of debtors read at a time.
const AT_ONCE: i64 = 1000;

/// The inputs of an evaluation.
struct Evaluation<'a> {
    ledger: &'a str,
    model: &'a Scoring,
    policy: Option<&'a VersionRef>,
    previous: Option<&'a str>,
}

/// The list of clients that a report reads.
#[derive(Serialize)]
struct Manifest {
    client: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    id: String,
    sector: Option<String>,
    ledger: String,
    facility: Option<String>,
    debtors: Option<&'static str>,
}

/// The path of a file in the folder of a job, as seen from where its process runs.
fn above(name: &str) -> PathBuf {
    Path::new("..").join(name)
}

/// Writes a file into the folder of a job.
pub(super) fn written(folder: &Path, name: &str, text: &str) -> Result<(), ServiceError> {
    std::fs::write(folder.join(name), text).map_err(ServiceError::unavailable)
}

/// Enters the terms that a task was queued with.
fn with_terms(task: &Task, work: EvaluateWork) -> EvaluateWork {
    match *task {
        Task::Evaluate { as_of, advance_percent, selection_seed, .. } => {
            EvaluateWork { as_of, advance_percent, selection_seed, ..work }
        }
        Task::Ingest { .. } | Task::Report { .. } => work,
    }
}

impl Service {
    /// Puts the inputs of a task into the folder; returns the work of its process.
    pub(super) async fn prepared(&self, task: &Task, folder: &Path) -> Result<Work, ServiceError> {
        match task {
            Task::Ingest { client, file_name, sha256, .. } => {
                self.linked(sha256, &folder.join(IN).join(file_name))?;
                let (client, ledger) = (Some(client.clone()), file_name.into());
                Ok(Work::Ingest(IngestWork { client, ledger, out: OUT.into() }))
            }
            Task::Evaluate { ledger, model, policy, previous, .. } => {
                let (policy, previous) = (policy.as_ref(), previous.as_deref());
                let asked = Evaluation { ledger, model, policy, previous };
                let usual = self.evaluation(asked, folder).await?;
                Ok(Work::Evaluate(with_terms(task, usual)))
            }
            Task::Report { as_of, sections, ledgers } => {
                let manifest = self.manifest(folder, ledgers).await?;
                written(folder, "portfolio.toml", &manifest)?;
                written(folder, "policy.toml", &self.policy_text(None).await?)?;
                Ok(Work::Report(ReportWork {
                    portfolio: above("portfolio.toml"),
                    policy: Some(above("policy.toml")),
                    as_of: *as_of,
                    sections: sections.clone(),
                    out: OUT.into(),
                }))
            }
        }
    }

    /// Puts the inputs of an evaluation into the folder; returns its work.
    async fn evaluation(
        &self,
        Evaluation { ledger, model, policy, previous }: Evaluation<'_>,
        folder: &Path,
    ) -> Result<EvaluateWork, ServiceError> {
        let ledger = self.store.ledger(ledger).await?;
        self.linked(&ledger.sha256, &folder.join(IN).join(&ledger.file_name))?;
        // The text and not its name: the process knows nothing of the database.
        let policy = self.policy_text(policy).await?;
        written(folder, "policy.toml", &policy)?;
        let model = match model {
            Scoring::Way(Way::Auto) => JobModel::Auto,
            Scoring::Way(Way::Km) => JobModel::Km,
            Scoring::Way(Way::Train) => JobModel::Train,
            Scoring::Model(VersionRef { name, version }) => {
                let own = self.store.version(TextKind::Model, name, Some(*version)).await?;
                written(folder, "model.json", &own.text)?;
                JobModel::File(above("model.json"))
            }
        };
        let facility = match self.facility_now(&ledger.client_id).await? {
            Some(text) => {
                written(folder, "facility.toml", &text)?;
                Some(above("facility.toml"))
            }
            None => None,
        };
        let debtor_register = self.has_debtors(folder).await?.then(|| above(DEBTORS));
        let previous = match previous {
            Some(id) => Some(self.linked_beside(&ledger.file_name, id, folder).await?),
            None => None,
        };
        let has_answers = self.has_answers(&ledger.client_id, &policy, folder).await?;
        Ok(EvaluateWork {
            client: Some(ledger.client_id),
            ledger: ledger.file_name.into(),
            as_of: None,
            advance_percent: None,
            policy: Some(above("policy.toml")),
            model,
            facility,
            debtor_register,
            previous,
            confirmations: has_answers.then(|| above(CONFIRMATIONS)),
            selection_seed: None,
            out: OUT.into(),
        })
    }

    /// Puts a previous ledger into a folder beside the ledger of this name; returns its path as
    /// seen from there.
    async fn linked_beside(
        &self,
        name: &str,
        id: &str,
        folder: &Path,
    ) -> Result<PathBuf, ServiceError> {
        let previous = self.store.ledger(id).await?;
        // A folder of its own, because both may have the same name; and one that is not the
        // ledger's.
        let own = if name == "previous" { "previous_ledger" } else { "previous" };
        let within = folder.join(IN).join(own);
        std::fs::create_dir_all(&within).map_err(ServiceError::unavailable)?;
        self.linked(&previous.sha256, &within.join(&previous.file_name))?;
        Ok(Path::new(own).join(previous.file_name))
    }

    /// Writes what debtors answered about a client's invoices as the file that an evaluation
    /// reads; false if there is nothing, or if the policy does not say how long an answer counts.
    async fn has_answers(
        &self,
        client: &str,
        policy: &str,
        folder: &Path,
    ) -> Result<bool, ServiceError> {
        let answers = self.answers_of(client).await?;
        if answers.is_empty() {
            return Ok(false);
        }
        let policy: Policy = policy.parse().map_err(ServiceError::internal)?;
        if policy.confirm().is_none() {
            return Ok(false);
        }
        written(folder, CONFIRMATIONS, &confirmation_file(&answers)?)?;
        Ok(true)
    }

    /// Puts a stored file under its own name into the folder, as a link if the file system can do
    /// that. The name was checked at its upload and holds no path.
    fn linked(&self, sha256: &str, to: &Path) -> Result<(), ServiceError> {
        let from = self.store.path_of(sha256);
        // The process only reads it, so a link does not endanger what is stored.
        if std::fs::hard_link(&from, to).is_err() {
            std::fs::copy(&from, to).map_err(ServiceError::unavailable)?;
        }
        Ok(())
    }

    /// The text of the named policy, by default that of the service's own.
    async fn policy_text(&self, named: Option<&VersionRef>) -> Result<String, ServiceError> {
        match named {
            None => Ok(self.policy.text().to_owned()),
            Some(VersionRef { name, version }) => {
                Ok(self.store.version(TextKind::Policy, name, Some(*version)).await?.text)
            }
        }
    }

    /// Writes the known facts about debtors as the file that the commands read; false if there are
    /// none.
    async fn has_debtors(&self, folder: &Path) -> Result<bool, ServiceError> {
        let mut rows = Vec::new();
        // Names are never empty, so every one of them is after this.
        let mut after = String::new();
        loop {
            let page = self.store.last_versions(TextKind::Debtor, &after, AT_ONCE).await?;
            let Some(last) = page.last() else { break };
            after.clone_from(&last.name);
            for written in &page {
                let debtor: DebtorFacts =
                    serde_json::from_str(&written.text).map_err(ServiceError::internal)?;
                rows.push((written.name.clone(), debtor));
            }
        }
        if rows.is_empty() {
            return Ok(false);
        }
        written(folder, DEBTORS, &debtor_file(rows)?)?;
        Ok(true)
    }

    /// Puts every client's ledger and facility into the folder; returns the list of them.
    async fn manifest(
        &self,
        folder: &Path,
        ledgers: &[ClientLedger],
    ) -> Result<String, ServiceError> {
        let debtors = self.has_debtors(folder).await?.then_some(DEBTORS);
        let mut client = Vec::new();
        for (number, ClientLedger { client: id, ledger }) in ledgers.iter().enumerate() {
            let own = self.store.client(id).await?;
            let ledger = self.store.ledger(ledger).await?;
            // One folder for each client: their files may have the same name.
            let name = format!("{IN}/{number}");
            std::fs::create_dir_all(folder.join(&name)).map_err(ServiceError::unavailable)?;
            self.linked(&ledger.sha256, &folder.join(&name).join(&ledger.file_name))?;
            let facility = match self.facility_now(id).await? {
                None => None,
                Some(text) => {
                    let file = format!("{number}.toml");
                    written(folder, &file, &text)?;
                    Some(file)
                }
            };
            let sector = Some(own.sector).filter(|sector| !sector.is_empty());
            let (id, ledger) = (id.clone(), format!("{name}/{}", ledger.file_name));
            client.push(Entry { id, sector, ledger, facility, debtors });
        }
        toml::to_string(&Manifest { client }).map_err(ServiceError::internal)
    }
}
