//! Steps of an offer: acceptance, decline, withdrawal, overrides and their approval.

use offer::{Decision, Envelope, LineKey, OfferFile, Override, Signed, Status};
use policy::LimitBasis;
use purchases::{NamedPositions, PurchaseError, buyable_on, is_one_person, purchases_of};
use store::{Accepted, Buying, OfferChange, OfferRow, StoreError};

use super::offers::{fault, limit_basis, opened};
use super::once::text;
use super::refusal::{own, refused};
use super::would_use::deal;
use super::{Caller, Expected, Once, Party, Reply, Service, ServiceError, Underwriter};

/// A change of status.
#[derive(Debug, Clone)]
pub struct OfferStep<'a> {
    /// The offer.
    pub id: &'a str,
    /// The person who takes the step; if empty, the prefix of the key.
    pub by: String,
    /// The reason, if one is given.
    pub reason: Option<String>,
    /// Positions that staff name where an invoice seems to have been sold before.
    pub named: NamedPositions,
    /// The version that the caller read.
    pub expected: Expected,
}

/// An invoice of an offer, and the person who decides on it.
#[derive(Debug, Clone)]
pub struct LineDecision<'a> {
    /// The offer.
    pub id: &'a str,
    /// The debtor's id.
    pub debtor: String,
    /// The invoice's number.
    pub invoice: String,
    /// The person who decides.
    pub by: String,
    /// The version that the caller read.
    pub expected: Expected,
}

/// An override of the computed decision, with its reason.
#[derive(Debug, Clone)]
pub struct OverrideReason {
    /// The new decision.
    pub decision: Decision,
    /// The reason.
    pub reason: String,
}

/// An offer and its version after a step.
#[derive(Debug, Clone)]
pub struct Stepped {
    /// The answer: the envelope.
    pub reply: Reply,
    /// The offer's new version.
    pub version: i64,
}

/// No positions are named.
static NONE: NamedPositions = NamedPositions { repurchases: Vec::new(), distinct_from: Vec::new() };

/// A change of an offer's envelope.
struct Changed<'a> {
    caller: &'a Caller,
    offer: OfferRow,
    envelope: &'a Envelope,
    purchases: &'a [Accepted],
    named: &'a NamedPositions,
    basis: LimitBasis,
    /// The action in the audit log.
    action: &'a str,
    expected: Expected,
}

impl<'a> Changed<'a> {
    /// A change that buys nothing.
    fn bare(
        caller: &'a Caller,
        offer: OfferRow,
        (envelope, action): (&'a Envelope, &'a str),
        expected: Expected,
    ) -> Self {
        let (purchases, named, basis) = (&[], &NONE, LimitBasis::default());
        Self { caller, offer, envelope, purchases, named, basis, action, expected }
    }
}

impl Service {
    /// Accepts an offer: its invoices are claimed and use the line, and are bought once a second
    /// person funds them.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such offer, [`ServiceError::Conflict`] if it is no
    /// longer open, its as-of date has not come, an invoice has already been bought, a debtor has
    /// spoken against one, or the line does not allow it.
    pub async fn accept(
        &self,
        by: &Party,
        step: OfferStep<'_>,
        once: &Once,
    ) -> Result<Stepped, ServiceError> {
        self.step(by.as_ref(), Status::Accepted, step, once).await
    }

    /// Declines an offer on behalf of the client.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such offer, [`ServiceError::Conflict`] if it is no
    /// longer open.
    pub async fn decline(
        &self,
        by: &Party,
        step: OfferStep<'_>,
        once: &Once,
    ) -> Result<Stepped, ServiceError> {
        self.step(by.as_ref(), Status::Declined, step, once).await
    }

    /// Withdraws an offer on behalf of the factor.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such offer, [`ServiceError::Conflict`] if it is no
    /// longer open.
    pub async fn withdraw(
        &self,
        by: &Underwriter,
        step: OfferStep<'_>,
        once: &Once,
    ) -> Result<Stepped, ServiceError> {
        self.step(by.as_ref(), Status::Withdrawn, step, once).await
    }

