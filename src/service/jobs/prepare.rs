//! The folder of a job: copies of its inputs, and the job file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use policy::Policy;
use store::TextKind;

use super::job_file::{EvaluateWork, IngestWork, JobModel, ReportWork, Work};
use super::task::{ClientLedger, Scoring, Task, VersionRef, Way};
use crate::confirmation_file::confirmation_file;
use crate::debtor_file::debtor_file;
use crate::made::made;
use crate::offers::opened;
use crate::{Service, ServiceError};

/// The folder in which the process runs, within the folder of its job, and its output folder as
/// seen from there. Both are apart, so that no uploaded name can replace an output or the job file.
pub(super) const IN: &str = "in";
const OUT: &str = "../out";

/// Name of the debtor file, in the folder of the job.
const DEBTORS: &str = "debtors.csv";

/// Name of the list of debtors that several clients sell to, in the folder of the job.
const LINKS: &str = "debtors.toml";

/// Name of the file of debtors' answers, in the folder of the job.
const CONFIRMATIONS: &str = "confirmations.csv";
/// The file of the offer that is completed.
const COMPLETES: &str = "completes.json";

/// The inputs of an evaluation.
struct Evaluation<'a> {
    ledger: &'a str,
    model: &'a Scoring,
    policy: Option<&'a VersionRef>,
    previous: &'a [String],
    completes: Option<&'a str>,
}

/// The list of clients that a report reads.
#[derive(Serialize)]
struct Manifest {
    debtors: &'static str,
    // One id with two clients is two debtors until staff link both to one.
    same_id_is_same_debtor: bool,
    client: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    id: String,
    sector: Option<String>,
    ledger: String,
    facility: Option<String>,
    debtors: Option<String>,
}

/// The debtors that several clients sell to, as a report reads them.
#[derive(Serialize, Default)]
struct Links {
    debtor: Vec<Linked>,
}

#[derive(Serialize)]
struct Linked {
    key: String,
    group: Option<String>,
    accounts: Vec<Account>,
}

