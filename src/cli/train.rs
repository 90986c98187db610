use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use app::{TrainRequest, train};
use policy::Policy;
use report::model::{model_json, model_summary};

use super::guidance::GuidanceArgs;
use super::streams::{check_output, input, is_stdout, output, write};
use super::wrong::wrong;
use super::{CliError, date, print, progress, tell};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  factorage train data/sample_ledger.csv --out model.json
  factorage train clients/*.csv --as-of 2026-03-31 --out model.json
  factorage train ledger.csv --out - | gzip > model.json.gz")]
pub(super) struct TrainArgs {
    /// The receivables of one client or several, as for `evaluate`
    #[arg(required = true, value_name = "LEDGER", value_parser = input())]
    ledgers: Vec<PathBuf>,
    /// As-of date: learn from what was known at the end of this day [default: the latest invoice or
    /// settlement date in the ledger]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    as_of: Option<NaiveDate>,
    #[command(flatten)]
    guidance: GuidanceArgs,
    /// Write the model to this file
    #[arg(long, value_name = "FILE", value_parser = output())]
    pub(super) out: Option<PathBuf>,
    /// Print the model file instead of the summary
    #[arg(long)]
    json: bool,
}

/// Trains a model and shows, prints or writes it.
///
/// # Errors
/// If an argument is wrong, the ledger cannot be read or has too little history, or the model
/// cannot be written.
pub(super) fn run(args: &TrainArgs) -> Result<(), CliError> {
    args.guidance.check()?;
    let to_stdout = args.out.as_deref().is_some_and(is_stdout);
    if to_stdout && args.json {
        return wrong("--out - and --json both print the model; give one of them");
    }
    args.out.as_deref().map_or(Ok(()), check_output)?;
    let request = TrainRequest {
        as_of: args.as_of,
        guidance: args.guidance.guidance(),
        ..TrainRequest::new(&args.ledgers, Policy::standard()?)
    };
    let bar = progress::reading(&args.ledgers);
    let trained = train(&request, &|bytes| bar.inc(bytes));
    bar.finish_and_clear();
    let model = trained?;
    if let Some(path) = &args.out {
        write(path, |out| Ok(model_json(&model, out)?))?;
    }
    if args.json {
        return print(|out| Ok(model_json(&model, out)?));
    }
    if to_stdout {
        return Ok(());
    }
    tell(|out| {
        out.write_all(model_summary(&model).as_bytes())?;
        if let Some(path) = &args.out {
            writeln!(out, "Model written to {}.", path.display())?;
        } else {
            writeln!(out, "The model was not saved; use --out FILE to save it.")?;
        }
        Ok(())
    })
}
