//! The command line: arguments in, use case, text or files out.
//!
//! ```
//! use std::process::ExitCode;
//!
//! // Prints "standard, version ...: a policy." and says with its exit code that all is well.
//! let code = factorage_cli::run_with(["factorage", "policy", "check"]);
//! assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::SUCCESS));
//! ```

mod backtest;
mod calc;
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

/// Evaluates receivables for purchase.
#[derive(Debug, Parser)]
#[command(
    name = "factorage",
    version = env!("FACTORAGE_VERSION"),
    about,
    max_term_width = 100,
    after_help = "\
Examples:
  factorage evaluate data/sample_ledger.csv
  factorage quote --face 50000 --terms 45
  factorage report data/portfolio

Every command has a --help with examples. A file - is standard input where one is read, standard
output where one is written."
)]
struct Cli {
    /// Print nothing but errors and what is asked for, such as --json: no progress, no summary
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
    /// Read a client's ledger, whatever exported it, and prove that it foots
    Ingest(ingest::IngestArgs),
    /// Train the scoring model on a ledger of one client or several
    Train(train::TrainArgs),
    /// Look at a trained model
    Model(model::ModelArgs),
    /// Test the scoring model on days in the past of a ledger
    Backtest(backtest::BacktestArgs),
    /// Report on a portfolio: every client's ledger, the risk of all of them together
    Report(report::ReportArgs),
    /// What would we get, and what would it cost: a business owner's quote
    Quote(quote::QuoteArgs),
    /// Recompute an offer from its ledger and name the first difference
    Verify(verify::VerifyArgs),
    /// The JSON schema of a document: schema offer
    Schema(schema::SchemaArgs),
    /// Accept, decline or withdraw an offer, or decide on an invoice beside it
    Decide(decide::DecideArgs),
    /// Check or explain a policy
    Policy(policy::PolicyArgs),
    /// Compute a published formula: fees, APR, day counts, turnover, reserves, capital
    Calc(calc::CalcArgs),
    /// Serve offers and quotes over HTTP
    Serve(serve::ServeArgs),
    /// Make, list and revoke API keys
    Keys(keys::KeysArgs),
    /// Bring the service's database up to date
    Migrate(serve::MigrateArgs),
    /// Prove that the audit log is as it was written
    Audit(serve::AuditArgs),
    /// A job of the service, within limits
    #[command(hide = true)]
    Job(job::JobArgs),
    /// Write a realistic synthetic ledger, the same for the same seed
    Generate(generate::GenerateArgs),
    /// Print the completions of a shell
    Completions(shell::CompletionsArgs),
    /// Print the manual page, or write those of all commands
    Man(shell::ManArgs),
}

/// A date argument.
fn date(text: &str) -> Result<NaiveDate, String> {
    text.parse().map_err(|_| "expected a date such as 2026-06-30".to_owned())
}

/// A count as an argument.
fn whole<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| "expected a whole number such as 30".to_owned())
}

/// A time argument, kept as it was written.
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
        Command::Migrate(args) => serve::migrate(args),
        Command::Audit(args) => serve::audit(args),
        Command::Job(args) => job::run(args),
        Command::Generate(args) => generate::run(args),
        Command::Completions(args) => shell::completions(args),
        Command::Man(args) => shell::man(args),
    }
}

/// A failure in one sentence.
type CliError = Box<dyn std::error::Error>;

/// A failure as a user reads it; the system's own words are put into ours.
fn sentence(error: &(dyn std::error::Error + 'static)) -> String {
    error.downcast_ref::<io::Error>().map_or_else(|| error.to_string(), refusal)
}

/// Set by `--quiet`.
static QUIET: OnceLock<()> = OnceLock::new();

/// Whether nothing is to be printed but errors and what is asked for.
fn is_quiet() -> bool {
    QUIET.get().is_some()
}

/// Runs the command of this process's arguments: 0 done, 1 failed, 2 wrong arguments, both with one
/// sentence on stderr.
pub fn run() -> ExitCode {
    quiet_panics();
    run_with(std::env::args_os())
}

/// Runs the command of these arguments, the first of which is the program's name.
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
    let mut told = reports::printable(&sentence(error.as_ref()));
    if is_wrong {
        let place = wrong::place(&Cli::command(), &arguments);
        told = format!("{told} (see {place} --help)");
    }
    // If stderr is closed as well, the exit code still tells.
    let _ = writeln!(io::stderr(), "factorage: {told}");
    if is_wrong { ExitCode::from(2) } else { ExitCode::FAILURE }
}

/// Why arguments are not carried out.
enum Refusal {
    /// They ask for help or the version, which was printed.
    Shown(ExitCode),
    /// They are wrong.
    Wrong(String),
}

/// The arguments as a command.
fn parsed(command: clap::Command, arguments: &[OsString]) -> Result<Cli, Refusal> {
    let matches = command.try_get_matches_from(arguments).map_err(|error| unparsed(&error))?;
    standard_input::check(&matches).map_err(|error| Refusal::Wrong(error.to_string()))?;
    Cli::from_arg_matches(&matches).map_err(|error| unparsed(&error))
}

/// Help and version as clap lays them out; every fault in a sentence of ours.
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

/// A damaged Parquet file may make its decoder panic, which the ledger room turns into an error;
/// the decoder's own words about it are for those who ask for a backtrace.
fn quiet_panics() {
    if std::env::var_os("RUST_BACKTRACE").is_none() {
        std::panic::set_hook(Box::new(|panic| {
            if !ledger::is_decoding() {
                let _ = writeln!(io::stderr(), "factorage: internal error: {panic}");
            }
        }));
    }
}

/// Writes to stdout; a reader that has gone away (`| head`) is no failure.
fn print(write: impl FnOnce(&mut dyn Write) -> Result<(), CliError>) -> Result<(), CliError> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let done = write(&mut out).and_then(|()| Ok(out.flush()?));
    match done {
        Err(error) if is_broken_pipe(error.as_ref()) => Ok(()),
        other => other,
    }
}

/// Says what was done, unless nobody wants to know.
fn tell(write: impl FnOnce(&mut dyn Write) -> Result<(), CliError>) -> Result<(), CliError> {
    if is_quiet() { Ok(()) } else { print(write) }
}

fn is_broken_pipe(error: &(dyn std::error::Error + 'static)) -> bool {
    let broken = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    let mut cause = Some(error);
    while let Some(error) = cause {
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
