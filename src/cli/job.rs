//! A job of the service: a command in a process of its own, within limits, that ends when the
//! service does.

use std::io::{self, Read};
use std::path::PathBuf;

use clap::Args;

use service::{JobFile, Work};

use super::temporary::TemporaryArgs;
use super::{Cli, CliError, Command, dispatch, progress, streams, temporary};

#[derive(Debug, Args)]
pub(super) struct JobArgs {
    /// Description of the job, in JSON
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Runs the job in the file. The service holds stdin open: when it closes, this process ends.
///
/// Only the file counts: an environment variable of the service must not change the result.
///
/// # Errors
/// If the file cannot be read, the limits cannot be set, or the command fails.
pub(super) fn run(args: &JobArgs) -> Result<(), CliError> {
    let text = streams::text(&args.file)?;
    let job: JobFile =
        serde_json::from_str(&text).map_err(|error| streams::named(&args.file, &error))?;
    // Before anything of the caller's is read.
    limit(job.most_megabytes)?;
    // Before the work: the service may end at any time.
    std::thread::spawn(|| {
        let mut rest = [0; 64];
        let mut stdin = io::stdin().lock();
        // Nothing is sent: what counts is the end.
        while stdin.read(&mut rest).is_ok_and(|read| read > 0) {}
        // Exiting runs no destructors, which would remove temporary data.
        scratch::clean();
        // Not 1, which means a refusal with a sentence.
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
    // A wrong argument is a failed job like any other: exit code 1, which the service expects.
    dispatch(&cli.command).map_err(|error| error.to_string().into())
}

/// Limits the memory of this process, and yields the cores to the service, which must stay
/// responsive.
#[cfg(unix)]
fn limit(megabytes: u64) -> Result<(), CliError> {
    use rustix::process::{Resource, Rlimit, nice, setrlimit};
    let bytes = Some(megabytes.saturating_mul(1 << 20));
    // The address space: Linux does not enforce a limit on resident memory.
    setrlimit(Resource::As, Rlimit { current: bytes, maximum: bytes })?;
    nice(10)?;
    Ok(())
}

#[cfg(not(unix))]
fn limit(_: u64) -> Result<(), CliError> {
    Ok(())
}
