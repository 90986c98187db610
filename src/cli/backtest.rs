use std::io::{self, Write};
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use crate::app::{BacktestRequest, backtest};
use crate::report::backtest::{backtest_json, backtest_summary, predictions_csv, write_backtest};
use crate::report::write_file;
use crate::underwriting::Policy;

use super::guidance::GuidanceArgs;
use super::model_arg::ModelArg;
use super::{CliError, date, print, progress};

#[derive(Debug, Args)]
pub(super) struct BacktestArgs {
    /// The client's receivables as its system exports them, as for `evaluate`
    #[arg(required = true, value_name = "LEDGER")]
    ledgers: Vec<PathBuf>,
    /// Days at whose end every open invoice is scored, such as 2026-01-31,2026-02-28
    #[arg(
        long,
        required = true,
        value_delimiter = ',',
        value_name = "D1,D2,...",
        value_parser = date
    )]
    origins: Vec<NaiveDate>,
    /// The last day whose events are known [default: the latest invoice or settlement date]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    as_of: Option<NaiveDate>,
    #[command(flatten)]
    guidance: GuidanceArgs,
    /// The model to test: km, train, auto or a file written by `factorage train`, which must not
    /// have seen what it is tested on
    #[arg(long, value_name = "auto|km|train|FILE", default_value = "auto")]
    model: ModelArg,
    /// Write every prediction to this CSV file
    #[arg(long, value_name = "FILE")]
    predictions: Option<PathBuf>,
    /// Print JSON instead of the summary
    #[arg(long)]
    json: bool,
    /// Write backtest.html, backtest.json and predictions.csv there
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Tests and shows, prints or writes the result.
pub(super) fn run(args: &BacktestArgs) -> Result<(), CliError> {
    let request = BacktestRequest {
        known_until: args.as_of,
        guidance: args.guidance.guidance(),
        model: args.model.choice()?,
        ..BacktestRequest::new(&args.ledgers, args.origins.clone(), Policy::standard()?)
    };
    let bar = progress::reading(&args.ledgers);
    let tested = backtest(&request, &|bytes| bar.inc(bytes));
    bar.finish_and_clear();
    let tested = tested?;
    if tested.rejects > 0 {
        // If stderr is closed, the JSON and the page still tell.
        let _ = writeln!(io::stderr(), "factorage: {} rows were rejected", tested.rejects);
    }
    if let Some(path) = &args.predictions {
        write_file(path, |out| predictions_csv(&tested, out))?;
    }
    if let Some(folder) = &args.out {
        write_backtest(&tested, folder)?;
    }
    if args.json {
        return print(|out| Ok(backtest_json(&tested, out)?));
    }
    print(|out| {
        out.write_all(backtest_summary(&tested).as_bytes())?;
        if let Some(folder) = &args.out {
            writeln!(out, "Files written to {}.", folder.display())?;
        }
        Ok(())
    })
}
