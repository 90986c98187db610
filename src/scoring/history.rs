use std::ops::Range;

use basics::{Currency, Day};

use super::{End, Spell};

/// A client's receivables as known at the end of an as-of date: what models learn from and what
/// they score.
#[derive(Debug, Clone, Default)]
pub struct History {
    as_of: Day,
    invoices: Vec<PastInvoice>,
    /// The invoices of each debtor.
    debtors: Vec<Range<usize>>,
}

/// One invoice of a history.
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
    /// What became of it by the as-of date.
    pub end: End,
    /// The day on which it ended; the as-of date while it is open.
    pub exit: Day,
    /// Credited and written off by the as-of date, in major units.
    pub credited: f64,
    /// Written off by the as-of date, in major units.
    pub written_off: f64,
    /// First day on which cash came in.
    pub first_cash: Option<Day>,
    /// First day on which a credit was given.
    pub first_credit: Option<Day>,
    /// Day from which it was disputed, where the ledger dates it.
    pub disputed: Option<Day>,
    /// Whether its course may be learnt from: what closed without a date tells nothing.
    pub known: bool,
    /// Bits that identify the invoice, whatever row it stands in; samples are drawn by them.
    pub key: u64,
}

impl PastInvoice {
    /// Whether it was issued by the end of `day` and still open then.
    pub fn is_open_at(&self, day: Day) -> bool {
        self.known && self.issue <= day && (self.end == End::Open || self.exit > day)
    }

    /// Days after the due date on which it was collected, if that was by the end of `day`.
    pub fn paid_late_by(&self, day: Day) -> Option<i32> {
        let paid = self.known && self.end == End::Collected && self.exit <= day;
        (paid && self.issue <= day).then(|| self.exit - self.due)
    }

    /// Its time under observation up to the end of `day`; `None` when it was not known then.
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
    /// A history of these invoices, which must stand debtor by debtor, in rising order of both.
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

    /// The date at the end of which it is known.
    pub fn as_of(&self) -> Day {
        self.as_of
    }

    /// All invoices, debtor by debtor.
    pub fn invoices(&self) -> &[PastInvoice] {
        &self.invoices
    }

    /// Number of debtors.
    pub fn debtors(&self) -> usize {
        self.debtors.len()
    }

    /// The invoices of a debtor.
    pub fn of_debtor(&self, debtor: usize) -> &[PastInvoice] {
        &self.invoices[self.debtors[debtor].clone()]
    }

    /// The numbers of a debtor's invoices among all.
    pub fn debtor_rows(&self, debtor: usize) -> Range<usize> {
        self.debtors[debtor].clone()
    }

    /// Invoices collected in cash by the as-of date.
    pub fn paid_invoices(&self) -> usize {
        let paid = |invoice: &&PastInvoice| invoice.paid_late_by(self.as_of).is_some();
        self.invoices.iter().filter(paid).count()
    }

    /// The times under observation as they stood at the end of `day`.
    pub fn spells_at(&self, day: Day) -> Vec<Spell> {
        self.invoices.iter().filter_map(|invoice| invoice.spell_at(day)).collect()
    }
}
