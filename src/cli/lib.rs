//! The command line: translates arguments into use cases, and results into text or files.
//!
//! ```
//! use std::process::ExitCode;
//!
//! // Prints "standard, version ...: valid." and exits with 0.
//! let code = factorage_cli::run_with(["factorage", "policy", "check"]);
//! assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::SUCCESS));
//! ```

mod audit;
mod backtest;
mod book;
mod calc;
mod clock;
mod database;
mod decide;
mod evaluate;
mod generate;
mod guidance;
mod ingest;
mod job;
mod keys;
mod log;
mod model;
mod model_arg;
mod policy;
mod progress;
mod quote;
mod report;
mod schema;
mod serve;
mod shell;
mod standard_input;
mod streams;
mod temporary;
mod train;
mod verify;
mod wrong;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::OnceLock;

use chrono::{DateTime, NaiveDate};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use basics::refusal;

use ::report as reports;

/// Evaluate receivables for purchase: from a client's ledger to an offer with its evidence
#[derive(Debug, Parser)]
#[command(
    name = "factorage",
    version = env!("FACTORAGE_VERSION"),
    max_term_width = 100,
    after_help = "\
Examples:
  factorage evaluate data/sample_ledger.csv
  factorage quote --face 50000 --terms 45
  factorage report data/portfolio

Every command has a --help with examples. As a file, - is standard input or standard output."
)]
struct Cli {
    /// Print only errors and requested output such as --json: no progress, no summary
    #[arg(long, short, global = true)]
    quiet: bool,
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    temporary: temporary::TemporaryArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read a client's ledger and make a purchase offer with its evidence
    Evaluate(evaluate::EvaluateArgs),
    /// Read a client's ledger from any system and prove that it foots
    Ingest(ingest::IngestArgs),
    /// Train a scoring model on the ledgers of one client or several
    Train(train::TrainArgs),
    /// Inspect a trained model
    Model(model::ModelArgs),
    /// Test a scoring model on past days of a ledger
    Backtest(backtest::BacktestArgs),
    /// Report on a portfolio: every client's ledger, and the combined risk
    Report(report::ReportArgs),
    /// Give a business owner a quote: how much cash, and at what cost
    Quote(quote::QuoteArgs),
    /// Recompute an offer from its ledger and name the first difference
    Verify(verify::VerifyArgs),
    /// Print the schema of a document
    Schema(schema::SchemaArgs),
    /// Accept, decline or withdraw an offer, or override its decision on an invoice
    Decide(decide::DecideArgs),
    /// Print, check or explain a policy
    Policy(policy::PolicyArgs),
    /// Compute a published formula: fees, APR, day counts, turnover, reserves, capital
    Calc(calc::CalcArgs),
    /// Serve offers and quotes over HTTP
    Serve(serve::ServeArgs),
    /// Create, list and revoke API keys
    Keys(keys::KeysArgs),
    /// Bring the service's database up to date
    Migrate(audit::MigrateArgs),
    /// Check that the audit log is unaltered
    Audit(audit::AuditArgs),
    /// Prove that the service's books balance
    Book(book::BookArgs),
    /// Run a job of the service, within limits
    #[command(hide = true)]
    Job(job::JobArgs),
    /// Write a realistic synthetic ledger, the same for the same seed
    Generate(generate::GenerateArgs),
    /// Print the completion script of a shell
    Completions(shell::CompletionsArgs),
    /// Print the manual page, or write one for every command
    Man(shell::ManArgs),
}

/// Reads a date argument.
fn date(text: &str) -> Result<NaiveDate, String> {
    text.parse().map_err(|_| "expected a date such as 2026-06-30".to_owned())
}

/// Reads a whole number argument.
fn whole<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| "expected a whole number such as 30".to_owned())
}

/// Checks a time argument and keeps it as written: it goes into the offer as it is.
fn rfc3339(text: &str) -> Result<String, String> {
    match DateTime::parse_from_rfc3339(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("expected a time such as 2026-06-30T09:00:00Z".to_owned()),
    }
}

fn dispatch(command: &Command) -> Result<(), CliError> {
    match command {
        Command::Evaluate(args) => evaluate::run(args),
        Command::Ingest(args) => ingest::run(args),
        Command::Train(args) => train::run(args),
        Command::Model(args) => model::run(args),
        Command::Backtest(args) => backtest::run(args),
        Command::Quote(args) => quote::run(args),
        Command::Verify(args) => verify::run(args),
        Command::Decide(args) => decide::run(args),
        Command::Report(args) => report::run(args),
        Command::Schema(args) => schema::run(args),
        Command::Policy(args) => policy::run(args),
        Command::Calc(args) => calc::run(args),
        Command::Serve(args) => serve::serve(args),
        Command::Keys(args) => keys::keys(args),
        Command::Migrate(args) => audit::migrate(args),
        Command::Audit(args) => audit::audit(args),
        Command::Book(args) => book::run(args),
        Command::Job(args) => job::run(args),
        Command::Generate(args) => generate::run(args),
        Command::Completions(args) => shell::completions(args),
        Command::Man(args) => shell::man(args),
    }
}

/// A failure, described in one sentence.
type CliError = Box<dyn std::error::Error>;

