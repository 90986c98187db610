//! Pools from plain rows.

use basics::{Currency, Day, Money};
use policy::{DebtorAccount, HoldReason, Pool, Receivable, UsualTerms};

use super::trades::{AS_OF, Row};
use super::{PastBill, screen};

pub(super) fn usd(cents: i64) -> Money {
    Money::from_minor(cents, Currency::USD)
}

/// An open invoice, due in 30 days.
pub(super) fn open(debtor: usize, number: &str, issue: Day, cents: i64) -> Row {
    let number = number.to_owned();
    let due = issue + 30;
    Row { debtor, number, issue, due, cents, closed: None, credited: false, delivered: None }
}

/// An invoice that was paid when it was due.
pub(super) fn paid(debtor: usize, number: &str, issue: Day, cents: i64) -> Row {
    Row { closed: Some(issue + 30), ..open(debtor, number, issue, cents) }
}

/// Unremarkable paid invoices, enough for every custom to be known: 20 numbers of a series of their
/// own, each to a debtor of its own, none round.
pub(super) fn ordinary() -> Vec<Row> {
    let row = |at: i32| {
        let cents = 100_037 + 977 * i64::from(at);
        paid(100 + at as usize, &format!("Z-{}", 7_000 + at), AS_OF - 300 + at, cents)
    };
    (0..20).map(row).collect()
}

pub(super) fn receivable(row: &Row, debtor: usize) -> Receivable {
    let stated = Receivable::new(&row.number, debtor, (row.issue, row.due), usd(row.cents));
    Receivable { disputed: None, ..stated }
}

/// A client's open invoices, each with its row, and what is closed.
pub(super) struct Book<'a> {
    pub pool: Pool,
    pub rows: Vec<usize>,
    pub past: Vec<PastBill<'a>>,
    pub delivered: Vec<Option<Day>>,
}

impl<'a> Book<'a> {
    pub fn of(rows: &'a [Row]) -> Self {
        let mut open: Vec<usize> =
            (0..rows.len()).filter(|&at| rows[at].closed.is_none()).collect();
        open.sort_by_key(|&at| (rows[at].debtor, rows[at].issue, &rows[at].number, rows[at].cents));
        let mut debtors: Vec<usize> = open.iter().map(|&at| rows[at].debtor).collect();
        debtors.dedup();
        let index = |debtor: usize| match debtors.binary_search(&debtor) {
            Ok(at) => at,
            Err(_) => debtors.len() + debtor,
        };
        let past = rows.iter().filter(|row| row.closed.is_some()).map(|row| PastBill {
            debtor: index(row.debtor),
            debtor_name: "Another",
            number: &row.number,
            issue: row.issue,
            due: row.due,
            is_dated: true,
            delivered: row.delivered,
            face: usd(row.cents),
            paid_on: row.closed.filter(|_| !row.credited),
        });
        let account = |debtor: &usize| {
            let (id, name) = (format!("D{debtor:04}"), format!("Debtor {debtor}"));
            DebtorAccount::new(id, name, UsualTerms::assumed(30), Currency::USD)
        };
        let own = |&at: &usize| receivable(&rows[at], index(rows[at].debtor));
        Self {
            pool: Pool {
                currency: Currency::USD,
                as_of: AS_OF,
                receivables: open.iter().map(own).collect(),
                debtors: debtors.iter().map(account).collect(),
                room: None,
                selection_seed: None,
            },
            past: past.collect(),
            delivered: open.iter().map(|&at| rows[at].delivered).collect(),
            rows: open,
        }
    }

    pub fn screen(&mut self) {
        screen(&mut self.pool, &self.past, &self.delivered);
    }

    /// The sentences on each row, with its number, in the pool's order.
    pub fn said(&self) -> Vec<(&str, String)> {
        let of = |own: &'_ Receivable| own.scrutiny.findings.clone();
        let own = self.pool.receivables.iter();
        own.flat_map(|own| of(own).into_iter().map(|f| (own.number.as_str(), f.sentence())))
            .collect()
    }
}

/// What is found on each row; nothing on those that are closed.
pub(super) fn found(rows: &[Row]) -> Vec<Vec<HoldReason>> {
    let mut book = Book::of(rows);
    book.screen();
    let mut found = vec![Vec::new(); rows.len()];
    for (receivable, &row) in book.pool.receivables.iter().zip(&book.rows) {
        found[row] = receivable.scrutiny.findings.iter().map(|finding| finding.reason).collect();
    }
    found
}

/// The numbers of the rows on which something is found.
pub(super) fn flagged(rows: &[Row]) -> Vec<&str> {
    let found = found(rows);
    let wrong = rows.iter().zip(&found).filter(|(_, found)| !found.is_empty());
    wrong.map(|(row, _)| row.number.as_str()).collect()
}
