//! Every file that we write, read back: refused as no ledger, by name; only what `generate` writes
//! is one.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use factorage::app::{ReportRequest, report};
use factorage::offer::OfferFile;
use factorage::report::offer_xlsx;
use factorage::report::portfolio::{Key, write_portfolio};
use polars::prelude::{
    Column, DataType, IntoColumn, NamedFrom, ParquetReader, ParquetWriter, SerReader, Series,
};
use serde_json::Value;
use tempfile::TempDir;

use super::{done, folder, run};

/// Currencies without decimals, with two and with three; open, part paid, credited and paid.
const LEDGER: &str = "\
client_id,invoice_number,debtor_id,debtor_name,invoice_date,due_date,currency,amount,paid_date,paid_amount,credited_amount,credited_date,disputed
a,1,10,North Mill,2026-05-04,2026-06-03,USD,1250.00,2026-06-08,,,,
a,2,11,South Mill,2026-05-18,2026-06-17,USD,349.95,,,,,
a,3,11,South Mill,2026-05-19,2026-06-18,USD,1200.00,2026-06-20,200.00,,,
a,4,12,East Mill,2026-05-20,2026-06-19,JPY,120000,,,20000,2026-06-01,yes
a,5,12,East Mill,2026-05-21,2026-06-20,JPY,7,,,,,
b,6,13,West Mill,2026-05-22,2026-06-21,KWD,1.234,,,,,
b,7,13,West Mill,2026-05-23,2026-06-22,KWD,12345.600,2026-06-22,45.600,,,
b,8,14,Mid Mill,2026-05-24,2026-06-23,KWD,500.000,2026-06-24,500.000,,,
b,9,14,Mid Mill,2026-05-25,2026-06-24,USD,-50.00,,,,,
b,10,14,Mid Mill,2026-05-26,2026-06-25,USD,100.00,,,,,
";

pub(super) const DAY: &str = "2026-06-28";

/// Count, face and open balance by currency, in the digits of the currency.
pub(super) type Figures = BTreeMap<String, (u64, i128, i128)>;

/// An amount in minor units, whatever its currency: the digits are those of the text.
fn minor(amount: &Value) -> i128 {
    amount.as_str().expect("an amount").replace('.', "").parse().expect("digits")
}

/// The figures that `ingest` gives for files: of every invoice, or of those that are open.
pub(super) fn figures(folder: &TempDir, files: &[&str], only_open: bool) -> Figures {
    let args = [&["ingest"], files, &["--json", "--as-of", DAY]].concat();
    let read: Value = serde_json::from_str(&done(folder, &args)).expect("JSON");
    assert_eq!(read["counts"]["rejects"], 0, "{files:?}: {}", read["rejects"]);
    assert_eq!(read["footing"]["foots"], true, "{files:?}");
    let mut figures = Figures::new();
    for invoice in read["invoices"].as_array().expect("invoices") {
        let open = minor(&invoice["open"]);
        if only_open && open == 0 {
            continue;
        }
        let currency = invoice["currency"].as_str().expect("a code").to_owned();
        let (count, faces, opens) = figures.entry(currency).or_default();
        *count += 1;
        *faces += minor(&invoice["face"]);
        *opens += open;
    }
    figures
}

/// A folder with a ledger and everything that the commands write about it.
fn written(ledger: &str) -> TempDir {
    let folder = folder();
    fs::write(folder.path().join("l.csv"), ledger).expect("a ledger");
    done(&folder, &["ingest", "l.csv", "--as-of", DAY, "--out", "ingest"]);
    done(&folder, &["evaluate", "l.csv", "--as-of", DAY, "--model", "km", "--out", "evaluate"]);
    folder
}

/// They lack payments, credits and disputes: what is made from them alone would be another offer.
#[test]
fn lists_of_invoices_that_we_write_are_refused() {
    let folder = written(LEDGER);
    for (file, says) in [
        ("ingest/invoices.parquet", "not a ledger but the list of a ledger's invoices"),
        ("evaluate/invoices.csv", "not a ledger but the list of an offer's invoices"),
        ("evaluate/invoices.parquet", "not a ledger but the list of an offer's invoices"),
        ("ingest", "not a ledger but "),
    ] {
        refused_as_ours(&folder, file, says);
    }
}

/// Amounts in other engines: the columns are decimals there, and a table written from them is
/// known.
#[test]
fn amounts_are_decimals_in_other_engines() {
    let folder = written(LEDGER);
    for (file, columns) in [
        ("ingest/invoices.parquet", ["face", "open"].as_slice()),
        ("ingest/settlements.parquet", &["amount"]),
        ("evaluate/invoices.parquet", &["face", "open", "amount_bought", "advance", "fee"]),
    ] {
        let file = fs::File::open(folder.path().join(file)).expect("written");
        let frame = ParquetReader::new(file).finish().expect("a frame");
        for column in frame.columns() {
            let name = column.name().as_str();
            let is_decimal = *column.dtype() == DataType::Decimal(38, 3);
            assert_eq!(is_decimal, columns.contains(&name) || is_decimal, "{name}");
            let counts = ["line", "file", "days_past_due", "source_line", "expected_day"];
            let is_integer = column.dtype().is_integer();
            assert!(!is_integer || counts.contains(&name), "{name} is {}", column.dtype());
        }
        // As another engine writes the same table as text.
        let cells: Vec<Column> =
            frame.columns().iter().map(|c| c.cast(&DataType::String).expect("text")).collect();
        let mut csv = csv::Writer::from_path(folder.path().join("copy.csv")).expect("a file");
        csv.write_record(cells.iter().map(|column| column.name().as_str())).expect("a header");
        for row in 0..frame.height() {
            let cell = |column| -> &str {
                Column::str(column).expect("text").get(row).unwrap_or_default()
            };
            csv.write_record(cells.iter().map(cell)).expect("a row");
        }
        csv.flush().expect("a copy");
        refused_as_ours(&folder, "copy.csv", "is not a ledger but ");
    }
}

