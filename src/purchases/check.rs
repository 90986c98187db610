//! The proof of a client's books: rows, entries, positions and statement agree.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;

use basics::{Currency, Money, MoneyError};

use super::Position;
use super::accounts::{Account, Balances};
use super::books::Books;
use super::fault::{BookFault, Stand};
use super::invoice::BoughtInvoice;
use super::movement::{EntryKind, Movement, Recorded, balances};
use super::payment::{AppliedTo, Collection};
use super::reversal::Undone;
use super::settlement::Settlement;
use super::statement::{Period, statements};

/// The rows of a client, by what they belong to.
struct Rows<'a> {
    books: &'a Books,
    undone: HashMap<&'a Undone, NaiveDate>,
    /// By position: payments and recoveries.
    paid: HashMap<&'a str, Vec<&'a Collection>>,
    /// By position.
    settled: HashMap<&'a str, Vec<&'a Settlement>>,
    /// By position.
    booked: HashMap<&'a str, Vec<&'a Movement>>,
}

impl Books {
    /// Proves the books at the end of a day, at the end of all days without one; returns every
    /// fault.
    ///
    /// # Errors
    /// [`MoneyError`] if a sum overflows.
    pub fn check(&self, until: Option<NaiveDate>) -> Result<Vec<BookFault>, MoneyError> {
        let rows = Rows::of(self);
        let mut faults = unbalanced(&self.movements);
        faults.extend(unlike_rows(&self.movements, &self.history()?));
        faults.extend(self.positions.iter().filter_map(|own| rows.unlike(own)));
        faults.extend(self.unlike_payouts()?);
        faults.extend(unlike_totals(&self.movements, &rows.on_day(until), until)?);
        Ok(faults)
    }
}

/// Numbers run from 1 without a gap, and the entries of each movement sum to 0.
fn unbalanced(movements: &[Recorded]) -> Vec<BookFault> {
    let mut faults = Vec::new();
    for (Recorded { number, movement }, expected) in movements.iter().zip(1..) {
        let (number, sum) = (*number, movement.sum());
        if number != expected && !faults.iter().any(|own| matches!(own, BookFault::Gap { .. })) {
            faults.push(BookFault::Gap { expected, found: number });
        }
        if sum != 0 {
            faults.push(BookFault::Unbalanced { number, sum });
        }
    }
    faults
}

/// The movements on record are those of the rows.
fn unlike_rows(movements: &[Recorded], history: &[Movement]) -> Vec<BookFault> {
    let place = |own: &Movement| (own.kind, own.subject.clone(), own.is_reversal);
    let mut expected: BTreeMap<_, &Movement> =
        history.iter().map(|own| (place(own), own)).collect();
    let mut faults = Vec::new();
    for Recorded { number, movement } in movements {
        let number = *number;
        match expected.remove(&place(movement)) {
            None => faults.push(BookFault::NoRow { number }),
            Some(row) if row == movement => {}
            Some(row) => {
                let (row, booked) = (Box::new(row.clone()), Box::new(movement.clone()));
                faults.push(BookFault::Differs { number, row, booked });
            }
        }
    }
    let missing = expected.into_keys();
    faults.extend(missing.map(|(kind, subject, is_reversal)| BookFault::NotBooked {
        kind,
        is_reversal,
        subject,
    }));
    faults
}

/// Positions, entries and statement agree on what is out, held and owed at the end of a day.
fn unlike_totals(
    movements: &[Recorded],
    rows: &Balances,
    until: Option<NaiveDate>,
) -> Result<Vec<BookFault>, MoneyError> {
    let entries = balances(movements, until);
    let period = Period { to: until, ..Period::default() };
    let mut stated: Balances = Balances::default();
    for statement in statements(movements, period)? {
        let held = Money::zero(statement.currency).checked_sub(statement.reserve_held)?;
        stated.add(Account::Funds, statement.funds_in_use);
        stated.add(Account::Reserve, held);
    }
    let mut faults = Vec::new();
    let currencies: BTreeSet<Currency> =
        [&entries, rows, &stated].into_iter().flat_map(|own| own.sums().into_keys()).collect();
    for currency in currencies {
        let sum = entries.sums().get(&currency).copied().unwrap_or_default();
        if sum != 0 {
            faults.push(BookFault::Sum { currency, sum });
        }
        for account in [Account::Funds, Account::Reserve, Account::Receivable] {
            let [rows, entries, stated] =
                [rows, &entries, &stated].map(|own| own.minor(account, currency));
            // A statement has no column for what debtors owe.
            let stated = if account == Account::Receivable { entries } else { stated };
            if rows != entries || entries != stated {
                let found = [rows, entries, stated];
                faults.push(BookFault::Closing { currency, account, found });
            }
        }
    }
    Ok(faults)
}

