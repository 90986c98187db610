//! What a job does: the same commands that a person would type, in a folder with copies of what
//! they read.

use std::path::Path;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use basics::{Currency, DebtorFacts, Rate};
use offer::OfferFile;
use offer::Status;
use purchases::{OpenPosition, Position, funds_in_use};
use store::{JobKind, JobRow, Kind, LedgerRow, OfferRow, Outcome, ReportRow, StoreError};

use super::Service;
use super::debtors;
use super::problem::Problem;
use super::request::text;

/// Where a command runs, in the folder of its job, and where it writes, as seen from there.
pub(super) const IN: &str = "in";
const OUT: &str = "../out";

/// The file of what is known of debtors, in the folder of the job.
const DEBTORS: &str = "debtors.csv";

/// Entries that are read at a time where all are needed.
const AT_ONCE: i64 = 1000;

/// The work of a job, as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Task {
    /// Reads a ledger.
    Ingest { client: String, file_name: String, sha256: String, bytes: i64 },
    /// Makes an offer.
    Evaluate {
        ledger: String,
        as_of: Option<NaiveDate>,
        advance_percent: Option<Rate>,
        model: Scoring,
        policy: Option<(String, i64)>,
    },
    /// Reports on the portfolio.
    Report { as_of: Option<NaiveDate>, sections: Vec<String>, ledgers: Vec<(String, String)> },
}

/// By which model invoices are scored.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Scoring {
    /// `auto`, `km` or `train`.
    Way(String),
    /// A version of a model.
    Model(String, i64),
}

impl Task {
    pub fn kind(&self) -> JobKind {
        match self {
            Self::Ingest { .. } => JobKind::Ingest,
            Self::Evaluate { .. } => JobKind::Evaluate,
            Self::Report { .. } => JobKind::Report,
        }
    }

    /// Puts what the command reads into the folder, and returns its arguments.
    pub async fn prepared(&self, service: &Service, folder: &Path) -> Result<Vec<String>, Problem> {
        let mut words: Vec<String> = Vec::new();
        let mut say = |some: &[&str]| words.extend(some.iter().map(|&word| word.to_owned()));
        match self {
            Self::Ingest { client, file_name, sha256, .. } => {
                linked(service, &folder.join(IN), (sha256, file_name))?;
                say(&["ingest", &format!("--client={client}"), "--out", OUT, "--", file_name]);
            }
            Self::Evaluate { ledger, as_of, advance_percent, model, policy } => {
                let ledger = service.store.ledger(ledger).await?;
                linked(service, &folder.join(IN), (&ledger.sha256, &ledger.file_name))?;
                say(&["evaluate", &format!("--client={}", ledger.client_id), "--out", OUT]);
                written(folder, "policy.toml", &policy_text(service, policy.as_ref()).await?)?;
                say(&["--policy", "../policy.toml"]);
                match model {
                    Scoring::Way(word) => say(&["--model", word]),
                    Scoring::Model(name, version) => {
                        let own = service.store.written(Kind::Model, name, Some(*version)).await?;
                        written(folder, "model.json", &own.text)?;
                        say(&["--model", "../model.json"]);
                    }
                }
                if let Some(text) = facility(service, &ledger.client_id).await? {
                    written(folder, "facility.toml", &text)?;
                    say(&["--facility", "../facility.toml"]);
                }
                if has_debtors(service, folder).await? {
                    say(&["--debtor-register", &format!("../{DEBTORS}")]);
                }
                if let Some(as_of) = as_of {
                    say(&["--as-of", &as_of.to_string()]);
                }
                if let Some(advance) = advance_percent {
                    say(&["--advance", &advance.percent().to_string()]);
                }
                say(&["--", &ledger.file_name]);
            }
            Self::Report { as_of, sections, ledgers } => {
                let manifest = manifest(service, folder, ledgers).await?;
                written(folder, "portfolio.toml", &manifest)?;
                written(folder, "policy.toml", &policy_text(service, None).await?)?;
                say(&["report", "../portfolio.toml", "--policy", "../policy.toml", "--out", OUT]);
                if let Some(as_of) = as_of {
                    say(&["--as-of", &as_of.to_string()]);
                }
                if !sections.is_empty() {
                    say(&["--sections", &sections.join(",")]);
                }
            }
        }
        Ok(words)
    }

    /// Whether what was written stands although the command has failed: a report names the ledgers
    /// that could not be read.
    pub fn stands_without_success(&self, folder: &Path) -> bool {
        matches!(self, Self::Report { .. }) && folder.join("out/portfolio.json").is_file()
    }

    /// What came of it.
    pub fn outcome(
        &self,
        service: &Service,
        job: &JobRow,
        folder: &Path,
    ) -> Result<Outcome, Problem> {
        let (id, created_at) = (service.new_id()?, service.now());
        let read = |name: &str| {
            std::fs::read_to_string(folder.join("out").join(name)).map_err(Problem::unavailable)
        };
        match self {
            Self::Ingest { client, file_name, sha256, bytes } => Ok(Outcome::Ledger(LedgerRow {
                id,
                client_id: client.clone(),
                file_name: file_name.clone(),
                sha256: sha256.clone(),
                bytes: *bytes,
                certificate: read("footing.json")?,
                created_at,
            })),
            Self::Evaluate { ledger, .. } => {
                let document = read("offer.json")?;
                let mut file = OfferFile::read(&document).map_err(Problem::internal)?;
                file.envelope.issued_at = Some(job.created_at.clone());
                let valid_until = file.valid_until().map_err(Problem::internal)?;
                let clients = file.clients().map_err(Problem::internal)?;
                if clients.len() > 1 {
                    let names = clients.into_iter().collect::<Vec<_>>().join(", ");
                    return Err(Problem::ledger(format!(
                        "The ledger names several clients ({names}); send each one's by itself."
                    )));
                }
                Ok(Outcome::Offer(Box::new(OfferRow {
                    id,
                    client_id: job.client_id.clone().unwrap_or_default(),
                    ledger_id: ledger.clone(),
                    envelope: text(&file.envelope)?,
                    status: Status::Offered.as_str().to_owned(),
                    valid_until: valid_until.to_string(),
                    version: 1,
                    created_at,
                    document,
                })))
            }
            Self::Report { as_of, sections, .. } => Ok(Outcome::Report(ReportRow {
                id,
                as_of: as_of.map(|day| day.to_string()),
                sections: sections.join(","),
                created_at,
            })),
        }
    }
}

