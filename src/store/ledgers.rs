use serde::Serialize;
use sqlx::FromRow;

use super::{Actor, Store, StoreError, audit};

/// An uploaded ledger.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
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
    #[serde(skip)]
    pub certificate: String,
    /// When it was received.
    pub created_at: String,
}

impl Store {
    /// Records a ledger that has been read.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn add_ledger(&self, ledger: &LedgerRow, actor: &Actor) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(
            "INSERT INTO ledger (id, client_id, file_name, sha256, bytes, certificate, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(&ledger.id)
        .bind(&ledger.client_id)
        .bind(&ledger.file_name)
        .bind(&ledger.sha256)
        .bind(ledger.bytes)
        .bind(&ledger.certificate)
        .bind(&actor.at)
        .execute(&mut *transaction)
        .await?;
        audit::append(&mut transaction, actor, ("ledger.received", &ledger.id, &ledger.sha256))
            .await?;
        Ok(transaction.commit().await?)
    }

    /// A ledger.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub async fn ledger(&self, id: &str) -> Result<LedgerRow, StoreError> {
        let found = sqlx::query_as("SELECT * FROM ledger WHERE id = $1").bind(id);
        found.fetch_optional(&self.pool).await?.ok_or(StoreError::Missing("ledger"))
    }
}
