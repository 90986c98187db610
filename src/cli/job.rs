//! A job of the service: another command in a process of its own, within limits, that ends when the
//! service does.

use std::ffi::OsString;
use std::io::{self, Read};

use clap::{Args, CommandFactory};

use super::{Cli, CliError, Refusal, dispatch, parsed, progress, streams, temporary, whole};

#[derive(Debug, Args)]
pub(super) struct JobArgs {
    /// Most memory, in megabytes
    #[arg(long, value_name = "MB", value_parser = whole::<u64>)]
    memory: u64,
    /// The command and its arguments
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
    command: Vec<OsString>,
}

/// Runs the command. Whoever started it holds stdin open: when that ends, so does this process.
///
/// Only the arguments count: a variable of the environment that the service was started with must
/// not change what a job makes.
pub(super) fn run(args: &JobArgs) -> Result<(), CliError> {
    limit(args.memory)?;
    std::thread::spawn(|| {
        let mut rest = [0; 64];
        let mut stdin = io::stdin().lock();
        while stdin.read(&mut rest).is_ok_and(|read| read > 0) {}
        scratch::clean();
        std::process::exit(3);
    });
    let first = OsString::from("factorage");
    let words: Vec<OsString> = std::iter::once(first).chain(args.command.iter().cloned()).collect();
    progress::tell_in_lines();
    streams::take_stdin();
    let cli = match parsed(without_environment(Cli::command()), &words) {
        Ok(cli) => cli,
        Err(Refusal::Wrong(sentence)) => return Err(sentence.into()),
        Err(Refusal::Shown(_)) => return Err("a job has no help".into()),
    };
    temporary::prepare(&cli);
    // A wrong argument is a failed job like any other.
    dispatch(&cli.command).map_err(|error| error.to_string().into())
}

/// The command whose arguments take nothing from the environment.
pub(super) fn without_environment(command: clap::Command) -> clap::Command {
    let command = command.mut_args(|argument| argument.env(None::<&'static str>));
    command.mut_subcommands(without_environment)
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
