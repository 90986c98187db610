//! The result of a job, as stored.

use std::path::Path;

use offer::{OfferFile, Status};
use store::{JobRow, LedgerRow, OfferRow, Outcome, ReportRow};

use super::task::Task;
use crate::once::text;
use crate::{Service, ServiceError};

/// The output folder of a process, in the folder of its job.
pub(super) const OUT: &str = "out";

impl Task {
    /// True if the output is kept although the process failed: a report that lists the ledgers it
    /// could not read is still a report.
    pub(super) fn stands_without_success(&self, folder: &Path) -> bool {
        matches!(self, Self::Report { .. }) && folder.join(OUT).join("portfolio.json").is_file()
    }
}

/// Reads a file that a process wrote.
fn read(folder: &Path, name: &str) -> Result<String, ServiceError> {
    std::fs::read_to_string(folder.join(OUT).join(name)).map_err(ServiceError::unavailable)
}

/// A time without its fraction of a second, as persons sign: nothing is signed before it.
fn to_the_second(at: &str) -> String {
    match at.split_once('.') {
        Some((second, _)) => format!("{second}Z"),
        None => at.to_owned(),
    }
}

impl Service {
    pub(super) fn outcome(
        &self,
        task: &Task,
        job: &JobRow,
        folder: &Path,
    ) -> Result<Outcome, ServiceError> {
        let (id, created_at) = (self.new_id()?, self.now());
        match task {
            Task::Ingest { client, file_name, sha256, bytes, .. } => {
                Ok(Outcome::Ledger(LedgerRow {
                    id,
                    client_id: client.clone(),
                    file_name: file_name.clone(),
                    sha256: sha256.clone(),
                    bytes: *bytes,
                    certificate: read(folder, "footing.json")?,
                    // When it was received, whichever job ends first.
                    created_at: job.created_at.clone(),
                }))
            }
            Task::Evaluate { ledger, .. } => {
                let document = read(folder, "offer.json")?;
                let mut file = OfferFile::read(&document).map_err(ServiceError::internal)?;
                // In the envelope alone: the document holds no clock, so that it can be recomputed.
                file.envelope.issued_at = Some(to_the_second(&job.created_at));
                let made = file.offer().map_err(ServiceError::internal)?;
                let clients = made.clients();
                // An offer has one client, who would sell the others' invoices by accepting it.
                if clients.len() > 1 {
                    let names = clients.into_iter().collect::<Vec<_>>().join(", ");
                    return Err(ServiceError::Ledger(format!(
                        "The ledger names several clients ({names}); upload one ledger for each."
                    )));
                }
                Ok(Outcome::Offer(Box::new(OfferRow {
                    id,
                    client_id: job.client_id.clone().unwrap_or_default(),
                    ledger_id: ledger.clone(),
                    envelope: text(&file.envelope)?,
                    status: Status::Offered.as_str().to_owned(),
                    valid_until: made.valid_until.to_string(),
                    version: 1,
                    created_at,
                    document,
                })))
            }
            Task::Report { as_of, sections, .. } => Ok(Outcome::Report(ReportRow {
                id,
                as_of: as_of.map(|day| day.to_string()),
                sections: sections.join(","),
                created_at,
            })),
        }
    }
}