    async fn step(
        &self,
        caller: &Caller,
        status: Status,
        step: OfferStep<'_>,
        once: &Once,
    ) -> Result<Stepped, ServiceError> {
        let OfferStep { id, by, reason, named, expected } = step;
        let offer = self.offer(caller, id).await?;
        let key = caller.key().to_owned();
        let by = if by.is_empty() { key.clone() } else { by };
        let signed = Signed { by, at: once.at().to_owned(), reason, key: Some(key) };
        let mut file = opened(&offer)?;
        // Before anything is bought: only an offer that is open today can take the step.
        file.change(status, signed).map_err(|error| fault(&error))?;
        let action = format!("offer.{}", status.as_str());
        let (purchases, basis) = if status == Status::Accepted {
            (self.accepted(caller, &offer, &file, once.at())?, limit_basis(&file)?)
        } else {
            (Vec::new(), LimitBasis::default())
        };
        let NamedPositions { repurchases, distinct_from } = &named;
        for (field, own) in [("repurchases", repurchases), ("distinct_from", distinct_from)] {
            if !own.is_empty() && (caller.is_client() || status != Status::Accepted) {
                let detail = "Only staff may name these, when they accept.";
                return Err(ServiceError::field(field, detail));
            }
        }
        let purchases = self.grounded(purchases, id, &file.envelope).await?;
        let envelope = file.envelope;
        let (envelope, purchases, action) = (&envelope, &purchases[..], &action[..]);
        let named = &named;
        let change = Changed { caller, offer, envelope, purchases, named, basis, action, expected };
        self.changed(change, once).await
    }

    /// The purchases that an accepted offer makes, one for each currency.
    fn accepted(
        &self,
        caller: &Caller,
        offer: &OfferRow,
        file: &OfferFile<'_>,
        at: &str,
    ) -> Result<Vec<Accepted>, ServiceError> {
        let made = file.offer().map_err(|error| fault(&error))?;
        if made.as_of > self.today() {
            let detail =
                format!("The offer is of {}; it can be accepted from then on.", made.as_of);
            return Err(ServiceError::Conflict(detail));
        }
        let lots = purchases_of(&made, &file.envelope).map_err(ServiceError::internal)?;
        // What nobody could fund any more is not accepted either.
        buyable_on(&lots, self.today()).map_err(|error| refused(&error, own))?;
        let deal = deal(offer);
        lots.into_iter().map(|lot| self.agreed(lot, &deal, (caller, at))).collect()
    }

    /// Records an authorised person's override of the computed decision on an invoice.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such offer, [`ServiceError::Field`] if the invoice
    /// is not in it, [`ServiceError::Conflict`] if the offer is no longer open or the override is
    /// already in force.
    pub async fn override_line(
        &self,
        caller: &Underwriter,
        line: LineDecision<'_>,
        decided: OverrideReason,
        once: &Once,
    ) -> Result<Stepped, ServiceError> {
        let caller = caller.as_ref();
        let LineDecision { id, debtor, invoice, by, expected } = line;
        let offer = self.offer(caller, id).await?;
        let mut file = opened(&offer)?;
        let key = LineKey { client: None, debtor, invoice };
        let (at, reason) = (once.at().to_owned(), Some(decided.reason));
        let signed = Signed { by, at, reason, key: Some(caller.key().to_owned()) };
        file.decide(key, decided.decision, signed).map_err(|error| fault(&error))?;
        let (envelope, action) = (file.envelope, "offer.overridden");
        self.changed(Changed::bare(caller, offer, (&envelope, action), expected), once).await
    }

    /// Approves another person's override of an invoice above the policy's limit.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such offer, [`ServiceError::Conflict`] if there is
    /// no override to approve or the caller made it.
    pub async fn approve_override(
        &self,
        caller: &Underwriter,
        line: LineDecision<'_>,
        once: &Once,
    ) -> Result<Stepped, ServiceError> {
        let caller = caller.as_ref();
        let LineDecision { id, debtor, invoice, by, expected } = line;
        let offer = self.offer(caller, id).await?;
        let mut file = opened(&offer)?;
        let key = LineKey { client: None, debtor, invoice };
        let (at, signer) = (once.at().to_owned(), Some(caller.key().to_owned()));
        let signed = Signed { by, at, reason: None, key: signer };
        file.approve(&key, signed).map_err(|error| fault(&error))?;
        self.check_other(caller, &file.envelope, &key).await?;
        let (envelope, action) = (file.envelope, "offer.approved");
        self.changed(Changed::bare(caller, offer, (&envelope, action), expected), once).await
    }

    /// Checks that the person with whose key an override was made is not the one who approves it.
    async fn check_other(
        &self,
        caller: &Caller,
        envelope: &Envelope,
        line: &LineKey,
    ) -> Result<(), ServiceError> {
        let is_it =
            |own: &&Override| own.debtor_id == line.debtor && own.invoice_number == line.invoice;
        let decided = envelope.overrides.iter().rfind(is_it);
        let Some(key) = decided.and_then(|own| own.signed.key.as_deref()) else { return Ok(()) };
        let holder = self.store.holder(key).await?;
        if is_one_person(&holder, caller.holder()) {
            let did = "made this override";
            return Err(refused(&PurchaseError::SamePerson { did }, own));
        }
        Ok(())
    }

