use std::collections::BTreeMap;

use rust_decimal::Decimal;

use basics::{Currency, Money, MoneyError};
use intake::{IngestOptions, ReductionKind, Row};

use super::certificate::{Assumptions, CurrencyTotals, FootingCertificate, RowCounts};
use super::error::LedgerError;
use super::gathered::Gathered;

/// Sums of the reduction frame in one currency, in minor units.
#[derive(Debug, Clone, Default)]
pub(super) struct ReducedTotals {
    /// Applied to invoices, by [`ReductionKind`].
    pub by_kind: [i128; ReductionKind::COUNT],
    /// Number of reductions, applied or not.
    pub count: u64,
    /// Credit notes, and amounts paid or credited beyond an open balance.
    pub unapplied: i128,
    pub undated: u64,
    /// The unused part of `unapplied` whose debtors have no open invoice.
    pub idle: i128,
}

/// Sums of the rows of one currency, in minor units.
#[derive(Default)]
struct Invoiced {
    invoices: u64,
    face: i128,
    credit_notes: u64,
    credit_note_amount: i128,
    /// Payments and adjustments in rows of their own.
    other_credits: i128,
}

/// Sums of the frames.
pub(super) struct Totals<'a> {
    /// The currencies by code.
    pub codes: &'a [Currency],
    /// One per currency code.
    pub reduced: Vec<ReducedTotals>,
    /// Invoices that share their number with another of the same debtor.
    pub repeated: usize,
}

/// The footing certificate of the gathered rows.
///
/// # Errors
/// If a total exceeds 64 bits of minor units.
pub(super) fn certificate(
    gathered: &Gathered,
    totals: &Totals<'_>,
    options: &IngestOptions,
) -> Result<FootingCertificate, LedgerError> {
    let mut invoiced: BTreeMap<Currency, Invoiced> = BTreeMap::new();
    // A currency whose rows were all rejected has its control total too.
    for currency in gathered.rejected_amount.keys() {
        invoiced.entry(*currency).or_default();
    }
    // Rows of one currency mostly come in runs, so the map is searched once per run.
    for rows in gathered.rows.chunk_by(|a, b| a.currency == b.currency) {
        let sums = invoiced.entry(rows[0].currency).or_default();
        for row in rows {
            if row.face > 0 {
                sums.invoices += 1;
                sums.face += i128::from(row.face);
            } else if row.settles == ReductionKind::CreditNote {
                sums.credit_notes += 1;
                sums.credit_note_amount -= i128::from(row.face);
            } else {
                sums.other_credits -= i128::from(row.face);
            }
        }
    }
    let currencies = invoiced.iter().map(|(&currency, invoiced)| {
        let code = totals.codes.iter().position(|&c| c == currency);
        let reduced = code.map(|code| totals.reduced[code].clone()).unwrap_or_default();
        let rejected = gathered.rejected_amount.get(&currency).copied().unwrap_or_default();
        currency_totals(currency, invoiced, &reduced, rejected)
    });
    let currencies = currencies.collect::<Result<Vec<_>, _>>()?;
    let mut classified = gathered.counts.classes;
    // Counted here and not while reading: repeated rows have become rejects since.
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
    reduced: &ReducedTotals,
    rejected: i128,
) -> Result<CurrencyTotals, MoneyError> {
    let money = |total| Money::from_total(total, currency);
    let decimal = |minor: i128| {
        // It never fails: four billion rows of at most 2^63 each fit into the 96 bits of a decimal.
        Decimal::try_from_i128_with_scale(minor, currency.digits()).unwrap_or(Decimal::MAX)
    };
    let Invoiced { invoices, face, credit_notes, credit_note_amount, other_credits } = *invoiced;
    let [payments, credits, write_offs, adjustments] = reduced.by_kind;
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
        // The frame holds credit notes as unapplied reductions; here they have a line of their own.
        unapplied: money(reduced.unapplied - credit_note_amount)?,
        idle_credits: money(reduced.idle)?,
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
        undated_settlements: totals.reduced.iter().map(|reduced| reduced.undated).sum(),
        undated_disputes: count(|row| row.disputed == Some(true) && row.disputed_on.is_none()),
        unknown_deliveries: gathered.counts.delivery_unknown,
        debtors_with_several_names: gathered
            .debtors
            .iter()
            .filter(|d| d.has_several_names())
            .count() as u64,
        duplicate_numbers: totals.repeated as u64,
        due_before_issue: count(|row| row.due < row.issue),
    }
}
