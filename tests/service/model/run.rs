//! A sequence of operations, each answer compared with the reference.

use std::cell::RefCell;
use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use proptest::test_runner::TestCaseError;
use serde_json::{Value, json};

use super::desk::{FIRST_DAY, Request, Sequence, cents};
use super::operation::{CLIENTS, Operation, Sent, What};
use super::reference::{Reference, Refusal, State};
use super::situation::Situations;
use crate::service::server::Answer;

/// The status of a request on what has changed since it was read.
const CHANGED: u16 = 412;

/// The statuses of the second of two requests at once.
const LATE: [u16; 2] = [409, CHANGED];

pub type Checked = Result<(), TestCaseError>;

pub fn hold(holds: bool, law: &dyn Fn() -> String) -> Checked {
    if holds { Ok(()) } else { Err(TestCaseError::fail(law())) }
}

/// The order in which two requests at once were carried out: who was refused came last, and of two
/// payments the first was applied, with the larger part.
fn order(answer: &Answer) -> (u16, bool, i64) {
    let part = serde_json::from_slice::<Value>(&answer.body).unwrap_or_default();
    let part = &part["collections"][0];
    let minor = if part["amount"].is_string() { cents(&part["amount"]) } else { 0 };
    (answer.status, part["position_id"].is_null(), -minor)
}

/// The reference of a line of the bank; none for 0.
fn bank_line(line: usize) -> String {
    if line == 0 { String::new() } else { format!("R-{line}") }
}

/// A sequence on its way.
pub struct Run<'a> {
    pub sequence: &'a Sequence<'a>,
    pub reference: Reference,
    pub situations: &'a RefCell<Situations>,
    /// Statements as they were, by client and number of the last movement.
    pub seen: HashMap<(usize, i64), Value>,
    /// The funds in use of each client after the step before.
    pub in_use: [i64; CLIENTS],
    pub step: u64,
}

fn nth<T>(all: &[T], index: usize) -> Option<&T> {
    all.get(index.checked_rem(all.len())?)
}

impl<'a> Run<'a> {
    pub fn met(&self, name: &'static str, is_met: bool) {
        self.situations.borrow_mut().met(name, is_met);
    }

    fn today(&self) -> String {
        let first: NaiveDate = FIRST_DAY.parse().expect("a day");
        (first + Days::new(self.step)).to_string()
    }

    /// Takes a step: sends its request and asks the reference the same.
    pub fn take(&mut self, own: &Operation) -> Checked {
        self.step += 1;
        self.sequence.begins(&self.today());
        let Some((request, meant)) = self.meant(&own.what) else { return Ok(()) };
        let before = self.reference.clone();
        let answers = self.answers(&request, own.sent);
        let mut done = 0;
        // Whoever comes first: what was done is asked before what was refused.
        for answer in &answers {
            let is_done = (200..300).contains(&answer.status);
            let expected = self.ask(&meant);
            match (is_done, expected) {
                (true, Ok(())) => {
                    done += 1;
                    self.ids(&meant, answer);
                }
                (false, Err(refusal)) => {
                    self.situations.borrow_mut().refused(refusal);
                    self.met("an older offer refused", {
                        refusal == Refusal::Bought && matches!(meant, What::Accept { .. })
                    });
                    let expected = if refusal == Refusal::NoRight { 403 } else { 409 };
                    let changed = own.sent == Sent::Raced && answer.status == CHANGED;
                    hold(answer.status == expected || changed, &|| {
                        format!("{meant:?}: {} {}", answer.status, answer.text())
                    })?;
                }
                // The second of two at once may find that what it read has changed.
                (false, Ok(()))
                    if own.sent == Sent::Raced && done > 0 && LATE.contains(&answer.status) =>
                {
                    self.reference = before.clone();
                    for _ in 0..done {
                        let _ = self.ask(&meant);
                    }
                    self.ids(&meant, &answers[0]);
                }
                (_, expected) => {
                    let said = answer.text();
                    let told =
                        || format!("{meant:?}: {} {said}; expected {expected:?}", answer.status);
                    return hold(false, &told);
                }
            }
        }
        self.noted(&meant, own.sent, (&before, done));
        let undoes = matches!(meant, What::UndoPayment { .. } | What::UndoSettlement { .. });
        self.invariants(undoes)
    }

