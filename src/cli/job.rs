//! A job of the service: another command in a process of its own, within limits, that ends when the
//! service does.

use std::io::{self, Read};

use clap::{Args, Parser};

use super::{Cli, CliError, dispatch, progress};

#[derive(Debug, Args)]
pub(super) struct JobArgs {
    /// Most memory, in megabytes
    #[arg(long, value_name = "MB")]
    memory: u64,
    /// The command and its arguments
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
    command: Vec<String>,
}

/// Runs the command. Whoever started it holds stdin open: when that ends, so does this process.
pub(super) fn run(args: &JobArgs) -> Result<(), CliError> {
    limit(args.memory)?;
    std::thread::spawn(|| {
        let mut rest = [0; 64];
        let mut stdin = io::stdin().lock();
        while stdin.read(&mut rest).is_ok_and(|read| read > 0) {}
        std::process::exit(3);
    });
    let words = std::iter::once("factorage").chain(args.command.iter().map(String::as_str));
    progress::tell_in_lines();
    let cli = Cli::try_parse_from(words).map_err(|error| error.to_string())?;
    dispatch(&cli.command)
}

/// Takes the limit, and the last place in the queue for a core.
#[cfg(unix)]
fn limit(megabytes: u64) -> Result<(), CliError> {
    use rustix::process::{Resource, Rlimit, nice, setrlimit};
    let bytes = Some(megabytes.saturating_mul(1 << 20));
    setrlimit(Resource::As, Rlimit { current: bytes, maximum: bytes })?;
    nice(10)?;
    Ok(())
}

#[cfg(not(unix))]
fn limit(_: u64) -> Result<(), CliError> {
    Ok(())
}
