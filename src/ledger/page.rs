//! A page of a ledger's invoices, read from the Parquet file that was written from it.

use std::cmp::Ordering;
use std::fs::File;
use std::path::Path;

use chrono::NaiveDate;
use polars::prelude::{Column, DataFrame, ParquetReader, PolarsError, PolarsResult, SerReader};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Currency, Money, from_day_number};
use sheet::FileError;

use super::error::LedgerError;

/// The order of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceOrder {
    /// By debtor, date, number and amount.
    #[default]
    Ledger,
    /// By due date.
    DueDate,
    /// By issue date.
    InvoiceDate,
    /// By open balance.
    Open,
    /// By original amount.
    Face,
}

/// Choice of invoices, and their order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InvoiceFilter {
    /// Only invoices of the debtor with this id.
    pub debtor: Option<String>,
    /// Only the invoice with this number.
    pub number: Option<String>,
    /// Only invoices with, or without, an open balance.
    pub is_open: Option<bool>,
    /// Only invoices due by this day.
    pub due_by: Option<NaiveDate>,
    /// Their order; ties are in the order of the ledger.
    pub order: InvoiceOrder,
    /// True to start with the last one.
    pub descending: bool,
}

/// An invoice in a list of a ledger's invoices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InvoiceEntry {
    /// The client's invoice number.
    pub number: String,
    /// The debtor's id.
    pub debtor_id: String,
    /// The debtor's name.
    pub debtor_name: String,
    /// Issue date.
    pub invoice_date: NaiveDate,
    /// Due date.
    pub due_date: NaiveDate,
    /// Currency of the amounts.
    pub currency: Currency,
    /// Original amount.
    pub face: Money,
    /// Open balance: what is still owed.
    pub open: Money,
    /// True if the debtor disputes it; null if the ledger does not say.
    pub disputed: Option<bool>,
    /// Line or row of the file.
    pub row: u32,
}

/// At most `most` of the invoices that pass the filter, after the first `from` of them.
///
/// # Errors
/// If the file cannot be opened, or is not a list of invoices that we wrote.
pub fn invoice_page(
    path: &Path,
    filter: &InvoiceFilter,
    from: usize,
    most: usize,
) -> Result<Vec<InvoiceEntry>, LedgerError> {
    let file = path.display().to_string();
    let input = File::open(path).map_err(|source| FileError::Io { file: file.clone(), source })?;
    let read = || page(&ParquetReader::new(input).finish()?, filter, from, most);
    read().map_err(|source| LedgerError::Frame { file, source })
}

fn page(
    frame: &DataFrame,
    filter: &InvoiceFilter,
    from: usize,
    most: usize,
) -> PolarsResult<Vec<InvoiceEntry>> {
    let text = |name: &str| frame.column(name).and_then(|column| column.str().cloned());
    let day = |name: &str| {
        let column = frame.column(name)?.date()?.physical().clone();
        Ok::<_, PolarsError>(column)
    };
    let (number, debtor, name) = (text("number")?, text("debtor_id")?, text("debtor_name")?);
    let (issue, due) = (day("issue_date")?, day("due_date")?);
    let code = text("currency")?;
    let currencies: Vec<Currency> =
        // Factorage wrote the file, so every code in it is a currency.
        code.iter().map(|code| code.unwrap_or_default().parse().unwrap_or(Currency::USD)).collect();
    let face = minor_units(frame.column("face")?, &currencies)?;
    let open = minor_units(frame.column("open")?, &currencies)?;
    let disputed = frame.column("disputed")?.bool()?.clone();
    let line = frame.column("line")?.u32()?.clone();
    let due_by = filter.due_by.map(basics::day_number);
    let passes = |at: &usize| {
        let at = *at;
        filter.debtor.as_deref().is_none_or(|only| debtor.get(at) == Some(only))
            && filter.number.as_deref().is_none_or(|only| number.get(at) == Some(only))
            && filter.is_open.is_none_or(|only| (open[at] != 0) == only)
            && due_by.is_none_or(|last| due.get(at).is_some_and(|due| due <= last))
    };
    let mut rows: Vec<usize> = (0..frame.height()).filter(passes).collect();
    let compared = |&a: &usize, &b: &usize| match filter.order {
        InvoiceOrder::Ledger => Ordering::Equal,
        InvoiceOrder::DueDate => due.get(a).cmp(&due.get(b)),
        InvoiceOrder::InvoiceDate => issue.get(a).cmp(&issue.get(b)),
        InvoiceOrder::Open => open[a].cmp(&open[b]),
        InvoiceOrder::Face => face[a].cmp(&face[b]),
    };
    if filter.descending {
        // The sort is stable, so the rows are reversed first for ties to be descending as well.
        rows.reverse();
        rows.sort_by(|a, b| compared(b, a));
    } else {
        rows.sort_by(compared);
    }
    let entry = |at: usize| {
        let owned =
            |column: &polars::prelude::StringChunked| column.get(at).unwrap_or_default().to_owned();
        let currency = currencies[at];
        InvoiceEntry {
            number: owned(&number),
            debtor_id: owned(&debtor),
            debtor_name: owned(&name),
            invoice_date: from_day_number(issue.get(at).unwrap_or_default()),
            due_date: from_day_number(due.get(at).unwrap_or_default()),
            currency,
            face: Money::from_minor(face[at], currency),
            open: Money::from_minor(open[at], currency),
            disputed: disputed.get(at),
            row: line.get(at).unwrap_or_default(),
        }
    };
    Ok(rows.into_iter().skip(from).take(most).map(entry).collect())
}

/// Amounts in minor units of each row's currency. The file has decimals; files kept by a service
/// since an older version have minor units.
fn minor_units(column: &Column, currencies: &[Currency]) -> PolarsResult<Vec<i64>> {
    if let Ok(minor) = column.i64() {
        return Ok(minor.iter().map(Option::unwrap_or_default).collect());
    }
    let decimals = column.decimal()?;
    let scale = u32::try_from(decimals.scale()).unwrap_or_default();
    let minor = |(amount, currency): (Option<i128>, &Currency)| {
        let beyond = scale.saturating_sub(currency.digits());
        // It fits: it was 64 bits of minor units before it got the scale of the column.
        i64::try_from(amount.unwrap_or_default() / 10_i128.pow(beyond)).unwrap_or_default()
    };
    Ok(decimals.physical().iter().zip(currencies).map(minor).collect())
}
