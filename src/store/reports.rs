use sqlx::FromRow;

use super::engine::{Writing, values};
use super::{Store, StoreError};

/// A report on the portfolio; its pages are artefacts.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ReportRow {
    /// Id of the report.
    pub id: String,
    /// The as-of date that was asked for; if absent, the latest date of any ledger.
    pub as_of: Option<String>,
    /// The sections that were asked for, separated by commas; all if empty.
    pub sections: String,
    /// Time of creation.
    pub created_at: String,
}

/// Records a report.
pub(super) async fn add(writing: &mut Writing, report: &ReportRow) -> Result<(), StoreError> {
    let ReportRow { id, as_of, sections, created_at } = report;
    writing
        .run(
            "INSERT INTO report (id, as_of, sections, created_at) VALUES ($1, $2, $3, $4)",
            values![id, as_of, sections, created_at],
        )
        .await?;
    writing.adds("report", id);
    Ok(())
}

impl Store {
    /// Returns a report.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if there is no such report; otherwise if the database cannot be
    /// read.
    pub async fn report(&self, id: &str) -> Result<ReportRow, StoreError> {
        self.engine
            .row("SELECT * FROM report WHERE id = $1", values![id])
            .await?
            .ok_or(StoreError::Missing("report"))
    }

    /// Returns the last report that has a section.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if no report has it; otherwise if the database cannot be read.
    pub async fn last_report(&self, section: &str) -> Result<ReportRow, StoreError> {
        let found = self
            .engine
            .row(
                // No sections are all of them.
                "SELECT * FROM report WHERE sections = '' OR ',' || sections || ',' LIKE $1 \
                 ORDER BY created_at DESC, id LIMIT 1",
                // Commas on both sides: a section whose name is part of another's does not match.
                values![&format!("%,{section},%")],
            )
            .await?;
        found.ok_or(StoreError::Missing("section in any report yet; POST /v1/reports creates one"))
    }

    /// Returns up to `most` reports after an id, in order of their ids.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn reports(&self, after: &str, most: i64) -> Result<Vec<ReportRow>, StoreError> {
        self.engine
            .rows("SELECT * FROM report WHERE id > $1 ORDER BY id LIMIT $2", values![after, most])
            .await
    }
}
