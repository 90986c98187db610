//! The contents of a generated ledger in numbers.

use super::row::{Row, RowKind};

/// Counts of the rows of a generated ledger, as they stand at the end date.
///
/// Every row is exactly one of `open`, `paid`, `written_off` and `credit_notes`; the other
/// counts overlap with these.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GeneratedSummary {
    /// Rows written, stand-alone credit notes included; the header line is not a row.
    pub invoices: usize,
    /// Invoices with something still owed, whether or not it is due.
    pub open: usize,
    /// Invoices settled in full by payment, after credits if there were any.
    pub paid: usize,
    /// Invoices reduced by an applied credit.
    pub credited: usize,
    /// Invoices disputed at any time up to the end date, settled ones included.
    pub disputed: usize,
    /// Invoices whose open rest was written off.
    pub written_off: usize,
    /// Invoices with a payment below the amount less credits.
    pub short_paid: usize,
    /// Stand-alone credit notes.
    pub credit_notes: usize,
}

impl GeneratedSummary {
    /// Adds one row to the counts.
    pub(super) fn count(&mut self, row: &Row) {
        self.invoices += 1;
        let owed = row.open_cents();
        match row.kind {
            RowKind::CreditNote => self.credit_notes += 1,
            RowKind::Invoice if row.written_off.is_some() => self.written_off += 1,
            RowKind::Invoice if owed > 0 => self.open += 1,
            RowKind::Invoice => self.paid += 1,
        }
        let written_off = row.written_off.map_or(0, |booking| booking.cents);
        self.credited += usize::from(row.credited.is_some());
        self.disputed += usize::from(row.disputed.is_some());
        self.short_paid += usize::from(row.paid.is_some() && owed + written_off > 0);
    }
}
