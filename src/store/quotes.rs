use sqlx::FromRow;

use super::engine::values;
use super::{Actor, AuditEntry, Store, StoreError, audit};

/// A quote that somebody left a contact with.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct QuoteRow {
    /// Its id.
    pub id: String,
    /// Whom to call.
    pub contact: String,
    /// What was asked, JSON.
    pub request: String,
    /// What was answered, JSON.
    pub answer: String,
    /// When.
    pub created_at: String,
}

impl Store {
    /// Keeps a quote.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn add_quote(&self, quote: &QuoteRow, actor: &Actor) -> Result<(), StoreError> {
        let mut writing = self.engine.writing().await?;
        writing
            .run(
                "INSERT INTO quote (id, contact, request, answer, created_at) \
                 VALUES ($1, $2, $3, $4, $5)",
                values![&quote.id, &quote.contact, &quote.request, &quote.answer, &actor.at],
            )
            .await?;
        let entry = AuditEntry { action: "quote.kept", subject: &quote.id, detail: "" };
        audit::append(&mut writing, actor, entry).await?;
        writing.commit().await
    }

    /// Kept quotes behind an id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn quotes(&self, after: &str, most: i64) -> Result<Vec<QuoteRow>, StoreError> {
        self.engine
            .rows("SELECT * FROM quote WHERE id > $1 ORDER BY id LIMIT $2", values![after, most])
            .await
    }
}
