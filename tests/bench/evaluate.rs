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

use factorage::basics::{Amount, CollectionCurve, Currency, Money};
use factorage::offer::{QuoteRequest, quote};
use factorage::policy::Policy;
use factorage::portfolio::{Copula, LossModel, Name};
use factorage::pricing::{DisclosedLine, DisclosureFacts, LineTerms, disclosure, price_line};
use polars::prelude::{CsvReadOptions, SerReader};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use statrs::distribution::{ContinuousCDF, Normal};

const READ: &str = "--bare-read";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(file) = value_of(&arguments, READ) {
        return bare_read(Path::new(file));
    }
    quotes()?;
    risk()?;
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
        let report = seconds(factorage().arg("report").arg(&ledger).arg("--out").arg(&out))?;
        let read = seconds(Command::new(&arguments[0]).arg(READ).arg(&ledger))?;
        // The first round fills the file system's cache.
        if round > 0 {
            let ratios = [evaluate / read, ingest / read, report / read];
            times.push([evaluate, ingest, report, read, ratios[0], ratios[1], ratios[2]]);
        }
    }
    let median = |column: usize| {
        let mut values: Vec<f64> = times.iter().map(|round| round[column]).collect();
        // Medians: one slow round says something of the machine only.
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    println!("ledger: {rows} rows, {bytes} bytes; medians of {rounds} rounds, whole processes");
    println!("factorage evaluate --out: {:.3} s", median(0));
    println!("factorage ingest:         {:.3} s", median(1));
    println!("factorage report --out:   {:.3} s", median(2));
    println!("bare polars read:         {:.3} s", median(3));
    println!("ratio of evaluate:        {:.2}", median(4));
    println!("ratio of ingest:          {:.2}", median(5));
    println!("ratio of report:          {:.2}", median(6));
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
        loss: policy.loss_terms(None).share_lost(),
    };
    let (settings, jurisdictions) = policy.disclosure().ok_or("no disclosures")?;
    let priced = micros(20_000, || {
        let price = price_line(amount, &curve, 135, &terms)?;
        let facts = DisclosureFacts {
            lines: vec![DisclosedLine {
                amount,
                advance: price.advance,
                day: 45,
                fee: price.fee,
                equal: price.equal,
            }],
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
        policy: policy.clone().into(),
    };
    let whole = micros(200, || {
        std::hint::black_box(quote(&request)?);
        Ok(())
    })?;
    println!("one invoice priced and disclosed: {priced:.1} microseconds");
    println!("a quote, terms solved for:        {whole:.0} microseconds");
    Ok(())
}

/// The loss of 10,000 debtors in 100,000 scenarios beside the textbook's way, one normal number for
/// each debtor and scenario, on one thread and a hundredth of the scenarios.
fn risk() -> Result<(), Box<dyn Error>> {
    let name = |index: u32| Name {
        pd: 0.001 * f64::from(1 + index % 60),
        loss: f64::from(1 + index % 97),
        correlation: 0.12 + 0.001 * f64::from(index % 100),
        client: 0,
        others: Vec::new(),
    };
    let names: Vec<Name> = (0..10_000).map(name).collect();
    let scenarios = 100_000_u32;
    let model = LossModel::without_recourse(names.clone(), Copula::Gaussian);
    let start = Instant::now();
    let found = model.simulate(scenarios as usize, 1)?;
    let ours = start.elapsed().as_secs_f64();
    let normal = Normal::standard();
    let thresholds: Vec<f64> = names.iter().map(|name| normal.inverse_cdf(name.pd)).collect();
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let part = scenarios / 100;
    let start = Instant::now();
    let mut total = 0.0;
    for _ in 0..part {
        let factor: f64 = rng.sample(StandardNormal);
        for (name, threshold) in names.iter().zip(&thresholds) {
            let own: f64 = rng.sample(StandardNormal);
            let latent = name.correlation.sqrt() * factor + (1.0 - name.correlation).sqrt() * own;
            total += if latent < *threshold { name.loss } else { 0.0 };
        }
    }
    // Scaled up: in full it would take a hundred times as long.
    let textbook = start.elapsed().as_secs_f64() * 100.0;
    println!("10,000 debtors x 100,000 scenarios: {ours:.3} s, {} threads", threads());
    println!("textbook simulation, one thread:    {textbook:.1} s, ratio {:.3}", ours / textbook);
    let mean = total / f64::from(part);
    println!("expected loss: {:.0}, textbook {mean:.0}", found.expected.value);
    Ok(())
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, Into::into)
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
