use serde::Serialize;
use sqlx::FromRow;

use super::{Actor, Store, StoreError, audit};

/// An offer.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct OfferRow {
    /// Its id here; the document has its own, from its content.
    pub id: String,
    /// To whom it is made.
    pub client_id: String,
    /// The ledger that it rests on.
    pub ledger_id: String,
    /// The document as it was made, envelope included.
    #[serde(skip)]
    pub document: String,
    /// The envelope as it is now, JSON.
    #[serde(skip)]
    pub envelope: String,
    /// What has become of it; `expired` is derived.
    pub status: String,
    /// The last day on which it can be accepted.
    pub valid_until: String,
    /// Rises with every change.
    pub version: i64,
    /// When it was made.
    pub created_at: String,
}

impl Store {
    /// Records an offer.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn add_offer(&self, offer: &OfferRow, actor: &Actor) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(
            "INSERT INTO offer (id, client_id, ledger_id, document, envelope, status, valid_until, \
             version, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8)",
        )
        .bind(&offer.id)
        .bind(&offer.client_id)
        .bind(&offer.ledger_id)
        .bind(&offer.document)
        .bind(&offer.envelope)
        .bind(&offer.status)
        .bind(&offer.valid_until)
        .bind(&actor.at)
        .execute(&mut *transaction)
        .await?;
        audit::append(&mut transaction, actor, ("offer.made", &offer.id, &offer.ledger_id)).await?;
        Ok(transaction.commit().await?)
    }

    /// Writes the envelope of an offer whose version is still `version`.
    ///
    /// # Errors
    /// [`StoreError::Changed`].
    pub async fn change_offer(
        &self,
        offer: &OfferRow,
        (action, detail): (&str, &str),
        actor: &Actor,
    ) -> Result<OfferRow, StoreError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let changed = sqlx::query(
            "UPDATE offer SET envelope = $2, status = $3, version = version + 1 \
             WHERE id = $1 AND version = $4",
        )
        .bind(&offer.id)
        .bind(&offer.envelope)
        .bind(&offer.status)
        .bind(offer.version)
        .execute(&mut *transaction)
        .await?;
        let now: Option<OfferRow> = sqlx::query_as("SELECT * FROM offer WHERE id = $1")
            .bind(&offer.id)
            .fetch_optional(&mut *transaction)
            .await?;
        let now = now.ok_or(StoreError::Missing("offer"))?;
        if changed.rows_affected() == 0 {
            return Err(StoreError::Changed(now.version));
        }
        audit::append(&mut transaction, actor, (action, &offer.id, detail)).await?;
        transaction.commit().await?;
        Ok(now)
    }

    /// An offer.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub async fn offer(&self, id: &str) -> Result<OfferRow, StoreError> {
        let found = sqlx::query_as("SELECT * FROM offer WHERE id = $1").bind(id);
        found.fetch_optional(&self.pool).await?.ok_or(StoreError::Missing("offer"))
    }

    /// Offers of a client, or of all, behind an id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn offers(
        &self,
        client: Option<&str>,
        after: &str,
        most: i64,
    ) -> Result<Vec<OfferRow>, StoreError> {
        let found = sqlx::query_as(
            "SELECT * FROM offer WHERE id > $1 AND ($2 IS NULL OR client_id = $2) \
             ORDER BY id LIMIT $3",
        );
        Ok(found.bind(after).bind(client).bind(most).fetch_all(&self.pool).await?)
    }
}
