//! The proof of payouts: what was agreed, what was paid out, and what is on the books, are one.

use std::collections::{HashMap, HashSet};

use basics::{Money, MoneyError};

use super::Position;
use super::accounts::Account;
use super::agreed::AgreedInvoice;
use super::books::Books;
use super::fault::BookFault;
use super::holder::is_one_person;
use super::invoice::BoughtInvoice;
use super::movement::{EntryKind, Recorded};
use super::purchase::{AgreedPurchase, Funding, Stage, Totals};

/// The rows of a client that payouts make, by position.
struct Made<'a> {
    invoices: HashMap<&'a str, &'a BoughtInvoice>,
    /// Movements of purchases.
    booked: HashMap<&'a str, &'a Recorded>,
}

impl Books {
    /// Compares purchases with the positions and movements that their payouts made, and with the
    /// accounts to which they went.
    pub(super) fn unlike_payouts(&self) -> Result<Vec<BookFault>, MoneyError> {
        let made = Made::of(self);
        let mut faults = Vec::new();
        for own in &self.purchases {
            faults.extend(own.unlike_lines()?);
            match &own.purchase.stage {
                Stage::Funded(funding) | Stage::Reversed(funding, _) => {
                    let lines = own.invoices.iter();
                    faults.extend(lines.filter_map(|line| made.unlike(own, line, funding)));
                    faults.extend(made.unlike_payout(own, funding)?);
                    faults.extend(self.unlike_persons(own, funding));
                }
                stage @ (Stage::Accepted | Stage::Withdrawn(_)) => {
                    let lines = own.invoices.iter();
                    let bought = lines.filter(|line| made.invoices.contains_key(line.id.as_str()));
                    faults.extend(bought.map(|line| BookFault::NotPaid {
                        purchase: own.purchase.id.clone(),
                        stage: stage.as_str(),
                        position: line.id.clone(),
                    }));
                }
            }
        }
        faults.extend(self.unpaid(&made));
        Ok(faults)
    }

    /// The account was called back about by a second person, and a second person paid.
    fn unlike_persons(&self, own: &AgreedPurchase, funding: &Funding) -> Vec<BookFault> {
        let AgreedPurchase { purchase, .. } = own;
        let (payee, version) = (&funding.payee, funding.payee_version);
        let to = self.payees.iter().find(|to| (&to.alias, to.version) == (payee, version));
        let called = to.and_then(|to| Some((to, to.called_by.as_deref()?)));
        let mut faults = Vec::new();
        if called.is_none_or(|(to, by)| to.check_call(by).is_err()) {
            let (purchase, payee) = (purchase.id.clone(), payee.clone());
            faults.push(BookFault::NotCalled { purchase, payee, version });
        }
        if is_one_person(&purchase.accepted_by, &funding.by) {
            faults.push(BookFault::OnePerson(purchase.id.clone()));
        }
        faults
    }

    /// Positions that no purchase has. Older ones were bought before there were payouts: they come
    /// before the first that was paid out.
    fn unpaid(&self, made: &Made<'_>) -> Vec<BookFault> {
        let lines: HashSet<&str> = self
            .purchases
            .iter()
            .flat_map(|own| &own.invoices)
            .map(|own| own.id.as_str())
            .collect();
        let paid_out = lines.iter().filter_map(|id| made.booked.get(id)).map(|own| own.number);
        let Some(first) = paid_out.min() else { return Vec::new() };
        let later =
            made.booked.iter().filter(|(id, own)| own.number > first && !lines.contains(*id));
        let mut later: Vec<&str> = later.map(|(id, _)| *id).collect();
        later.sort_unstable();
        later.into_iter().map(|id| BookFault::NoPurchase(id.to_owned())).collect()
    }
}

impl AgreedPurchase {
    /// The fault of a purchase whose invoices do not make the sums that were accepted.
    fn unlike_lines(&self) -> Result<Option<BookFault>, MoneyError> {
        let says = self.purchase.totals;
        let lines = Totals::of(&self.invoices, says.amount.currency())?;
        Ok((lines != says).then(|| BookFault::Accepted {
            purchase: self.purchase.id.clone(),
            says: Box::new(says),
            lines: Box::new(lines),
        }))
    }
}