impl<'a> Rows<'a> {
    fn of(books: &'a Books) -> Self {
        let mut paid: HashMap<&str, Vec<&Collection>> = HashMap::new();
        for own in &books.collections {
            if let Some(position) = own.part.applied_to.position_id() {
                paid.entry(position).or_default().push(own);
            }
        }
        let mut settled: HashMap<&str, Vec<&Settlement>> = HashMap::new();
        for (position, settlement) in &books.settlements {
            settled.entry(position).or_default().push(settlement);
        }
        let mut booked: HashMap<&str, Vec<&Movement>> = HashMap::new();
        for Recorded { movement, .. } in &books.movements {
            if let Some(position) = &movement.position_id {
                booked.entry(position).or_default().push(movement);
            }
        }
        Self { books, undone: books.undone(), paid, settled, booked }
    }

    /// True if a step of a day stands at the end of another.
    fn stands(&self, day: NaiveDate, step: &Undone, until: Option<NaiveDate>) -> bool {
        let by = |day: NaiveDate| until.is_none_or(|until| day <= until);
        by(day) && !self.undone.get(step).is_some_and(|day| by(*day))
    }

    /// The fault of a position that is not what its entries make it.
    fn unlike(&self, position: &Position) -> Option<BookFault> {
        let says = Box::new(Stand::of(position));
        let booked = Box::new(self.drawn(position.invoice()));
        let id = position.invoice().id.clone();
        (says != booked).then_some(BookFault::Position { id, says, booked })
    }

    /// The figures of a position that its movements make.
    fn drawn(&self, invoice: &BoughtInvoice) -> Stand {
        let movements = self.booked.get(invoice.id.as_str()).map_or(&[][..], Vec::as_slice);
        let sum = |account, kinds: &[EntryKind]| {
            let own = movements.iter().filter(|own| kinds.contains(&own.kind));
            let minor = own.map(|own| own.amount(account).minor()).fold(0, i64::saturating_add);
            Money::from_minor(minor, invoice.amount.currency())
        };
        let fee = sum(Account::Fee, &[EntryKind::Settlement]);
        let stands = |kind| {
            let own = movements.iter().filter(|own| own.kind == kind);
            own.map(|own| if own.is_reversal { -1 } else { 1 }).sum::<i64>() > 0
        };
        let reversals = movements.iter().filter(|own| own.is_reversal);
        Stand {
            status: match (stands(EntryKind::Purchase), stands(EntryKind::Settlement)) {
                (false, _) => "reversed",
                (true, false) => "open",
                (true, true) => "settled",
            },
            funds: sum(Account::Funds, &EntryKind::ALL),
            collected: sum(Account::Bank, &EntryKind::ALL),
            fee: Money::from_minor(fee.minor().saturating_neg(), fee.currency()),
            loss: sum(Account::Loss, &[EntryKind::Settlement]),
            last_paid_on: self.last_paid_on(&invoice.id),
            reopened_on: reversals.map(|own| own.on).max(),
        }
    }

    /// The day on which the last payment that stands was received.
    fn last_paid_on(&self, position: &str) -> Option<NaiveDate> {
        let all = self.paid.get(position).map_or(&[][..], Vec::as_slice);
        let stands =
            |own: &&&Collection| !self.undone.contains_key(&Undone::Collection(own.id.clone()));
        all.iter().filter(stands).map(|own| own.part.received_on).max()
    }

    /// Funds, reserves and receivables at the end of a day, by the rows alone.
    fn on_day(&self, until: Option<NaiveDate>) -> Balances {
        let mut all = Balances::default();
        for own in self.books.positions.iter().map(Position::invoice) {
            let bought = Undone::Purchase(own.id.clone());
            if !self.stands(own.purchased_on, &bought, until) || self.is_settled(&own.id, until) {
                continue;
            }
            let paid = self.paid.get(own.id.as_str()).map_or(&[][..], Vec::as_slice).iter();
            let paid = paid.filter(|one| {
                let step = Undone::Collection(one.id.clone());
                matches!(one.part.applied_to, AppliedTo::Position(_))
                    && self.stands(one.part.booked_on, &step, until)
            });
            let negative = paid.map(|one| one.part.amount.minor().saturating_neg());
            let minor = |minor| Money::from_minor(minor, own.amount.currency());
            all.add(Account::Funds, own.advance);
            all.add(Account::Reserve, own.advance);
            all.add(Account::Reserve, minor(own.amount.minor().saturating_neg()));
            all.add(Account::Receivable, own.amount);
            negative.for_each(|negative| all.add(Account::Receivable, minor(negative)));
        }
        all
    }

