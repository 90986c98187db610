//! `cargo bench`: how long a quote takes inside the process, and how long `factorage evaluate` and
//! `factorage ingest` take beside a bare polars read of the same file.
//!
//! All run as whole processes in turn, so that the ratio holds when the machine's speed drifts.
//! Options behind `--`: `--rows N` (default 1,000,000), `--rounds N` (default 5, after one that is
//! not counted).

use std::error::Error;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use factorage::app::{QuoteRequest, quote};
use factorage::basics::{Amount, CollectionCurve, Currency, Money};
use factorage::pricing::{DisclosedLine, DisclosureFacts, LineTerms, disclosure, price_line};
use factorage::underwriting::Policy;
use polars::prelude::{CsvReadOptions, SerReader};

const READ: &str = "--bare-read";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(file) = value_of(&arguments, READ) {
        return bare_read(Path::new(file));
    }
    quotes()?;
    let rows: usize = value_of(&arguments, "--rows").map_or(Ok(1_000_000), str::parse)?;
    let rounds: usize = value_of(&arguments, "--rounds").map_or(Ok(5), str::parse)?;
    let folder = tempfile::tempdir()?;
    let ledger = folder.path().join("ledger.csv");
    generate(rows, &ledger)?;
    let bytes = std::fs::metadata(&ledger)?.len();
    let out = folder.path().join("out");
    let mut times = Vec::new();
    for round in 0..=rounds {
        let factorage = || Command::new(env!("CARGO_BIN_EXE_factorage"));
        let evaluate = seconds(factorage().arg("evaluate").arg(&ledger).arg("--out").arg(&out))?;
        let ingest = seconds(factorage().arg("ingest").arg(&ledger))?;
        let read = seconds(Command::new(&arguments[0]).arg(READ).arg(&ledger))?;
        if round > 0 {
            times.push([evaluate, ingest, read, evaluate / read, ingest / read]);
        }
    }
    let median = |column: usize| {
        let mut values: Vec<f64> = times.iter().map(|round| round[column]).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    println!("ledger: {rows} rows, {bytes} bytes; medians of {rounds} rounds, whole processes");
    println!("factorage evaluate --out: {:.3} s", median(0));
    println!("factorage ingest:         {:.3} s", median(1));
    println!("bare polars read:         {:.3} s", median(2));
    println!("ratio of evaluate:        {:.2}", median(3));
    println!("ratio of ingest:          {:.2}", median(4));
    Ok(())
}

/// One invoice inside the process: priced and disclosed under given terms, and a whole quote, whose
/// terms, menu and range are solved for.
fn quotes() -> Result<(), Box<dyn Error>> {
    let policy = Policy::standard()?;
    let purchase = chrono::NaiveDate::from_ymd_opt(2026, 6, 30).unwrap_or_default();
    let curve = CollectionCurve::nearest((0..=135).map(|day| f64::from(day) / 140.0));
    let amount = Money::from_minor(5_000_000, Currency::USD);
    let terms = LineTerms {
        advance_rate: policy.advance_cap(),
        purchase,
        fee_plan: policy.fee_plan(),
        fee_by_day: &policy.fee_plan().by_day(purchase, 135),
        loss: policy.loss_terms(None),
    };
    let (settings, jurisdictions) = policy.disclosure().ok_or("no disclosures")?;
    let priced = micros(20_000, || {
        let price = price_line(amount, &curve, 135, &terms)?;
        let facts = DisclosureFacts {
            lines: vec![DisclosedLine { amount, advance: price.advance, day: 45, fee: price.fee }],
            prepaid: Money::zero(Currency::USD),
            term_rule: "due date".to_owned(),
            repurchase: "bought back".to_owned(),
            avoidable: Vec::new(),
            monthly: Vec::new(),
            receivables: "1 invoice".to_owned(),
            settings: settings.clone(),
        };
        for &jurisdiction in jurisdictions {
            std::hint::black_box(disclosure(jurisdiction, &facts)?);
        }
        Ok(())
    })?;
    let request = QuoteRequest {
        face: Amount(50_000.into()),
        terms_days: 45,
        debtors: 1,
        invoices: None,
        monthly_sales: None,
        advance: None,
        currency: Currency::USD,
        date: purchase,
        policy: policy.clone(),
    };
    let whole = micros(200, || {
        std::hint::black_box(quote(&request)?);
        Ok(())
    })?;
    println!("one invoice priced and disclosed: {priced:.1} microseconds");
    println!("a quote, terms solved for:        {whole:.0} microseconds");
    Ok(())
}

/// Mean time of a run, after a tenth of the runs uncounted.
fn micros(runs: u32, run: impl Fn() -> Result<(), Box<dyn Error>>) -> Result<f64, Box<dyn Error>> {
    (0..runs / 10).try_for_each(|_| run())?;
    let start = Instant::now();
    (0..runs).try_for_each(|_| run())?;
    Ok(start.elapsed().as_secs_f64() * 1e6 / f64::from(runs))
}

fn value_of<'a>(arguments: &'a [String], name: &str) -> Option<&'a str> {
    let at = arguments.iter().position(|argument| argument == name)?;
    arguments.get(at + 1).map(String::as_str)
}

/// Reads every cell into typed columns, as polars infers them, and nothing else.
fn bare_read(file: &Path) -> Result<(), Box<dyn Error>> {
    let options = CsvReadOptions::default().with_infer_schema_length(Some(1000));
    let frame = options.try_into_reader_with_file_path(Some(file.to_owned()))?.finish()?;
    println!("{} rows", frame.height());
    Ok(())
}

fn generate(rows: usize, ledger: &Path) -> Result<(), Box<dyn Error>> {
    let (debtors, clients) = ((rows / 50).max(1), (rows / 5000).max(1));
    let mut command = Command::new(env!("CARGO_BIN_EXE_factorage"));
    command.args(["generate", "--invoices", &rows.to_string()]);
    command.args(["--debtors", &debtors.to_string(), "--clients", &clients.to_string()]);
    command.args(["--seed", "7", "--out"]).arg(ledger);
    seconds(&mut command).map(|_| ())
}

fn seconds(command: &mut Command) -> Result<f64, Box<dyn Error>> {
    let start = Instant::now();
    let status = command.stdout(Stdio::null()).status()?;
    let seconds = start.elapsed().as_secs_f64();
    if status.success() { Ok(seconds) } else { Err(format!("{command:?} failed: {status}").into()) }
}