/// Every file below a folder.
fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> =
        entries.flat_map(|path| if path.is_dir() { below(&path) } else { vec![path] }).collect();
    files.sort();
    files
}

/// Demands that a file is refused by both commands that read ledgers, as what it is.
pub(super) fn refused_as_ours(folder: &TempDir, file: &str, says: &str) {
    refused_by("ingest", folder, file, says);
    refused_by("evaluate", folder, file, says);
}

fn refused_by(command: &str, folder: &TempDir, file: &str, says: &str) {
    let output = run(folder, &[command, file]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{command} {file}: {said}");
    assert_eq!(said.lines().count(), 1, "{command} {file}: {said}");
    assert!(said.contains(file) && said.contains(says), "{command} {file}: {said}");
}

/// A report with each of its sections alone.
fn sections_of(folder: &TempDir) {
    let request = ReportRequest {
        portfolio: folder.path().join("history.csv"),
        as_of: None,
        scenarios: None,
        compare: None,
        policy: None,
        usual_policy: None,
    };
    let report = report(&request, &|_, _| ()).expect("a report");
    for key in Key::ALL {
        let out = folder.path().join("out").join(key.as_str());
        write_portfolio(&report, &[key], &out).expect("written");
    }
}

#[test]
fn everything_that_we_write_is_refused_as_no_ledger() {
    let folder = written(LEDGER);
    let history = ["--invoices", "300", "--debtors", "9", "--seed", "3", "--out", "history.csv"];
    done(&folder, &[&["generate"], history.as_slice()].concat());
    fs::create_dir(folder.path().join("out")).expect("a folder");
    let origins = ["--origins", "2026-04-30", "--model", "km"];
    let backtest =
        ["backtest", "history.csv", "--out", "out/backtest", "--predictions", "out/p.csv"];
    done(&folder, &[&backtest, origins.as_slice()].concat());
    done(&folder, &["train", "history.csv", "--out", "out/model.json"]);
    done(&folder, &["report", "history.csv", "--out", "out/all", "--letters", "out/letters"]);
    sections_of(&folder);
    for (name, args) in [
        ("ingest", ["ingest", "l.csv", "--json"].as_slice()),
        ("evaluate", &["evaluate", "l.csv", "--as-of", DAY, "--model", "km", "--json"]),
        ("report", &["report", "history.csv", "--json"]),
        ("quote", &["quote", "--face", "50000", "--terms", "45", "--debtors", "8", "--json"]),
    ] {
        let path = folder.path().join(format!("out/{name}-printed.json"));
        fs::write(path, done(&folder, args)).expect("a file");
    }
    let offer = fs::read_to_string(folder.path().join("evaluate/offer.json")).expect("an offer");
    let mut workbook = fs::File::create(folder.path().join("out/offer.xlsx")).expect("a file");
    let offer = OfferFile::read(&offer).and_then(|file| file.offer()).expect("an offer");
    offer_xlsx(&offer, &mut workbook).expect("a workbook");
    let (mut refused, mut pages) = (0, 0);
    for path in
        ["ingest", "evaluate", "out"].iter().flat_map(|part| below(&folder.path().join(part)))
    {
        let file = path.strip_prefix(folder.path()).expect("below").to_str().expect("UTF-8");
        // Pages are for people, letters are texts without a table.
        let says = match path.extension().and_then(|ending| ending.to_str()) {
            Some("html") => "it is a web page",
            Some("txt") => "no column for",
            _ => "is not a ledger but ",
        };
        refused_by("ingest", &folder, file, says);
        *(if says.starts_with("is not") { &mut refused } else { &mut pages }) += 1;
    }
    assert!(refused >= 30 && pages > 10, "{refused} refused, {pages} pages and letters");
}

#[test]
fn invoices_of_an_older_version_are_refused() {
    let folder = written(LEDGER);
    let file = fs::File::open(folder.path().join("ingest/invoices.parquet")).expect("written");
    let mut frame = ParquetReader::new(file).finish().expect("a frame");
    for name in ["face", "open"] {
        let minor: Vec<i64> = (0..frame.height() as i64).map(|row| 100 * row).collect();
        let _ = frame.with_column(Series::new(name.into(), minor).into_column()).expect("set");
    }
    let out = fs::File::create(folder.path().join("old.parquet")).expect("a file");
    ParquetWriter::new(out).finish(&mut frame).expect("written");
    refused_as_ours(&folder, "old.parquet", "is not a ledger but ");
}
