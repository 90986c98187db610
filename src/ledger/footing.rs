use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Serialize;

use crate::basics::{Currency, Money, MoneyError};

use super::assemble::Gathered;
use super::batch::Row;
use super::{IngestOptions, LedgerError};

/// Proof that the ledger holds every row of its files: rows in = invoices + credit notes + blank +
/// rejects, and the control totals per currency. Sums are exact; currencies are never added.
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
}

/// One file as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileFooting {
    /// The file as the user named it.
    pub name: String,
    /// SHA-256 of its bytes, lower-case hexadecimal.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
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
    /// Rows with a negative amount, kept as unapplied credit notes.
    pub credit_notes: u64,
    /// Rows without any cell.
    pub blank: u64,
    /// Rows kept out.
    pub rejects: u64,
    /// Of these, rows whose amount could not be read: they are in no control total.
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
    /// Payments applied to invoices, of whatever date.
    pub payments: Money,
    /// Credits applied to invoices.
    pub credits: Money,
    /// Write-offs applied to invoices.
    pub write_offs: Money,
    /// Payments and credits beyond the open balance of their invoice: unapplied.
    pub overpayments: Money,
    /// Face less payments, credits and write-offs: open when every row of the files counts.
    pub open: Money,
    /// Sum of the amounts of rejected rows, as far as they could be read; signed, major units.
    pub rejected: Decimal,
    /// Sum of the amount column over all rows whose amount could be read: face less credit notes
    /// plus rejected.
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
    /// Applied to invoices, by [`super::SettlementKind`].
    pub by_kind: [i128; 3],
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
            } else {
                sums.credit_notes += 1;
                sums.credit_note_amount -= i128::from(row.face);
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
    let rows = RowCounts {
        read: gathered.counts.read,
        invoices: currencies.iter().map(|c| c.invoices).sum(),
        credit_notes: currencies.iter().map(|c| c.credit_notes).sum(),
        blank: gathered.counts.blank,
        rejects: gathered.rejects.len() as u64,
        rejects_without_amount: gathered.counts.amount_unread,
    };
    let placed = rows.invoices + rows.credit_notes + rows.blank + rows.rejects;
    Ok(FootingCertificate {
        files: gathered.files.clone(),
        foots: rows.read == placed,
        rows,
        currencies,
        assumptions: assumptions(gathered, totals, options),
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
    let Invoiced { invoices, face, credit_notes, credit_note_amount } = *invoiced;
    let [payments, credits, write_offs] = settled.by_kind;
    Ok(CurrencyTotals {
        currency,
        invoices,
        face: money(face)?,
        credit_notes,
        credit_note_amount: money(credit_note_amount)?,
        payments: money(payments)?,
        credits: money(credits)?,
        write_offs: money(write_offs)?,
        overpayments: money(settled.unapplied - credit_note_amount)?,
        open: money(face - payments - credits - write_offs)?,
        rejected: decimal(rejected),
        amount_column: decimal(face - credit_note_amount + rejected),
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