impl<'a> Made<'a> {
    fn of(books: &'a Books) -> Self {
        let invoices = books.positions.iter().map(Position::invoice);
        let is_purchase =
            |own: &&Recorded| own.movement.kind == EntryKind::Purchase && !own.movement.is_reversal;
        let booked = books.movements.iter().filter(is_purchase);
        Self {
            invoices: invoices.map(|own| (own.id.as_str(), own)).collect(),
            booked: booked.map(|own| (own.movement.subject.as_str(), own)).collect(),
        }
    }

    /// The fault of an invoice that was paid out and is not the position that was agreed.
    fn unlike(
        &self,
        own: &AgreedPurchase,
        line: &AgreedInvoice,
        funding: &Funding,
    ) -> Option<BookFault> {
        let position = line.id.clone();
        let Some(bought) = self.invoices.get(line.id.as_str()) else {
            return Some(BookFault::NoPosition { purchase: own.purchase.id.clone(), position });
        };
        let unlike = unlike(&line.clone().bought(funding.on), bought);
        (!unlike.is_empty()).then_some(BookFault::Agreed { position, unlike })
    }

    /// The fault of a payout that is not the cash of the movements of its positions.
    fn unlike_payout(
        &self,
        own: &AgreedPurchase,
        funding: &Funding,
    ) -> Result<Option<BookFault>, MoneyError> {
        let mut booked = Money::zero(funding.amount.currency());
        for movement in own.invoices.iter().filter_map(|line| self.booked.get(line.id.as_str())) {
            // What the client gets is a credit.
            booked = booked.checked_sub(movement.movement.amount(Account::Client))?;
        }
        Ok((booked != funding.amount).then(|| BookFault::Payout {
            purchase: own.purchase.id.clone(),
            paid: funding.amount,
            booked,
        }))
    }
}

/// The members by which a bought invoice differs from what was agreed.
fn unlike(agreed: &BoughtInvoice, bought: &BoughtInvoice) -> Vec<String> {
    let told = |own: &BoughtInvoice| {
        let BoughtInvoice { client_id, offer_id, debtor_id, invoice_number, amount, .. } = own;
        let BoughtInvoice { advance, prepaid, purchased_on, due_on, terms, .. } = own;
        [
            ("client", client_id.clone()),
            ("offer", offer_id.clone().unwrap_or_default()),
            ("debtor", debtor_id.clone()),
            ("invoice", invoice_number.clone()),
            ("amount", format!("{amount} {}", amount.currency())),
            ("advance", advance.to_string()),
            ("charges", prepaid.to_string()),
            ("day of purchase", purchased_on.to_string()),
            ("due date", due_on.to_string()),
            // As the service shows them.
            ("terms", serde_json::to_string(terms).unwrap_or_default()),
        ]
    };
    let both = told(agreed).into_iter().zip(told(bought));
    let other = both.filter(|((_, agreed), (_, bought))| agreed != bought);
    other.map(|((what, agreed), (_, own))| format!("{what} {own}, agreed {agreed}")).collect()
}

#[cfg(test)]
mod tests {
    use basics::Currency;
    use pricing::Recourse;

    use super::super::model::Desk;
    use super::super::samples::{agreed_of, day, invoice, payee, usd};
    use super::*;
    use crate::{AgreedInvoice, Purchase};

    /// A purchase of invoices at a stage.
    fn purchase(id: &str, invoices: Vec<AgreedInvoice>, stage: Stage) -> AgreedPurchase {
        let totals = Totals::of(&invoices, Currency::USD).expect("sums");
        let purchase = Purchase {
            id: id.to_owned(),
            client_id: "acme".to_owned(),
            offer_id: None,
            accepted_by: "A. Reed".to_owned(),
            accepted_at: "2026-01-01T09:00:00Z".to_owned(),
            totals,
            stage,
            version: 2,
        };
        AgreedPurchase { purchase, invoices }
    }

    /// A position from before there were payouts, a payout of two and one that waits.
    fn books() -> Books {
        let mut desk = Desk::new("acme");
        let own = |number: &str| {
            let invoice_number = number.to_owned();
            BoughtInvoice { invoice_number, ..invoice("", Recourse::Full) }
        };
        desk.buy(vec![own("0")]).expect("bought");
        let charged = BoughtInvoice { prepaid: usd(2_500), ..own("1") };
        desk.buy(vec![charged, own("2")]).expect("bought");
        let mut books = desk.books;
        let bought =
            books.positions[1..].iter().map(|own| agreed_of(own.invoice().clone())).collect();
        let waits =
            AgreedInvoice { id: "w".to_owned(), ..agreed_of(books.positions[0].invoice().clone()) };
        let funding = Funding {
            on: day("2026-01-01"),
            amount: usd(157_500),
            payee: "main".to_owned(),
            payee_version: 3,
            reference: "wire 7".to_owned(),
            by: "F. Payne".to_owned(),
        };
        books.purchases = vec![
            purchase("u", bought, Stage::Funded(funding)),
            purchase("v", vec![waits], Stage::Accepted),
        ];
        books.payees = vec![payee()];
        books
    }

