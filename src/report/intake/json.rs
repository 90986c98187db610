use std::collections::BTreeMap;
use std::io::Write;

use polars::prelude::PolarsResult;
use serde::Serialize;
use serde_json::Serializer;

use basics::{Currency, Money, Outline, from_day_number};
use ledger::{Check, Classes, Converted, LedgerError, Note, Reject};

use super::super::ReportError;
use app::Ingested;

/// The most invoices in the JSON; the files of `--out` have all of them.
const MOST: usize = 10_000;

/// The depth of nesting at which an invoice or a reject is written on one line.
const ROW_DEPTH: usize = 2;

#[derive(Serialize)]
struct Document<'a> {
    status: &'static str,
    layout: &'a str,
    as_of: Option<chrono::NaiveDate>,
    clients: Vec<&'a str>,
    currencies: &'a [Currency],
    counts: Counts<'a>,
    invoices: Vec<InvoiceRow<'a>>,
    invoices_omitted: usize,
    open_balance: &'a BTreeMap<Currency, Money>,
    net_balance: &'a BTreeMap<Currency, Money>,
    #[serde(skip_serializing_if = "Option::is_none")]
    converted: Option<&'a Converted>,
    debtors: usize,
    footing: Footing<'a>,
    assumptions: Vec<Note>,
    warnings: &'a [Note],
    rejects: Vec<RejectRow<'a>>,
}

#[derive(Serialize)]
struct Counts<'a> {
    rows: u64,
    invoices: u64,
    settlements: usize,
    rejects: u64,
    classified: &'a Classes,
}

#[derive(Serialize)]
struct InvoiceRow<'a> {
    number: &'a str,
    debtor_id: &'a str,
    debtor_name: &'a str,
    invoice_date: chrono::NaiveDate,
    due_date: chrono::NaiveDate,
    currency: Currency,
    face: Money,
    open: Money,
    file: &'a str,
    row: u32,
}

#[derive(Serialize)]
struct Footing<'a> {
    foots: bool,
    checks: &'a [Check],
}

#[derive(Serialize)]
struct RejectRow<'a> {
    code: &'static str,
    message: &'a str,
    file: &'a str,
    row: u64,
    column: &'a str,
    value: &'a str,
}

/// Writes what was read as one JSON object.
///
/// # Errors
/// If a column of the ledger is missing or `out` cannot be written to.
pub fn intake_json(ingested: &Ingested, mut out: impl Write) -> Result<(), ReportError> {
    let ledger = &ingested.ledger;
    let rows = &ledger.certificate.rows;
    let document = Document {
        status: "read",
        layout: ingested.layout(),
        as_of: ingested.as_of_date(),
        clients: ledger
            .clients
            .iter()
            .map(|own| own.id.as_str())
            .filter(|id| !id.is_empty())
            .collect(),
        currencies: &ledger.currencies,
        counts: Counts {
            rows: rows.read,
            invoices: rows.invoices,
            settlements: ledger.reductions.height(),
            rejects: rows.rejects,
            classified: &rows.classified,
        },
        invoices: invoices(ingested)?,
        invoices_omitted: ledger.invoices.height().saturating_sub(MOST),
        open_balance: &ingested.standing.open_balance,
        net_balance: &ingested.standing.net_balance,
        converted: ingested.converted.as_ref(),
        debtors: ledger.debtors.height(),
        footing: Footing { foots: ledger.certificate.foots, checks: &ledger.certificate.checks },
        assumptions: ingested.assumptions(),
        warnings: &ingested.warnings,
        rejects: ledger.rejects.iter().map(reject).collect(),
    };
    let outline = Outline::new(0, ROW_DEPTH);
    document.serialize(&mut Serializer::with_formatter(&mut out, outline))?;
    Ok(out.write_all(b"\n")?)
}

fn reject(reject: &Reject) -> RejectRow<'_> {
    RejectRow {
        code: reject.code.as_str(),
        message: &reject.message,
        file: &reject.file,
        row: reject.line,
        column: &reject.column,
        value: &reject.value,
    }
}

fn invoices(ingested: &Ingested) -> PolarsResult<Vec<InvoiceRow<'_>>> {
    let ledger = &ingested.ledger;
    let frame = &ledger.invoices;
    let debtors = frame.column("debtor")?.u32()?.cont_slice()?;
    let numbers = frame.column("number")?.str()?;
    let issued = frame.column("issue_date")?.date()?.physical().cont_slice()?;
    let due = frame.column("due_date")?.date()?.physical().cont_slice()?;
    let currencies = frame.column("currency")?.u32()?.cont_slice()?;
    let faces = frame.column("face")?.i64()?.cont_slice()?;
    let files = frame.column("file")?.u32()?.cont_slice()?;
    let lines = frame.column("line")?.u32()?.cont_slice()?;
    let ids = ledger.debtors.column("debtor_id")?.str()?;
    let names = ledger.debtors.column("debtor_name")?.str()?;
    let invoice = |row: usize| {
        let currency = ledger.currencies[currencies[row] as usize];
        let money = |minor| Money::from_minor(minor, currency);
        let debtor = debtors[row] as usize;
        InvoiceRow {
            number: numbers.get(row).unwrap_or_default(),
            debtor_id: ids.get(debtor).unwrap_or_default(),
            debtor_name: names.get(debtor).unwrap_or_default(),
            invoice_date: from_day_number(issued[row]),
            due_date: from_day_number(due[row]),
            currency,
            face: money(faces[row]),
            open: money(ingested.standing.open[row]),
            file: ledger.certificate.files.get(files[row] as usize).map_or("", |file| &file.name),
            row: lines[row],
        }
    };
    Ok((0..frame.height().min(MOST)).map(invoice).collect())
}

/// Writes the reason why a ledger was refused as one JSON object: code, sentence and, for an
/// unknown layout, a mapping to start from.
///
/// # Errors
/// If `out` cannot be written to.
pub fn refusal_json(error: &LedgerError, mut out: impl Write) -> Result<(), ReportError> {
    #[derive(Serialize)]
    struct Refusal<'a> {
        status: &'static str,
        code: &'static str,
        message: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        mapping: Option<&'a str>,
    }
    let refusal = Refusal {
        status: "refused",
        code: error.code(),
        message: error.to_string(),
        mapping: error.mapping(),
    };
    let outline = Outline::new(0, ROW_DEPTH);
    refusal.serialize(&mut Serializer::with_formatter(&mut out, outline))?;
    Ok(out.write_all(b"\n")?)
}
