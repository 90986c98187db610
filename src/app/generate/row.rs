//! One row of the ledger.

use chrono::NaiveDate;

/// The kind of a row. Credit notes come first among the rows of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum RowKind {
    /// A stand-alone credit note: a negative amount that nothing settles.
    CreditNote,
    /// An invoice.
    Invoice,
}

/// Money booked against an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Booking {
    /// The day it was booked.
    pub(super) date: NaiveDate,
    /// Cents, always positive.
    pub(super) cents: i64,
}

/// One invoice or stand-alone credit note with everything booked against it.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Index of the client, from zero.
    pub(super) client: u32,
    /// Index of the debtor, from zero.
    pub(super) debtor: u32,
    /// Invoice or credit note.
    pub(super) kind: RowKind,
    /// Random place among the rows of the same client, day and kind.
    pub(super) order: u32,
    /// Running number within the client and kind, from one. Until the file order is known, the
    /// place among the debtor's rows.
    pub(super) number: u32,
    /// Number of the debtor's purchase order; `None` when the invoice names none.
    pub(super) purchase_order: Option<u32>,
    /// The day the invoice is dated.
    pub(super) invoice_date: NaiveDate,
    /// The day payment is due.
    pub(super) due_date: NaiveDate,
    /// Cents; negative for a credit note.
    pub(super) amount: i64,
    /// Credit applied to the invoice, never dated after its payment.
    pub(super) credited: Option<Booking>,
    /// First payment.
    pub(super) paid: Option<Booking>,
    /// A later payment of the rest, when the first one was short.
    pub(super) topped_up: Option<Booking>,
    /// Write-off of all that was still open.
    pub(super) written_off: Option<Booking>,
    /// The day the debtor disputed the invoice.
    pub(super) disputed: Option<NaiveDate>,
}

impl Row {
    /// The open balance in cents: the amount less credits, payments and write-offs.
    pub(super) fn open_cents(&self) -> i64 {
        self.amount
            - cents(self.credited)
            - cents(self.paid)
            - cents(self.topped_up)
            - cents(self.written_off)
    }

    /// Everything paid up to now, dated with the last payment, as a ledger shows it.
    pub(super) fn total_paid(&self) -> Option<Booking> {
        let first = self.paid?;
        Some(
            self.topped_up
                .map_or(first, |rest| Booking { date: rest.date, cents: first.cents + rest.cents }),
        )
    }

    /// Takes away what had not happened by the evening of `end`.
    pub(super) fn hide_after(&mut self, end: NaiveDate) {
        let known = |booking: &Booking| booking.date <= end;
        self.credited = self.credited.filter(known);
        self.paid = self.paid.filter(known);
        self.topped_up = self.topped_up.filter(known);
        self.written_off = self.written_off.filter(known);
        self.disputed = self.disputed.filter(|&date| date <= end);
    }
}

fn cents(booking: Option<Booking>) -> i64 {
    booking.map_or(0, |booking| booking.cents)
}

/// A share of an amount, given in basis points, rounded to the nearest cent.
pub(super) fn portion(amount: i64, basis_points: i64) -> i64 {
    (amount * basis_points + 5_000) / 10_000
}
