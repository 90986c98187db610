use sqlx::FromRow;

use super::engine::{Writing, values};
use super::{Store, StoreError};

/// An uploaded ledger.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct LedgerRow {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub client_id: String,
    /// What the file was called.
    pub file_name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its size.
    pub bytes: i64,
    /// The footing certificate, JSON.
    pub certificate: String,
    /// When it was received.
    pub created_at: String,
}

/// Records a ledger that has been read.
pub(super) async fn add(writing: &mut Writing, ledger: &LedgerRow) -> Result<(), StoreError> {
    let LedgerRow { id, client_id, file_name, sha256, bytes, certificate, created_at } = ledger;
    writing
        .run(
            "INSERT INTO ledger (id, client_id, file_name, sha256, bytes, certificate, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            values![id, client_id, file_name, sha256, *bytes, certificate, created_at],
        )
        .await?;
    Ok(())
}

impl Store {
    /// A ledger.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub async fn ledger(&self, id: &str) -> Result<LedgerRow, StoreError> {
        self.engine
            .row("SELECT * FROM ledger WHERE id = $1", values![id])
            .await?
            .ok_or(StoreError::Missing("ledger"))
    }

    /// Ledgers of a client behind an id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn ledgers(
        &self,
        client: &str,
        after: &str,
        most: i64,
    ) -> Result<Vec<LedgerRow>, StoreError> {
        self.engine
            .rows(
                "SELECT * FROM ledger WHERE client_id = $1 AND id > $2 ORDER BY id LIMIT $3",
                values![client, after, most],
            )
            .await
    }

    /// The last ledger of every client.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn last_ledgers(&self) -> Result<Vec<LedgerRow>, StoreError> {
        let all: Vec<LedgerRow> = self
            .engine
            .rows("SELECT * FROM ledger ORDER BY client_id, created_at DESC, id", &[])
            .await?;
        let mut last: Vec<LedgerRow> = Vec::new();
        for ledger in all {
            if last.last().is_none_or(|before| before.client_id != ledger.client_id) {
                last.push(ledger);
            }
        }
        Ok(last)
    }
}
