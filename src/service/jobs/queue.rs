use tokio::sync::watch::Receiver;
use tokio::time::{Duration, timeout};

use store::{Actor, JobFilter, JobRow};

use super::task::Task;
use crate::once::text;
use crate::{Answer, Caller, Once, Party, Reply, Service, ServiceError};

/// A job to queue.
pub(crate) struct NewJob<'a> {
    /// The task.
    pub task: &'a Task,
    /// The client it is about; absent if it is about all clients.
    pub client: Option<String>,
    /// Bytes that it will read, for its progress.
    pub bytes: i64,
}

/// A job that was queued.
#[derive(Debug, Clone)]
pub struct QueuedJob {
    /// The job.
    pub job: JobRow,
    /// The answer to the request.
    pub reply: Reply,
}

impl Service {
    /// Queues a task.
    pub(crate) async fn queue(
        &self,
        NewJob { task, client, bytes }: NewJob<'_>,
        once: &Once,
        answer: Answer<JobRow>,
    ) -> Result<QueuedJob, ServiceError> {
        let job = JobRow {
            id: self.new_id()?,
            kind: task.kind().as_str().to_owned(),
            client_id: client,
            request: text(task)?,
            status: "queued".to_owned(),
            done_bytes: 0,
            total_bytes: bytes,
            attempts: 0,
            result_id: None,
            problem: None,
            // The store writes the caller's, from the actor.
            key_prefix: String::new(),
            created_at: self.stamp(),
            started_at: None,
            finished_at: None,
            lease_until: None,
        };
        let reply = answer(&job)?;
        self.store.add_job(&job, &once.actor(&reply)).await?;
        // Remembered if all workers are busy: the next one that is free looks at once.
        self.work.notify_one();
        Ok(QueuedJob { job, reply })
    }

    /// Returns a job.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such job or the caller may not see it: a client
    /// sees its own jobs, staff see all.
    pub async fn job(&self, caller: &Caller, id: &str) -> Result<JobRow, ServiceError> {
        let job = self.store.job(id).await?;
        match (caller.client(), &job.client_id) {
            // A job about all clients would tell a client of the others.
            (Some(_), None) => return Err(ServiceError::Missing("job")),
            (_, Some(client)) => caller.sees(client, "job")?,
            _ => {}
        }
        Ok(job)
    }

