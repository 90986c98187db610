use sqlx::FromRow;

use super::engine::values;
use super::{
    Actor, Artefact, AuditEntry, LedgerRow, OfferRow, ReportRow, Store, StoreError, audit, files,
    ledgers, offers, reports,
};

/// Number of times a job is taken up before it counts as failed. A job that kills its service, for
/// example by taking all memory, would otherwise do so for ever.
const ATTEMPTS: i64 = 5;

/// The kind of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobKind {
    /// Reads a ledger.
    Ingest,
    /// Evaluates a ledger into an offer.
    Evaluate,
    /// Reports on the portfolio.
    Report,
}

impl JobKind {
    /// The word for it in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Evaluate => "evaluate",
            Self::Report => "report",
        }
    }
}

/// Work for a child process.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct JobRow {
    /// Id of the job.
    pub id: String,
    /// `ingest`, `evaluate` or `report`.
    pub kind: String,
    /// The client it is about; absent if it is about all clients.
    pub client_id: Option<String>,
    /// The task, JSON.
    pub request: String,
    /// `queued`, `running`, `finished` or `failed`.
    pub status: String,
    /// Bytes read so far.
    pub done_bytes: i64,
    /// Bytes to read.
    pub total_bytes: i64,
    /// Number of times it was taken up.
    pub attempts: i64,
    /// Id of the ledger, offer or report that it made.
    pub result_id: Option<String>,
    /// The reason why it failed, as a sentence for the caller.
    pub problem: Option<String>,
    /// Prefix of the key that asked for it.
    pub key_prefix: String,
    /// Time of the request.
    pub created_at: String,
    /// Time at which it was last taken up.
    pub started_at: Option<String>,
    /// Time at which it ended.
    pub finished_at: Option<String>,
    /// Time until which no other worker takes it up.
    pub lease_until: Option<String>,
}

/// The end of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A ledger was read.
    Ledger(LedgerRow),
    /// An offer was made.
    Offer(Box<OfferRow>),
    /// A report was written.
    Report(ReportRow),
    /// The job failed, for this reason.
    Failed(String),
}

/// The end of a job, with the files that it wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinishedJob {
    /// The result or the failure.
    pub outcome: Outcome,
    /// The files.
    pub artefacts: Vec<Artefact>,
}

impl JobRow {
    /// True if it has finished or failed.
    pub fn has_ended(&self) -> bool {
        matches!(self.status.as_str(), "finished" | "failed")
    }
}

impl Outcome {
    /// The id of the result.
    fn id(&self) -> Option<&str> {
        match self {
            Self::Ledger(ledger) => Some(&ledger.id),
            Self::Offer(offer) => Some(&offer.id),
            Self::Report(report) => Some(&report.id),
            Self::Failed(_) => None,
        }
    }
}

