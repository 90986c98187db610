//! What becomes of an offer: accepted, declined, withdrawn, decided on beside what it says.

use chrono::NaiveDate;

use offer::{Decision, Envelope, LineKey, OfferFile, Signed, Status};
use purchases::{Deal, OpenPosition, buyable_on, purchases_of};
use store::{OfferChange, OfferRow, StoreError};

use super::offers::{fault, opened};
use super::once::text;
use super::refusal::{own, past, refused};
use super::{Caller, Expected, Once, Party, Reply, Service, ServiceError, Underwriter};

/// A change of status.
#[derive(Debug, Clone)]
pub struct OfferStep<'a> {
    /// The offer.
    pub id: &'a str,
    /// Who does it; the key's prefix where it is empty.
    pub by: String,
    /// Why.
    pub reason: Option<String>,
    /// For an acceptance recorded by the staff: the day of the purchase; today unless told.
    pub purchased_on: Option<NaiveDate>,
    /// The version that the caller has read.
    pub expected: Expected,
}

/// An invoice of an offer, and what a person does about it.
#[derive(Debug, Clone)]
pub struct LineDecision<'a> {
    /// The offer.
    pub id: &'a str,
    /// The debtor's id.
    pub debtor: String,
    /// The invoice's number.
    pub invoice: String,
    /// Who does it.
    pub by: String,
    /// The version that the caller has read.
    pub expected: Expected,
}

/// An override: what is decided beside the computed decision, and why.
#[derive(Debug, Clone)]
pub struct OverrideReason {
    /// Bought or excluded.
    pub decision: Decision,
    /// Why.
    pub reason: String,
}

/// An offer and its version after a step.
#[derive(Debug, Clone)]
pub struct Stepped {
    /// The envelope, as it is answered.
    pub reply: Reply,
    /// The offer's version now.
    pub version: i64,
}

/// An offer whose envelope is another than before.
struct Changed<'a> {
    offer: OfferRow,
    envelope: &'a Envelope,
    bought: &'a [OpenPosition],
    /// As the audit log calls it.
    action: &'a str,
    expected: Expected,
}

impl Service {
    /// The client takes it: its invoices are bought.
    ///
    /// # Errors
    /// [`ServiceError::Conflict`] for one that does not stand any more.
    pub async fn accept(
        &self,
        by: &Party,
        step: OfferStep<'_>,
        once: &Once,
    ) -> Result<Stepped, ServiceError> {
        self.step(by.as_ref(), Status::Accepted, step, once).await
    }

    /// The client does not want it.
    ///
    /// # Errors
    /// [`ServiceError::Conflict`] for one that does not stand any more.
    pub async fn decline(
        &self,
        by: &Party,
        step: OfferStep<'_>,
        once: &Once,
    ) -> Result<Stepped, ServiceError> {
        self.step(by.as_ref(), Status::Declined, step, once).await
    }

    /// The factor takes it back.
    ///
    /// # Errors
    /// [`ServiceError::Conflict`] for one that does not stand any more.
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
        let OfferStep { id, by, reason, purchased_on, expected } = step;
        let offer = self.offer(caller, id).await?;
        let key = caller.key().to_owned();
        let by = if by.is_empty() { key.clone() } else { by };
        let signed = Signed { by, at: once.at().to_owned(), reason, key: Some(key) };
        let mut file = opened(&offer)?;
        file.change(status, signed).map_err(|error| fault(&error))?;
        let action = format!("offer.{}", status.as_str());
        let bought = match (status, purchased_on) {
            (Status::Accepted, day) => {
                if day.is_some() && caller.is_client() {
                    return Err(ServiceError::field("purchased_on", "The staff records it."));
                }
                self.bought(&offer, &file, day.unwrap_or_else(|| self.today()))?
            }
            (_, None) => Vec::new(),
            (_, Some(_)) => {
                let detail = "It goes with an acceptance only.";
                return Err(ServiceError::field("purchased_on", detail));
            }
        };
        let envelope = file.envelope;
        let (envelope, bought, action) = (&envelope, &bought[..], &action[..]);
        self.changed(Changed { offer, envelope, bought, action, expected }, once).await
    }

    /// What an accepted offer buys on a day.
    fn bought(
        &self,
        offer: &OfferRow,
        file: &OfferFile<'_>,
        day: NaiveDate,
    ) -> Result<Vec<OpenPosition>, ServiceError> {
        past("purchased_on", day, self.today())?;
        let made = file.offer().map_err(|error| fault(&error))?;
        let all = purchases_of(&made, &file.envelope).map_err(ServiceError::internal)?;
        buyable_on(&all, day).map_err(|error| refused(&error, own))?;
        let deal = Deal {
            client_id: offer.client_id.clone(),
            offer_id: Some(offer.id.clone()),
            purchased_on: day,
        };
        let mut positions = Vec::new();
        for bought in all {
            positions.extend(bought.positions(&deal, || self.new_id())?);
        }
        Ok(positions)
    }

    /// Records an authorised person's decision on an invoice, beside the computed one.
    ///
    /// # Errors
    /// [`ServiceError::Field`] for an invoice that is not in the offer.
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
        let changed = Changed { offer, envelope: &envelope, bought: &[], action, expected };
        self.changed(changed, once).await
    }

    /// Approves somebody else's override of an invoice above the policy's limit.
    ///
    /// # Errors
    /// [`ServiceError::Conflict`] for one's own.
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
        let (envelope, action) = (file.envelope, "offer.approved");
        let changed = Changed { offer, envelope: &envelope, bought: &[], action, expected };
        self.changed(changed, once).await
    }

    /// Writes the envelope, and what is bought by it.
    async fn changed(
        &self,
        Changed { mut offer, envelope, bought, action, expected }: Changed<'_>,
        once: &Once,
    ) -> Result<Stepped, ServiceError> {
        let reply = Reply { status: 200, body: text(envelope)? };
        let expected = expected.version()?;
        offer.version = expected.unwrap_or(offer.version);
        envelope.status.as_str().clone_into(&mut offer.status);
        offer.envelope.clone_from(&reply.body);
        let change = OfferChange { offer: &offer, bought, action };
        let changed = self.store.change_offer(change, &once.actor(&reply)).await;
        let now = changed.map_err(|error| match error {
            // The caller has not said which version it means.
            StoreError::Changed(_) if expected.is_none() => ServiceError::Conflict(
                "Somebody else has just changed it; look at it again.".to_owned(),
            ),
            other => other.into(),
        })?;
        Ok(Stepped { reply, version: now.version })
    }
}