#[derive(Serialize)]
struct Account {
    client: String,
    debtor: String,
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
                self.linked(sha256, &folder.join(IN).join(file_name)).await?;
                let (client, ledger) = (Some(client.clone()), file_name.into());
                Ok(Work::Ingest(IngestWork { client, ledger, out: OUT.into() }))
            }
            Task::Evaluate { ledger, model, policy, previous, completes, .. } => {
                let (policy, completes) = (policy.as_ref(), completes.as_deref());
                let asked = Evaluation { ledger, model, policy, previous, completes };
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
        Evaluation { ledger, model, policy, previous, completes }: Evaluation<'_>,
        folder: &Path,
    ) -> Result<EvaluateWork, ServiceError> {
        let ledger = self.store.ledger(ledger).await?;
        self.linked(&ledger.sha256, &folder.join(IN).join(&ledger.file_name)).await?;
        // The text and not its name: the process knows nothing of the database.
        let completed = match completes {
            Some(id) => Some(self.store.offer(id).await?),
            None => None,
        };
        let policy = match &completed {
            Some(offer) => made(offer)?.policy.text,
            None => self.policy_text(policy).await?,
        };
        written(folder, "policy.toml", &policy)?;
        if let Some(offer) = &completed {
            // With what staff decided on its lines since it was made.
            let now = opened(offer)?.to_text().map_err(ServiceError::internal)?;
            written(folder, COMPLETES, &now)?;
        }
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
        let known = self.has_debtors(&ledger.client_id, &folder.join(DEBTORS)).await?;
        let debtor_register = known.then(|| above(DEBTORS));
        let previous = self.linked_beside(&ledger.file_name, previous, folder).await?;
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
            completes: completed.map(|_| above(COMPLETES)),
            selection_seed: None,
            out: OUT.into(),
        })
    }

    /// Puts previous ledgers into a folder beside the ledger of this name; returns their paths as
    /// seen from there.
    async fn linked_beside(
        &self,
        name: &str,
        ids: &[String],
        folder: &Path,
    ) -> Result<Vec<PathBuf>, ServiceError> {
        // A folder that is not the ledger's, and one in it for each, because all may have the same
        // name.
        let own = if name == "previous" { "previous_ledger" } else { "previous" };
        let mut all = Vec::with_capacity(ids.len());
        for (number, id) in ids.iter().enumerate() {
            let previous = self.store.ledger(id).await?;
            let place = Path::new(own).join((number + 1).to_string());
            let within = folder.join(IN).join(&place);
            std::fs::create_dir_all(&within).map_err(ServiceError::unavailable)?;
            self.linked(&previous.sha256, &within.join(&previous.file_name)).await?;
            all.push(place.join(previous.file_name));
        }
        Ok(all)
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
    async fn linked(&self, sha256: &str, to: &Path) -> Result<(), ServiceError> {
        let from = self.store.stored(sha256).await?;
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

    /// Writes what is known about a client's debtors as the file that the commands read; false if
    /// nothing is.
    async fn has_debtors(&self, client: &str, file: &Path) -> Result<bool, ServiceError> {
        let known = self.facts_of(client).await?;
        if known.is_empty() {
            return Ok(false);
        }
        let rows = known.into_iter().map(|(own, facts)| (own.debtor_id, facts)).collect();
        std::fs::write(file, debtor_file(rows)?).map_err(ServiceError::unavailable)?;
        Ok(true)
    }

    /// The debtors that are known across clients and linked to debtors of these clients, as TOML.
    async fn links(&self, clients: &[ClientLedger]) -> Result<String, ServiceError> {
        let mut links: BTreeMap<String, Linked> = BTreeMap::new();
        for ClientLedger { client, .. } in clients {
            for (own, facts) in self.facts_of(client).await? {
                let Some(key) = own.known_debtor else { continue };
                let linked = links.entry(key.clone()).or_insert_with(|| Linked {
                    key,
                    group: facts.group,
                    accounts: Vec::new(),
                });
                linked.accounts.push(Account { client: own.client_id, debtor: own.debtor_id });
            }
        }
        let links = Links { debtor: links.into_values().collect() };
        toml::to_string(&links).map_err(ServiceError::internal)
    }

    /// Puts every client's ledger and facility into the folder; returns the list of them.
    async fn manifest(
        &self,
        folder: &Path,
        ledgers: &[ClientLedger],
    ) -> Result<String, ServiceError> {
        written(folder, LINKS, &self.links(ledgers).await?)?;
        let mut client = Vec::new();
        for (number, ClientLedger { client: id, ledger }) in ledgers.iter().enumerate() {
            let own = self.store.client(id).await?;
            let ledger = self.store.ledger(ledger).await?;
            // One folder for each client: their files may have the same name.
            let name = format!("{IN}/{number}");
            std::fs::create_dir_all(folder.join(&name)).map_err(ServiceError::unavailable)?;
            self.linked(&ledger.sha256, &folder.join(&name).join(&ledger.file_name)).await?;
            let facility = match self.facility_now(id).await? {
                None => None,
                Some(text) => {
                    let file = format!("{number}.toml");
                    written(folder, &file, &text)?;
                    Some(file)
                }
            };
            let file = format!("{number}.{DEBTORS}");
            let debtors = self.has_debtors(id, &folder.join(&file)).await?.then_some(file);
            let sector = Some(own.sector).filter(|sector| !sector.is_empty());
            let (id, ledger) = (id.clone(), format!("{name}/{}", ledger.file_name));
            client.push(Entry { id, sector, ledger, facility, debtors });
        }
        let manifest = Manifest { debtors: LINKS, same_id_is_same_debtor: false, client };
        toml::to_string(&manifest).map_err(ServiceError::internal)
    }
}
