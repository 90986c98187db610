use rust_decimal::Decimal;
use serde::Serialize;

use basics::{Currency, Money};
use intake::{Check, Classes, Note};

/// Proof that the ledger holds every row of its files: rows in = invoices + classified rows +
/// rejects, the control totals per currency, and the sums stated in the files, checked. Sums are
/// exact; currencies are never added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FootingCertificate {
    /// The files, in the order given.
    pub files: Vec<FileFooting>,
    /// Numbers of rows by what they became.
    pub rows: RowCounts,
    /// True if the counts add up.
    pub foots: bool,
    /// Control totals, ordered by currency.
    pub currencies: Vec<CurrencyTotals>,
    /// Assumptions made for facts that the rows leave out.
    pub assumptions: Assumptions,
    /// The sums stated in the files, checked against their rows.
    pub checks: Vec<Check>,
    /// Decisions on how to read the files, with the evidence.
    pub readings: Vec<Note>,
    /// Oddities that were read all the same.
    pub warnings: Vec<Note>,
}

/// One file of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileFooting {
    /// The file as the user named it.
    pub name: String,
    /// SHA-256 of its bytes, lower-case hexadecimal.
    pub sha256: String,
    /// True if it holds invoices or other documents, and not only payments or customers.
    pub holds_documents: bool,
    /// Its size.
    pub bytes: u64,
    /// The layout used to read it: `plain`, `general`, `mapping` or the name of an export format.
    pub layout: String,
    /// Title of the layout, for people.
    pub layout_title: String,
    /// Rows after the header, blank ones included.
    pub rows: u64,
    /// Header cells that were recognised, as `header = field` where the two differ.
    pub recognised_columns: Vec<String>,
    /// Header cells that name no field; their cells were not read.
    pub ignored_columns: Vec<String>,
    /// Rows that are not UTF-8 and were read as Windows-1252.
    pub rows_read_as_windows_1252: u64,
}

/// Numbers of rows of all files by what they became.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RowCounts {
    /// Rows after the headers.
    pub read: u64,
    /// Rows that are invoices.
    pub invoices: u64,
    /// Rows that are something else, by kind.
    pub classified: Classes,
    /// Rejected rows.
    pub rejects: u64,
    /// Rejects with an unreadable amount, which are in no control total.
    pub rejects_without_amount: u64,
}

/// Control totals of one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CurrencyTotals {
    /// The currency of every amount below.
    pub currency: Currency,
    /// Number of invoices.
    pub invoices: u64,
    /// Sum of their faces.
    pub face: Money,
    /// Number of credit notes.
    pub credit_notes: u64,
    /// Sum of the credit notes, as a positive amount.
    pub credit_note_amount: Money,
    /// Payments applied to invoices, whatever their date.
    pub payments: Money,
    /// Credits applied to invoices.
    pub credits: Money,
    /// Write-offs applied to invoices.
    pub write_offs: Money,
    /// Other entries applied to invoices.
    pub adjustments: Money,
    /// Payments and credits that reduce no invoice, credit notes left out: they exceed the open
    /// balance of their invoice, or name none.
    pub unapplied: Money,
    /// The part of the credit notes and of `unapplied` whose debtors owe nothing in this currency,
    /// so that no invoice can be reduced by it, when every row of the files counts.
    pub idle_credits: Money,
    /// Face less payments, credits, write-offs and adjustments, when every row of the files counts.
    pub open: Money,
    /// Sum of the amounts of rejected rows, as far as they could be read; signed, major units.
    pub rejected: Decimal,
    /// Sum of the amounts of all invoices and unapplied documents: face less credit notes and
    /// payments in rows of their own, plus rejected.
    pub amount_column: Decimal,
}

/// Assumptions made for facts that the rows leave out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assumptions {
    /// Days from issue date to due date, where a row had only one of the two.
    pub terms_days: u16,
    /// Invoices and credit notes without an invoice date: due date less the terms.
    pub invoice_date_assumed: u64,
    /// Invoices and credit notes without a due date: invoice date plus the terms.
    pub due_date_assumed: u64,
    /// Rows that name no currency.
    pub currency_assumed: u64,
    /// The currency assumed for them.
    pub currency: Currency,
    /// Reductions without a date. They explain a balance, but count in statistics only from the
    /// ledger's own date on.
    pub undated_settlements: u64,
    /// Disputed invoices without the date of the dispute.
    pub undated_disputes: u64,
    /// Rows that say that the day of delivery is not known yet, such as `TBD`.
    pub unknown_deliveries: u64,
    /// Debtors with several names; the first in text order is shown.
    pub debtors_with_several_names: u64,
    /// Invoices that share their number with another invoice of the same debtor.
    pub duplicate_numbers: u64,
    /// Invoices due before they were issued.
    pub due_before_issue: u64,
}
