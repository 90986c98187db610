use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Serialize;

use basics::{Currency, Money, MoneyError};

use super::assemble::Gathered;
use super::batch::Row;
use super::note::Note;
use super::table::Check;
use super::{IngestOptions, LedgerError, SettlementKind};

/// Proof that the ledger holds every row of its files: rows in = invoices + classified rows +
/// rejects, the control totals per currency, and the files' own sums beside ours. Sums are exact;
/// currencies are never added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FootingCertificate {
    /// The files, in the order given.
    pub files: Vec<FileFooting>,
    /// Where the rows went.
    pub rows: RowCounts,
    /// Whether the counts add up.
    pub foots: bool,
    /// Control totals, ordered by currency.
    pub currencies: Vec<CurrencyTotals>,
    /// What the rows did not say and was assumed.
    pub assumptions: Assumptions,
    /// The sums that the files state of themselves, checked.
    pub checks: Vec<Check>,
    /// How the files were read: notation and columns, with the evidence.
    pub readings: Vec<Note>,
    /// What is odd and was read all the same.
    pub warnings: Vec<Note>,
}

/// One file as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileFooting {
    /// The file as the user named it.
    pub name: String,
    /// SHA-256 of its bytes, lower-case hexadecimal.
    pub sha256: String,
    /// Whether it holds invoices or other documents, and not only payments or customers.
    pub holds_documents: bool,
    /// Its size.
    pub bytes: u64,
    /// The layout by which it was read: `plain`, `general`, `mapping` or the name of an export
    /// format.
    pub layout: String,
    /// The same for people.
    pub layout_title: String,
    /// Rows after the header, blank ones included.
    pub rows: u64,
    /// Header cells taken, as `header = field` where they differ.
    pub recognised_columns: Vec<String>,
    /// Header cells that name no field; their cells were not read.
    pub ignored_columns: Vec<String>,
    /// Rows that are not UTF-8 and were read as Windows-1252.
    pub rows_read_as_windows_1252: u64,
}

/// Where the rows of all files went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RowCounts {
    /// Rows after the headers.
    pub read: u64,
    /// Rows that are invoices.
    pub invoices: u64,
    /// Rows that are something else, by kind.
    pub classified: Classes,
    /// Rows kept out.
    pub rejects: u64,
    /// Of these, rows whose amount could not be read: they are in no control total.
    pub rejects_without_amount: u64,
}

/// Rows that are no invoices and no rejects.
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
    /// Rulers, debits that are no invoices, and what else is no document.
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

    /// Counts a row that is a settlement of this kind.
    pub(super) fn count(&mut self, kind: SettlementKind) {
        match kind {
            SettlementKind::Payment => self.payment += 1,
            SettlementKind::CreditNote => self.credit_note += 1,
            SettlementKind::WriteOff => self.write_off += 1,
            SettlementKind::Adjustment => self.adjustment += 1,
        }
    }

    /// Takes such a row back: it became a reject.
    pub(super) fn uncount(&mut self, kind: SettlementKind) {
        let count = match kind {
            SettlementKind::Payment => &mut self.payment,
            SettlementKind::CreditNote => &mut self.credit_note,
            SettlementKind::WriteOff => &mut self.write_off,
            SettlementKind::Adjustment => &mut self.adjustment,
        };
        *count = count.saturating_sub(1);
    }

    pub(super) fn add(&mut self, other: &Self) {
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
    /// Payments applied to invoices, of whatever date.
    pub payments: Money,
    /// Credits applied to invoices.
    pub credits: Money,
    /// Write-offs applied to invoices.
    pub write_offs: Money,
    /// Other entries applied to invoices.
    pub adjustments: Money,
    /// Payments and credits that reduce no invoice, credit notes left out: beyond the open balance
    /// of theirs, or naming none.
    pub unapplied: Money,
    /// Face less payments, credits and write-offs: open when every row of the files counts.
    pub open: Money,
    /// Sum of the amounts of rejected rows, as far as they could be read; signed, major units.
    pub rejected: Decimal,
    /// Sum of the amounts of all invoices and unapplied documents: face less credit notes and
    /// payments in rows of their own, plus rejected.
    pub amount_column: Decimal,
}

/// What the rows did not say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assumptions {
    /// Days from issue to due date where a row had only one of them.
    pub terms_days: u16,
    /// Invoices and credit notes without an invoice date: due date less the terms.
    pub invoice_date_assumed: u64,
    /// Invoices and credit notes without a due date: invoice date plus the terms.
    pub due_date_assumed: u64,
    /// Rows that name no currency.
    pub currency_assumed: u64,
    /// The currency assumed for them.
    pub currency: Currency,
    /// Settlements without a date: they explain a balance, and count in statistics only from the
    /// ledger's own date on.
    pub undated_settlements: u64,
    /// Disputed invoices without the date of the dispute.
    pub undated_disputes: u64,
    /// Debtors whose rows bear several names; the first in text order is shown.
    pub debtors_with_several_names: u64,
    /// Invoices that share their number with another invoice of the same debtor.
    pub duplicate_numbers: u64,
    /// Invoices due before they were issued.
    pub due_before_issue: u64,
}

