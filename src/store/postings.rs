//! What changes positions: payments and settlements, with what they lead to, in one transaction.

use purchases::{Collection, Position, SettledPosition};

use super::{Actor, AuditEntry, Store, StoreError, audit, collections, positions, settlements};

/// Payments that are recorded together, and what they lead to.
#[derive(Debug, Clone, Copy)]
pub struct Posting<'a> {
    /// Whose invoices were paid.
    pub client: &'a str,
    /// The payments.
    pub collections: &'a [Collection],
    /// Positions as they are after it, with the version that they had before.
    pub positions: &'a [Position],
    /// Those that are settled by it.
    pub settled: &'a [SettledPosition],
}

impl Store {
    /// Records payments and what they lead to, all or none.
    ///
    /// # Errors
    /// [`StoreError::Changed`] when a position has changed since it was read.
    pub async fn post(&self, posting: Posting<'_>, actor: &Actor) -> Result<(), StoreError> {
        let Posting { client, .. } = posting;
        let mut writing = self.engine.writing().await?;
        for position in posting.positions {
            positions::change(&mut writing, position).await?;
        }
        for collection in posting.collections {
            collections::add(&mut writing, client, collection, &actor.at).await?;
        }
        for position in posting.settled {
            settlements::add(&mut writing, position, &actor.at).await?;
        }
        let ids: Vec<&str> = posting.collections.iter().map(|own| own.id.as_str()).collect();
        let detail = &ids.join(", ");
        let entry = AuditEntry { action: "collections.recorded", subject: client, detail };
        audit::append(&mut writing, actor, entry).await?;
        writing.commit().await
    }

    /// Records the end of a position that was not collected in full.
    ///
    /// # Errors
    /// [`StoreError::Changed`] when the position has changed since it was read.
    pub async fn add_settlement(
        &self,
        settled: &SettledPosition,
        actor: &Actor,
    ) -> Result<(), StoreError> {
        let mut writing = self.engine.writing().await?;
        positions::change(&mut writing, &settled.clone().into()).await?;
        settlements::add(&mut writing, settled, &actor.at).await?;
        let subject = &settled.invoice.id;
        let entry = AuditEntry { action: "position.settled", subject, detail: "" };
        audit::append(&mut writing, actor, entry).await?;
        writing.commit().await
    }
}