    /// The request that an operation means, with its indices resolved; `None` if there is nothing
    /// yet that it could mean.
    fn meant(&self, what: &What) -> Option<(Request<'a>, What)> {
        let (sequence, reference) = (self.sequence, &self.reference);
        let position = |index: usize| nth(&reference.positions(), index).copied();
        let at = |at: usize| &reference.sold[at];
        let reason = json!({ "on": self.today(), "reason": "booked by mistake" });
        let undo = |path: String| sequence.by_underwriter(path, reason.clone());
        Some(match what.clone() {
            What::Sell { client, invoice, spelling, names } => {
                let offered = sequence.invoice(invoice, spelling);
                let charged = reference
                    .claim(&offered.invoice)
                    .map(at)
                    .filter(|own| names && own.client == client && own.state == State::ChargedBack);
                let request = sequence.sells(client, &offered, charged.map(|own| own.id.as_str()));
                (request, What::Sell { client, invoice, spelling, names: charged.is_some() })
            }
            What::Accept { offer } => {
                let offer = offer.checked_rem(sequence.offers.len())?;
                (sequence.accepts(offer), What::Accept { offer })
            }
            What::Fund { purchase, who } => {
                let purchase = purchase.checked_rem(reference.purchases.len())?;
                let id = &reference.purchases[purchase].id;
                (sequence.funds(id, (&self.today(), who)), What::Fund { purchase, who })
            }
            What::Withdraw { purchase } => {
                let purchase = purchase.checked_rem(reference.purchases.len())?;
                let path = format!("/v1/purchases/{}/withdrawal", reference.purchases[purchase].id);
                let body = json!({ "reason": "no longer wanted" });
                (sequence.by_underwriter(path, body), What::Withdraw { purchase })
            }
            What::Pay { position: index, percent, line } => {
                let own = position(index)?;
                let sold = at(own);
                let minor = (sold.amount * percent / 100).max(1);
                let of = (&self.today() as &str, &bank_line(line) as &str);
                let request = sequence.pays(sold.client, &sold.number, minor, of);
                (request, What::Pay { position: own, percent: minor, line })
            }
            What::Settle { position: index } => {
                let own = position(index)?;
                let path = format!("/v1/positions/{}/settlement", at(own).id);
                let body = json!({ "on": self.today(), "cause": "credit" });
                (sequence.by_underwriter(path, body), What::Settle { position: own })
            }
            What::UndoPayment { payment } => {
                let payment = payment.checked_rem(reference.payments.len())?;
                let path = format!("/v1/collections/{}/reversal", reference.payments[payment].id);
                (undo(path), What::UndoPayment { payment })
            }
            What::UndoSettlement { position: index } => {
                let own = position(index)?;
                let path = format!("/v1/positions/{}/settlement/reversal", at(own).id);
                (undo(path), What::UndoSettlement { position: own })
            }
            What::UndoPurchase { position: index } => {
                let own = position(index)?;
                let path = format!("/v1/positions/{}/reversal", at(own).id);
                (undo(path), What::UndoPurchase { position: own })
            }
            What::Account { client, .. } => {
                let number = reference.account[client] + 1;
                (sequence.account(client, number), What::Account { client, number })
            }
            What::Call { client } => {
                (sequence.calls(client, reference.account[client]), What::Call { client })
            }
        })
    }