    fn is_settled(&self, position: &str, until: Option<NaiveDate>) -> bool {
        let all = self.settled.get(position).map_or(&[][..], Vec::as_slice);
        all.iter().any(|own| self.stands(own.booked_on, &Undone::Settlement(own.id.clone()), until))
    }
}

#[cfg(test)]
mod tests {
    use pricing::{LossCause, Recourse};

    use super::super::model::Desk;
    use super::super::samples::{day, invoice, payment, usd};
    use super::*;
    use crate::OpenPosition;

    /// A position paid in part, one paid too much, one lost with a recovery that was taken back,
    /// and one of which the purchase was undone.
    fn books() -> Books {
        let mut desk = Desk::new("acme");
        let own = |number: &str, recourse| {
            let invoice_number = number.to_owned();
            BoughtInvoice { invoice_number, ..invoice("", recourse) }
        };
        let full = ["1", "2", "4"].map(|number| own(number, Recourse::Full));
        desk.buy(full.to_vec()).expect("bought");
        desk.buy(vec![own("3", Recourse::NonRecourse)]).expect("bought");
        desk.pay(&payment("1", "400", "2026-01-20")).expect("paid");
        let more = payment("2", "1005", "2026-01-21");
        let more = crate::Payment { currency: Some(Currency::USD), ..more };
        desk.pay(&more).expect("paid");
        let [.., reversed, lost] = desk.books.positions.as_slice() else { panic!("positions") };
        let (reversed, lost) = (reversed.invoice().id.clone(), lost.invoice().id.clone());
        desk.settle(&lost, day("2026-02-02"), LossCause::Credit).expect("settled");
        let recovered = desk.pay(&payment("3", "50", "2026-02-05")).expect("paid");
        desk.undo_payment(&recovered[0].id, day("2026-02-06")).expect("undone");
        desk.undo_purchase(&reversed, day("2026-02-07")).expect("undone");
        desk.books
    }

    fn told(alter: impl FnOnce(&mut Books)) -> String {
        let mut altered = books();
        alter(&mut altered);
        let faults = altered.check(None).expect("sums");
        assert!(!faults.is_empty(), "found");
        faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    }

    fn opened(books: &mut Books) -> &mut OpenPosition {
        match &mut books.positions[0] {
            Position::Open(open) => open,
            other => panic!("open: {other:?}"),
        }
    }

    #[test]
    fn books_that_nobody_altered_balance_on_every_day() {
        for until in [None, Some("2026-01-20"), Some("2026-02-05"), Some("2026-02-06")] {
            assert_eq!(books().check(until.map(day)), Ok(Vec::new()), "{until:?}");
        }
    }

    #[test]
    fn an_altered_row_is_named() {
        let more = told(|own| opened(own).collected = usd(40_001));
        assert!(more.contains("is open with funds of 800.00, collected 400.01"), "{more}");
        let more = told(|own| opened(own).invoice.advance = usd(80_001));
        assert!(more.contains("movement 1, purchase"), "{more}");
        assert!(more.contains("80001 by the positions, 80000 by the entries"), "{more}");
        let less = told(|own| drop(own.collections.remove(0)));
        assert!(less.contains("has no position, payment, settlement or reversal"), "{less}");
        let other = told(|own| own.settlements[1].1.fee = usd(1));
        assert!(other.contains("settlement"), "{other}");
        let gone = told(|own| drop(own.reversals.remove(0)));
        assert!(gone.contains("last reversed"), "{gone}");
        told(|own| own.positions[1] = OpenPosition::new(own.positions[1].invoice().clone()).into());
        told(|own| own.reversals[1].on = day("2026-02-08"));
    }

    #[test]
    fn an_altered_entry_is_named() {
        let count = books().movements.len();
        for at in 0..count {
            for entry in 0..books().movements[at].movement.entries.len() {
                let one = told(|own| own.movements[at].movement.entries[entry].1 = usd(77));
                assert!(one.contains(&format!("movement {} sum to", at + 1)), "{one}");
            }
            told(|own| own.movements[at].movement.on = day("2026-01-02"));
            told(|own| own.movements[at].movement.subject.push('x'));
            let gone = told(|own| drop(own.movements.remove(at)));
            assert!(gone.contains("was not booked"), "{gone}");
            assert_eq!(gone.contains("is missing"), at + 1 < count, "{gone}");
        }
    }
}
