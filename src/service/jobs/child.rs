//! The process of a job: started with its file alone, watched until it ends.

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{Instant, interval, timeout_at};

use store::JobRow;

use super::job_file::{JobFile, Work};
use super::prepare::{IN, written};
use crate::once::text;
use crate::{Service, ServiceError};

/// How often a sign of life is given.
const SIGN_OF_LIFE: Duration = Duration::from_secs(1);

/// Most of what a job says on stderr that is kept.
const MOST_SAID: usize = 4096;

/// The file that says what to do, in the folder of the job.
const JOB: &str = "job.json";

/// How a process ended.
pub(super) enum Ended {
    Done,
    Failed(String),
    /// Another service works on the job.
    Elsewhere,
}

/// The bytes of a line `progress: DONE TOTAL`.
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
        let threads = cores.saturating_sub(1).max(1).to_string();
        let mut command = Command::new(&self.limits.program);
        // An interrupt typed at the service is the service's to handle.
        #[cfg(unix)]
        command.process_group(0);
        command
            .arg("job")
            .arg(Path::new("..").join(JOB))
            .current_dir(folder.join(IN))
            .env("RAYON_NUM_THREADS", &threads)
            .env("POLARS_MAX_THREADS", &threads)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(ServiceError::unavailable)
    }

    /// Reads what the process says until it ends, and tells the store how far it is.
    pub(super) async fn watched(
        &self,
        job: &JobRow,
        mut child: Child,
    ) -> Result<Ended, ServiceError> {
        // Held open: the process ends when this one does.
        let stdin = child.stdin.take();
        let stderr =
            child.stderr.take().ok_or_else(|| ServiceError::internal("a job without stderr"))?;
        let mut lines = BufReader::new(stderr).lines();
        let ends = Instant::now() + self.limits.job_time;
        let mut sign = interval(SIGN_OF_LIFE);
        let (mut said, mut done) = (String::new(), 0);
        loop {
            tokio::select! {
                line = timeout_at(ends, lines.next_line()) => match line {
                    Err(_) => {
                        child.kill().await.map_err(ServiceError::internal)?;
                        let seconds = self.limits.job_time.as_secs();
                        return Ok(Ended::Failed(format!("It took longer than {seconds} s.")));
                    }
                    Ok(Ok(Some(line))) => match progress(&line) {
                        Some(bytes) => done = bytes,
                        None if said.len() < MOST_SAID => {
                            said.push_str(&line);
                            said.push('\n');
                        }
                        None => {}
                    },
                    // The end, or text that is none: what counts is how the process ends.
                    Ok(Ok(None) | Err(_)) => break,
                },
                _ = sign.tick() => {
                    if !self.store.renew_job(job, done, &self.lease()).await? {
                        child.kill().await.map_err(ServiceError::internal)?;
                        return Ok(Ended::Elsewhere);
                    }
                }
            }
        }
        let status = child.wait().await.map_err(ServiceError::internal)?;
        drop(stdin);
        Ok(self.ended(job, status, &said))
    }

    /// How a process ended that said this on stderr.
    fn ended(&self, job: &JobRow, status: ExitStatus, said: &str) -> Ended {
        if status.success() {
            return Ended::Done;
        }
        let megabytes = self.job_megabytes();
        if said.contains("memory allocation of") {
            return Ended::Failed(format!("It needs more than {megabytes} MB of memory."));
        }
        if status.code() != Some(1) {
            self.log(&format!("job {}: {status}: {said}", job.id));
            return Ended::Failed(format!(
                "The process that worked on it died; it may have needed more than {megabytes} MB of memory."
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