/// What the settlement frame adds up to in one currency, in minor units.
#[derive(Debug, Clone, Default)]
pub(super) struct SettledTotals {
    /// Applied to invoices, by [`SettlementKind`].
    pub by_kind: [i128; SettlementKind::COUNT],
    /// How many settlements there are, applied or not.
    pub count: u64,
    /// Credit notes, and what was paid or credited beyond an open balance.
    pub unapplied: i128,
    pub undated: u64,
}

/// What the rows of one currency add up to, in minor units.
#[derive(Default)]
struct Invoiced {
    invoices: u64,
    face: i128,
    credit_notes: u64,
    credit_note_amount: i128,
    /// Payments and adjustments in rows of their own.
    other_credits: i128,
}

/// What the frames add up to.
pub(super) struct Totals<'a> {
    /// The currencies by code.
    pub codes: &'a [Currency],
    /// One per currency code.
    pub settled: Vec<SettledTotals>,
    /// Invoices that share their number with another of the same debtor.
    pub repeated: usize,
}

/// The certificate of what was gathered.
///
/// # Errors
/// [`LedgerError::Amount`] when a total does not fit.
pub(super) fn certificate(
    gathered: &Gathered,
    totals: &Totals<'_>,
    options: &IngestOptions,
) -> Result<FootingCertificate, LedgerError> {
    let mut invoiced: BTreeMap<Currency, Invoiced> = BTreeMap::new();
    for currency in gathered.rejected_amount.keys() {
        invoiced.entry(*currency).or_default();
    }
    for rows in gathered.rows.chunk_by(|a, b| a.currency == b.currency) {
        let sums = invoiced.entry(rows[0].currency).or_default();
        for row in rows {
            if row.face > 0 {
                sums.invoices += 1;
                sums.face += i128::from(row.face);
            } else if row.settles == SettlementKind::CreditNote {
                sums.credit_notes += 1;
                sums.credit_note_amount -= i128::from(row.face);
            } else {
                sums.other_credits -= i128::from(row.face);
            }
        }
    }
    let currencies = invoiced.iter().map(|(&currency, invoiced)| {
        let code = totals.codes.iter().position(|&c| c == currency);
        let settled = code.map(|code| totals.settled[code].clone()).unwrap_or_default();
        let rejected = gathered.rejected_amount.get(&currency).copied().unwrap_or_default();
        currency_totals(currency, invoiced, &settled, rejected)
    });
    let currencies = currencies.collect::<Result<Vec<_>, _>>()?;
    let mut classified = gathered.counts.classes;
    gathered.rows.iter().filter(|row| row.face < 0).for_each(|row| classified.count(row.settles));
    let rows = RowCounts {
        read: gathered.counts.read,
        invoices: currencies.iter().map(|c| c.invoices).sum(),
        classified,
        rejects: gathered.rejects.len() as u64,
        rejects_without_amount: gathered.counts.amount_unread,
    };
    let placed = rows.invoices + rows.classified.sum() + rows.rejects;
    Ok(FootingCertificate {
        files: gathered.files.clone(),
        foots: rows.read == placed,
        rows,
        currencies,
        assumptions: assumptions(gathered, totals, options),
        checks: gathered.notes.checks.clone(),
        readings: gathered.notes.readings.clone(),
        warnings: gathered.notes.warnings.clone(),
    })
}

fn currency_totals(
    currency: Currency,
    invoiced: &Invoiced,
    settled: &SettledTotals,
    rejected: i128,
) -> Result<CurrencyTotals, MoneyError> {
    let money = |total| Money::from_total(total, currency);
    let decimal = |minor: i128| {
        // Four billion rows of at most 2^63 each stay within the 96 bits of a decimal.
        Decimal::try_from_i128_with_scale(minor, currency.digits()).unwrap_or(Decimal::MAX)
    };
    let Invoiced { invoices, face, credit_notes, credit_note_amount, other_credits } = *invoiced;
    let [payments, credits, write_offs, adjustments] = settled.by_kind;
    Ok(CurrencyTotals {
        currency,
        invoices,
        face: money(face)?,
        credit_notes,
        credit_note_amount: money(credit_note_amount)?,
        payments: money(payments)?,
        credits: money(credits)?,
        write_offs: money(write_offs)?,
        adjustments: money(adjustments)?,
        unapplied: money(settled.unapplied - credit_note_amount)?,
        open: money(face - payments - credits - write_offs - adjustments)?,
        rejected: decimal(rejected),
        amount_column: decimal(face - credit_note_amount - other_credits + rejected),
    })
}

fn assumptions(gathered: &Gathered, totals: &Totals<'_>, options: &IngestOptions) -> Assumptions {
    let count = |of: fn(&Row) -> bool| {
        gathered.rows.iter().filter(|&row| row.face > 0 && of(row)).count() as u64
    };
    Assumptions {
        terms_days: options.assumed_terms_days,
        invoice_date_assumed: gathered.counts.issue_assumed,
        due_date_assumed: gathered.counts.due_assumed,
        currency_assumed: gathered.counts.currency_assumed,
        currency: options.currency,
        undated_settlements: totals.settled.iter().map(|settled| settled.undated).sum(),
        undated_disputes: count(|row| row.disputed == Some(true) && row.disputed_on.is_none()),
        debtors_with_several_names: gathered
            .debtors
            .iter()
            .filter(|d| d.has_several_names())
            .count() as u64,
        duplicate_numbers: totals.repeated as u64,
        due_before_issue: count(|row| row.due < row.issue),
    }
}
