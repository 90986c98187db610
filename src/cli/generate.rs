use std::io::{self, Write};
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use indicatif::ProgressBar;

use app::generate::{GenerateOptions, Payers, generate};
use basics::counted;

use super::streams::{check_output, is_stdout, output, write};
use super::wrong::WrongArgument;
use super::{CliError, date, progress, tell, whole};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  factorage generate --invoices 1500 --debtors 60 --seed 7 --out ledger.csv
  factorage generate --invoices 200 --debtors 12 --payers weekly --out - | factorage ingest -")]
pub(super) struct GenerateArgs {
    /// Rows to write, credit notes included
    #[arg(long, value_name = "N", value_parser = whole::<usize>)]
    invoices: usize,
    /// Number of debtors, at least as many as clients
    #[arg(long, value_name = "D", value_parser = whole::<usize>)]
    debtors: usize,
    /// Number of clients
    #[arg(long, value_name = "C", default_value_t = 1, value_parser = whole::<usize>)]
    clients: usize,
    /// Seed; the same options and seed give the same file, byte for byte
    #[arg(long, value_name = "S", default_value_t = 1, value_parser = whole::<u64>)]
    seed: u64,
    /// Last day of the ledger; it shows nothing later
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date, default_value = "2026-06-30")]
    end: NaiveDate,
    /// Months of business before that day
    #[arg(long, value_name = "M", default_value_t = 18, value_parser = whole::<u32>)]
    months: u32,
    /// Currency with two decimals
    #[arg(long, value_name = "XXX", default_value = "USD")]
    currency: String,
    /// Payment habits of the debtors
    #[arg(long, value_enum, default_value_t = PayersArg::Mixed)]
    payers: PayersArg,
    /// Concentrate the business in spring and autumn
    #[arg(long)]
    seasonal: bool,
    /// CSV file to write, or - for standard output
    #[arg(long, value_name = "FILE", value_parser = output())]
    pub(super) out: PathBuf,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum PayersArg {
    /// Some on any day, some weekly, some twice a month
    Mixed,
    /// Each once a week, on its own weekday
    Weekly,
    /// All on the last working day of the month
    MonthEnd,
    /// As mixed, but 15 days later in the second half of the period
    Slowing,
}

/// Writes a ledger and prints what it contains.
///
/// # Errors
/// If the options do not go together or the file cannot be written.
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
    options.check().map_err(|error| WrongArgument(error.to_string()))?;
    check_output(&args.out)?;
    let bar = progress::rows(args.invoices as u64);
    let mut written = None;
    let done = write(&args.out, |out| {
        let mut counting = Counting { out, bar: &bar };
        written = Some(generate(&options, &mut counting)?);
        Ok(())
    });
    bar.finish_and_clear();
    done?;
    let Some(written) = written.filter(|_| !is_stdout(&args.out)) else { return Ok(()) };
    tell(|out| {
        Ok(writeln!(
            out,
            "{}: {} ({} open, {} paid, {} written off, {})",
            args.out.display(),
            counted(written.invoices, "row", "rows"),
            written.open,
            written.paid,
            written.written_off,
            counted(written.credit_notes, "credit note", "credit notes")
        )?)
    })
}

/// Counts the rows written, for the progress bar.
struct Counting<'a> {
    out: &'a mut dyn Write,
    bar: &'a ProgressBar,
}

impl Write for Counting<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        let rows = memchr::memchr_iter(b'\n', &bytes[..written]).count();
        self.bar.inc(rows as u64);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
