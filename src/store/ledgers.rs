use sqlx::FromRow;

use super::engine::{Writing, values};
use super::{Store, StoreError};

/// An uploaded ledger.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct LedgerRow {
    /// Id of the ledger.
    pub id: String,
    /// The client's id.
    pub client_id: String,
    /// Name of the uploaded file.
    pub file_name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Size of the file, in bytes.
    pub bytes: i64,
    /// The footing certificate, JSON.
    pub certificate: String,
    /// Time at which it was received.
    pub created_at: String,
}

/// A ledger as the list of those that a client sent has it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct SentLedger {
    /// Id of the ledger.
    pub id: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Time at which it was received.
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
    writing.adds("ledger", id);
    Ok(())
}

impl Store {
    /// Returns a ledger.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if there is no such ledger; otherwise if the database cannot be
    /// read.
    pub async fn ledger(&self, id: &str) -> Result<LedgerRow, StoreError> {
        self.engine
            .row("SELECT * FROM ledger WHERE id = $1", values![id])
            .await?
            .ok_or(StoreError::Missing("ledger"))
    }

    /// Returns up to `most` ledgers of a client after an id, in order of their ids.
    ///
    /// # Errors
    /// If the database cannot be read.
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

    /// Returns the ledger that a client sent last before this one, the first by id of those
    /// received in the same second.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn ledger_before(
        &self,
        LedgerRow { id, client_id, created_at, .. }: &LedgerRow,
    ) -> Result<Option<LedgerRow>, StoreError> {
        self.engine
            .row(
                "SELECT * FROM ledger WHERE client_id = $1 \
                 AND (created_at < $2 OR (created_at = $2 AND id > $3)) \
                 ORDER BY created_at DESC, id LIMIT 1",
                values![client_id, created_at, id],
            )
            .await
    }

    /// Returns the ledgers that a client sent before this one and not before a time, in the order
    /// in which they were received: of those of the same second, the last by id is the first.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn ledgers_sent(
        &self,
        LedgerRow { id, client_id, created_at, .. }: &LedgerRow,
        since: &str,
    ) -> Result<Vec<SentLedger>, StoreError> {
        self.engine
            .rows(
                "SELECT id, sha256, created_at FROM ledger WHERE client_id = $1 \
                 AND created_at >= $2 AND (created_at < $3 OR (created_at = $3 AND id > $4)) \
                 ORDER BY created_at, id DESC",
                values![client_id, since, created_at, id],
            )
            .await
    }

    /// Returns the last ledger of every client.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn last_ledgers(&self) -> Result<Vec<LedgerRow>, StoreError> {
        let all: Vec<LedgerRow> = self
            .engine
            .rows("SELECT * FROM ledger ORDER BY client_id, created_at DESC, id", &[])
            .await?;
        // Here and not in SQL: a short query for the first row of each group is PostgreSQL's only.
        let mut last: Vec<LedgerRow> = Vec::new();
        for ledger in all {
            if last.last().is_none_or(|before| before.client_id != ledger.client_id) {
                last.push(ledger);
            }
        }
        Ok(last)
    }
}
