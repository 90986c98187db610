use sqlx::FromRow;

use super::engine::values;
use super::{Actor, AuditEntry, Store, StoreError, audit};

/// A quote with the contact that its reader left.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct QuoteRow {
    /// Id of the quote.
    pub id: String,
    /// The person to contact.
    pub contact: String,
    /// The request, JSON.
    pub request: String,
    /// The answer, JSON.
    pub answer: String,
    /// Time of the request.
    pub created_at: String,
}

impl Store {
    /// Keeps a quote.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn add_quote(&self, quote: &QuoteRow, actor: &Actor) -> Result<(), StoreError> {
        let mut writing = self.engine.writing().await?;
        writing
            .run(
                "INSERT INTO quote (id, contact, request, answer, created_at) \
                 VALUES ($1, $2, $3, $4, $5)",
                values![&quote.id, &quote.contact, &quote.request, &quote.answer, &actor.at],
            )
            .await?;
        writing.adds("quote", &quote.id);
        let entry = AuditEntry { action: "quote.kept", subject: &quote.id, detail: "" };
        audit::append(&mut writing, actor, entry).await?;
        writing.commit().await
    }

    /// Returns up to `most` quotes after an id, in order of their ids.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn quotes(&self, after: &str, most: i64) -> Result<Vec<QuoteRow>, StoreError> {
        self.engine
            .rows("SELECT * FROM quote WHERE id > $1 ORDER BY id LIMIT $2", values![after, most])
            .await
    }
}
