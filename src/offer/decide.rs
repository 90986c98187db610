//! Decisions on an offer after it is made: they change its envelope, never the offer.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::envelope::{Decision, Envelope, EnvelopeError, LineKey, Override, Signed, Status};
use basics::handwritten::{Fault, Faults, Place, from_program};
use basics::{Currency, Money, hex};
use policy::{Policy, PolicyError};

use super::document::Offer;

/// The reason why an offer document cannot be changed.
#[derive(Debug, Error)]
pub enum DecideError {
    /// Not an offer document.
    #[error("not an offer: {0}")]
    Document(#[from] Faults),
    /// The document was changed after it was made.
    #[error("the document's offer_id does not match its offer: it was changed")]
    Changed,
    /// The policy of the offer cannot be read.
    #[error("the policy in the offer: {0}")]
    Policy(PolicyError),
    /// The state of the offer does not allow the change.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The line is not in the offer.
    #[error("the offer has no invoice {invoice} of debtor {debtor}{}", of_client(client.as_ref()))]
    NoLine {
        /// The client asked for.
        client: Option<String>,
        /// The debtor's id.
        debtor: String,
        /// The invoice's number.
        invoice: String,
    },
    /// Lines of several clients are meant.
    #[error("more than one client has an invoice {0}; name the client")]
    SeveralLines(String),
    /// Several invoices of the debtor have the number.
    #[error(
        "debtor {debtor} has {count} invoices with the number {invoice}, so it is unclear which one \
         is meant; correct the ledger and evaluate it again"
    )]
    SameNumber {
        /// The debtor's id.
        debtor: String,
        /// The number.
        invoice: String,
        /// The number of such invoices.
        count: usize,
    },
}

fn of_client(client: Option<&String>) -> String {
    client.map_or(String::new(), |client| format!(" of client {client}"))
}

/// An offer document that keeps its offer byte for byte.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct OfferFile<'a> {
    /// State around the offer.
    pub envelope: Envelope,
    // Its id is the hash of this text: reading and writing it again could change a byte.
    #[serde(borrow)]
    offer: &'a RawValue,
    offer_id: String,
    #[serde(borrow)]
    provenance: &'a RawValue,
}

/// Returns true if buying this balance against the policy of an offer needs somebody else's
/// approval.
fn is_above_limit(offer: &Offer, open: Money) -> Result<bool, DecideError> {
    // The limit of the policy that the offer was made under, whatever it is today.
    let policy: Policy = offer.policy.text.parse().map_err(DecideError::Policy)?;
    Ok(policy.override_limit().is_some_and(|limit| open.to_decimal() > limit.0))
}

impl<'a> OfferFile<'a> {
    /// Reads an `offer.json` and checks that its offer is the one that its id names.
    ///
    /// # Errors
    /// If the text is not an offer document, or if its offer was changed after it was made.
    pub fn read(text: &'a str) -> Result<Self, DecideError> {
        let file: Self = from_program(text)?;
        let id = hex(&Sha256::digest(file.offer.get().as_bytes()));
        if id == file.offer_id { Ok(file) } else { Err(DecideError::Changed) }
    }

