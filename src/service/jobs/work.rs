//! Workers, which run every job in a child process of this program with limits: if a process dies,
//! the job fails and the service goes on.

use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tokio::time::sleep;
use tracing::{Instrument, error, error_span, info, warn};

use store::{Artefact, FinishedJob, JobRow, LedgerRow, Outcome, StoreError};

use super::child::{Ended, LEASE};
use super::outcome::OUT;
use super::prepare::IN;
use super::task::Task;
use crate::offer_inputs::{input, previous_name};
use crate::{Service, ServiceError};

/// Interval at which idle workers look for jobs that dead workers left.
const LOOK: Duration = Duration::from_secs(2);

impl Service {
    /// Starts as many workers as the limits allow, each of which runs jobs until the service stops,
    /// and the housekeeper.
    pub fn start_work(&self) -> JoinSet<()> {
        let store = self.store.clone();
        // Beside the workers: folders that a crash left behind may hold gigabytes.
        tokio::task::spawn_blocking(move || store.sweep());
        let mut workers = JoinSet::new();
        workers.spawn(self.clone().keep_house());
        for _ in 0..self.limits.jobs.max(1) {
            let service = self.clone();
            workers.spawn(async move {
                // Seen between jobs only: the caller decides how long to wait for those that run.
                while !service.is_stopping() {
                    match service.store.claim_job(&service.now(), LEASE).await {
                        Ok(Some(job)) => {
                            let span = error_span!("job", id = %job.id, kind = %job.kind);
                            if job.attempts > 1 {
                                let attempt = job.attempts;
                                span.in_scope(|| warn!(attempt, "taken up again after a stop"));
                            }
                            service.worked_on(job).instrument(span).await;
                        }
                        Ok(None) => tokio::select! {
                            () = service.work.notified() => {}
                            () = sleep(LOOK) => {}
                        },
                        Err(error) => {
                            error!(%error, "no job could be taken up");
                            sleep(LOOK).await;
                        }
                    }
                }
            });
        }
        workers
    }

    /// Records the end of a job, again and again for two minutes: a database that fails for a while
    /// does not cost the work. After that the job is taken up again, here or elsewhere.
    ///
    /// Without an end the job is put back among those that wait.
    async fn recorded(&self, job: &JobRow, end: Option<&FinishedJob>) {
        for wait in [1, 2, 4, 8, 15, 30, 60, 0] {
            let now = self.now();
            let done = match end {
                Some(end) => self.store.finish_job(job, end, &now).await,
                None => self.store.put_back_job(job, &now).await,
            };
            match done {
                Ok(()) => break,
                Err(error) => warn!(%error, "its end could not be recorded"),
            }
            if self.is_stopping() {
                break;
            }
            sleep(Duration::from_secs(wait)).await;
        }
    }

    async fn worked_on(&self, job: JobRow) {
        let start = Instant::now();
        self.figures.running.inc();
        let ended = self.done(&job).await;
        self.figures.running.dec();
        let finished = match ended {
            Ok(Some(finished)) => finished,
            // Another worker has it, or it was cancelled.
            Ok(None) => return,
            Err(error) => {
                if let Some(cause) = error.cause() {
                    error!(cause, "internal error");
                }
                // Storage that fails for a while costs no job: it is done again.
                if matches!(error, ServiceError::Unavailable(_)) {
                    self.recorded(&job, None).await;
                    sleep(LOOK).await;
                    return;
                }
                let outcome = Outcome::Failed(error.to_string());
                FinishedJob { outcome, artefacts: Vec::new() }
            }
        };
        self.recorded(&job, Some(&finished)).await;
        let ms = (start.elapsed().as_secs_f64() * 1000.0).round();
        let client = job.client_id.as_deref();
        let end = if let Outcome::Failed(problem) = &finished.outcome {
            warn!(client, problem, ms, "failed");
            "failed"
        } else {
            info!(client, ms, "finished");
            "finished"
        };
        self.figures.job_ended(&job.kind, end);
    }

    /// Runs a job; `None` if another worker has taken it up, or if it was cancelled.
    async fn done(&self, job: &JobRow) -> Result<Option<FinishedJob>, ServiceError> {
        let task: Task = serde_json::from_str(&job.request).map_err(ServiceError::internal)?;
        let folder = self.store.workshop()?;
        std::fs::create_dir_all(folder.path().join(IN)).map_err(ServiceError::unavailable)?;
        let work = self.prepared(&task, folder.path()).await?;
        let within = folder.path().join(IN);
        let inputs: Vec<_> = work.inputs().into_iter().map(|path| within.join(path)).collect();
        let child = self.child(folder.path(), work)?;
        match self.watched(job, child).await? {
            Ended::Elsewhere => return Ok(None),
            Ended::DiskFull(said) => return Err(ServiceError::Unavailable(said)),
            Ended::Failed(said) if !task.stands_without_success(folder.path()) => {
                return Err(ServiceError::Ledger(said));
            }
            Ended::Done | Ended::Failed(_) => {}
        }
        let (store, out) = (self.store.clone(), folder.path().join(OUT));
        // Before the row that names them is written: no row ever names a file that is not there.
        let kept = tokio::task::spawn_blocking(move || -> Result<Vec<Artefact>, StoreError> {
            let entries = std::fs::read_dir(&out)
                .map_err(|source| StoreError::File { file: out.display().to_string(), source })?;
            let files = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file());
            let written = files.map(|path| store.keep_file(&path));
            let read = inputs.iter().map(|path| store.keep_file(path).map(input));
            written.chain(read).collect()
        });
        let mut artefacts = kept.await.map_err(ServiceError::internal)??;
        if let Task::Evaluate { previous, .. } = &task {
            for (number, id) in previous.iter().enumerate() {
                // Kept already, as a ledger.
                let LedgerRow { file_name, sha256, bytes, .. } = self.store.ledger(id).await?;
                let name = previous_name(number, &file_name);
                artefacts.push(input(Artefact { name, sha256, bytes }));
            }
        }
        self.check_client_name(&task, folder.path()).await?;
        let outcome = self.outcome(&task, job, folder.path())?;
        Ok(Some(FinishedJob { outcome, artefacts }))
    }
}
