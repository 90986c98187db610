//! The room under test: a client's books as its steps leave them, kept as the store keeps them.

use chrono::NaiveDate;

use basics::Money;
use pricing::LossCause;

use crate::{
    Applied, Books, BoughtInvoice, CashApplication, Collection, Movement, OpenPosition, Payment,
    Position, PurchaseError, Recorded, Reversal, SettledPosition, Undoing, Undone, funds_in_use,
    undo_payment, undo_settlement,
};

/// The last day on which anything is booked in these tests.
pub const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2027, 6, 30).expect("a day");

/// A client's books, and the ids that they have given out.
#[derive(Debug, Clone)]
pub struct Desk {
    pub books: Books,
    ids: usize,
}

/// A refusal of a step.
#[derive(Debug, Clone, PartialEq)]
pub enum Refused {
    /// The invoice has an open position, which the store knows.
    Bought,
    Step(PurchaseError),
}

impl From<PurchaseError> for Refused {
    fn from(error: PurchaseError) -> Self {
        Self::Step(error)
    }
}

impl Desk {
    pub fn new(client: &str) -> Self {
        Self { books: Books { client_id: client.to_owned(), ..Books::default() }, ids: 0 }
    }

    /// An id that was not given out before; ids are counted from 0.
    fn id(&mut self, letter: char) -> String {
        self.ids += 1;
        format!("{letter}{:04}", self.ids)
    }

    fn record(&mut self, movement: Movement) {
        let number = self.books.movements.last().map_or(1, |last| last.number + 1);
        self.books.movements.push(Recorded { number, movement });
    }

    /// Buys invoices, all or none; gives them their ids.
    pub fn buy(&mut self, invoices: Vec<BoughtInvoice>) -> Result<(), Refused> {
        for (at, own) in invoices.iter().enumerate() {
            let same = |other: &BoughtInvoice| {
                (&other.debtor_id, &other.invoice_number) == (&own.debtor_id, &own.invoice_number)
            };
            let open =
                |other: &Position| matches!(other, Position::Open(_)) && same(other.invoice());
            if self.books.positions.iter().any(open) || invoices[..at].iter().any(same) {
                return Err(Refused::Bought);
            }
        }
        for own in invoices {
            let own = BoughtInvoice { id: self.id('p'), ..own };
            self.record(Movement::purchase(&own).expect("sums"));
            self.books.positions.push(OpenPosition::new(own).into());
        }
        Ok(())
    }

    pub fn pay(&mut self, payment: &Payment) -> Result<Vec<Collection>, Refused> {
        let standing = self.books.standing();
        payment.check_first(payment.first_of(&standing))?;
        let mut cash = CashApplication::new(self.books.positions.clone());
        cash.apply(payment, TODAY)?;
        let applied = cash.applied();
        let collections = applied.collections(|| Ok::<_, PurchaseError>(self.id('c')))?;
        for own in &collections {
            self.record(Movement::collection(&self.books.client_id, own).expect("sums"));
        }
        self.books.collections.extend(collections.clone());
        let Applied { positions, settled, .. } = applied;
        positions.into_iter().for_each(|own| self.change(own));
        settled.iter().for_each(|own| self.ended(own));
        Ok(collections)
    }

    pub fn settle(&mut self, id: &str, on: NaiveDate, cause: LossCause) -> Result<(), Refused> {
        let settled = self.position(id).clone().into_open()?.settle(on, Some(cause))?;
        self.ended(&settled);
        self.change(settled.into());
        Ok(())
    }

    fn ended(&mut self, own: &SettledPosition) {
        self.record(Movement::settlement(&own.invoice, &own.settlement).expect("sums"));
        self.books.settlements.push((own.invoice.id.clone(), own.settlement.clone()));
    }

    pub fn undo_payment(&mut self, payment: &str, on: NaiveDate) -> Result<(), Refused> {
        let parts = self.books.collections.iter().filter(|own| own.payment == payment);
        for part in parts {
            if let Some(own) = self.books.reversal(&Undone::Collection(part.id.clone())) {
                return Err(PurchaseError::Undone { on: own.on }.into());
            }
        }
        let undoing = undo_payment(payment, (&self.books.positions, &self.books.standing()), on)?;
        self.undo(undoing, on);
        Ok(())
    }

    pub fn undo_settlement(&mut self, id: &str, on: NaiveDate) -> Result<(), Refused> {
        let undoing = undo_settlement(self.position(id).clone(), &self.books.positions, on)?;
        self.undo(undoing, on);
        Ok(())
    }

    pub fn undo_purchase(&mut self, id: &str, on: NaiveDate) -> Result<(), Refused> {
        let undoing = self.position(id).clone().undo_purchase(on)?;
        self.undo(undoing, on);
        Ok(())
    }

    fn undo(&mut self, Undoing { position, steps }: Undoing, on: NaiveDate) {
        for undoes in steps {
            let booked = self.books.movements.iter().find(|own| own.movement.step() == undoes);
            let undone = booked.expect("a movement").movement.undone(on);
            self.record(undone);
            self.books.reversals.push(Reversal { undoes, on, reason: "mistaken".to_owned() });
        }
        if let Some(position) = position {
            self.change(position);
        }
    }

    /// Replaces a position; as the store does, by a higher version.
    fn change(&mut self, mut position: Position) {
        let (Position::Open(OpenPosition { invoice, .. })
        | Position::Settled(SettledPosition { invoice, .. })
        | Position::Reversed(crate::ReversedPosition { invoice, .. })) = &mut position;
        invoice.version += 1;
        let id = position.invoice().id.clone();
        let at = self.books.positions.iter().position(|own| own.invoice().id == id);
        self.books.positions[at.expect("a position of ours")] = position;
    }

    pub fn position(&self, id: &str) -> &Position {
        let own = self.books.positions.iter().find(|own| own.invoice().id == id);
        own.expect("a position of ours")
    }

    pub fn open(&self) -> Vec<OpenPosition> {
        self.books.positions.iter().filter_map(|own| own.clone().into_open().ok()).collect()
    }

    pub fn funds(&self, currency: basics::Currency) -> Money {
        funds_in_use(&self.open(), currency).expect("a sum")
    }
}
