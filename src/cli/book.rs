use chrono::NaiveDate;
use clap::{Args, Subcommand};

use basics::counted;
use service::{BookCheck, check_books};

use super::database::{DatabaseArgs, block_on};
use super::{CliError, date, tell};

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  factorage book check")]
pub(super) struct BookArgs {
    #[command(subcommand)]
    action: BookAction,
}

#[derive(Debug, Subcommand)]
enum BookAction {
    /// Prove that entries sum to 0, and that positions, entries and statements agree
    #[command(after_help = "\
Examples:
  factorage book check --database factorage.sqlite
  factorage book check --date 2026-06-30")]
    Check(CheckArgs),
}

#[derive(Debug, Args)]
struct CheckArgs {
    /// Day at the end of which the books are proved [default: after everything recorded]
    #[arg(long, value_name = "DATE", value_parser = date)]
    date: Option<NaiveDate>,
    #[command(flatten)]
    store: DatabaseArgs,
}

/// Proves the books; prints every fault.
///
/// # Errors
/// If there is a fault, or the store does not respond.
pub(super) fn run(args: &BookArgs) -> Result<(), CliError> {
    let BookAction::Check(CheckArgs { date, store }) = &args.action;
    let check = block_on(async { Ok(check_books(&store.existing().await?, *date).await?) })?;
    let BookCheck { clients, movements, faults } = check;
    tell(|out| {
        for found in &faults {
            writeln!(out, "Client {}: {}.", found.client_id, found.fault)?;
        }
        Ok(())
    })?;
    let movements = counted(movements, "movement", "movements");
    let clients = counted(clients, "client", "clients");
    if !faults.is_empty() {
        let faults = counted(faults.len(), "fault", "faults");
        return Err(format!("{faults} in {movements} of {clients}").into());
    }
    tell(|out| Ok(writeln!(out, "{movements} of {clients}: the books balance.")?))
}
