//! Situations that a run must meet, or it has tested nothing there.

use std::collections::BTreeMap;

use super::desk::{Desk, Refused};
use super::request::Request;
use crate::{AppliedTo, Books, EntryKind, Position, PurchaseError, Standing};

/// What happened, by name.
#[derive(Debug, Default)]
pub struct Situations(BTreeMap<&'static str, usize>);

pub const ALL: [&str; 31] = [
    "accepted",
    "an override adds an invoice",
    "an override leaves one out",
    "refused: bought already",
    "refused: an offer of which nothing is left",
    "bought again after its end",
    "bought again after a reversal",
    "paid in part",
    "paid in full",
    "paid too much",
    "paid out of order",
    "a stray payment",
    "a payment after the end, for the client",
    "refused: a line of the bank repeated",
    "a line of the bank that is said to be another",
    "charged back",
    "lost",
    "recovered",
    "overpaid after a loss",
    "a payment reversed",
    "a recovery reversed",
    "a payment in full reversed with its settlement",
    "booked later than received",
    "a settlement reversed",
    "settled anew",
    "a purchase reversed",
    "refused: reversed twice",
    "refused: payments stand",
    "refused: recoveries stand",
    "refused: the settlement stands",
    "refused: bought again since",
];

impl Situations {
    fn met(&mut self, name: &'static str, is_met: bool) {
        if is_met {
            assert!(ALL.contains(&name), "{name} is not listed");
            *self.0.entry(name).or_default() += 1;
        }
    }

    /// Those that were not met.
    pub fn missed(&self) -> Vec<&'static str> {
        ALL.into_iter().filter(|name| !self.0.contains_key(name)).collect()
    }

    pub fn refused(&mut self, refused: &Refused) {
        let name = match refused {
            Refused::Bought => "refused: bought already",
            Refused::Step(PurchaseError::Nothing) => "refused: an offer of which nothing is left",
            Refused::Step(PurchaseError::Repeats { .. }) => "refused: a line of the bank repeated",
            Refused::Step(PurchaseError::Undone { .. }) => "refused: reversed twice",
            Refused::Step(PurchaseError::Stands(Standing::Payments)) => "refused: payments stand",
            Refused::Step(PurchaseError::Stands(Standing::Recoveries)) => {
                "refused: recoveries stand"
            }
            Refused::Step(PurchaseError::Stands(Standing::Settlement)) => {
                "refused: the settlement stands"
            }
            Refused::Step(PurchaseError::Stands(Standing::BoughtAgain)) => {
                "refused: bought again since"
            }
            Refused::Step(_) => return,
        };
        self.met(name, true);
    }

    /// Notes what a request did, by the books before and after.
    pub fn done(&mut self, request: &Request, before: &Books, desk: &Desk) {
        let after = &desk.books;
        let new = &after.movements[before.movements.len()..];
        let did = |kind, is_reversal| {
            new.iter().any(|o| (o.movement.kind, o.movement.is_reversal) == (kind, is_reversal))
        };
        match request {
            Request::Accept { offer, .. } => {
                self.met("accepted", true);
                let bought = offer.buys();
                let line = |priced| {
                    offer.lines.iter().any(|own| {
                        own.is_priced == priced && bought.contains(&own.invoice) != priced
                    })
                };
                self.met("an override adds an invoice", line(false));
                self.met("an override leaves one out", line(true));
                self.again(before, after);
            }
            Request::Pay { payment, .. } => {
                let collections = &after.collections[before.collections.len()..];
                self.paid(before, collections, did(EntryKind::Settlement, false));
                self.met("a line of the bank that is said to be another", {
                    payment.duplicate_of.is_some()
                });
                self.met("a stray payment", payment.invoice_number.ends_with('X'));
            }
            Request::Settle { position, .. } => {
                let own = desk.position(position).settlement().expect("settled");
                self.met("charged back", own.chargeback.minor() > 0);
                self.met("lost", own.factor_loss.minor() > 0);
                let ends = after.settlements.iter().filter(|(id, _)| id == position).count();
                self.met("settled anew", ends > 1);
            }
            Request::UndoPayment { .. } => {
                self.met("a payment reversed", did(EntryKind::Collection, true));
                self.met("a recovery reversed", did(EntryKind::Recovery, true));
                let both = did(EntryKind::Settlement, true);
                self.met("a payment in full reversed with its settlement", both);
            }
            Request::UndoSettlement { .. } => self.met("a settlement reversed", true),
            Request::UndoPurchase { .. } => self.met("a purchase reversed", true),
        }
    }

    fn again(&mut self, before: &Books, after: &Books) {
        for own in &after.positions[before.positions.len()..] {
            let number = &own.invoice().invoice_number;
            let same = |old: &&Position| old.invoice().invoice_number == *number;
            for old in before.positions.iter().filter(same) {
                self.met("bought again after its end", old.status() == "settled");
                self.met("bought again after a reversal", old.status() == "reversed");
            }
        }
    }

    fn paid(&mut self, before: &Books, parts: &[crate::Collection], settles: bool) {
        let is = |kind: fn(&AppliedTo) -> bool| parts.iter().any(|own| kind(&own.part.applied_to));
        let on_position = is(|own| matches!(own, AppliedTo::Position(_)));
        let recovered = is(|own| matches!(own, AppliedTo::Loss(_)));
        let rest = is(|own| *own == AppliedTo::Client);
        self.met("paid in part", on_position && !settles);
        self.met("paid in full", settles);
        self.met("paid too much", on_position && rest);
        self.met("recovered", recovered);
        self.met("overpaid after a loss", recovered && rest);
        let number = &parts[0].part.invoice_number;
        let known = before.positions.iter().any(|own| own.invoice().invoice_number == *number);
        self.met("a payment after the end, for the client", known && !on_position && rest);
        self.met("booked later than received", {
            parts.iter().any(|own| own.part.booked_on > own.part.received_on)
        });
        let received = parts[0].part.received_on;
        let later = before.collections.iter().any(|own| {
            own.part.applied_to == parts[0].part.applied_to && own.part.received_on > received
        });
        self.met("paid out of order", on_position && later);
    }
}
