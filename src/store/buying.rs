//! Purchases: the one place through which every invoice is bought, within the transaction that
//! records it.

use policy::LimitBasis;
use purchases::{Agreed, NamedPositions, NotBuyable, Purchase, sold_before};

use super::engine::Writing;
use super::grounds::Grounds;
use super::linked::linked;
use super::{Actor, AuditEntry, Store, StoreError, audit, claims, lines, purchase};

/// Invoices that a client sells.
#[derive(Debug, Clone, Copy)]
pub struct Buying<'a> {
    /// The client.
    pub client: &'a str,
    /// The purchases that it agrees to, one for each currency.
    pub purchases: &'a [Accepted],
    /// Positions that staff name where an invoice seems to have been sold before.
    pub named: &'a NamedPositions,
    /// The amount that the limits on the client's debtors apply to.
    pub basis: LimitBasis,
}

/// A purchase that is accepted, with its invoices.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// The purchase.
    pub purchase: Purchase,
    /// The invoices.
    pub invoices: Vec<Agreed>,
    /// The ground on which they are sold.
    pub grounds: Grounds,
}

/// Accepts the purchases, all or none: the caller commits only if this succeeds. The writers' lock
/// is held since before anything was read, so nothing is bought in between.
pub(super) async fn buy(
    writing: &mut Writing,
    Buying { client, purchases: accepted, named, basis }: Buying<'_>,
    at: &str,
) -> Result<(), StoreError> {
    if accepted.is_empty() {
        return Ok(());
    }
    let all: Vec<&Agreed> = accepted.iter().flat_map(|own| &own.invoices).collect();
    lines::check(writing, client, &all, basis).await?;
    let mut unused: Vec<&String> = named.repurchases.iter().collect();
    for Agreed { invoice, claim } in all {
        let mut claim = claim.clone();
        linked(writing, client, &claim.debtor.id).await?.tell(&mut claim.debtor);
        // Those before it in this purchase are among them.
        let standing = claims::standing(writing, &claim.number).await?;
        for again in sold_before(&claim, &standing, named)? {
            claims::release(writing, again, Some(&invoice.id), at).await?;
            unused.retain(|name| *name != again);
        }
        claims::add(writing, &invoice.id, &claim).await?;
    }
    for Accepted { purchase: own, invoices, grounds } in accepted {
        grounds.check(writing, client, invoices).await?;
        purchase::add(writing, own, invoices.iter().map(|own| &own.invoice), at).await?;
    }
    match unused.first() {
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

    /// Records purchases that were agreed outside an offer, all or none.
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
        let invoices = buying.purchases.iter().flat_map(|own| &own.invoices);
        let numbers: Vec<_> = invoices.map(|own| own.claim.number.as_str()).collect();
        let detail = &numbers.join(", ");
        let entry = AuditEntry { action: "purchase.recorded", subject: buying.client, detail };
        audit::append(&mut writing, actor, entry).await?;
        writing.commit().await
    }
}
