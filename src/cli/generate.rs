use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use crate::app::generate::{GenerateOptions, Payers, generate};

use crate::report::write_file;

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
    /// How the debtors pay
    #[arg(long, value_enum, default_value_t = PayersArg::Mixed)]
    payers: PayersArg,
    /// Most of the business in autumn and in spring
    #[arg(long)]
    seasonal: bool,
    /// CSV file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum PayersArg {
    /// Some on any day, some once a week, some twice a month
    Mixed,
    /// Each once a week, on a weekday of its own
    Weekly,
    /// All on the last working day of the month
    MonthEnd,
    /// As mixed, but 15 days later in the second half of the period
    Slowing,
}

/// Writes the ledger and says what it holds.
pub(super) fn run(args: &GenerateArgs) -> Result<(), CliError> {
    let options = GenerateOptions {
        invoices: args.invoices,
        debtors: args.debtors,
        clients: args.clients,
        seed: args.seed,
        end: args.end,
        months: args.months,
        currency: args.currency.clone(),
        seasonal: args.seasonal,
        payers: match args.payers {
            PayersArg::Mixed => Payers::Mixed,
            PayersArg::Weekly => Payers::Weekly,
            PayersArg::MonthEnd => Payers::MonthEnd,
            PayersArg::Slowing => Payers::Slowing,
        },
    };
    let written = write_file::<_, CliError>(&args.out, |out| Ok(generate(&options, out)?))?;
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
