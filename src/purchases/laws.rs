//! Laws that hold after any sequence of payments and settlements.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use basics::{Amount, Currency, Money};
use pricing::{LossCause, Recourse};

use super::model::Desk;
use super::samples::{day, invoice, usd};
use super::{
    AppliedTo, BoughtInvoice, Entry, OpenPosition, Payment, Period, Position, Statement, statements,
};

/// A step on one of four invoices.
#[derive(Debug, Clone)]
enum Step {
    Pay { invoice: usize, cents: i64, day: u64 },
    Settle { invoice: usize, cause: LossCause, day: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    let cause =
        prop_oneof![Just(LossCause::Credit), Just(LossCause::Dilution), Just(LossCause::NotValid)];
    prop_oneof![
        4 => (0..4_usize, 1..60_000_i64, 0..120_u64)
            .prop_map(|(invoice, cents, day)| Step::Pay { invoice, cents, day }),
        1 => (0..4_usize, cause, 0..120_u64)
            .prop_map(|(invoice, cause, day)| Step::Settle { invoice, cause, day }),
    ]
}

/// 1,000 each; the terms of recourse differ.
fn bought() -> Vec<BoughtInvoice> {
    let recourse = [Recourse::Full, Recourse::NonRecourse, Recourse::Modified, Recourse::Full];
    let own = |(at, recourse)| BoughtInvoice {
        invoice_number: number(at),
        ..invoice(&number(at), recourse)
    };
    recourse.into_iter().enumerate().map(own).collect()
}

fn number(at: usize) -> String {
    format!("INV-{at}")
}

fn on(days: u64) -> NaiveDate {
    day("2026-01-01") + Days::new(days)
}

fn payment(at: usize, cents: i64, days: u64) -> Payment {
    Payment {
        invoice_number: number(at),
        debtor_id: Some("D1".to_owned()),
        amount: Amount(usd(cents).to_decimal()),
        currency: Some(Currency::USD),
        received_on: on(days),
        reference: String::new(),
        account: String::new(),
        duplicate_of: None,
    }
}

/// A client's book as the steps leave it, and the cash that came in.
#[derive(Debug, Clone)]
struct Book {
    desk: Desk,
    cash: i64,
}

impl Book {
    fn new() -> Self {
        let mut desk = Desk::new("acme");
        desk.buy(bought()).expect("bought");
        Self { desk, cash: 0 }
    }

    fn take(&mut self, step: &Step) {
        // A step that is refused changes nothing; which are, the tests of each step say.
        match *step {
            Step::Pay { invoice, cents, day } => {
                if self.desk.pay(&payment(invoice, cents, day)).is_ok() {
                    self.cash += cents;
                }
            }
            Step::Settle { invoice, cause, day } => {
                let id = self.desk.books.positions[invoice].invoice().id.clone();
                let _ = self.desk.settle(&id, on(day), cause);
            }
        }
    }

    fn after(steps: &[Step]) -> Self {
        let mut book = Self::new();
        steps.iter().for_each(|step| book.take(step));
        book
    }

    fn statement(&self) -> Statement {
        let all = statements(&self.desk.books.movements, Period::default());
        all.expect("sums").remove(0)
    }

    /// Minor units of the payments that were applied so.
    fn applied(&self, word: &str) -> i64 {
        let collections = self.desk.books.collections.iter();
        let own = collections.filter(|one| one.part.applied_to.as_str() == word);
        own.map(|one| one.part.amount.minor()).sum()
    }

    fn open(&self) -> Vec<OpenPosition> {
        self.desk.open()
    }
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn cash_is_applied_recovered_or_the_clients_to_the_cent(
        steps in prop::collection::vec(step(), 0..25)
    ) {
        let book = Book::after(&steps);
        let (paid, recovered) = (book.applied("payment"), book.applied("recovery"));
        prop_assert_eq!(book.cash, paid + recovered + book.applied("unapplied"));
        // What stands on the positions is what was applied to them.
        let mut by_position: BTreeMap<&str, i64> = BTreeMap::new();
        for one in &book.desk.books.collections {
            if let AppliedTo::Position(id) | AppliedTo::Loss(id) = &one.part.applied_to {
                *by_position.entry(id).or_default() += one.part.amount.minor();
            }
        }
        for position in &book.desk.books.positions {
            let (own, collected) = (position.invoice(), position.collected());
            let applied = by_position.get(own.id.as_str()).copied().unwrap_or_default();
            prop_assert_eq!(collected.minor(), applied);
            prop_assert!(collected.minor() <= own.amount.minor(), "{:?}", position);
            prop_assert!(position.to_come().minor() >= 0);
        }
    }

