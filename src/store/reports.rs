use sqlx::FromRow;

use super::engine::{Writing, values};
use super::{Store, StoreError};

/// A report on the portfolio; its pages are artefacts.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ReportRow {
    /// Its id.
    pub id: String,
    /// The day on which everything is judged; the latest date of any ledger when absent.
    pub as_of: Option<String>,
    /// Sections, with commas between; all when empty.
    pub sections: String,
    /// When it was made.
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
    Ok(())
}

impl Store {
    /// A report.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub async fn report(&self, id: &str) -> Result<ReportRow, StoreError> {
        self.engine
            .row("SELECT * FROM report WHERE id = $1", values![id])
            .await?
            .ok_or(StoreError::Missing("report"))
    }

    /// The last report that has a section.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub async fn last_report(&self, section: &str) -> Result<ReportRow, StoreError> {
        let found = self
            .engine
            .row(
                "SELECT * FROM report WHERE sections = '' OR ',' || sections || ',' LIKE $1 \
                 ORDER BY created_at DESC, id LIMIT 1",
                values![&format!("%,{section},%")],
            )
            .await?;
        found.ok_or(StoreError::Missing("report with this section; POST /v1/reports makes one"))
    }

    /// Reports behind an id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn reports(&self, after: &str, most: i64) -> Result<Vec<ReportRow>, StoreError> {
        self.engine
            .rows("SELECT * FROM report WHERE id > $1 ORDER BY id LIMIT $2", values![after, most])
            .await
    }
}
