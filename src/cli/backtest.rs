use std::io::{self, Write};
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use app::{BacktestRequest, backtest};
use basics::counted;
use policy::Policy;
use report::backtest::{
    BACKTEST_FILES, backtest_json, backtest_summary, predictions_csv, write_backtest,
};
use report::check_folder;

use super::guidance::GuidanceArgs;
use super::model_arg::ModelArg;
use super::streams::{check_output, input, is_stdout, output, output_folder, write};
use super::wrong::wrong;
use super::{CliError, date, is_quiet, print, progress, tell};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  factorage backtest data/sample_ledger.csv --origins 2026-03-31,2026-04-30
  factorage backtest ledger.csv --origins 2026-03-31 --model km --out backtest
  factorage backtest ledger.csv --origins 2026-03-31 --predictions - > predictions.csv")]
pub(super) struct BacktestArgs {
    /// The client's receivables, as for `evaluate`
    #[arg(required = true, value_name = "LEDGER", value_parser = input())]
    ledgers: Vec<PathBuf>,
    /// Days to test on, such as 2026-01-31,2026-02-28: every invoice then open is scored
    #[arg(
        long,
        required = true,
        value_delimiter = ',',
        value_name = "D1,D2,...",
        value_parser = date
    )]
    origins: Vec<NaiveDate>,
    /// Last day of known events [default: the latest invoice or settlement date]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    as_of: Option<NaiveDate>,
    #[command(flatten)]
    guidance: GuidanceArgs,
    /// Model to test: km, train, auto or a file written by `factorage train`, which must not have
    /// been trained on the data it is tested on
    #[arg(long, value_name = "auto|km|train|FILE", default_value = "auto")]
    model: ModelArg,
    /// Write all predictions to this CSV file
    #[arg(long, value_name = "FILE", value_parser = output())]
    pub(super) predictions: Option<PathBuf>,
    /// Print JSON instead of the summary
    #[arg(long)]
    json: bool,
    /// Write backtest.html, backtest.json and predictions.csv to this folder
    #[arg(long, value_name = "DIR", value_parser = output_folder())]
    pub(super) out: Option<PathBuf>,
}

/// Runs the backtest and shows, prints or writes the result.
///
/// # Errors
/// If an argument is wrong, a ledger cannot be read or an output cannot be written.
pub(super) fn run(args: &BacktestArgs) -> Result<(), CliError> {
    let to_stdout = check(args)?;
    let request = BacktestRequest {
        known_until: args.as_of,
        guidance: args.guidance.guidance(),
        model: args.model.choice()?,
        ..BacktestRequest::new(&args.ledgers, args.origins.clone(), Policy::standard()?)
    };
    let bar = progress::reading(&args.ledgers);
    let tested = backtest(&request, &|bytes| bar.inc(bytes));
    bar.finish_and_clear();
    // Only now, so that the bar is gone before an error is told.
    let tested = tested?;
    if tested.rejects > 0 && !is_quiet() {
        // If stderr is closed, the JSON and the page still state it.
        let rows = counted(tested.rejects, "row was", "rows were");
        let _ = writeln!(io::stderr(), "factorage: {rows} rejected");
    }
    if let Some(path) = &args.predictions {
        write(path, |out| Ok(predictions_csv(&tested, out)?))?;
    }
    if let Some(folder) = &args.out {
        write_backtest(&tested, folder)?;
    }
    if args.json {
        return print(|out| Ok(backtest_json(&tested, out)?));
    }
    // The predictions went there: a summary behind them would be one more row.
    if to_stdout {
        return Ok(());
    }
    tell(|out| {
        out.write_all(backtest_summary(&tested).as_bytes())?;
        if let Some(folder) = &args.out {
            writeln!(out, "Files written to {}.", folder.display())?;
        }
        Ok(())
    })
}

/// Checks the arguments before any work is done; returns true if the predictions go to stdout.
///
/// # Errors
/// If an origin is not before `--as-of`, two outputs would share stdout, or an output cannot be
/// written.
fn check(args: &BacktestArgs) -> Result<bool, CliError> {
    args.guidance.check()?;
    if let Some(until) = args.as_of
        && let Some(origin) = args.origins.iter().find(|&&origin| origin >= until)
    {
        return wrong(format!("the origin {origin} must be before --as-of {until}"));
    }
    let to_stdout = args.predictions.as_deref().is_some_and(is_stdout);
    if to_stdout && args.json {
        return wrong(
            "--predictions - and --json both write to standard output; give --predictions a file",
        );
    }
    args.predictions.as_deref().map_or(Ok(()), check_output)?;
    if let Some(folder) = &args.out {
        check_folder(folder, &BACKTEST_FILES)?;
    }
    Ok(to_stdout)
}