    /// Every shortfall is somebody's, and cash less fee less what went out is the factor's result.
    #[test]
    fn settlements_balance(steps in prop::collection::vec(step(), 0..25)) {
        for position in Book::after(&steps).desk.books.positions {
            let Position::Settled(own) = position else { continue };
            let (ended, invoice) = (&own.settlement, &own.invoice);
            let due = ended.collected.minor() - invoice.advance.minor() - ended.fee.minor();
            prop_assert_eq!(ended.rebate.minor(), due + ended.factor_loss.minor());
            let missing = invoice.amount.minor() - ended.collected.minor();
            prop_assert_eq!(ended.shortfall.minor(), missing);
            prop_assert!(ended.chargeback.minor() == 0 || ended.factor_loss.minor() == 0);
            prop_assert!(ended.factor_loss.minor() <= ended.shortfall.minor());
        }
    }

    #[test]
    fn funds_in_use_are_the_advances_of_open_positions(
        steps in prop::collection::vec(step(), 0..25)
    ) {
        let book = Book::after(&steps);
        let funds = book.desk.funds(Currency::USD);
        let statement = book.statement();
        prop_assert_eq!(statement.funds_in_use, funds);
        let advances: i64 = book.open().iter().map(|own| own.invoice.advance.minor()).sum();
        prop_assert_eq!(funds.minor(), advances);
        let held: i64 = book.open().iter()
            .map(|own| own.invoice.amount.minor() - own.invoice.advance.minor()).sum();
        prop_assert_eq!(statement.reserve_held.minor(), held);
        let total = |of: fn(&Entry) -> Money| {
            statement.entries.iter().map(|entry| of(entry).minor()).sum::<i64>()
        };
        prop_assert_eq!(statement.to_client.minor(), total(|entry| entry.to_client));
        prop_assert_eq!(statement.fees.minor(), total(|entry| entry.fee));
    }

    /// A payment that comes later leaves the statement up to the day before as it was.
    #[test]
    fn what_comes_later_changes_nothing_earlier(
        steps in prop::collection::vec(step(), 0..15),
        later in prop::collection::vec((0..4_usize, 1..60_000_i64, 120..200_u64), 0..5)
    ) {
        let before = Book::after(&steps);
        let mut after = before.clone();
        for &(invoice, cents, day) in &later {
            after.take(&Step::Pay { invoice, cents, day });
        }
        let up_to = Period { to: Some(on(119)), ..Period::default() };
        let of = |book: &Book| statements(&book.desk.books.movements, up_to);
        prop_assert_eq!(of(&before), of(&after));
    }

    /// Rows, entries, positions and statement agree on every day.
    #[test]
    fn the_books_balance_on_every_day(
        steps in prop::collection::vec(step(), 0..25), until in 0..130_u64
    ) {
        let books = Book::after(&steps).desk.books;
        prop_assert_eq!(books.check(None), Ok(Vec::new()));
        prop_assert_eq!(books.check(Some(on(until))), Ok(Vec::new()));
        // What the rows amount to is what was booked, so that older records can be booked late.
        let history = books.history().expect("sums");
        let of_all = |all: Vec<super::Movement>| {
            let mut all: Vec<String> = all.iter().map(|own| format!("{own:?}")).collect();
            all.sort();
            all
        };
        let booked = books.movements.iter().map(|own| own.movement.clone()).collect();
        prop_assert_eq!(of_all(history), of_all(booked));
    }

    /// Payments on different invoices do not know of each other.
    #[test]
    fn the_order_of_independent_payments_changes_no_sum(
        cents in prop::array::uniform4(1..120_000_i64),
        days in prop::array::uniform4(0..120_u64),
        order in Just([0_usize, 1, 2, 3]).prop_shuffle()
    ) {
        let steps = |order: [usize; 4]| {
            order.map(|at| Step::Pay { invoice: at, cents: cents[at], day: days[at] })
        };
        let (one, other) =
            (Book::after(&steps([0, 1, 2, 3])).statement(), Book::after(&steps(order)).statement());
        prop_assert_eq!((one.fees, one.to_client), (other.fees, other.to_client));
        prop_assert_eq!(one.funds_in_use, other.funds_in_use);
        prop_assert_eq!(one.entries.len(), other.entries.len());
    }
}
