//! Jobs are worked on in processes of this same program, with limits: one that dies is a failed
//! job, never a dead service.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use chrono::SecondsFormat;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;
use tokio::time::{Instant, interval, sleep, timeout_at};

use store::{Artefact, JobRow, Outcome, StoreError};

use super::Service;
use super::problem::Problem;
use super::task::{IN, Task};

/// How long nobody else takes up a job after a sign of life, and how often one is given.
const LEASE: chrono::TimeDelta = chrono::TimeDelta::seconds(5);
const SIGN_OF_LIFE: Duration = Duration::from_secs(1);

/// How often it is looked for jobs that others have left.
const LOOK: Duration = Duration::from_secs(2);

/// Most of what a job says on stderr that is kept.
const MOST_SAID: usize = 4096;

impl Service {
    fn lease(&self) -> String {
        ((self.outside.now)() + LEASE).to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// Works on jobs, as many at a time as the settings say, until the service stops.
    pub(super) fn start_work(&self) -> JoinSet<()> {
        let store = self.store.clone();
        tokio::task::spawn_blocking(move || store.sweep());
        let mut workers = JoinSet::new();
        for _ in 0..self.settings.jobs.max(1) {
            let service = self.clone();
            workers.spawn(async move {
                while !service.is_stopping() {
                    match service.store.take_job(&service.now(), &service.lease()).await {
                        Ok(Some(job)) => service.worked_on(job).await,
                        Ok(None) => tokio::select! {
                            () = service.work.notified() => {}
                            () = sleep(LOOK) => {}
                        },
                        Err(error) => {
                            (service.outside.log)(&format!("jobs: {error}"));
                            sleep(LOOK).await;
                        }
                    }
                }
            });
        }
        workers
    }

    async fn worked_on(&self, job: JobRow) {
        self.metrics.running.inc();
        let ended = self.outcome(&job).await;
        self.metrics.running.dec();
        let (outcome, artefacts) = match ended {
            Ok(Some(made)) => made,
            // Somebody else works on it.
            Ok(None) => return,
            Err(problem) => {
                if let Some(cause) = problem.cause() {
                    (self.outside.log)(&format!("job {}: {cause}", job.id));
                }
                (Outcome::Failed(problem.detail().to_owned()), Vec::new())
            }
        };
        // A database that does not answer for a moment loses no work.
        for wait in [1, 2, 4, 8, 0] {
            match self.store.end_job(&job, (&outcome, &artefacts), &self.now()).await {
                Ok(()) => break,
                Err(error) => (self.outside.log)(&format!("job {}: {error}", job.id)),
            }
            sleep(Duration::from_secs(wait)).await;
        }
        let status = if matches!(outcome, Outcome::Failed(_)) { "failed" } else { "finished" };
        self.metrics.job_ended(&job.kind, status);
    }

    /// Runs the job; `None` when somebody else has taken it up.
    async fn outcome(&self, job: &JobRow) -> Result<Option<(Outcome, Vec<Artefact>)>, Problem> {
        let task: Task = serde_json::from_str(&job.request).map_err(Problem::internal)?;
        let folder = self.store.workshop()?;
        std::fs::create_dir_all(folder.path().join(IN)).map_err(Problem::unavailable)?;
        let arguments = task.prepared(self, folder.path()).await?;
        let child = self.child(folder.path(), &arguments)?;
        match self.watched(job, child).await? {
            Ended::Elsewhere => return Ok(None),
            Ended::Failed(said) if !task.stands_without_success(folder.path()) => {
                return Err(Problem::ledger(said));
            }
            Ended::Done | Ended::Failed(_) => {}
        }
        let (store, out) = (self.store.clone(), folder.path().join("out"));
        let kept = tokio::task::spawn_blocking(move || -> Result<Vec<Artefact>, StoreError> {
            let entries = std::fs::read_dir(&out)
                .map_err(|source| StoreError::File { file: out.display().to_string(), source })?;
            let files = entries.flatten().map(|entry| entry.path());
            files.filter(|path| path.is_file()).map(|path| store.keep_file(&path)).collect()
        });
        let artefacts = kept.await.map_err(Problem::internal)??;
        let outcome = task.outcome(self, job, folder.path())?;
        Ok(Some((outcome, artefacts)))
    }

    fn child(&self, folder: &Path, arguments: &[String]) -> Result<Child, Problem> {
        let megabytes = (self.settings.job_memory >> 20).to_string();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = cores.saturating_sub(1).max(1).to_string();
        let mut command = Command::new(&self.settings.program);
        // An interrupt typed at the service is the service's to handle.
        #[cfg(unix)]
        command.process_group(0);
        command
            .args(["job", "--memory", &megabytes, "--"])
            .args(arguments)
            .current_dir(folder.join(IN))
            .env("RAYON_NUM_THREADS", &threads)
            .env("POLARS_MAX_THREADS", &threads)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(Problem::unavailable)
    }

    /// Reads what the process says until it ends, and tells the store how far it is.
    async fn watched(&self, job: &JobRow, mut child: Child) -> Result<Ended, Problem> {
        // Held open: the process ends when this one does.
        let stdin = child.stdin.take();
        let stderr =
            child.stderr.take().ok_or_else(|| Problem::internal("a job without stderr"))?;
        let mut lines = BufReader::new(stderr).lines();
        let ends = Instant::now() + self.settings.job_time;
        let mut sign = interval(SIGN_OF_LIFE);
        let (mut said, mut done) = (String::new(), 0);
        loop {
            tokio::select! {
                line = timeout_at(ends, lines.next_line()) => match line {
                    Err(_) => {
                        child.kill().await.map_err(Problem::internal)?;
                        let seconds = self.settings.job_time.as_secs();
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
                    if !self.store.keep_job(job, done, &self.lease()).await? {
                        child.kill().await.map_err(Problem::internal)?;
                        return Ok(Ended::Elsewhere);
                    }
                }
            }
        }
        let status = child.wait().await.map_err(Problem::internal)?;
        drop(stdin);
        if status.success() {
            return Ok(Ended::Done);
        }
        if said.contains("memory allocation of") {
            let megabytes = self.settings.job_memory >> 20;
            return Ok(Ended::Failed(format!("It needs more than {megabytes} MB of memory.")));
        }
        if status.code() != Some(1) {
            (self.outside.log)(&format!("job {}: {status}: {said}", job.id));
            let megabytes = self.settings.job_memory >> 20;
            let sentence = format!(
                "The process that worked on it died; it may have needed more than {megabytes} MB of memory."
            );
            return Ok(Ended::Failed(sentence));
        }
        let sentence = said.trim().strip_prefix("factorage: ").unwrap_or(said.trim());
        Ok(Ended::Failed(sentence.to_owned()))
    }
}

/// How a process ended.
enum Ended {
    Done,
    Failed(String),
    /// Another service works on the job.
    Elsewhere,
}

/// The bytes of a line `progress: DONE TOTAL`.
fn progress(line: &str) -> Option<i64> {
    line.strip_prefix("progress: ")?.split(' ').next()?.parse().ok()
}