/// A failure as a user reads it: errors of the system are reworded.
fn sentence(error: &(dyn std::error::Error + 'static)) -> String {
    error.downcast_ref::<io::Error>().map_or_else(|| error.to_string(), refusal)
}

/// Set by `--quiet`.
static QUIET: OnceLock<()> = OnceLock::new();

/// True if only errors and requested output are to be printed.
fn is_quiet() -> bool {
    QUIET.get().is_some()
}

/// Runs the command in this process's arguments. The exit code is 0 if done, 1 if failed and 2 for
/// wrong arguments; the latter two come with one sentence on stderr.
pub fn run() -> ExitCode {
    // Not in `run_with`: a program that calls that keeps its own hook.
    quiet_panics();
    run_with(std::env::args_os())
}

/// Runs the command in these arguments, the first of which is the program's name.
pub fn run_with<A: Into<OsString>>(arguments: impl IntoIterator<Item = A>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    let error = match parsed(Cli::command(), &arguments) {
        Err(Refusal::Shown(code)) => return code,
        Err(Refusal::Wrong(sentence)) => wrong::WrongArgument(sentence).into(),
        Ok(cli) => {
            if cli.quiet {
                // Nothing else sets it.
                let _ = QUIET.set(());
            }
            if !matches!(cli.command, Command::Job(_)) {
                temporary::prepare(&cli);
            }
            match dispatch(&cli.command) {
                Ok(()) => return ExitCode::SUCCESS,
                Err(error) => error,
            }
        }
    };
    let is_wrong = error.is::<wrong::WrongArgument>();
    // A sentence may quote a file name or a cell, which could drive the terminal.
    let mut told = reports::printable(&sentence(error.as_ref()));
    if is_wrong {
        let place = wrong::place(&Cli::command(), &arguments);
        told = format!("{told} (see {place} --help)");
    }
    // If stderr is closed as well, the exit code remains.
    let _ = writeln!(io::stderr(), "factorage: {told}");
    if is_wrong { ExitCode::from(2) } else { ExitCode::FAILURE }
}

/// The reason not to run a command.
enum Refusal {
    /// The arguments ask for help or the version, which was printed.
    Shown(ExitCode),
    /// The arguments are wrong.
    Wrong(String),
}

/// Parses the arguments.
///
/// # Errors
/// If they are wrong, or ask for help or the version.
fn parsed(command: clap::Command, arguments: &[OsString]) -> Result<Cli, Refusal> {
    let matches = command.try_get_matches_from(arguments).map_err(|error| unparsed(&error))?;
    // On clap's matches, where the paths of every command are found in one way.
    standard_input::check(&matches).map_err(|error| Refusal::Wrong(error.to_string()))?;
    Cli::from_arg_matches(&matches).map_err(|error| unparsed(&error))
}

/// Prints help and version as clap lays them out, and turns any fault into one sentence.
fn unparsed(error: &clap::Error) -> Refusal {
    use clap::error::ErrorKind::{
        DisplayHelp, DisplayHelpOnMissingArgumentOrSubcommand, DisplayVersion,
    };
    match error.kind() {
        DisplayHelp | DisplayVersion | DisplayHelpOnMissingArgumentOrSubcommand => {
            // Nothing is left to do when stdout or stderr is closed.
            let _ = error.print();
            Refusal::Shown(ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2)))
        }
        _ => Refusal::Wrong(wrong::sentence(error)),
    }
}

/// Silences the panics of the Parquet decoder, which a damaged file may cause and the ledger room
/// turns into an error; with `RUST_BACKTRACE` they are shown.
fn quiet_panics() {
    if std::env::var_os("RUST_BACKTRACE").is_none() {
        std::panic::set_hook(Box::new(|panic| {
            if !ledger::is_decoding() {
                let _ = writeln!(io::stderr(), "factorage: internal error: {panic}");
            }
        }));
    }
}

/// Writes to stdout; a reader that has gone away (`| head`) is not a failure.
///
/// # Errors
/// If stdout cannot be written otherwise, or `write` fails.
fn print(write: impl FnOnce(&mut dyn Write) -> Result<(), CliError>) -> Result<(), CliError> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let done = write(&mut out).and_then(|()| Ok(out.flush()?));
    match done {
        Err(error) if is_broken_pipe(error.as_ref()) => Ok(()),
        other => other,
    }
}

/// Prints what was done, unless `--quiet` is given.
///
/// # Errors
/// As [`print()`].
fn tell(write: impl FnOnce(&mut dyn Write) -> Result<(), CliError>) -> Result<(), CliError> {
    if is_quiet() { Ok(()) } else { print(write) }
}

fn is_broken_pipe(error: &(dyn std::error::Error + 'static)) -> bool {
    let broken = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    let mut cause = Some(error);
    while let Some(error) = cause {
        // serde_json passes over the I/O error in its chain of sources, and tells only its kind.
        let json =
            error.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        if error.downcast_ref::<io::Error>().is_some_and(broken)
            || json == Some(io::ErrorKind::BrokenPipe)
        {
            return true;
        }
        cause = error.source();
    }
    false
}

#[cfg(test)]
mod tests;
