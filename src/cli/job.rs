//! A job of the service: another command in a process of its own, within limits, that ends when the
//! service does.

use std::io::{self, Read};
use std::path::PathBuf;

use clap::Args;

use service::{JobFile, Work};

use super::temporary::TemporaryArgs;
use super::{Cli, CliError, Command, dispatch, progress, streams, temporary};

#[derive(Debug, Args)]
pub(super) struct JobArgs {
    /// What to do, JSON
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Does what the file says. Whoever started it holds stdin open: when that ends, so does this
/// process.
///
/// Only the file counts: a variable of the environment that the service was started with must not
/// change what a job makes.
pub(super) fn run(args: &JobArgs) -> Result<(), CliError> {
    let text = streams::text(&args.file)?;
    let job: JobFile =
        serde_json::from_str(&text).map_err(|error| streams::named(&args.file, &error))?;
    limit(job.most_megabytes)?;
    std::thread::spawn(|| {
        let mut rest = [0; 64];
        let mut stdin = io::stdin().lock();
        while stdin.read(&mut rest).is_ok_and(|read| read > 0) {}
        scratch::clean();
        std::process::exit(3);
    });
    progress::tell_in_lines();
    streams::take_stdin();
    let command = match job.work {
        Work::Ingest(work) => Command::Ingest(work.into()),
        Work::Evaluate(work) => Command::Evaluate(work.into()),
        Work::Report(work) => Command::Report(work.try_into()?),
    };
    let cli = Cli { quiet: false, command, temporary: TemporaryArgs::default() };
    temporary::prepare(&cli);
    // A wrong argument is a failed job like any other.
    dispatch(&cli.command).map_err(|error| error.to_string().into())
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
