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
A policy may name only what it changes; the rest is the standard policy's:

  extends = \"standard\"
  name    = \"mine\"                # a name and a version of its own
  version = \"1\"
  without = [\"advance.reserve\"]   # sections that it does without

  [eligibility]
  past_due_days = 45

Tables are laid over the standard policy's key by key, lists replace its lists as a whole.

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
    /// The standard policy with its comments, to start from
    Standard,
    #[command(after_help = "Examples:\n  factorage policy check house.toml")]
    /// Whether a policy file is one; names everything that is wrong: line, key, value, range
    Check(PolicyFile),
    #[command(after_help = "Examples:\n  factorage policy explain house.toml")]
    /// The policy in sentences that an underwriter would sign
    Explain(PolicyFile),
}

#[derive(Debug, Args)]
struct PolicyFile {
    /// Policy in TOML [default: the standard policy, data/policies/standard.toml]
    #[arg(value_name = "FILE", value_parser = input())]
    file: Option<PathBuf>,
}

/// Checks or explains a policy.
pub(super) fn run(args: &PolicyArgs) -> Result<(), CliError> {
    match &args.command {
        PolicyCommand::Standard => {
            print(|out| Ok(out.write_all(Policy::standard_text().as_bytes())?))
        }
        PolicyCommand::Check(file) => {
            let policy = policy(file.file.as_deref())?;
            print(|out| {
                Ok(writeln!(out, "{}, version {}: a policy.", policy.name(), policy.version())?)
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

/// The policy of a file, or the standard one; an error names the file.
pub(super) fn policy(path: Option<&Path>) -> Result<Policy, CliError> {
    match path {
        None => Ok(Policy::standard()?),
        // The name under which a policy extends it.
        Some(path) if path == Path::new("standard") && !path.exists() => Ok(Policy::standard()?),
        Some(path) => parsed(path),
    }
}

/// What stands in a file; an error names the file.
pub(super) fn parsed<T: FromStr<Err: Display>>(path: &Path) -> Result<T, CliError> {
    let named = |error: &dyn Display| format!("{}: {error}", path.display());
    let text = fs::read_to_string(path).map_err(|error| named(&refusal(&error)))?;
    text.parse().map_err(|error| named(&error).into())
}

/// A share to be advanced, in percent.
pub(super) fn advance(text: &str) -> Result<Rate, String> {
    let percent = text.trim().trim_end_matches('%').trim().parse::<Decimal>();
    let percent = percent.ok().filter(|p| (Decimal::ONE..=Decimal::ONE_HUNDRED).contains(p));
    percent.map(Rate::from_percent).ok_or_else(|| "expected a percent from 1 to 100".to_owned())
}