#[cfg(test)]
mod tests {
    use store::Role;

    use super::super::samples::{Desk, by, day, run, staff};
    use super::*;

    fn step<'a>(id: &'a str, purchased_on: Option<&str>) -> OfferStep<'a> {
        OfferStep {
            id,
            by: "A. Reed".into(),
            reason: None,
            purchased_on: purchased_on.map(day),
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
    fn what_is_accepted_is_bought_less_what_a_person_excludes() {
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
            let taken = desk.service.accept(&party, step(&id, None), &once).await.expect("taken");
            assert!(taken.reply.body.contains("\"status\":\"accepted\""), "{taken:?}");
            let bought = desk.service.positions(party.as_ref(), "", 10).await.expect("a list");
            assert_eq!(bought.len(), 1, "the other one is excluded");
            let own = bought[0].invoice();
            assert_eq!((own.invoice_number.as_str(), own.offer_id.as_deref()), ("3", Some("o")));
            assert_eq!(own.purchased_on, day("2026-06-30"), "today");
            let twice = desk.service.accept(&party, step(&id, None), &once).await;
            assert!(matches!(twice, Err(ServiceError::Conflict(_))), "only once");
        });
    }

    #[test]
    fn the_day_of_a_purchase_is_the_staffs_to_say_and_goes_with_an_acceptance() {
        run(async {
            let desk = Desk::new().await;
            let id = desk.offered().await;
            let once = desk.once("step").await;
            let on = Some("2026-06-29");
            let party: Party = by(Role::Client);
            let client = desk.service.accept(&party, step(&id, on), &once).await;
            let detail = "The staff records it.";
            assert_eq!(client.err(), Some(ServiceError::field("purchased_on", detail)));
            let party: Party = by(Role::Underwriter);
            let declined = desk.service.decline(&party, step(&id, on), &once).await;
            let detail = "It goes with an acceptance only.";
            assert_eq!(declined.err(), Some(ServiceError::field("purchased_on", detail)));
            let later = desk.service.accept(&party, step(&id, Some("2026-07-02")), &once).await;
            assert!(matches!(later, Err(ServiceError::Field { .. })), "a day to come");
            desk.service.accept(&party, step(&id, on), &once).await.expect("recorded");
        });
    }

    #[test]
    fn a_version_that_is_not_the_last_one_is_refused() {
        run(async {
            let desk = Desk::new().await;
            let id = desk.offered().await;
            let once = desk.once("withdraw").await;
            let expecting =
                |version| OfferStep { expected: Expected::new(version), ..step(&id, None) };
            let stale = desk.service.withdraw(&staff(), expecting(Ok(Some(7))), &once).await;
            assert_eq!(stale.err(), Some(ServiceError::Changed(1)));
            let wrong = ServiceError::field("If-Match", "It is no ETag of ours.");
            let none = desk.service.withdraw(&staff(), expecting(Err(wrong.clone())), &once).await;
            assert_eq!(none.err(), Some(wrong));
            let own = desk.service.withdraw(&staff(), expecting(Ok(Some(1))), &once).await;
            assert_eq!(own.expect("withdrawn").version, 2);
        });
    }
}
