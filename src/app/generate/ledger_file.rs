use std::io::Write;

use rayon::prelude::*;

use super::debtor::{DebtorLedger, Identity, draw_debtor};
use super::options::{GenerateError, GenerateOptions};
use super::period::Period;
use super::portfolio::Portfolio;
use super::row::{Row, RowKind};
use super::summary::GeneratedSummary;
use super::write::write_ledger;

/// Writes a synthetic ledger as CSV with a header line and returns what it contains.
///
/// Exactly [`GenerateOptions::invoices`] rows follow the header, in the order of their invoice
/// date, then client, then number. The same options always give the same bytes.
///
/// # Errors
///
/// If an option is outside its range, in which case nothing is written, or if `out` cannot be
/// written.
pub fn generate<W: Write>(
    options: &GenerateOptions,
    out: W,
) -> Result<GeneratedSummary, GenerateError> {
    options.check()?;
    let period = Period::new(options.end, options.months, options.seasonal);
    let (identities, mut rows) = draw_ledger(options, &period);
    number_rows(&mut rows, options.clients);
    let mut summary = GeneratedSummary::default();
    for row in &rows {
        summary.count(row);
    }
    write_ledger(&rows, &identities, &options.currency, out)?;
    Ok(summary)
}

/// Draws every debtor's rows and brings them into the order of the file.
fn draw_ledger(options: &GenerateOptions, period: &Period) -> (Vec<Identity>, Vec<Row>) {
    let portfolio = Portfolio::draw(options);
    let ledgers: Vec<DebtorLedger> = (0..portfolio.debtors.len())
        .into_par_iter()
        .map(|index| draw_debtor(&portfolio, index, period, options.seed))
        .collect();
    let mut identities = Vec::with_capacity(ledgers.len());
    let mut rows = Vec::with_capacity(options.invoices);
    for ledger in ledgers {
        identities.push(ledger.identity);
        rows.extend(ledger.rows);
    }
    // Debtor and place make every key different, so the order is the same however the work is
    // divided, and the sort needs no second copy of the rows.
    rows.par_sort_unstable_by_key(|row| {
        (row.invoice_date, row.client, row.kind, row.order, row.debtor, row.number)
    });
    (identities, rows)
}

/// Numbers the rows in file order, invoices and credit notes of each client apart, from one.
fn number_rows(rows: &mut [Row], clients: usize) {
    let mut invoices = vec![0_u32; clients];
    let mut credit_notes = vec![0_u32; clients];
    for row in rows {
        let counters = match row.kind {
            RowKind::Invoice => &mut invoices,
            RowKind::CreditNote => &mut credit_notes,
        };
        let counter = &mut counters[row.client as usize];
        *counter += 1;
        row.number = *counter;
    }
}
