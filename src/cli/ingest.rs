use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use app::{IngestRequest, ingest};
use ledger::LedgerError;
use policy::Policy;
use report::{check_folder, intake};
use service::IngestWork;

use super::guidance::GuidanceArgs;
use super::streams::{input, output_folder};
use super::{CliError, date, print, progress, tell};

#[derive(Debug, Args)]
#[command(after_help = "\
An export that is not recognised needs a mapping file that names its columns:

  [columns]
  invoice_number = \"Doc. No.\"
  debtor_name    = [\"Cust.\", \"Customer of record\"]
  invoice_date   = \"Dated\"
  due_date       = \"Payable by\"
  amount         = \"Gross\"
  open_balance   = \"Still owed\"

For a file that it does not recognise, `factorage ingest` prints a mapping to start from:
`factorage ingest FILE > mapping.toml`, then `factorage ingest FILE --mapping mapping.toml`.

Examples:
  factorage ingest data/messy_export.csv
  factorage ingest invoices.xlsx payments.xlsx customers.xlsx --out ledger
  factorage ingest export.csv --mapping mapping.toml --rates rates.csv --json")]
pub(super) struct IngestArgs {
    /// The client's receivables, as exported: CSV and other text, XLSX, XLS, ODS, Parquet, JSON or
    /// UBL; files, folders or zip archives, read together as one ledger
    #[arg(required = true, value_name = "FILE", value_parser = input())]
    files: Vec<PathBuf>,
    /// As-of date of the ledger [default: the date it states, else the latest invoice or settlement
    /// date]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    as_of: Option<NaiveDate>,
    #[command(flatten)]
    guidance: GuidanceArgs,
    /// CSV of conversion rates (from, to, rate, date), to total balances in several currencies
    #[arg(long, value_name = "FILE", value_parser = input())]
    rates: Option<PathBuf>,
    /// Print a JSON object instead of the summary, also if the ledger is refused
    #[arg(long)]
    json: bool,
    /// Write invoices.parquet, settlements.parquet, debtors.parquet, rejects.csv, footing.json and
    /// ingest.json to this folder
    #[arg(long, value_name = "DIR", value_parser = output_folder())]
    pub(super) out: Option<PathBuf>,
}

impl From<IngestWork> for IngestArgs {
    fn from(IngestWork { client, ledger, out }: IngestWork) -> Self {
        Self {
            files: vec![ledger],
            as_of: None,
            guidance: GuidanceArgs::of_job(client, None),
            rates: None,
            json: false,
            out: Some(out),
        }
    }
}

/// Reads a ledger and shows, prints or writes the result.
///
/// # Errors
/// If an argument is wrong, the ledger cannot be read, or an output cannot be written.
pub(super) fn run(args: &IngestArgs) -> Result<(), CliError> {
    args.guidance.check()?;
    if let Some(folder) = &args.out {
        check_folder(folder, &intake::INTAKE_FILES)?;
    }
    let request = IngestRequest {
        as_of: args.as_of,
        rates: args.rates.clone(),
        guidance: args.guidance.guidance(),
        ..IngestRequest::new(&args.files, Policy::standard()?)
    };
    let bar = progress::reading(&args.files);
    let read = ingest(&request, &|bytes| bar.inc(bytes));
    bar.finish_and_clear();
    let ingested = match read {
        // The process ends with this command: freeing a million rows one by one only costs time.
        Ok(ingested) => std::mem::ManuallyDrop::new(ingested),
        Err(error) => return refuse(error, args.json),
    };
    if let Some(folder) = &args.out {
        let bar = progress::writing();
        let written = intake::write_intake(&ingested, folder);
        bar.finish_and_clear();
        written?;
    }
    if args.json {
        return print(|out| Ok(intake::intake_json(&ingested, out)?));
    }
    let summary = intake::intake_summary(&ingested);
    tell(|out| {
        out.write_all(summary.as_bytes())?;
        if let Some(folder) = &args.out {
            writeln!(out, "Files written to {}.", folder.display())?;
        }
        Ok(())
    })
}

/// Prints the refusal as JSON, or else a mapping to start from, if one can be proposed.
///
/// # Errors
/// Always: the refusal, which goes to stderr.
fn refuse(error: LedgerError, json: bool) -> Result<(), CliError> {
    if json {
        print(|out| Ok(intake::refusal_json(&error, out)?))?;
    } else if let Some(mapping) = error.mapping() {
        // On standard output, so that `> mapping.toml` keeps it apart from the refusal.
        print(|out| Ok(out.write_all(mapping.as_bytes())?))?;
    }
    Err(error.into())
}
