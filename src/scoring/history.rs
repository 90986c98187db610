use std::ops::Range;

use basics::{Currency, Day};

use super::{End, Spell};

/// A client's receivables as known at the end of an as-of date: the data that models learn from and
/// score.
#[derive(Debug, Clone, Default)]
pub struct History {
    as_of: Day,
    invoices: Vec<PastInvoice>,
    /// The invoices of each debtor.
    debtors: Vec<Range<usize>>,
}

/// An invoice of a history.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PastInvoice {
    /// Debtor number within the client, dense from 0.
    pub debtor: usize,
    /// Issue date.
    pub issue: Day,
    /// Due date.
    pub due: Day,
    /// Original amount in major units.
    pub face: f64,
    /// Currency of the amount.
    pub currency: Currency,
    /// State at the as-of date.
    pub end: End,
    /// The day on which it ended; the as-of date while it is open.
    pub exit: Day,
    /// Amount credited and written off by the as-of date, in major units.
    pub credited: f64,
    /// Amount written off by the as-of date, in major units.
    pub written_off: f64,
    /// First day on which cash was received.
    pub first_cash: Option<Day>,
    /// First day on which a credit was given.
    pub first_credit: Option<Day>,
    /// Day from which it was disputed, if the ledger dates the dispute.
    pub disputed: Option<Day>,
    /// True if its course may be learnt from: an invoice that closed without a date teaches
    /// nothing.
    pub known: bool,
    /// Bits that identify the invoice, whatever row it comes from; samples are drawn by them.
    pub key: u64,
}

impl PastInvoice {
    /// True if it was issued by the end of `day` and still open then.
    pub fn is_open_at(&self, day: Day) -> bool {
        self.known && self.issue <= day && (self.end == End::Open || self.exit > day)
    }

    /// Returns the days after the due date on which it was collected, if that was by the end of
    /// `day`.
    pub fn paid_late_by(&self, day: Day) -> Option<i32> {
        // An advance payment may come before the issue date, and nothing is known of the invoice
        // until then.
        let paid = self.known && self.end == End::Collected && self.exit <= day;
        (paid && self.issue <= day).then(|| self.exit - self.due)
    }

    /// Returns its time under observation up to the end of `day`; `None` if it was not known then.
    fn spell_at(&self, day: Day) -> Option<Spell> {
        if !self.known || self.issue > day {
            return None;
        }
        let open = self.end == End::Open || self.exit > day;
        let exit = if open { day } else { self.exit };
        Some(Spell {
            debtor: self.debtor,
            entry: self.issue - self.due,
            exit: exit - self.due,
            end: if open { End::Open } else { self.end },
            ago: day - exit,
        })
    }
}

impl History {
    /// Creates a history of these invoices, which must be sorted by debtor.
    pub fn new(as_of: Day, debtors: usize, invoices: Vec<PastInvoice>) -> Self {
        let mut ranges = Vec::with_capacity(debtors);
        let mut start = 0;
        for debtor in 0..debtors {
            let own = invoices[start..].partition_point(|invoice| invoice.debtor <= debtor);
            ranges.push(start..start + own);
            start += own;
        }
        Self { as_of, invoices, debtors: ranges }
    }

    /// Returns the as-of date.
    pub fn as_of(&self) -> Day {
        self.as_of
    }

    /// Returns all invoices, debtor by debtor.
    pub fn invoices(&self) -> &[PastInvoice] {
        &self.invoices
    }

    /// Returns the number of debtors.
    pub fn debtors(&self) -> usize {
        self.debtors.len()
    }

    /// Returns the invoices of a debtor.
    pub fn of_debtor(&self, debtor: usize) -> &[PastInvoice] {
        &self.invoices[self.debtors[debtor].clone()]
    }

    /// Returns the indices of a debtor's invoices among all invoices.
    pub fn debtor_rows(&self, debtor: usize) -> Range<usize> {
        self.debtors[debtor].clone()
    }

    /// Returns the number of invoices collected in cash by the as-of date.
    pub fn paid_invoices(&self) -> usize {
        let paid = |invoice: &&PastInvoice| invoice.paid_late_by(self.as_of).is_some();
        self.invoices.iter().filter(paid).count()
    }

    /// Returns the times under observation as of the end of `day`.
    pub fn spells_at(&self, day: Day) -> Vec<Spell> {
        self.invoices.iter().filter_map(|invoice| invoice.spell_at(day)).collect()
    }
}