impl Store {
    /// Queues a job.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn add_job(&self, job: &JobRow, actor: &Actor) -> Result<(), StoreError> {
        let mut writing = self.engine.writing().await?;
        let (client, total) = (&job.client_id, job.total_bytes);
        writing
            .run(
                "INSERT INTO job (id, kind, client_id, request, status, total_bytes, key_prefix, \
                 created_at) VALUES ($1, $2, $3, $4, 'queued', $5, $6, $7)",
                values![
                    &job.id,
                    &job.kind,
                    client,
                    &job.request,
                    total,
                    &actor.key,
                    &job.created_at
                ],
            )
            .await?;
        writing.adds("job", &job.id);
        let entry = AuditEntry { action: "job.queued", subject: &job.id, detail: &job.request };
        audit::append(&mut writing, actor, entry).await?;
        writing.commit().await
    }

    /// Returns a job.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if there is no such job; otherwise if the database cannot be read.
    pub async fn job(&self, id: &str) -> Result<JobRow, StoreError> {
        self.engine
            .row("SELECT * FROM job WHERE id = $1", values![id])
            .await?
            .ok_or(StoreError::Missing("job"))
    }

    /// Returns the job that made an offer.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if it is not on record; otherwise if the database cannot be read.
    pub async fn job_of_offer(&self, id: &str) -> Result<JobRow, StoreError> {
        let found = "SELECT * FROM job WHERE kind = 'evaluate' AND result_id = $1";
        self.engine.row(found, values![id]).await?.ok_or(StoreError::Missing("job"))
    }

    /// Takes up the oldest job that no worker holds, until `lease_until`. A job that was taken up
    /// too often, because its workers died, is marked as failed instead.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn claim_job(
        &self,
        now: &str,
        lease_until: &str,
    ) -> Result<Option<JobRow>, StoreError> {
        // Times are compared as texts: all are in UTC and to the second, so both orders are one.
        const NEXT: &str = "SELECT * FROM job WHERE status = 'queued' \
             OR (status = 'running' AND lease_until < $1) ORDER BY created_at, id LIMIT 1";
        // Without the writers' lock: idle workers ask often, and would hold up those who write.
        if self.engine.row::<JobRow>(NEXT, values![now]).await?.is_none() {
            return Ok(None);
        }
        let mut writing = self.engine.writing().await?;
        // Asked again under the lock: another worker may have taken it up in between.
        let Some(job) = writing.row::<JobRow>(NEXT, values![now]).await? else { return Ok(None) };
        let actor = Actor { key: job.key_prefix.clone(), at: now.to_owned(), answer: None };
        if job.attempts >= ATTEMPTS {
            let problem = "The service stopped five times while working on this job.";
            writing
                .run(
                    "UPDATE job SET status = 'failed', problem = $2, finished_at = $3, \
                     lease_until = NULL WHERE id = $1",
                    values![&job.id, problem, now],
                )
                .await?;
            writing.changes("job", &job.id);
            let entry = AuditEntry { action: "job.failed", subject: &job.id, detail: problem };
            audit::append(&mut writing, &actor, entry).await?;
            writing.commit().await?;
            return Ok(None);
        }
        writing
            .run(
                // Counted at the start: a worker that is killed has no chance to count at the end.
                "UPDATE job SET status = 'running', attempts = attempts + 1, started_at = $2, \
                 lease_until = $3, done_bytes = 0 WHERE id = $1",
                values![&job.id, now, lease_until],
            )
            .await?;
        writing.changes("job", &job.id);
        let entry = AuditEntry { action: "job.started", subject: &job.id, detail: "" };
        audit::append(&mut writing, &actor, entry).await?;
        writing.commit().await?;
        Ok(Some(JobRow {
            status: "running".to_owned(),
            attempts: job.attempts + 1,
            started_at: Some(now.to_owned()),
            done_bytes: 0,
            ..job
        }))
    }

    /// Records the progress of a job and extends its lease; false if another worker has it now.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn renew_job(
        &self,
        job: &JobRow,
        done_bytes: i64,
        lease_until: &str,
    ) -> Result<bool, StoreError> {
        let mut writing = self.engine.writing().await?;
        let kept = writing
            .run(
                "UPDATE job SET done_bytes = $3, lease_until = $4 \
                 WHERE id = $1 AND attempts = $2 AND status = 'running'",
                values![&job.id, job.attempts, done_bytes, lease_until],
            )
            .await?;
        writing.commit().await?;
        Ok(kept > 0)
    }

    /// Ends a job and records its result, in one transaction. Does nothing if another worker has
    /// taken the job up since.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn finish_job(
        &self,
        job: &JobRow,
        FinishedJob { outcome, artefacts }: &FinishedJob,
        now: &str,
    ) -> Result<(), StoreError> {
        let mut writing = self.engine.writing().await?;
        let (status, problem) = match outcome {
            Outcome::Failed(problem) => ("failed", Some(problem.as_str())),
            _ => ("finished", None),
        };
        let ended = writing
            .run(
                // `attempts` tells this worker from a later one that took the job up.
                "UPDATE job SET status = $3, result_id = $4, problem = $5, finished_at = $6, \
                 done_bytes = total_bytes, lease_until = NULL \
                 WHERE id = $1 AND attempts = $2 AND status = 'running'",
                values![&job.id, job.attempts, status, outcome.id(), problem, now],
            )
            .await?;
        // No error: the later worker does the same work, and records it.
        if ended == 0 {
            return Ok(());
        }
        let action = match outcome {
            Outcome::Ledger(ledger) => {
                ledgers::add(&mut writing, ledger).await?;
                "ledger.read"
            }
            Outcome::Offer(offer) => {
                offers::add(&mut writing, offer).await?;
                "offer.made"
            }
            Outcome::Report(report) => {
                reports::add(&mut writing, report).await?;
                "report.made"
            }
            Outcome::Failed(_) => "job.failed",
        };
        writing.changes("job", &job.id);
        // What is made is the subject, as its files go by it; the log's detail then names the job.
        let subject = outcome.id().unwrap_or(&job.id);
        files::add(&mut writing, subject, artefacts).await?;
        let detail = problem.unwrap_or(&job.id);
        let actor = Actor { key: job.key_prefix.clone(), at: now.to_owned(), answer: None };
        let entry = AuditEntry { action, subject, detail };
        audit::append(&mut writing, &actor, entry).await?;
        writing.commit().await
    }
}