    /// Returns one member of every part, with the part's currency; nothing else of the offer is
    /// read. A member that a part does not have is an empty list.
    ///
    /// # Errors
    /// If the offer in the document cannot be read.
    pub fn members(&self, name: &str) -> Result<Vec<(Currency, Value)>, DecideError> {
        #[derive(Deserialize)]
        struct Parts<'p> {
            #[serde(borrow)]
            parts: Vec<BTreeMap<&'p str, &'p RawValue>>,
        }
        let Parts { parts } = from_program(self.offer.get())?;
        let of = |part: BTreeMap<&str, &RawValue>| {
            let text = |name| part.get(name).map_or("[]", |own: &&RawValue| own.get());
            Ok((from_program(text("currency"))?, from_program(text(name))?))
        };
        parts.into_iter().map(of).collect()
    }

    /// Returns the last day on which the offer can be accepted.
    ///
    /// # Errors
    /// If the offer in the document cannot be read.
    pub fn valid_until(&self) -> Result<NaiveDate, DecideError> {
        Ok(self.offer()?.valid_until)
    }

    /// Accepts, declines or withdraws it.
    ///
    /// # Errors
    /// If the offer is not open at that time or cannot be read, if the signature is incomplete, or
    /// if an override still needs approval.
    pub fn change(&mut self, status: Status, signed: Signed) -> Result<(), DecideError> {
        let valid_until = self.valid_until()?;
        Ok(self.envelope.change(status, signed, valid_until)?)
    }

    /// Records a person's decision on a line beside the computed one.
    ///
    /// # Errors
    /// If the offer is not open at that time or cannot be read, if it does not have exactly one
    /// such line, or if the decision has no reason or changes nothing.
    pub fn decide(
        &mut self,
        key: LineKey,
        decision: Decision,
        signed: Signed,
    ) -> Result<(), DecideError> {
        let offer = self.offer()?;
        let parts =
            offer.parts.iter().filter(|p| key.client.as_ref().is_none_or(|c| *c == p.client));
        let lines = parts.flat_map(|part| part.lines.iter().map(move |line| (part, line)));
        let named = lines
            .filter(|(_, line)| line.invoice_number == key.invoice && line.debtor_id == key.debtor);
        let found: Vec<_> = named.collect();
        let [(part, line)] = found.as_slice() else {
            return Err(match found.as_slice() {
                [] => DecideError::NoLine {
                    client: key.client,
                    debtor: key.debtor,
                    invoice: key.invoice,
                },
                [(first, _), rest @ ..] if rest.iter().all(|(p, _)| p.client == first.client) => {
                    let count = found.len();
                    DecideError::SameNumber { debtor: key.debtor, invoice: key.invoice, count }
                }
                _ => DecideError::SeveralLines(key.invoice),
            });
        };
        let decided = Override {
            client: part.client.clone(),
            computed: line.decision,
            computed_reason: line.reason,
            debtor_id: key.debtor,
            invoice_number: key.invoice,
            decision,
            signed,
            // Excluding an invoice puts no money at risk.
            needs_approval: decision == Decision::Buy && is_above_limit(&offer, line.open)?,
            approval: None,
        };
        let valid_until = offer.valid_until;
        Ok(self.envelope.decide(decided, valid_until)?)
    }

    /// Approves the last override of a line; whoever made it cannot approve it.
    ///
    /// # Errors
    /// If the offer is not open at that time or cannot be read, if no override of the line waits
    /// for approval, or if the same person or API key made it.
    pub fn approve(&mut self, key: &LineKey, signed: Signed) -> Result<(), DecideError> {
        let valid_until = self.valid_until()?;
        Ok(self.envelope.approve(key, signed, valid_until)?)
    }

    /// Returns the document with its envelope as it is now.
    ///
    /// # Errors
    /// If the envelope cannot be written as JSON.
    pub fn to_text(&self) -> Result<String, DecideError> {
        let unwritable =
            |_| Faults::from(Fault::says(Place::Whole, "envelope", "it cannot be written"));
        let envelope = serde_json::to_string(&self.envelope).map_err(unwritable)?;
        let (offer, provenance) = (self.offer.get(), self.provenance.get());
        let id = &self.offer_id;
        Ok(format!(
            "{{\n \"envelope\": {envelope},\n \"offer\": {offer},\n \"offer_id\": \"{id}\",\n \
             \"provenance\": {provenance}\n}}\n"
        ))
    }

    /// Returns its id: the hash of the offer in it.
    pub fn offer_id(&self) -> &str {
        &self.offer_id
    }

    /// Reads what the offer was made from, as the document states it.
    ///
    /// # Errors
    /// If the provenance cannot be read.
    pub fn made_from(&self) -> Result<Value, DecideError> {
        Ok(from_program(self.provenance.get())?)
    }

    /// Reads the offer in it.
    ///
    /// # Errors
    /// If the offer in the document cannot be read.
    pub fn offer(&self) -> Result<Offer, DecideError> {
        Ok(from_program(self.offer.get())?)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::OfferPart;
    use super::super::envelope::Envelope;
    use super::super::samples::{
        day, document, input, listed, listed_with, offer, part, pool, pool_of, signed, solved_with,
    };
    use super::*;
    use basics::Currency;

    /// Of the sample pool A-1 is open with 1,000.00, A-2 with 2,500.50; A-3 is past due.
    fn text() -> String {
        document(&offer(&listed(), vec![part(&listed())]))
    }

    fn key(debtor: &str, invoice: &str) -> LineKey {
        LineKey { client: None, debtor: debtor.to_owned(), invoice: invoice.to_owned() }
    }

    fn of_client(client: &str, invoice: &str) -> LineKey {
        LineKey { client: Some(client.to_owned()), ..key("D2", invoice) }
    }

    fn reason(by: &str) -> Signed {
        signed(by, "2026-07-01T10:00:00Z", Some("Paid on Monday."))
    }

    /// At this hour and minute of the second of July.
    fn at(by: &str, time: &str) -> Signed {
        signed(by, &format!("2026-07-02T{time}:00Z"), None)
    }

    #[test]
    fn an_offer_whose_id_does_not_fit_is_refused() {
        let text = text();
        OfferFile::read(&text).expect("as it was written");
        let id = text.split_once("\"offer_id\": \"").expect("an id").1;
        let other = text.replace(&id[..64], &"0".repeat(64));
        assert!(matches!(OfferFile::read(&other), Err(DecideError::Changed)));
        // So is one of which a cent, or no more than a blank, is another.
        for (from, to) in [("\"1000.00\"", "\"1000.01\""), ("\"parts\": [", "\"parts\":  [")] {
            let changed = text.replacen(from, to, 1);
            assert_ne!(changed, text);
            assert!(matches!(OfferFile::read(&changed), Err(DecideError::Changed)), "{to}");
        }
        assert!(matches!(OfferFile::read("{"), Err(DecideError::Document(_))));
    }

    #[test]
    fn envelope_and_provenance_may_change_and_no_member_may_be_added() {
        let text = text();
        let other = text.replace("\"rows\":4", "\"rows\":5").replace("T09:00:00Z", "T10:00:00Z");
        assert_ne!(other, text);
        OfferFile::read(&other).expect("the offer is the same");
        let more = text.replacen("{\n", "{\n \"note\": 1,\n", 1);
        assert!(matches!(OfferFile::read(&more), Err(DecideError::Document(_))));
        let more = text.replacen("\"issued_at\"", "\"signed_at\": null, \"issued_at\"", 1);
        assert!(matches!(OfferFile::read(&more), Err(DecideError::Document(_))));
    }

    #[test]
    fn whatever_is_decided_the_offer_stays_byte_for_byte() {
        let text = text();
        let mut file = OfferFile::read(&text).expect("an offer");
        assert_eq!(file.valid_until().expect("a day"), day("2026-07-14"));
        assert_eq!(file.offer().expect("an offer").clients(), BTreeSet::from(["acme"]));
        file.decide(key("D2", "A-3"), Decision::Buy, reason("A. Reed")).expect("recorded");
        file.change(Status::Accepted, at("B. Low", "09:00")).expect("accepted");
        let changed = file.to_text().expect("JSON");
        let offer = |text: &str| {
            let after = text.split_once("\"offer\": ").expect("an offer").1;
            after.split_once(",\n \"offer_id\": ").expect("an id").0.to_owned()
        };
        assert_eq!(offer(&changed), offer(&text));
        let again = OfferFile::read(&changed).expect("it still fits");
        assert_eq!(again.envelope, file.envelope);
        assert_eq!(again.envelope.status, Status::Accepted);
        // What was computed stands beside what was decided.
        let decided = &again.envelope.overrides[0];
        assert_eq!((decided.computed, decided.decision), (Decision::Exclude, Decision::Buy));
        assert_eq!(decided.computed_reason, Some(policy::Rule::PastDue));
        assert_eq!(again.to_text().expect("JSON"), changed);
    }

    #[test]
    fn a_member_of_each_part_is_read_alone_as_it_is_written() {
        let policy = solved_with("");
        let text = two_clients(&policy);
        let file = OfferFile::read(&text).expect("an offer");
        let parts = file.offer().expect("an offer").parts;
        let menus = file.members("menu").expect("menus");
        let expected = parts.iter().map(|part| {
            assert!(!part.menu.is_empty());
            (part.currency, serde_json::to_value(&part.menu).expect("JSON"))
        });
        assert_eq!(menus, expected.collect::<Vec<_>>());
        let none = vec![(Currency::USD, serde_json::json!([])); 2];
        assert_eq!(file.members("nothing").expect("none"), none);
    }

    #[test]
    fn it_stands_to_its_last_day() {
        let text = text();
        let change = |status, at: &str| {
            let mut file = OfferFile::read(&text).expect("an offer");
            file.change(status, signed("A. Reed", at, None)).map(|()| file.envelope)
        };
        for status in [Status::Accepted, Status::Declined, Status::Withdrawn] {
            let envelope = change(status, "2026-07-14T23:59:59Z").expect("in time");
            assert_eq!((envelope.status, envelope.history.len()), (status, 1));
            let late = change(status, "2026-07-15T00:00:00Z").expect_err("late");
            assert!(late.to_string().contains("the offer is expired"), "{late}");
        }
    }

    fn decided(text: &str, key: LineKey) -> Result<Envelope, DecideError> {
        let mut file = OfferFile::read(text).expect("an offer");
        file.decide(key, Decision::Exclude, reason("A. Reed"))?;
        Ok(file.envelope)
    }

    #[test]
    fn a_line_has_to_be_there() {
        let text = text();
        decided(&text, key("D1", "A-1")).expect("recorded");
        let wrong = [
            (key("D2", "A-1"), "no invoice A-1 of debtor D2"),
            (key("D1", "A-9"), "no invoice A-9 of debtor D1"),
            (of_client("mills", "A-4"), "no invoice A-4 of debtor D2 of client mills"),
        ];
        for (key, said) in wrong {
            let error = decided(&text, key).expect_err("none");
            assert!(error.to_string().ends_with(said), "{error}");
        }
    }

    fn two_clients(policy: &Policy) -> String {
        let of = |client| {
            let part = input(policy, pool()).part().expect("a part");
            OfferPart { client: String::from(client), ..part }
        };
        document(&offer(policy, vec![of("acme"), of("mills")]))
    }

    #[test]
    fn where_two_clients_have_the_invoice_one_is_named() {
        let text = two_clients(&listed());
        let error = decided(&text, key("D2", "A-4")).expect_err("several");
        assert!(matches!(error, DecideError::SeveralLines(_)), "{error}");
        let envelope = decided(&text, of_client("mills", "A-4")).expect("recorded");
        assert_eq!(envelope.overrides[0].client, "mills");
    }

    #[test]
    fn invoices_of_one_number_cannot_be_told_apart() {
        let mut twins = pool_of(Currency::USD, &[(0, 30, 100_000), (0, 30, 50_000)]);
        twins.receivables[1].number = "A-1".to_owned();
        let part = input(&listed(), twins).part().expect("a part");
        let error = decided(&document(&offer(&listed(), vec![part])), key("D1", "A-1"));
        let error = error.expect_err("which one?");
        assert!(matches!(error, DecideError::SameNumber { count: 2, .. }), "{error}");
    }

    /// The policy's limit itself needs nobody else, a cent more does.
    fn limited(limit: &str) -> Policy {
        listed_with(&format!("[offer]\noverride_limit = \"{limit}\"\n"))
    }

    #[test]
    fn buying_more_than_the_limit_needs_an_approval() {
        let needs = |limit: &str, decision| {
            let policy = limited(limit);
            let text = document(&offer(&policy, vec![part(&policy)]));
            let mut file = OfferFile::read(&text).expect("an offer");
            // 400.00, which the policy excludes, and 4,000.00, which it buys.
            let invoice = if decision == Decision::Buy { "A-3" } else { "A-4" };
            file.decide(key("D2", invoice), decision, reason("A. Reed")).expect("recorded");
            file.envelope.overrides[0].needs_approval
        };
        assert!(needs("399.99", Decision::Buy));
        assert!(!needs("400.00", Decision::Buy));
        assert!(!needs("0", Decision::Exclude), "less is bought then");
    }

    #[test]
    fn an_offer_is_not_accepted_before_somebody_else_has_approved() {
        let policy = limited("100");
        let text = document(&offer(&policy, vec![part(&policy)]));
        let mut file = OfferFile::read(&text).expect("an offer");
        file.decide(key("D2", "A-3"), Decision::Buy, reason("A. Reed")).expect("recorded");
        let refused = file.change(Status::Accepted, at("C. Ray", "09:00")).expect_err("waits");
        assert!(refused.to_string().contains("not approved yet"), "{refused}");
        let own = file.approve(&key("D2", "A-3"), at("a.  reed", "09:00")).expect_err("own");
        assert!(own.to_string().contains("somebody else"), "{own}");
        file.approve(&key("D2", "A-3"), at("B. Low", "09:00")).expect("approved");
        file.change(Status::Accepted, at("C. Ray", "09:00")).expect("accepted");
    }

    /// Two clients have an invoice of this number and debtor: each approval is of one of them.
    #[test]
    fn an_approval_is_of_the_client_that_it_names_or_of_the_last_one_that_waits() {
        let text = two_clients(&limited("100"));
        let approved = |first: LineKey, then: LineKey| {
            let mut file = OfferFile::read(&text).expect("an offer");
            for client in ["acme", "mills"] {
                let key = of_client(client, "A-3");
                file.decide(key, Decision::Buy, reason("A. Reed")).expect("recorded");
            }
            file.approve(&first, at("B. Low", "09:00")).expect("approved");
            let of = |o: &Override| o.approval.is_some();
            let found: Vec<bool> = file.envelope.overrides.iter().map(of).collect();
            file.approve(&then, at("B. Low", "09:30")).expect("approved");
            file.change(Status::Accepted, at("C. Ray", "10:00")).expect("accepted");
            found
        };
        let (acme, mills) = (of_client("acme", "A-3"), of_client("mills", "A-3"));
        assert_eq!(approved(acme.clone(), mills.clone()), [true, false]);
        assert_eq!(approved(mills, acme), [false, true]);
        assert_eq!(approved(key("D2", "A-3"), key("D2", "A-3")), [false, true]);
    }
}
