use serde::Serialize;

use super::reduction_kind::ReductionKind;

/// Numbers of rows that are neither invoices nor rejects, by kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Classes {
    /// Credit notes.
    pub credit_note: u64,
    /// Payments.
    pub payment: u64,
    /// Write-offs.
    pub write_off: u64,
    /// Other entries that lower what is owed.
    pub adjustment: u64,
    /// Further lines of an invoice that is counted.
    pub invoice_line: u64,
    /// Debtors of a customer list.
    pub customer: u64,
    /// Sums of one group.
    pub subtotal: u64,
    /// Sums of a whole table.
    pub total: u64,
    /// Names of the group below.
    pub group_header: u64,
    /// Titles, repeated headers and footers.
    pub title: u64,
    /// Rows without any cell.
    pub blank: u64,
    /// Drafts and void documents.
    pub void_or_draft: u64,
    /// Rulers, debits that are not invoices, and other rows that are not documents.
    pub other: u64,
}

impl Classes {
    /// Every kind with its count.
    pub fn by_name(&self) -> [(&'static str, u64); 13] {
        [
            ("credit_note", self.credit_note),
            ("payment", self.payment),
            ("write_off", self.write_off),
            ("adjustment", self.adjustment),
            ("invoice_line", self.invoice_line),
            ("customer", self.customer),
            ("subtotal", self.subtotal),
            ("total", self.total),
            ("group_header", self.group_header),
            ("title", self.title),
            ("blank", self.blank),
            ("void_or_draft", self.void_or_draft),
            ("other", self.other),
        ]
    }

    /// Rows of all kinds.
    pub fn sum(&self) -> u64 {
        self.by_name().iter().map(|(_, count)| count).sum()
    }

    /// Counts a row that is a reduction of this kind.
    pub fn count(&mut self, kind: ReductionKind) {
        match kind {
            ReductionKind::Payment => self.payment += 1,
            ReductionKind::CreditNote => self.credit_note += 1,
            ReductionKind::WriteOff => self.write_off += 1,
            ReductionKind::Adjustment => self.adjustment += 1,
        }
    }

    /// Takes back the count of a row that became a reject.
    pub fn uncount(&mut self, kind: ReductionKind) {
        let count = match kind {
            ReductionKind::Payment => &mut self.payment,
            ReductionKind::CreditNote => &mut self.credit_note,
            ReductionKind::WriteOff => &mut self.write_off,
            ReductionKind::Adjustment => &mut self.adjustment,
        };
        *count = count.saturating_sub(1);
    }

    /// Adds the counts of another part.
    pub fn add(&mut self, other: &Self) {
        self.credit_note += other.credit_note;
        self.payment += other.payment;
        self.write_off += other.write_off;
        self.adjustment += other.adjustment;
        self.invoice_line += other.invoice_line;
        self.customer += other.customer;
        self.subtotal += other.subtotal;
        self.total += other.total;
        self.group_header += other.group_header;
        self.title += other.title;
        self.blank += other.blank;
        self.void_or_draft += other.void_or_draft;
        self.other += other.other;
    }
}
