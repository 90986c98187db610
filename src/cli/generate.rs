use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::Args;
use tempfile::NamedTempFile;

use crate::app::generate::{GenerateOptions, generate};

use super::{CliError, date, print};

#[derive(Debug, Args)]
pub(super) struct GenerateArgs {
    /// Rows to write, credit notes included
    #[arg(long, value_name = "N")]
    invoices: usize,
    /// Debtors, at least as many as clients
    #[arg(long, value_name = "D")]
    debtors: usize,
    /// Clients
    #[arg(long, value_name = "C", default_value_t = 1)]
    clients: usize,
    /// Seed: the same options and seed give the same bytes
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Last day of the ledger; nothing later is visible in it
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date, default_value = "2026-06-30")]
    end: NaiveDate,
    /// Months of business before that day
    #[arg(long, value_name = "M", default_value_t = 18)]
    months: u32,
    /// Currency, one with two decimals
    #[arg(long, value_name = "XXX", default_value = "USD")]
    currency: String,
    /// CSV file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Writes the ledger under another name and renames it at the end.
pub(super) fn run(args: &GenerateArgs) -> Result<(), CliError> {
    let options = GenerateOptions {
        invoices: args.invoices,
        debtors: args.debtors,
        clients: args.clients,
        seed: args.seed,
        end: args.end,
        months: args.months,
        currency: args.currency.clone(),
    };
    let named = |error: std::io::Error| format!("{}: {error}", args.out.display());
    let folder = args.out.parent().filter(|p| !p.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    fs::metadata(folder).map_err(named)?;
    let mut file = NamedTempFile::new_in(folder).map_err(named)?;
    let mut out = BufWriter::new(&mut file);
    let written = generate(&options, &mut out)?;
    out.flush().map_err(named)?;
    drop(out);
    file.persist(&args.out).map_err(|error| named(error.error))?;
    print(|out| {
        Ok(writeln!(
            out,
            "{}: {} rows ({} open, {} paid, {} written off, {} credit notes)",
            args.out.display(),
            written.invoices,
            written.open,
            written.paid,
            written.written_off,
            written.credit_notes
        )?)
    })
}
