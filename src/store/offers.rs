use sqlx::FromRow;

use purchases::OpenPosition;

use super::engine::{Writing, values};
use super::{Actor, AuditEntry, Store, StoreError, audit, positions};

/// An offer.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct OfferRow {
    /// Its id here; the document has its own, from its content.
    pub id: String,
    /// To whom it is made.
    pub client_id: String,
    /// The ledger that it rests on.
    pub ledger_id: String,
    /// The document as it was made, envelope included.
    pub document: String,
    /// The envelope as it is now, JSON.
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

/// An offer of which something has changed.
#[derive(Debug, Clone, Copy)]
pub struct OfferChange<'a> {
    /// As it is to be, with the version that it had before.
    pub offer: &'a OfferRow,
    /// What is bought by it.
    pub bought: &'a [OpenPosition],
    /// As the audit log calls it.
    pub action: &'a str,
}

/// Records an offer.
pub(super) async fn add(writing: &mut Writing, offer: &OfferRow) -> Result<(), StoreError> {
    let OfferRow { id, client_id, ledger_id, document, envelope, status, .. } = offer;
    let (until, at) = (&offer.valid_until, &offer.created_at);
    writing
        .run(
            "INSERT INTO offer (id, client_id, ledger_id, document, envelope, status, valid_until, \
             version, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8)",
            values![id, client_id, ledger_id, document, envelope, status, until, at],
        )
        .await?;
    Ok(())
}

impl Store {
    /// Writes the envelope of an offer whose version is still `version`, and what is bought by it.
    ///
    /// # Errors
    /// [`StoreError::Changed`]; [`StoreError::Bought`] for an invoice that was bought already.
    pub async fn change_offer(
        &self,
        OfferChange { offer, bought, action }: OfferChange<'_>,
        actor: &Actor,
    ) -> Result<OfferRow, StoreError> {
        let mut writing = self.engine.writing().await?;
        let changed = writing
            .run(
                "UPDATE offer SET envelope = $2, status = $3, version = version + 1 \
                 WHERE id = $1 AND version = $4",
                values![&offer.id, &offer.envelope, &offer.status, offer.version],
            )
            .await?;
        let now: Option<OfferRow> =
            writing.row("SELECT * FROM offer WHERE id = $1", values![&offer.id]).await?;
        let now = now.ok_or(StoreError::Missing("offer"))?;
        if changed == 0 {
            return Err(StoreError::Changed(now.version));
        }
        for position in bought {
            positions::add(&mut writing, position, &actor.at).await?;
        }
        let entry = AuditEntry { action, subject: &offer.id, detail: &offer.envelope };
        audit::append(&mut writing, actor, entry).await?;
        writing.commit().await?;
        Ok(now)
    }

    /// An offer.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub async fn offer(&self, id: &str) -> Result<OfferRow, StoreError> {
        self.engine
            .row("SELECT * FROM offer WHERE id = $1", values![id])
            .await?
            .ok_or(StoreError::Missing("offer"))
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
        self.engine
            .rows(
                "SELECT * FROM offer WHERE id > $1 AND ($2 IS NULL OR client_id = $2) \
                 ORDER BY id LIMIT $3",
                values![after, client, most],
            )
            .await
    }
}