fn written(folder: &Path, name: &str, text: &str) -> Result<(), Problem> {
    std::fs::write(folder.join(name), text).map_err(Problem::unavailable)
}

/// The file under its own name in a folder, without a second copy of its bytes where the system can
/// do that. Its name climbs nowhere.
fn linked(service: &Service, folder: &Path, (sha256, name): (&str, &str)) -> Result<(), Problem> {
    let (from, to) = (service.store.path_of(sha256), folder.join(name));
    if std::fs::hard_link(&from, &to).is_err() {
        std::fs::copy(&from, &to).map_err(Problem::unavailable)?;
    }
    Ok(())
}

/// The policy that is asked for, else the service's own.
async fn policy_text(service: &Service, named: Option<&(String, i64)>) -> Result<String, Problem> {
    match named {
        None => Ok(service.policy.text().to_owned()),
        Some((name, version)) => {
            Ok(service.store.written(Kind::Policy, name, Some(*version)).await?.text)
        }
    }
}

/// What is agreed with a client, with the invoices that are bought and not settled yet, and with
/// their advances as the funds in use unless it names them.
async fn facility(service: &Service, client: &str) -> Result<Option<String>, Problem> {
    let written = match service.store.written(Kind::Facility, client, None).await {
        Ok(written) => Some(written.text),
        Err(StoreError::Missing(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let positions = service.store.positions_of(client).await?;
    let open = positions.into_iter().filter_map(|position| match position {
        Position::Open(open) => Some(open),
        Position::Settled(_) => None,
    });
    let open: Vec<OpenPosition> = open.collect();
    let Some(first) = open.first() else { return Ok(written) };
    let mut table = match written {
        Some(text) => text.parse::<Table>().map_err(Problem::internal)?,
        None => Table::from_iter([(
            "currency".to_owned(),
            first.invoice.amount.currency().code().into(),
        )]),
    };
    let currency = table.get("currency").and_then(Value::as_str).unwrap_or_default();
    let currency: Currency = currency.parse().map_err(Problem::internal)?;
    if !table.contains_key("outstanding") {
        let funds = funds_in_use(&open, currency).map_err(Problem::internal)?;
        table.insert("outstanding".to_owned(), funds.to_string().into());
    }
    let funded = table.entry("funded").or_insert_with(|| Value::Array(Vec::new()));
    if let Some(funded) = funded.as_array_mut() {
        funded.extend(open.into_iter().map(|position| {
            Value::Table(Table::from_iter([
                ("invoice".to_owned(), position.invoice.invoice_number.into()),
                ("debtor".to_owned(), position.invoice.debtor_id.into()),
            ]))
        }));
    }
    toml::to_string(&table).map(Some).map_err(Problem::internal)
}

/// Writes what the factor knows of debtors as the file that the commands read, if anything is.
async fn has_debtors(service: &Service, folder: &Path) -> Result<bool, Problem> {
    let mut rows = Vec::new();
    let mut after = String::new();
    loop {
        let page = service.store.all_written(Kind::Debtor, &after, AT_ONCE).await?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.name);
        for written in &page {
            let debtor: DebtorFacts =
                serde_json::from_str(&written.text).map_err(Problem::internal)?;
            rows.push((written.name.clone(), debtor));
        }
    }
    if rows.is_empty() {
        return Ok(false);
    }
    written(folder, DEBTORS, &debtors::file(rows)?)?;
    Ok(true)
}

/// The list of clients with their ledgers and facilities.
async fn manifest(
    service: &Service,
    folder: &Path,
    ledgers: &[(String, String)],
) -> Result<String, Problem> {
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
    let debtors = has_debtors(service, folder).await?.then_some(DEBTORS);
    let mut client = Vec::new();
    for (number, (id, ledger)) in ledgers.iter().enumerate() {
        let own = service.store.client(id).await?;
        let ledger = service.store.ledger(ledger).await?;
        // Every client's file in a folder of its own: their names may be the same.
        let name = format!("{IN}/{number}");
        std::fs::create_dir_all(folder.join(&name)).map_err(Problem::unavailable)?;
        let (sha256, file) = (&ledger.sha256, ledger.file_name);
        linked(service, &folder.join(&name), (sha256, &file))?;
        let facility = match facility(service, id).await? {
            None => None,
            Some(text) => {
                let file = format!("{number}.toml");
                written(folder, &file, &text)?;
                Some(file)
            }
        };
        let sector = Some(own.sector).filter(|sector| !sector.is_empty());
        let (id, ledger) = (id.clone(), format!("{name}/{file}"));
        client.push(Entry { id, sector, ledger, facility, debtors });
    }
    toml::to_string(&Manifest { client }).map_err(Problem::internal)
}