    fn funding(books: &mut Books) -> &mut Funding {
        match &mut books.purchases[0].purchase.stage {
            Stage::Funded(funding) => funding,
            other => panic!("funded: {other:?}"),
        }
    }

    fn told(alter: impl FnOnce(&mut Books)) -> String {
        let mut altered = books();
        alter(&mut altered);
        let faults = altered.check(None).expect("sums");
        faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn payouts_that_nobody_altered_agree_with_the_books() {
        assert_eq!(told(|_| ()), "");
        let unpaid = |own: &mut Books| {
            own.purchases.clear();
            own.payees.clear();
        };
        assert_eq!(told(unpaid), "", "all were bought before there were payouts");
    }

    #[test]
    fn a_payout_that_differs_from_the_books_is_named() {
        let paid = told(|own| funding(own).amount = usd(157_501));
        let said = "the payout of purchase u is 1575.01, but its positions were booked at 1575.00";
        assert_eq!(paid, said);
        let day_before = told(|own| funding(own).on = day("2025-12-31"));
        assert!(
            day_before.contains("day of purchase 2026-01-01, agreed 2025-12-31"),
            "{day_before}"
        );
        let gone = told(|own| drop(own.purchases.remove(0)));
        assert_eq!(gone, "", "nothing was paid out then: the audit log names the rows");
        let line = told(|own| drop(own.purchases[0].invoices.remove(1)));
        assert!(line.contains("purchase u was accepted for 2000.00 USD in 2 invoices"), "{line}");
        assert!(line.contains("is on the books, but no purchase has it"), "{line}");
        assert!(line.contains("booked at 775.00"), "{line}");
        let undone = told(|own| own.purchases[0].purchase.stage = Stage::Accepted);
        assert!(undone.contains("its purchase u is accepted"), "{undone}");
        let waits = told(|own| {
            let stage = Stage::Funded(funding(own).clone());
            own.purchases[1].purchase.stage = stage;
        });
        assert!(waits.contains("purchase v was paid out, but its position w"), "{waits}");
    }

    #[test]
    fn a_line_that_differs_from_its_position_is_named() {
        type Change = fn(&mut AgreedInvoice);
        let changes: [(Change, &str); 8] = [
            (|own| own.client_id.push('x'), "client acme, agreed acmex"),
            (|own| own.offer_id = Some("o".to_owned()), "offer , agreed o"),
            (|own| own.debtor_id.push('x'), "debtor D1, agreed D1x"),
            (|own| own.invoice_number.push('x'), "invoice 1, agreed 1x"),
            (|own| own.amount = usd(100_001), "amount 1000.00 USD, agreed 1000.01 USD"),
            (|own| own.advance = usd(80_001), "advance 800.00, agreed 800.01"),
            (|own| own.due_on = day("2026-02-02"), "due date 2026-02-01, agreed 2026-02-02"),
            (|own| own.terms.recourse_days = 61, "terms "),
        ];
        let terms = told(|own| own.purchases[0].invoices[0].terms.recourse_days = 61);
        let both = ["{\"fee_plan\":", "\"recourse_days\":60", "agreed {", "\"recourse_days\":61"];
        assert!(both.iter().all(|part| terms.contains(part)), "{terms}");
        for (change, expected) in changes {
            let line = told(|own| change(&mut own.purchases[0].invoices[0]));
            assert!(line.contains(expected), "{expected}: {line}");
        }
    }

    #[test]
    fn the_persons_of_a_payout_are_two() {
        let said = "about which no second person has called the client back";
        for alter in [
            |own: &mut Books| own.payees.clear(),
            |own: &mut Books| own.payees[0].called_by = None,
            |own: &mut Books| own.payees[0].called_by = Some("U. Low".to_owned()),
            |own: &mut Books| funding(own).payee_version = 2,
        ] {
            let account = told(alter);
            assert!(account.contains(said), "{account}");
        }
        let one = told(|own| funding(own).by = "Reed, A.".to_owned());
        assert_eq!(one, "one person accepted purchase u and paid it out");
    }
}
