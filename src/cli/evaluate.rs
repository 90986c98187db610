use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::Args;

use app::{EvaluateRequest, evaluate};
use basics::Rate;
use offer::Completed;
use service::EvaluateWork;

use super::guidance::GuidanceArgs;
use super::model_arg::ModelArg;
use super::policy::{advance, parsed, policy};
use super::streams::{input, named, offer_text, output_folder};
use super::{CliError, date, print, progress, rfc3339, tell};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  factorage evaluate data/sample_ledger.csv
  factorage evaluate ledger.xlsx payments.xlsx --as-of 2026-06-30 --out offer
  factorage evaluate ledger.csv --policy house.toml --facility facility.toml --json
  factorage evaluate ledger.csv --confirmations answers.csv --out offer
  factorage evaluate ledger.csv --completes offer/offer.json --confirmations answers.csv
  unzip -p export.zip ledger.csv | factorage evaluate -")]
pub(super) struct EvaluateArgs {
    /// The client's receivables, as exported: CSV and other text, XLSX, XLS, ODS, Parquet, JSON or
    /// UBL; files, folders or zip archives, read together as one ledger
    #[arg(required = true, value_name = "LEDGER", value_parser = input())]
    ledgers: Vec<PathBuf>,
    /// As-of date: judge everything at the end of this day [default: the latest invoice or
    /// settlement date in the ledger]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    as_of: Option<NaiveDate>,
    /// Policy in TOML [default: the standard policy, data/policies/standard.toml]
    #[arg(
        long,
        value_name = "FILE",
        env = "FACTORAGE_POLICY",
        hide_env_values = true,
        value_parser = input()
    )]
    policy: Option<PathBuf>,
    /// Facility in TOML, for the borrowing base: line, funds in use and the client's certificate
    #[arg(long, value_name = "FILE", value_parser = input())]
    facility: Option<PathBuf>,
    /// Advance at most this percent of the amount bought, at the price that yields the same return
    #[arg(long, value_name = "PERCENT", value_parser = advance)]
    advance: Option<Rate>,
    /// A ledger that the client sent before, a file or a folder; give it once for each: an invoice
    /// that has since been re-dated counts from the earliest date shown, and what was re-dated,
    /// raised, reopened, moved or backdated since any of them is held until the customer confirms
    /// it
    #[arg(long, value_name = "LEDGER", value_parser = input())]
    previous: Vec<PathBuf>,
    /// CSV of what debtors answered when they were asked to confirm invoices: client, debtor,
    /// invoice, amount, outcome (confirmed, wrong_amount, no_answer, disputed, unknown_debtor), by,
    /// at, how (telephone, portal, email, goods_receipt), note, document_sha256
    #[arg(long, value_name = "FILE", value_parser = input())]
    confirmations: Option<PathBuf>,
    /// The offer.json of an earlier offer on this ledger: buys what it held and customers have
    /// confirmed since, under its policy, on its terms and up to the amounts held; pass its earlier
    /// ledgers again
    #[arg(long, value_name = "OFFER", value_parser = input(), conflicts_with = "advance")]
    completes: Option<PathBuf>,
    /// Number that draws invoices for confirmation at random; a policy that draws some needs it
    #[arg(long, value_name = "N")]
    selection_seed: Option<u64>,
    #[command(flatten)]
    guidance: GuidanceArgs,
    /// Scoring model: km (each debtor's own history), train (boosted, trained on this ledger), a
    /// file written by `factorage train`, or auto (train if the ledger has 200 to 20,000 invoices
    /// and at least 50 of them are paid, else km)
    #[arg(
        long,
        value_name = "auto|km|train|FILE",
        default_value = "auto",
        env = "FACTORAGE_MODEL",
        hide_env_values = true
    )]
    model: ModelArg,
    /// Issue time for the offer's envelope, such as 2026-06-30T09:00:00Z [default: none; the clock
    /// is not read]
    #[arg(long, value_name = "TIME", value_parser = rfc3339)]
    issued_at: Option<String>,
    /// Write offer.json, invoices.csv, invoices.parquet, rejects.csv, footing.json, report.html and
    /// credit_memo.html to this folder
    #[arg(long, value_name = "DIR", value_parser = output_folder())]
    pub(super) out: Option<PathBuf>,
    /// Print offer.json instead of the summary
    #[arg(long)]
    json: bool,
    /// Writes the page of the client's copy as well: the service shows it to the client.
    #[arg(skip)]
    client_page: bool,
}

impl From<EvaluateWork> for EvaluateArgs {
    fn from(work: EvaluateWork) -> Self {
        Self {
            ledgers: vec![work.ledger],
            as_of: work.as_of,
            policy: work.policy,
            facility: work.facility,
            advance: work.advance_percent,
            previous: work.previous,
            confirmations: work.confirmations,
            completes: work.completes,
            selection_seed: work.selection_seed,
            guidance: GuidanceArgs::of_job(work.client, work.debtor_register),
            model: work.model.into(),
            issued_at: None,
            out: Some(work.out),
            json: false,
            client_page: true,
        }
    }
}

/// Evaluates a ledger and shows, prints or writes the offer.
///
/// # Errors
/// If an argument is wrong, an input cannot be read, or an output cannot be written.
pub(super) fn run(args: &EvaluateArgs) -> Result<(), CliError> {
    args.guidance.check()?;
    // Checked first: nobody should wait for an evaluation that cannot be written.
    if let Some(folder) = &args.out {
        report::check_folder(folder, &report::OFFER_FILES)?;
    }
    let completes = args.completes.as_deref().map(completed).transpose()?;
    let policy = match (&args.policy, &completes) {
        (None, Some(completed)) => completed.policy.clone(),
        (path, _) => policy(path.as_deref())?,
    };
    let request = EvaluateRequest {
        as_of: args.as_of,
        advance: args.advance,
        previous: args.previous.iter().map(Into::into).collect(),
        confirmations: args.confirmations.as_ref().map(Into::into),
        selection_seed: args.selection_seed,
        facility: args.facility.as_deref().map(parsed).transpose()?,
        guidance: args.guidance.guidance(),
        model: args.model.choice()?,
        issued_at: args.issued_at.clone(),
        completes,
        ..EvaluateRequest::new(&args.ledgers, policy)
    };
    let bar = progress::reading(&args.ledgers);
    let evaluated = evaluate(&request, &|bytes| bar.inc(bytes));
    bar.finish_and_clear();
    let mut evaluation = evaluated?;
    if let Some(folder) = &args.out {
        let bar = progress::writing();
        let written = report::write_files(&evaluation, folder);
        bar.finish_and_clear();
        written?;
        if args.client_page {
            report::write_client_copy(&mut evaluation, folder)?;
        }
    }
    // The process ends with this command: freeing a million invoices one by one only costs time.
    let evaluation = std::mem::ManuallyDrop::new(evaluation);
    if args.json {
        return print(|out| Ok(evaluation.write_offer(out)?));
    }
    let summary = report::summary(&evaluation);
    tell(|out| {
        out.write_all(summary.as_bytes())?;
        if let Some(folder) = &args.out {
            writeln!(out, "Files written to {}.", folder.display())?;
        }
        Ok(())
    })
}

/// Reads the offer that is completed.
///
/// # Errors
/// If the file cannot be read or is not such an offer; the error names it.
pub(super) fn completed(path: &Path) -> Result<Completed, CliError> {
    Completed::read(&offer_text(path)?).map_err(|error| named(path, &error))
}
