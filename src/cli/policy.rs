use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::{Args, Subcommand};
use rust_decimal::Decimal;

use basics::{Rate, refusal};
use policy::Policy;

use super::streams::input;
use super::{CliError, print};

#[derive(Debug, Args)]
#[command(after_help = "\
A policy may state only what it changes; the rest comes from the standard policy:

  extends = \"standard\"
  name    = \"mine\"                # a name and a version of its own
  version = \"1\"
  without = [\"advance.reserve\"]   # sections to leave out

  [eligibility]
  past_due_days = 45

Tables are merged with the standard policy's key by key; a list replaces the whole list.

Examples:
  factorage policy standard > mine.toml
  factorage policy check house.toml
  factorage policy explain")]
pub(super) struct PolicyArgs {
    #[command(subcommand)]
    command: PolicyCommand,
}

#[derive(Debug, Subcommand)]
enum PolicyCommand {
    #[command(after_help = "Examples:\n  factorage policy standard > mine.toml")]
    /// Print the standard policy with its comments, to start from
    Standard,
    #[command(after_help = "Examples:\n  factorage policy check house.toml")]
    /// Check a policy file; every fault is listed with its line, key, value and allowed range
    Check(PolicyFile),
    #[command(after_help = "Examples:\n  factorage policy explain house.toml")]
    /// Print the policy in plain sentences, as an underwriter would sign it
    Explain(PolicyFile),
}

#[derive(Debug, Args)]
struct PolicyFile {
    /// Policy in TOML [default: the standard policy, data/policies/standard.toml]
    #[arg(value_name = "FILE", value_parser = input())]
    file: Option<PathBuf>,
}

/// Prints, checks or explains a policy.
///
/// # Errors
/// If the file cannot be read or is not a valid policy.
pub(super) fn run(args: &PolicyArgs) -> Result<(), CliError> {
    match &args.command {
        PolicyCommand::Standard => {
            print(|out| Ok(out.write_all(Policy::standard_text().as_bytes())?))
        }
        PolicyCommand::Check(file) => {
            let policy = policy(file.file.as_deref())?;
            print(|out| {
                Ok(writeln!(out, "{}, version {}: valid.", policy.name(), policy.version())?)
            })
        }
        PolicyCommand::Explain(file) => {
            let policy = policy(file.file.as_deref())?;
            print(|out| {
                writeln!(out, "Policy {}, version {}", policy.name(), policy.version())?;
                for (title, sentences) in policy.sentences() {
                    writeln!(out, "\n{title}")?;
                    for (number, sentence) in (1..).zip(sentences) {
                        writeln!(out, "  {number}. {sentence}")?;
                    }
                }
                Ok(())
            })
        }
    }
}

/// The policy in a file, or the standard policy.
///
/// # Errors
/// If the file cannot be read or is not a valid policy; the error names it.
pub(super) fn policy(path: Option<&Path>) -> Result<Policy, CliError> {
    match path {
        None => Ok(Policy::standard()?),
        // Policies extend it by this name, so it is known here too; a file of that name wins.
        Some(path) if path == Path::new("standard") && !path.exists() => Ok(Policy::standard()?),
        Some(path) => parsed(path),
    }
}

/// The value in a TOML file.
///
/// # Errors
/// If the file cannot be read or parsed; the error names it.
pub(super) fn parsed<T: FromStr<Err: Display>>(path: &Path) -> Result<T, CliError> {
    let named = |error: &dyn Display| format!("{}: {error}", path.display());
    let text = fs::read_to_string(path).map_err(|error| named(&refusal(&error)))?;
    text.parse().map_err(|error| named(&error).into())
}

/// Reads an advance rate in percent, with or without the sign.
pub(super) fn advance(text: &str) -> Result<Rate, String> {
    let percent = text.trim().trim_end_matches('%').trim().parse::<Decimal>();
    let percent = percent.ok().filter(|p| (Decimal::ONE..=Decimal::ONE_HUNDRED).contains(p));
    percent.map(Rate::from_percent).ok_or_else(|| "expected a percentage from 1 to 100".to_owned())
}