    /// Writes the envelope and the purchases that it makes.
    async fn changed(&self, changed: Changed<'_>, once: &Once) -> Result<Stepped, ServiceError> {
        let Changed { caller, mut offer, envelope, purchases, named, basis, .. } = changed;
        let Changed { action, expected, .. } = changed;
        let expected = expected.version()?;
        // Without one, the version read above: a change since then is still noticed.
        offer.version = expected.unwrap_or(offer.version);
        let shown = self.shown_to(caller, envelope.clone()).await?;
        let reply = Reply::new(200, text(&shown)?).tagged(offer.version + 1);
        envelope.status.as_str().clone_into(&mut offer.status);
        offer.envelope = text(envelope)?;
        let buying = Buying { client: &offer.client_id, purchases, named, basis };
        let change = OfferChange { offer: &offer, buying, action };
        let changed = self.store.change_offer(change, &once.actor(&reply)).await;
        let now = changed.map_err(|error| match error {
            // The caller sent no version, so a version number would tell it nothing.
            StoreError::Changed(_) if expected.is_none() => {
                ServiceError::Conflict("The offer has just been changed; read it again.".to_owned())
            }
            StoreError::NotBuyable(refusal) => {
                ServiceError::not_buyable(&refusal, !caller.is_client())
            }
            other => other.into(),
        })?;
        Ok(Stepped { reply, version: now.version })
    }
}

#[cfg(test)]
mod tests {
    use store::{PurchaseFilter, Role};

    use super::super::samples::{Desk, by, day, run, staff};
    use super::*;

    fn step(id: &str) -> OfferStep<'_> {
        OfferStep {
            id,
            by: "A. Reed".into(),
            reason: None,
            named: NamedPositions::default(),
            expected: Expected::new(Ok(None)),
        }
    }

    fn line(id: &str) -> LineDecision<'_> {
        LineDecision {
            id,
            debtor: "11".into(),
            invoice: "2".into(),
            by: "R. Low".into(),
            expected: Expected::new(Ok(None)),
        }
    }

    #[test]
    fn what_is_accepted_is_bought_once_funded_less_what_a_person_excludes() {
        run(async {
            let desk = Desk::new().await;
            let id = desk.offered().await;
            let decided =
                || OverrideReason { decision: Decision::Exclude, reason: "Paid yesterday.".into() };
            let once = desk.once("override").await;
            let own = desk.service.override_line(&staff(), line(&id), decided(), &once).await;
            assert_eq!(own.expect("recorded").version, 2);
            let again = desk.service.override_line(&staff(), line(&id), decided(), &once).await;
            assert!(matches!(again, Err(ServiceError::Conflict(_))), "it is in force already");
            let once = desk.once("accept").await;
            let party: Party = by(Role::Client);
            let taken = desk.service.accept(&party, step(&id), &once).await.expect("taken");
            assert!(taken.reply.body.contains("\"status\":\"accepted\""), "{taken:?}");
            let (all, page) = (PurchaseFilter::default(), ("", 10));
            let waiting = desk.service.purchases(party.as_ref(), all, page).await.expect("a list");
            assert_eq!((waiting.len(), waiting[0].totals.invoices), (1, 1));
            let none = desk.service.positions(party.as_ref(), "", 10).await.expect("a list");
            assert_eq!(none.len(), 0, "it is not funded");
            desk.funded(&waiting[0].id, "2026-06-30").await.expect("funded");
            let bought = desk.service.positions(party.as_ref(), "", 10).await.expect("a list");
            assert_eq!(bought.len(), 1, "the other one is excluded");
            let own = bought[0].invoice();
            assert_eq!((own.invoice_number.as_str(), own.offer_id.as_deref()), ("3", Some("o")));
            assert_eq!(own.purchased_on, day("2026-06-30"), "today");
            let twice = desk.service.accept(&party, step(&id), &once).await;
            assert!(matches!(twice, Err(ServiceError::Conflict(_))), "only once");
        });
    }

    #[test]
    fn a_version_that_is_not_the_last_one_is_refused() {
        run(async {
            let desk = Desk::new().await;
            let id = desk.offered().await;
            let once = desk.once("withdraw").await;
            let expecting = |version| OfferStep { expected: Expected::new(version), ..step(&id) };
            let stale = desk.service.withdraw(&staff(), expecting(Ok(Some(7))), &once).await;
            assert_eq!(stale.err(), Some(ServiceError::Changed(1)));
            let wrong = ServiceError::field("If-Match", "Not an ETag issued by this service.");
            let none = desk.service.withdraw(&staff(), expecting(Err(wrong.clone())), &once).await;
            assert_eq!(none.err(), Some(wrong));
            let own = desk.service.withdraw(&staff(), expecting(Ok(Some(1))), &once).await;
            assert_eq!(own.expect("withdrawn").version, 2);
        });
    }
}
