use sqlx::FromRow;

use super::buying::{Buying, buy};
use super::engine::{Writing, values};
use super::{Actor, AuditEntry, Store, StoreError, audit};

/// An offer.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct OfferRow {
    /// Id of the offer in the store. The document has another one, derived from its content.
    pub id: String,
    /// The client's id.
    pub client_id: String,
    /// The ledger it was made from.
    pub ledger_id: String,
    /// The document as made, with its first envelope.
    pub document: String,
    /// The current envelope, JSON.
    pub envelope: String,
    /// Status of the offer; `expired` is never stored but derived from `valid_until`.
    pub status: String,
    /// The last day on which it can be accepted.
    pub valid_until: String,
    /// Rises with every change.
    pub version: i64,
    /// Time of creation.
    pub created_at: String,
}

/// An offer without its document, which may be large.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct OfferHead {
    /// Id of the offer in the store.
    pub id: String,
    /// The client's id.
    pub client_id: String,
    /// The ledger it was made from.
    pub ledger_id: String,
    /// The current envelope, JSON.
    pub envelope: String,
    /// Status of the offer; `expired` is never stored but derived from `valid_until`.
    pub status: String,
    /// The last day on which it can be accepted.
    pub valid_until: String,
    /// Rises with every change.
    pub version: i64,
    /// Time of creation.
    pub created_at: String,
}

/// A statement that reads offers without their documents.
macro_rules! heads {
    ($behind:literal) => {
        concat!(
            "SELECT id, client_id, ledger_id, envelope, status, valid_until, version, created_at \
             FROM offer ",
            $behind
        )
    };
}

impl OfferHead {
    /// Returns the offer with its document.
    pub fn with(self, document: String) -> OfferRow {
        let Self { id, client_id, ledger_id, envelope, status, .. } = self;
        let (valid_until, version, created_at) = (self.valid_until, self.version, self.created_at);
        OfferRow {
            id,
            client_id,
            ledger_id,
            document,
            envelope,
            status,
            valid_until,
            version,
            created_at,
        }
    }
}

/// A change of an offer's envelope.
#[derive(Debug, Clone, Copy)]
pub struct OfferChange<'a> {
    /// The offer as changed, with the version that the change is based on.
    pub offer: &'a OfferRow,
    /// The purchases that the change makes.
    pub buying: Buying<'a>,
    /// The action in the audit log.
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
    writing.adds("offer", id);
    Ok(())
}

impl Store {
    /// Writes the envelope of an offer and the purchases that it makes, if the offer's version is
    /// still the one given; returns the offer as changed.
    ///
    /// # Errors
    /// [`StoreError::Changed`] if the offer has another version by now, [`StoreError::NotBuyable`]
    /// if an invoice cannot be bought; otherwise if the database cannot be written.
    pub async fn change_offer(
        &self,
        change: OfferChange<'_>,
        actor: &Actor,
    ) -> Result<OfferRow, StoreError> {
        match self.changed_offer(change, actor).await {
            Err(error) => Err(self.refused(error, &change.offer.client_id, actor).await),
            done => done,
        }
    }

    async fn changed_offer(
        &self,
        OfferChange { offer, buying, action }: OfferChange<'_>,
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
        // Read even if nothing changed: it tells an offer that is gone from one that is newer.
        let now = now.ok_or(StoreError::Missing("offer"))?;
        if changed == 0 {
            return Err(StoreError::Changed(now.version));
        }
        writing.changes("offer", &offer.id);
        // In the same transaction: no offer is accepted without its purchases.
        buy(&mut writing, buying, &actor.at).await?;
        // The whole envelope: the row of the offer keeps the last one only.
        let entry = AuditEntry { action, subject: &offer.id, detail: &offer.envelope };
        audit::append(&mut writing, actor, entry).await?;
        writing.commit().await?;
        Ok(now)
    }

    /// Returns an offer.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if there is no such offer; otherwise if the database cannot be read.
    pub async fn offer(&self, id: &str) -> Result<OfferRow, StoreError> {
        self.engine
            .row("SELECT * FROM offer WHERE id = $1", values![id])
            .await?
            .ok_or(StoreError::Missing("offer"))
    }

    /// Returns an offer without its document.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if there is no such offer; otherwise if the database cannot be read.
    pub async fn offer_head(&self, id: &str) -> Result<OfferHead, StoreError> {
        let head = self.engine.row(heads!("WHERE id = $1"), values![id]).await?;
        head.ok_or(StoreError::Missing("offer"))
    }

    /// Returns the document of an offer as made, with its first envelope.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if there is no such offer; otherwise if the database cannot be read.
    pub async fn offer_text(&self, id: &str) -> Result<String, StoreError> {
        let text = self.engine.row("SELECT document FROM offer WHERE id = $1", values![id]).await?;
        text.map(|(text,)| text).ok_or(StoreError::Missing("offer"))
    }

    /// Returns the prefix of the key that asked for an offer; `None` if its job is not on record.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn asked_for(&self, id: &str) -> Result<Option<String>, StoreError> {
        match self.job_of_offer(id).await {
            Err(StoreError::Missing(_)) => Ok(None),
            job => Ok(Some(job?.key_prefix)),
        }
    }

    /// Returns up to `most` offers after an id, of one client or of all, in order of their ids.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn offers(
        &self,
        client: Option<&str>,
        after: &str,
        most: i64,
    ) -> Result<Vec<OfferHead>, StoreError> {
        let sql = heads!("WHERE id > $1 AND ($2 IS NULL OR client_id = $2) ORDER BY id LIMIT $3");
        self.engine.rows(sql, values![after, client, most]).await
    }
}
