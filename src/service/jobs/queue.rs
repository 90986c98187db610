use tokio::sync::watch::Receiver;
use tokio::time::{Duration, timeout};

use store::JobRow;

use super::task::Task;
use crate::once::text;
use crate::{Answer, Caller, Once, Reply, Service, ServiceError};

/// A job that is asked for.
pub(crate) struct NewJob<'a> {
    /// What it does.
    pub task: &'a Task,
    /// Whose it is; nothing when it is of several clients.
    pub client: Option<String>,
    /// What it will read, for its progress.
    pub bytes: i64,
}

impl Service {
    /// Queues a task.
    pub(crate) async fn queue(
        &self,
        NewJob { task, client, bytes }: NewJob<'_>,
        once: &Once,
        answer: Answer<JobRow>,
    ) -> Result<(JobRow, Reply), ServiceError> {
        let row = JobRow {
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
            key_prefix: String::new(),
            created_at: once.at().to_owned(),
            started_at: None,
            finished_at: None,
            lease_until: None,
        };
        let reply = answer(&row)?;
        self.store.add_job(&row, &once.actor(&reply)).await?;
        self.work.notify_one();
        Ok((row, reply))
    }

    /// The job, if the caller may see it: a client its own, everybody else all.
    ///
    /// # Errors
    /// [`ServiceError::Missing`].
    pub async fn job(&self, caller: &Caller, id: &str) -> Result<JobRow, ServiceError> {
        let job = self.store.job(id).await?;
        match (caller.client(), &job.client_id) {
            (Some(_), None) => return Err(ServiceError::Missing("job")),
            (_, Some(client)) => caller.sees(client, "job")?,
            _ => {}
        }
        Ok(job)
    }

    /// The job whenever it changes, until it has ended or the service does.
    pub fn watch_job(&self, job: JobRow) -> Receiver<JobRow> {
        let (service, id) = (self.clone(), job.id.clone());
        let look = {
            let id = id.clone();
            move || {
                let (service, id) = (service.clone(), id.clone());
                // A database that does not answer for a moment ends it; callers come again.
                async move {
                    if service.is_stopping() { None } else { service.store.job(&id).await.ok() }
                }
            }
        };
        self.watchers.listen(&id, job, look)
    }

    /// The job after it has ended, or after so long.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn wait_for(&self, job: JobRow, most: Duration) -> Result<JobRow, ServiceError> {
        let id = job.id.clone();
        let mut listening = self.watch_job(job);
        // What counts is how the job stands then, whatever ended the waiting.
        let _ = timeout(most, listening.wait_for(JobRow::has_ended)).await;
        Ok(self.store.job(&id).await?)
    }
}