    /// The answers to a request, as many as count.
    fn answers(&self, request: &Request<'_>, sent: Sent) -> Vec<Answer> {
        let sequence = self.sequence;
        match sent {
            // Only POST takes an idempotency key.
            Sent::Repeated if request.method == "POST" => {
                let once = format!("{}-{}", sequence.clients[0], self.step);
                let answer = |server| sequence.sent_under(server, request, Some(&once));
                let (first, second) = (answer(0), answer(1));
                assert_eq!(first.status, second.status, "{}", second.text());
                let is_done = first.status < 300;
                assert!(!is_done || first.body == second.body, "{}", second.text());
                self.met("repeated on the other server", is_done);
                vec![first]
            }
            Sent::Raced => {
                let mut both = std::thread::scope(|scope| {
                    let other = scope.spawn(|| sequence.sent(1, request));
                    vec![sequence.sent(0, request), other.join().expect("an answer")]
                });
                both.sort_by_cached_key(order);
                both
            }
            Sent::Once | Sent::Repeated => {
                vec![sequence.sent(usize::from(self.step % 2 == 1), request)]
            }
        }
    }

    fn ask(&mut self, meant: &What) -> Result<(), Refusal> {
        let (sequence, reference) = (self.sequence, &mut self.reference);
        match *meant {
            What::Sell { client, invoice, spelling, names } => {
                let offered = sequence.invoice(invoice, spelling);
                let named = reference.claim(&offered.invoice).filter(|_| names);
                reference.sell(client, &[offered], named)
            }
            What::Accept { offer } if reference.accepted.contains(&offer) => {
                Err(Refusal::NotAccepted)
            }
            What::Accept { offer } => {
                reference.sell(0, &sequence.offers[offer].1, None)?;
                reference.accepted.push(offer);
                Ok(())
            }
            What::Fund { purchase, who } => reference.fund(purchase, who),
            What::Withdraw { purchase } => reference.withdraw(purchase),
            What::Pay { position, percent: minor, line } => {
                reference.pay(position, minor, &bank_line(line))
            }
            What::Settle { position } => reference.settle(position),
            What::UndoPayment { payment } => reference.undo_payment(payment),
            What::UndoSettlement { position } => reference.undo_settlement(position),
            What::UndoPurchase { position } => reference.undo_purchase(position),
            What::Account { client, number } => {
                // The same number is the same account.
                if reference.account[client] != number {
                    (reference.account[client], reference.called[client]) = (number, false);
                }
                Ok(())
            }
            What::Call { client } if reference.called[client] => Err(Refusal::Called),
            What::Call { client } => {
                reference.called[client] = true;
                Ok(())
            }
        }
    }

    /// Takes the ids of what was made from the answer.
    fn ids(&mut self, meant: &What, answer: &Answer) {
        let reference = &mut self.reference;
        let text = |value: &Value| value.as_str().expect("an id").to_owned();
        match meant {
            What::Sell { .. } | What::Accept { .. } => {
                let at = reference.purchases.len() - 1;
                let purchase = match meant {
                    What::Accept { offer } => {
                        let offer = self.sequence.offers[*offer].0.rsplit('/').next();
                        let path = format!("/v1/purchases?offer={}", offer.expect("an id"));
                        let id = text(&self.sequence.read(0, &path)["items"][0]["id"]);
                        self.sequence.read(0, &format!("/v1/purchases/{id}"))
                    }
                    _ => answer.json(),
                };
                reference.purchases[at].id = text(&purchase["id"]);
                for line in purchase["invoices"].as_array().expect("invoices") {
                    let number = line["invoice_number"].as_str();
                    let own = reference
                        .sold
                        .iter_mut()
                        .rfind(|own| own.purchase == at && Some(own.number.as_str()) == number);
                    let own = own.expect("what was sold");
                    own.id = text(&line["position_id"]);
                    assert_eq!(own.amount, cents(&line["amount"]), "{line}");
                    assert_eq!(own.advance, cents(&line["advance"]), "{line}");
                }
            }
            What::Pay { .. } => {
                let at = reference.payments.len() - 1;
                reference.payments[at].id = text(&answer.json()["collections"][0]["id"]);
            }
            _ => {}
        }
    }
}
