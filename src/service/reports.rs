use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::NaiveDate;
use serde_json::Value;
use serde_json::value::RawValue;

use report::portfolio::Key;
use store::{JobRow, LedgerRow, ReportRow};

use super::jobs::{ClientLedger, NewJob, QueuedJob, Task};
use super::{Answer, Once, Reader, Service, ServiceError, Underwriter};

/// A request for a report on the portfolio.
#[derive(Debug, Clone, Default)]
pub struct AskedReport {
    /// The as-of date; by default the latest date of any ledger.
    pub as_of: Option<NaiveDate>,
    /// The sections to include; by default all.
    pub sections: Vec<String>,
}

/// A section of a report.
#[derive(Debug, Clone)]
pub struct ReportSection {
    /// Id of the report.
    pub report: String,
    /// The as-of date.
    pub as_of: String,
    /// Its tables by name, and its notes.
    pub section: Value,
}

fn known(section: &str) -> Result<(), ServiceError> {
    if Key::ALL.iter().any(|key| key.as_str() == section) {
        return Ok(());
    }
    let all: Vec<&str> = Key::ALL.iter().map(|key| key.as_str()).collect();
    Err(ServiceError::field("sections", format!("Expected one or more of {}.", all.join(", "))))
}

impl Service {
    /// Queues a report on the last ledgers of all clients.
    ///
    /// # Errors
    /// [`ServiceError::Field`] for an unknown section, [`ServiceError::Conflict`] if no client has
    /// a ledger.
    pub async fn report(
        &self,
        _: &Underwriter,
        AskedReport { as_of, sections }: AskedReport,
        once: &Once,
        answer: Answer<JobRow>,
    ) -> Result<QueuedJob, ServiceError> {
        for section in &sections {
            known(section)?;
        }
        // Fixed now, as the versions of an evaluation are: the queue may be long.
        let last = self.store.last_ledgers().await?;
        if last.is_empty() {
            return Err(ServiceError::Conflict("No client has a ledger yet.".to_owned()));
        }
        let bytes = last.iter().map(|ledger| ledger.bytes).sum();
        let own = |last: LedgerRow| ClientLedger { client: last.client_id, ledger: last.id };
        let ledgers = last.into_iter().map(own).collect();
        let task = Task::Report { as_of, sections, ledgers };
        self.queue(NewJob { task: &task, client: None, bytes }, once, answer).await
    }

    /// Returns up to `most` reports after an id, in order of their ids.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn reports(
        &self,
        _: &Reader,
        after: &str,
        most: i64,
    ) -> Result<Vec<ReportRow>, ServiceError> {
        Ok(self.store.reports(after, most).await?)
    }

    /// Returns a report.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such report.
    pub async fn report_row(&self, _: &Reader, id: &str) -> Result<ReportRow, ServiceError> {
        Ok(self.store.report(id).await?)
    }

    /// Returns the path of a file of a report.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such report or file.
    pub async fn report_file(
        &self,
        _: &Reader,
        id: &str,
        name: &str,
    ) -> Result<PathBuf, ServiceError> {
        Ok(self.store.artefact(id, name).await?)
    }

    /// Returns a section of the last report that has it.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such section or no report has it.
    pub async fn section(
        &self,
        by: &Reader,
        section: String,
    ) -> Result<ReportSection, ServiceError> {
        if known(&section).is_err() {
            // Here it is part of the path, not a member of the request.
            return Err(ServiceError::Missing("section"));
        }
        let found = self.store.last_report(&section).await?;
        let path = self.store.artefact(&found.id, "portfolio.json").await?;
        let read = self.heavy.place(by.as_ref()).await?.run(move |_| {
            let text = std::fs::read_to_string(path).map_err(ServiceError::unavailable)?;
            of_document(&text, &section)
        });
        let (as_of, section) = read.await?;
        Ok(ReportSection { report: found.id, as_of, section })
    }
}

/// Reads the as-of date and one section; the other sections, which may be large, are not parsed.
fn of_document(text: &str, section: &str) -> Result<(String, Value), ServiceError> {
    let members: BTreeMap<String, Box<RawValue>> =
        serde_json::from_str(text).map_err(ServiceError::internal)?;
    let of = |name: &str| -> Result<Value, ServiceError> {
        let raw = members.get(name).map_or("null", |raw| raw.get());
        serde_json::from_str(raw).map_err(ServiceError::internal)
    };
    Ok((of("as_of")?.as_str().unwrap_or_default().to_owned(), of(section)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_known_by_their_words() {
        assert_eq!(known("ageing"), Ok(()));
        assert!(known("weather").is_err());
    }

    #[test]
    fn a_section_is_read_out_of_the_document() {
        let text = r#"{"as_of":"2026-06-30","ageing":{"notes":[]},"x":1}"#;
        let (as_of, section) = of_document(text, "ageing").expect("a section");
        assert_eq!((as_of.as_str(), section), ("2026-06-30", serde_json::json!({ "notes": [] })));
        assert_eq!(of_document(text, "stress"), Ok(("2026-06-30".to_owned(), Value::Null)));
    }
}
