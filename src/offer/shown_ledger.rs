//! A client's ledger as the comparison with another one sees it.

use chrono::NaiveDate;

use basics::{Currency, Day, Money, day_number, from_day_number};

use super::ledger_change::{ChangeKind, InvoiceFacts, LedgerChange};

/// One client's invoices as a ledger shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownLedger<'a> {
    /// The ledger's own date.
    pub date: NaiveDate,
    /// The debtors.
    pub debtors: Vec<ShownDebtor<'a>>,
    /// The invoices in canonical order: debtor, issue date, number, amount.
    pub invoices: Vec<ShownInvoice<'a>>,
}

/// A debtor as a ledger shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownDebtor<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its name.
    pub name: &'a str,
    /// The name as it is compared: spellings of one name are equal.
    pub spelled: String,
}

/// An invoice as a ledger shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShownInvoice<'a> {
    /// Index among the invoices of the client.
    pub place: usize,
    /// Index among the ledger's debtors.
    pub debtor: usize,
    /// The client's own number.
    pub number: &'a str,
    /// The currency of its amounts.
    pub currency: Currency,
    /// Issue date.
    pub issue: Day,
    /// Due date.
    pub due: Day,
    /// True if the issue date was assumed.
    pub issue_assumed: bool,
    /// True if the due date was assumed.
    pub due_assumed: bool,
    /// Original amount, minor units.
    pub face: i64,
    /// Open balance, minor units.
    pub open: i64,
    /// True if it was collected in cash.
    pub is_collected: bool,
    /// Amount credited, minor units.
    pub credited: i64,
    /// The day of the credit that closed it, if the ledger dates it.
    pub credited_on: Option<Day>,
}

impl ShownLedger<'_> {
    /// Returns the ledger's own date as a day.
    pub(super) fn day(&self) -> Day {
        day_number(self.date)
    }
}

impl ShownInvoice<'_> {
    /// Returns true if a credit closed it: nothing is open, and at least half was credited.
    pub fn is_credited(&self) -> bool {
        self.open == 0 && self.credited > 0 && self.credited >= self.face - self.credited
    }

    /// A difference of this kind, with nothing else told of it than number and debtor.
    pub(super) fn change(&self, change: ChangeKind, debtor: &ShownDebtor<'_>) -> LedgerChange {
        LedgerChange {
            change,
            also: Vec::new(),
            invoice_number: self.number.to_owned(),
            replaces: None,
            debtor_id: debtor.id.to_owned(),
            debtor_name: debtor.name.to_owned(),
            debtor_before: None,
            before: None,
            now: None,
        }
    }

    pub(super) fn facts(&self) -> InvoiceFacts {
        InvoiceFacts {
            invoice_date: from_day_number(self.issue),
            due_date: from_day_number(self.due),
            face: self.money(self.face),
            open: self.money(self.open),
        }
    }

    pub(super) fn money(&self, minor: i64) -> Money {
        Money::from_minor(minor, self.currency)
    }
}
