//! Purchases: the one place through which every invoice is bought, within the transaction that
//! records it.

use purchases::{Bought, NotBuyable, sold_before};

use super::engine::Writing;
use super::linked::linked;
use super::{Actor, AuditEntry, Store, StoreError, audit, claims, lines, positions};

/// Invoices that a client sells.
#[derive(Debug, Clone, Copy)]
pub struct Buying<'a> {
    /// The client.
    pub client: &'a str,
    /// The invoices.
    pub bought: &'a [Bought],
    /// Positions that were charged back and are bought again.
    pub repurchases: &'a [String],
}

/// Buys the invoices, all or none: the caller commits only if this succeeds. The writers' lock is
/// held since before anything was read, so nothing is bought in between.
pub(super) async fn buy(
    writing: &mut Writing,
    Buying { client, bought, repurchases }: Buying<'_>,
    at: &str,
) -> Result<(), StoreError> {
    if bought.is_empty() {
        return Ok(());
    }
    lines::check(writing, client, bought).await?;
    let mut named: Vec<&String> = repurchases.iter().collect();
    for Bought { position, claim } in bought {
        let mut claim = claim.clone();
        claim.debtor.known = linked(writing, client, &claim.debtor.id).await?.known;
        // Those before it in this purchase are among them.
        let standing = claims::standing(writing, &claim.number).await?;
        for again in sold_before(&claim, &standing, repurchases)? {
            claims::release(writing, again, Some(&position.invoice.id), at).await?;
            named.retain(|name| *name != again);
        }
        positions::add(writing, position, at).await?;
        claims::add(writing, &position.invoice.id, &claim).await?;
    }
    match named.first() {
        Some(other) => Err(NotBuyable::NoRepurchase((*other).clone()).into()),
        None => Ok(()),
    }
}

impl Store {
    /// Records in the audit log that two clients sell one invoice, which the refused purchase
    /// itself does not leave there; returns the refusal.
    pub(super) async fn refused(
        &self,
        error: StoreError,
        client: &str,
        actor: &Actor,
    ) -> StoreError {
        if !matches!(error, StoreError::NotBuyable(NotBuyable::SoldTwice { .. })) {
            return error;
        }
        let actor = Actor { answer: None, ..actor.clone() };
        let recorded = async {
            let mut writing = self.engine.writing().await?;
            let detail = &error.to_string();
            let entry = AuditEntry { action: "invoice.sold_twice", subject: client, detail };
            audit::append(&mut writing, &actor, entry).await?;
            writing.commit().await
        };
        // Rather no answer than one that the log does not know.
        match recorded.await {
            Ok(()) => error,
            Err(failed) => failed,
        }
    }

    /// Records bought invoices, all or none.
    ///
    /// # Errors
    /// [`StoreError::NotBuyable`] if one of them has been bought before, or a limit does not allow
    /// it; otherwise if the database cannot be written.
    pub async fn buy(&self, buying: Buying<'_>, actor: &Actor) -> Result<(), StoreError> {
        match self.bought(buying, actor).await {
            Err(error) => Err(self.refused(error, buying.client, actor).await),
            done => done,
        }
    }

    async fn bought(&self, buying: Buying<'_>, actor: &Actor) -> Result<(), StoreError> {
        let mut writing = self.engine.writing().await?;
        buy(&mut writing, buying, &actor.at).await?;
        let numbers = buying.bought.iter().map(|own| own.claim.number.as_str());
        let detail = &numbers.collect::<Vec<_>>().join(", ");
        let entry = AuditEntry { action: "positions.recorded", subject: buying.client, detail };
        audit::append(&mut writing, actor, entry).await?;
        writing.commit().await
    }
}
