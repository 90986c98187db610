//! The process of a job: started with its job file alone, and watched until it ends.

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use chrono::TimeDelta;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{Instant, interval, timeout_at};

use store::JobRow;

use super::job_file::{JobFile, Work};
use super::prepare::{IN, written};
use crate::once::text;
use crate::{Service, ServiceError};

/// Interval at which the lease of a running job is extended.
const SIGN_OF_LIFE: Duration = Duration::from_secs(1);

/// Time after which a job without a sign of life may be taken up by another worker; several times
/// the interval of those signs, so that a slow database costs no job.
pub(super) const LEASE: TimeDelta = TimeDelta::seconds(5);

/// Largest number of bytes kept of what a job writes to stderr.
const MOST_SAID: usize = 4096;

/// The end of the sentence of a write to a full disk (ENOSPC), whichever library wrote.
const DISK_FULL: &str = "(os error 28)";

/// Name of the job file, in the folder of the job.
const JOB: &str = "job.json";

/// The end of a process.
pub(super) enum Ended {
    Done,
    Failed(String),
    /// The disk is full; what the process wrote to stderr.
    DiskFull(String),
    /// Another worker has taken the job up, or it was cancelled.
    Elsewhere,
}

/// The bytes done, from a line `progress: DONE TOTAL`.
fn progress(line: &str) -> Option<i64> {
    line.strip_prefix("progress: ")?.split(' ').next()?.parse().ok()
}

impl Service {
    fn job_megabytes(&self) -> u64 {
        self.limits.job_memory >> 20
    }

    /// Starts the process of a job.
    pub(super) fn child(&self, folder: &Path, work: Work) -> Result<Child, ServiceError> {
        let file = JobFile { most_megabytes: self.job_megabytes(), work };
        written(folder, JOB, &text(&file)?)?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        // One core is left to the service, which has to answer while jobs run.
        let threads = cores.saturating_sub(1).max(1).to_string();
        let mut command = Command::new(&self.limits.program);
        // Ctrl-C in the terminal goes to the whole group; the service decides what becomes of jobs.
        #[cfg(unix)]
        command.process_group(0);
        command
            .arg("job")
            // The work is in the file and not in arguments: a ledger may be called `--policy.csv`.
            .arg(Path::new("..").join(JOB))
            .current_dir(folder.join(IN))
            .env("RAYON_NUM_THREADS", &threads)
            .env("POLARS_MAX_THREADS", &threads)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            // An early return of `watched`, as when the database fails, leaves no process behind.
            .kill_on_drop(true)
            .spawn()
            .map_err(ServiceError::unavailable)
    }

    /// Reads the output of the process until it ends, and records its progress in the store.
    pub(super) async fn watched(
        &self,
        job: &JobRow,
        mut child: Child,
    ) -> Result<Ended, ServiceError> {
        // Held open until the end: a job whose stdin closes stops, even if this process was killed.
        let stdin = child.stdin.take();
        let stderr =
            child.stderr.take().ok_or_else(|| ServiceError::internal("a job without stderr"))?;
        let mut lines = BufReader::new(stderr).lines();
        // One limit for all lines: with one for each, a job could report progress for ever.
        let ends = Instant::now() + self.limits.job_time;
        let mut sign = interval(SIGN_OF_LIFE);
        let (mut said, mut done) = (String::new(), 0);
        loop {
            tokio::select! {
                // A tick drops this half-way; what was read of a line stays in `lines`.
                line = timeout_at(ends, lines.next_line()) => match line {
                    Err(_) => {
                        child.kill().await.map_err(ServiceError::internal)?;
                        let seconds = self.limits.job_time.as_secs();
                        return Ok(Ended::Failed(format!("The job took longer than {seconds} s.")));
                    }
                    Ok(Ok(Some(line))) => match progress(&line) {
                        Some(bytes) => done = bytes,
                        // Read on even when enough is kept: a full pipe would stop the process.
                        None if said.len() < MOST_SAID => {
                            said.push_str(&line);
                            said.push('\n');
                        }
                        None => {}
                    },
                    // At the end of the output, or if it is not UTF-8, the exit status decides.
                    Ok(Ok(None) | Err(_)) => break,
                },
                _ = sign.tick() => match self.store.renew_job(job, done, LEASE).await {
                    Ok(true) => {}
                    Ok(false) => {
                        child.kill().await.map_err(ServiceError::internal)?;
                        return Ok(Ended::Elsewhere);
                    }
                    // The work goes on without the database. Should another worker take it up
                    // meanwhile, the end of this one is not recorded.
                    Err(error) => tracing::warn!(%error, "no sign of life could be recorded"),
                },
            }
        }
        let status = child.wait().await.map_err(ServiceError::internal)?;
        drop(stdin);
        Ok(self.ended(status, &said))
    }

    /// The end of a process with this status, which wrote this to stderr.
    fn ended(&self, status: ExitStatus, said: &str) -> Ended {
        if status.success() {
            return Ended::Done;
        }
        let megabytes = self.job_megabytes();
        // How Rust reports an allocation that fails, which is how the memory limit shows.
        if said.contains("memory allocation of") {
            return Ended::Failed(format!("The job needs more than {megabytes} MB of memory."));
        }
        if said.contains(DISK_FULL) {
            return Ended::DiskFull(said.trim().to_owned());
        }
        // 1 is a refusal with a sentence for the caller; anything else is a crash or a signal.
        if status.code() != Some(1) {
            tracing::error!(%status, said, "the process of the job died");
            return Ended::Failed(format!(
                "The job's process died; it may have needed more than {megabytes} MB of memory."
            ));
        }
        let sentence = said.trim().strip_prefix("factorage: ").unwrap_or(said.trim());
        Ended::Failed(sentence.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_told_in_lines_and_the_rest_is_what_went_wrong() {
        assert_eq!(progress("progress: 1048576 4194304"), Some(1_048_576));
        assert_eq!(progress("factorage: ledger.csv: not a supported file format"), None);
        assert_eq!(progress("progress: soon"), None);
    }
}
