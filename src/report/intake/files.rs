use std::io::Write;
use std::path::Path;

use polars::prelude::{
    Column, DataFrame, IntoColumn, NamedFrom, ParquetCompression, ParquetWriter, PlSmallStr,
    PolarsResult, Series,
};

use basics::{Currency, Money};

use super::super::table::decimals;
use super::super::write::write_all;
use super::super::{ReportError, footing_json, rejects_csv};
use super::intake_json;
use app::Ingested;

/// The files that [`write_intake`] writes.
pub const INTAKE_FILES: [&str; 6] = [
    "invoices.parquet",
    "settlements.parquet",
    "debtors.parquet",
    "rejects.csv",
    "footing.json",
    "ingest.json",
];

/// Writes `invoices.parquet`, `settlements.parquet`, `debtors.parquet`, `rejects.csv`,
/// `footing.json` and `ingest.json` into `folder`, which is made if it does not exist.
///
/// # Errors
/// If the folder cannot be made or a file cannot be written; the error names it.
pub fn write_intake(ingested: &Ingested, folder: &Path) -> Result<(), ReportError> {
    let ledger = &ingested.ledger;
    let [invoice_rows, settlement_rows, debtor_rows, rejects, footing, all] = INTAKE_FILES;
    write_all(
        folder,
        &[
            (invoice_rows, &|out| parquet(invoices(ingested)?, out)),
            (settlement_rows, &|out| parquet(settlements(ingested)?, out)),
            (debtor_rows, &|out| parquet(debtors(ingested)?, out)),
            (rejects, &|out| rejects_csv(&ledger.rejects, out)),
            (footing, &|out| footing_json(&ledger.certificate, out)),
            (all, &|out| intake_json(ingested, out)),
        ],
    )
}

fn parquet(mut frame: DataFrame, out: &mut dyn Write) -> Result<(), ReportError> {
    ParquetWriter::new(out).with_compression(ParquetCompression::Snappy).finish(&mut frame)?;
    Ok(())
}

/// The invoices with their debtors, clients, currencies and files by name, and amounts as
/// decimals.
fn invoices(ingested: &Ingested) -> PolarsResult<DataFrame> {
    let own = &ingested.ledger.invoices;
    let mut frame = named(ingested, own)?;
    frame.with_column(money(ingested, own, "face", own.column("face")?.i64()?.cont_slice()?)?)?;
    frame.with_column(money(ingested, own, "open", &ingested.standing.open)?)?;
    Ok(frame)
}

/// Turns minor units into decimals: engines other than ours do not know that a column has a unit.
fn money(
    ingested: &Ingested,
    frame: &DataFrame,
    name: &'static str,
    minor: &[i64],
) -> PolarsResult<Column> {
    let currencies = &ingested.ledger.currencies;
    let digits = currencies.iter().map(Currency::digits).max().unwrap_or(2);
    let codes = frame.column("currency")?.u32()?.cont_slice()?;
    let amount = |(&minor, &code): (&i64, &u32)| {
        currencies.get(code as usize).map(|&currency| Money::from_minor(minor, currency))
    };
    decimals(name, minor.iter().zip(codes).map(amount), digits)
}

/// The settlements likewise, with the number of their invoice and their kind by name.
fn settlements(ingested: &Ingested) -> PolarsResult<DataFrame> {
    let ledger = &ingested.ledger;
    let mut frame = named(ingested, &ledger.reductions)?;
    let numbers = ledger.invoices.column("number")?.str()?;
    let of = ledger.reductions.column("invoice")?.u32()?;
    let numbers: Vec<Option<&str>> =
        of.iter().map(|row| row.and_then(|row| numbers.get(row as usize))).collect();
    frame.with_column(text("number", numbers))?;
    let kinds = ledger.reductions.column("kind")?.u32()?;
    let kind = |code: Option<u32>| {
        // In the order of the codes of `ReductionKind`.
        ["payment", "credit_note", "write_off", "adjustment"].get(code? as usize).copied()
    };
    let kinds: Vec<Option<&str>> = kinds.iter().map(kind).collect();
    frame.with_column(text("kind", kinds))?;
    let own = &ledger.reductions;
    let amounts = own.column("amount")?.i64()?.cont_slice()?;
    frame.with_column(money(ingested, own, "amount", amounts)?)?;
    frame.drop("invoice")
}

fn debtors(ingested: &Ingested) -> PolarsResult<DataFrame> {
    let ledger = &ingested.ledger;
    let mut frame = ledger.debtors.clone();
    let clients = frame.column("client")?.u32()?.clone();
    let client = |code: Option<u32>| ledger.clients.get(code? as usize).map(|c| c.id.as_str());
    frame.with_column(text("client", clients.iter().map(client).collect()))?;
    Ok(frame)
}

/// Replaces the codes of a frame with the texts that they stand for.
fn named(ingested: &Ingested, frame: &DataFrame) -> PolarsResult<DataFrame> {
    let ledger = &ingested.ledger;
    let ids = ledger.debtors.column("debtor_id")?.str()?;
    let names = ledger.debtors.column("debtor_name")?.str()?;
    let codes =
        |name| -> PolarsResult<Vec<u32>> { Ok(frame.column(name)?.u32()?.cont_slice()?.to_vec()) };
    let (clients, debtors) = (codes("client")?, codes("debtor")?);
    let (currencies, files) = (codes("currency")?, codes("file")?);
    let certificate = &ledger.certificate;
    let mut frame = frame.clone();
    for column in [
        by_code("client", &clients, |at| ledger.clients.get(at).map(|client| client.id.as_str())),
        by_code("debtor_id", &debtors, |at| ids.get(at)),
        by_code("debtor_name", &debtors, |at| names.get(at)),
        by_code("currency", &currencies, |at| ledger.currencies.get(at).map(Currency::code)),
        by_code("file", &files, |at| certificate.files.get(at).map(|file| file.name.as_str())),
    ] {
        frame.with_column(column)?;
    }
    frame.drop("debtor")
}

fn by_code<'a>(name: &'static str, codes: &[u32], of: impl Fn(usize) -> Option<&'a str>) -> Column {
    text(name, codes.iter().map(|&code| of(code as usize)).collect())
}

fn text(name: &'static str, values: Vec<Option<&str>>) -> Column {
    Series::new(PlSmallStr::from_static(name), values).into_column()
}
