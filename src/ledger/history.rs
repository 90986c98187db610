use basics::{Currency, Day};
use intake::ReductionKind;

use super::as_of::AsOf;

/// State of an invoice at the end of the as-of date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A balance was still open.
    Open,
    /// Closed: most of it was paid and the last reduction was cash, on this day.
    Collected(Day),
    /// Closed, but a credit note or write-off came last or made up most of it; the day of the last
    /// reduction.
    Removed(Day),
    /// Closed on an unknown day, so that statistics cannot use it.
    ClosedUndated,
}

impl Outcome {
    /// True if it was collected in cash.
    pub fn is_collected(self) -> bool {
        matches!(self, Self::Collected(_))
    }
}

/// One reduction row.
#[derive(Debug, Clone, Copy)]
pub(super) struct ReductionAt {
    pub invoice: Option<u32>,
    pub debtor: usize,
    pub date: Option<Day>,
    pub kind: u32,
    pub amount: i64,
    pub currency: Currency,
    pub used_up: Option<Day>,
}

/// The reductions of one invoice up to the as-of date.
pub(super) struct History {
    as_of: Day,
    /// True if facts without a date are known: from the ledger's own date on.
    undated_known: bool,
    cash: i128,
    credited: i128,
    written_off: i128,
    /// True if the day on which the invoice closed is unknown.
    closing_unknown: bool,
    /// Number of undated reductions that explain the balance although the as-of date is before the
    /// ledger's own.
    pub undated_before_ledger_date: usize,
    last: Option<(Day, bool)>,
    /// First day of cash.
    pub first_cash: Option<Day>,
    /// First day of a credit.
    pub first_credit: Option<Day>,
}

impl History {
    /// A history without any reduction yet.
    pub fn new(as_of: &AsOf) -> Self {
        Self {
            as_of: as_of.day(),
            undated_known: as_of.date >= as_of.ledger_date,
            cash: 0,
            credited: 0,
            written_off: 0,
            closing_unknown: false,
            undated_before_ledger_date: 0,
            last: None,
            first_cash: None,
            first_credit: None,
        }
    }

    /// Adds a reduction of the invoice; one dated after the as-of date is ignored.
    pub fn take(&mut self, reduction: &ReductionAt) {
        let amount = i128::from(reduction.amount);
        let is_cash = reduction.kind == ReductionKind::Payment.code();
        match reduction.date {
            Some(date) if date > self.as_of => return,
            // The larger tuple is the later one, so on one day cash counts as the last, whatever
            // the order of the two in the ledger.
            Some(date) => {
                self.last = self.last.max(Some((date, is_cash)));
                let is_credit = reduction.kind == ReductionKind::CreditNote.code();
                for (first, seen) in
                    [(&mut self.first_cash, is_cash), (&mut self.first_credit, is_credit)]
                {
                    let before = first.is_none_or(|first| date < first);
                    *first = if seen && before { Some(date) } else { *first };
                }
            }
            None => {
                // Undated cash leaves open when the invoice was collected; before the ledger's own
                // date it is not even known whether an undated credit was there yet.
                self.closing_unknown |= is_cash || !self.undated_known;
                self.undated_before_ledger_date += usize::from(!self.undated_known);
            }
        }
        if is_cash {
            self.cash += amount;
        } else if reduction.kind == ReductionKind::WriteOff.code() {
            self.written_off += amount;
        } else {
            self.credited += amount;
        }
    }

    /// The amounts credited and written off, in minor units.
    pub fn taken_off(&self) -> (i64, i64) {
        // Reductions never exceed the face.
        let minor = |sum: i128| i64::try_from(sum).unwrap_or(i64::MAX);
        (minor(self.credited), minor(self.written_off))
    }

    /// The open balance of an invoice with this face, and its state.
    pub fn close(&self, face: i64) -> (i64, Outcome) {
        let reduced = self.cash + self.credited + self.written_off;
        // Reductions are positive and never exceed the face, so the rest stays within i64.
        let open = i64::try_from((i128::from(face) - reduced).max(0)).unwrap_or(i64::MAX);
        let outcome = match self.last {
            _ if open > 0 => Outcome::Open,
            _ if self.closing_unknown => Outcome::ClosedUndated,
            Some((day, true)) if 2 * self.cash >= reduced => Outcome::Collected(day),
            Some((day, _)) => Outcome::Removed(day),
            None => Outcome::ClosedUndated,
        };
        (open, outcome)
    }
}
