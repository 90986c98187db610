use serde::Serialize;
use sqlx::FromRow;

use super::{Actor, Store, StoreError, audit};

/// A quote that somebody left a contact with.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
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
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(
            "INSERT INTO quote (id, contact, request, answer, created_at) \
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(&quote.id)
        .bind(&quote.contact)
        .bind(&quote.request)
        .bind(&quote.answer)
        .bind(&actor.at)
        .execute(&mut *transaction)
        .await?;
        audit::append(&mut transaction, actor, ("quote.kept", &quote.id, "")).await?;
        Ok(transaction.commit().await?)
    }

    /// Kept quotes behind an id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn quotes(&self, after: &str, most: i64) -> Result<Vec<QuoteRow>, StoreError> {
        let found = sqlx::query_as("SELECT * FROM quote WHERE id > $1 ORDER BY id LIMIT $2");
        Ok(found.bind(after).bind(most).fetch_all(&self.pool).await?)
    }
}