    /// Returns up to `most` jobs, the newest first, after an id: a client's own, or all for staff.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn jobs(
        &self,
        caller: &Caller,
        filter: JobFilter<'_>,
        (after, most): (&str, i64),
    ) -> Result<Vec<JobRow>, ServiceError> {
        let client = match (caller.client(), filter.client) {
            (Some(own), Some(asked)) if own != asked => return Ok(Vec::new()),
            (own, asked) => own.or(asked),
        };
        Ok(self.store.jobs(JobFilter { client, ..filter }, after, most).await?)
    }

    /// A job that a party to a deal may cancel or repeat: a client those that it asked for, staff
    /// all.
    async fn own_job(&self, by: &Party, id: &str) -> Result<JobRow, ServiceError> {
        let caller = by.as_ref();
        let job = self.job(caller, id).await?;
        if caller.is_client() && job.key_prefix != caller.key() {
            return Err(ServiceError::Conflict(
                "The job was asked for under another key; ask us to cancel or repeat it.".into(),
            ));
        }
        Ok(job)
    }

    /// Cancels a job that waits or runs. Its process is stopped at its next sign of life.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such job or the caller may not see it,
    /// [`ServiceError::Conflict`] if it has ended or a client did not ask for it.
    pub async fn cancel_job(
        &self,
        by: &Party,
        id: &str,
        once: &Once,
        answer: Answer<JobRow>,
    ) -> Result<Reply, ServiceError> {
        let job = self.own_job(by, id).await?;
        let ended = |status: &str| {
            ServiceError::Conflict(format!("The job has ended: its status is {status}."))
        };
        if job.has_ended() {
            return Err(ended(&job.status));
        }
        let cancelled = JobRow {
            status: "cancelled".to_owned(),
            finished_at: Some(self.now()),
            lease_until: None,
            ..job
        };
        let reply = answer(&cancelled)?;
        let actor =
            Actor { at: cancelled.finished_at.clone().unwrap_or_default(), ..once.actor(&reply) };
        if self.store.cancel_job(id, &actor).await? {
            return Ok(reply);
        }
        // It ended between the two looks.
        Err(ended(&self.store.job(id).await?.status))
    }

    /// Queues the task of a job that failed or was cancelled once more, as a job of its own.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such job or the caller may not see it,
    /// [`ServiceError::Conflict`] if it waits, runs or has finished, or a client did not ask for
    /// it.
    pub async fn retry_job(
        &self,
        by: &Party,
        id: &str,
        once: &Once,
        answer: Answer<JobRow>,
    ) -> Result<QueuedJob, ServiceError> {
        let job = self.own_job(by, id).await?;
        if !matches!(job.status.as_str(), "failed" | "cancelled") {
            return Err(ServiceError::Conflict(format!(
                "Only a job that failed or was cancelled is repeated; this one is {}.",
                job.status
            )));
        }
        let task: Task = serde_json::from_str(&job.request).map_err(ServiceError::internal)?;
        let new = NewJob { task: &task, client: job.client_id, bytes: job.total_bytes };
        self.queue(new, once, answer).await
    }

    /// Follows a job: yields it whenever it changes, until it ends or the service stops.
    pub fn watch_job(&self, job: JobRow) -> Receiver<JobRow> {
        let (service, id) = (self.clone(), job.id.clone());
        let look = {
            let id = id.clone();
            move || {
                let (service, id) = (service.clone(), id.clone());
                // A database that fails for a moment ends the watching; callers start it again.
                async move {
                    if service.is_stopping() { None } else { service.store.job(&id).await.ok() }
                }
            }
        };
        self.watchers.listen(&id, job, look)
    }

    /// Waits until a job has ended, at most so long; returns it as it is then.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] if the store does not answer.
    pub async fn wait_for(&self, job: JobRow, most: Duration) -> Result<JobRow, ServiceError> {
        let id = job.id.clone();
        let ended = async {
            let mut job = job;
            while !job.has_ended() {
                let mut listening = self.watch_job(job);
                if listening.wait_for(JobRow::has_ended).await.is_ok() {
                    break;
                }
                // The watching also ends when the service stops, which lets running jobs end, and
                // when the store fails, which the next read reports.
                job = self.store.job(&id).await?;
            }
            Ok::<_, ServiceError>(())
        };
        // Out of time is not a failure: the caller gets the job as it stands.
        if let Ok(failed) = timeout(most, ended).await {
            failed?;
        }
        Ok(self.store.job(&id).await?)
    }
}

#[cfg(test)]
mod tests {
    use store::Role;

    use super::*;
    use crate::Right;
    use crate::samples::{Desk, by, identity, run, shown};

    async fn queued(desk: &Desk, client: Option<&str>) -> JobRow {
        let (as_of, sections, ledgers) = (None, Vec::new(), Vec::new());
        let task = Task::Report { as_of, sections, ledgers };
        let new = NewJob { task: &task, client: client.map(str::to_owned), bytes: 7 };
        let once = desk.once("a job").await;
        desk.service.queue(new, &once, shown).await.expect("queued").job
    }

    #[test]
    fn a_client_sees_its_own_jobs_and_the_staff_all() {
        run(async {
            let desk = Desk::new().await;
            let (own, of_all) = (queued(&desk, Some("a")).await, queued(&desk, None).await);
            let client: Caller = by(Role::Client);
            assert_eq!(desk.service.job(&client, &own.id).await.expect("its own").total_bytes, 7);
            let hidden = desk.service.job(&client, &of_all.id).await;
            assert_eq!(hidden, Err(ServiceError::Missing("job")));
            let other = Caller::of(identity(Role::Client, Some("b"))).expect("a caller");
            let hidden = desk.service.job(&other, &own.id).await;
            assert_eq!(hidden, Err(ServiceError::Missing("job")));
            let staff: Caller = by(Role::Analyst);
            assert!(desk.service.job(&staff, &of_all.id).await.is_ok());
        });
    }

    #[test]
    fn who_waits_is_told_how_far_it_is_by_then_and_at_the_end_of_the_service() {
        run(async {
            let desk = Desk::new().await;
            let job = queued(&desk, None).await;
            let waited = desk.service.wait_for(job.clone(), Duration::from_millis(1)).await;
            assert_eq!(waited.expect("a job").status, "queued");
            let mut listening = desk.service.watch_job(job);
            desk.service.stop();
            // Without an end of its own this would wait for ever.
            while listening.changed().await.is_ok() {}
            assert_eq!(listening.borrow().status, "queued", "nobody has worked on it");
        });
    }
}
