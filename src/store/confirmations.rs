use sqlx::FromRow;

use super::engine::values;
use super::{Actor, AuditEntry, Store, StoreError, audit};

/// An answer of a debtor about an invoice of a client; never changed once recorded.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ConfirmationRow {
    /// Id of the answer.
    pub id: String,
    /// The client's id.
    pub client_id: String,
    /// The answer, JSON.
    pub answer: String,
    /// Prefix of the key that recorded it; the store writes the caller's.
    pub key_prefix: String,
    /// Time at which it was recorded.
    pub created_at: String,
}

impl Store {
    /// Records an answer.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn add_confirmation(
        &self,
        row: &ConfirmationRow,
        actor: &Actor,
    ) -> Result<(), StoreError> {
        let mut writing = self.engine.writing().await?;
        writing
            .run(
                "INSERT INTO confirmation (id, client_id, answer, key_prefix, created_at) \
                 VALUES ($1, $2, $3, $4, $5)",
                values![&row.id, &row.client_id, &row.answer, &actor.key, &actor.at],
            )
            .await?;
        writing.adds("confirmation", &row.id);
        // The answer as well: the log then shows if the row is ever tampered with.
        let entry =
            AuditEntry { action: "confirmation.recorded", subject: &row.id, detail: &row.answer };
        audit::append(&mut writing, actor, entry).await?;
        writing.commit().await
    }

    /// Returns an answer.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if there is no such answer; otherwise if the database cannot be
    /// read.
    pub async fn confirmation(&self, id: &str) -> Result<ConfirmationRow, StoreError> {
        self.engine
            .row("SELECT * FROM confirmation WHERE id = $1", values![id])
            .await?
            .ok_or(StoreError::Missing("confirmation"))
    }

    /// Returns up to `most` answers about a client's invoices after an id, in order of their ids.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn confirmations(
        &self,
        client: &str,
        after: &str,
        most: i64,
    ) -> Result<Vec<ConfirmationRow>, StoreError> {
        self.engine
            .rows(
                "SELECT * FROM confirmation WHERE client_id = $1 AND id > $2 ORDER BY id LIMIT $3",
                values![client, after, most],
            )
            .await
    }
}
