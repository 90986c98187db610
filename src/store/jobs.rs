use chrono::TimeDelta;
use sqlx::FromRow;

use super::engine::values;
use super::{
    Actor, Artefact, AuditEntry, LedgerRow, OfferRow, ReportRow, Store, StoreError, audit, files,
    ledgers, offers, reports,
};

/// Number of times a job is taken up before it counts as failed. A job that kills its service, for
/// example by taking all memory, would otherwise do so for ever.
const ATTEMPTS: i64 = 5;

/// The next job to take up, by the database's clock: one that waits, or whose worker gave no sign
/// of life. The clients take turns: first the one with the fewest running jobs, then the one whose
/// last job started first; jobs about all clients are those of one more.
// Times are compared as texts: all are in UTC and to the second, so both orders are one.
const NEXT: &str = "\
    SELECT j.* FROM job AS j \
    WHERE j.status = 'queued' OR (j.status = 'running' AND j.lease_until < $1) \
    ORDER BY (SELECT COUNT(*) FROM job AS r WHERE r.status = 'running' AND r.lease_until >= $1 \
              AND COALESCE(r.client_id, '') = COALESCE(j.client_id, '')), \
             COALESCE((SELECT MAX(s.started_at) FROM job AS s \
              WHERE COALESCE(s.client_id, '') = COALESCE(j.client_id, '')), ''), \
             j.created_at, j.id LIMIT 1";

/// The jobs to list.
#[derive(Debug, Clone, Copy, Default)]
pub struct JobFilter<'a> {
    /// Only those of this client.
    pub client: Option<&'a str>,
    /// Only those of this kind.
    pub kind: Option<&'a str>,
    /// Only those with this status.
    pub status: Option<&'a str>,
}

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
    /// `queued`, `running`, `finished`, `failed` or `cancelled`.
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
    /// True if it has finished, failed or was cancelled.
    pub fn has_ended(&self) -> bool {
        matches!(self.status.as_str(), "finished" | "failed" | "cancelled")
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

    /// Returns up to `most` jobs, the newest first: those before the job `after`, if one is named.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn jobs(
        &self,
        JobFilter { client, kind, status }: JobFilter<'_>,
        after: &str,
        most: i64,
    ) -> Result<Vec<JobRow>, StoreError> {
        const LIST: &str = "\
            SELECT * FROM job WHERE ($1 IS NULL OR client_id = $1) AND ($2 IS NULL OR kind = $2) \
            AND ($3 IS NULL OR status = $3) AND ($4 = '' OR (created_at, id) < \
            (SELECT b.created_at, b.id FROM job AS b WHERE b.id = $4)) \
            ORDER BY created_at DESC, id DESC LIMIT $5";
        self.engine.rows(LIST, values![client, kind, status, after, most]).await
    }

    /// Takes up the next job that no worker holds, for `lease` from now by the database's clock,
    /// which all hosts share; `now` is the time for the record. A job that was taken up too often,
    /// because its workers died, is marked as failed instead.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn claim_job(
        &self,
        now: &str,
        lease: TimeDelta,
    ) -> Result<Option<JobRow>, StoreError> {
        // Without the writers' lock: idle workers ask often, and would hold up those who write.
        let (clock, _) = self.engine.clock(lease).await?;
        if self.engine.row::<JobRow>(NEXT, values![&clock]).await?.is_none() {
            return Ok(None);
        }
        let mut writing = self.engine.writing().await?;
        // Asked again under the lock: another worker may have taken it up in between.
        let (clock, lease_until) = writing.clock(lease).await?;
        let Some(job) = writing.row::<JobRow>(NEXT, values![&clock]).await? else {
            return Ok(None);
        };
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
                values![&job.id, now, &lease_until],
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

    /// Records the progress of a job and extends its lease; false if another worker has it now, or
    /// if it was cancelled.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn renew_job(
        &self,
        job: &JobRow,
        done_bytes: i64,
        lease: TimeDelta,
    ) -> Result<bool, StoreError> {
        let mut writing = self.engine.writing().await?;
        let (_, lease_until) = writing.clock(lease).await?;
        let kept = writing
            .run(
                "UPDATE job SET done_bytes = $3, lease_until = $4 \
                 WHERE id = $1 AND attempts = $2 AND status = 'running'",
                values![&job.id, job.attempts, done_bytes, &lease_until],
            )
            .await?;
        writing.commit().await?;
        Ok(kept > 0)
    }

    /// Puts a job back among those that wait, because storage failed while it ran: this attempt
    /// does not count. Does nothing if another worker has taken it up since.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn put_back_job(&self, job: &JobRow, now: &str) -> Result<(), StoreError> {
        let mut writing = self.engine.writing().await?;
        let waits = writing
            .run(
                "UPDATE job SET status = 'queued', attempts = attempts - 1, done_bytes = 0, \
                 lease_until = NULL WHERE id = $1 AND attempts = $2 AND status = 'running'",
                values![&job.id, job.attempts],
            )
            .await?;
        if waits == 0 {
            return Ok(());
        }
        writing.changes("job", &job.id);
        let actor = Actor { key: job.key_prefix.clone(), at: now.to_owned(), answer: None };
        let entry = AuditEntry { action: "job.put_back", subject: &job.id, detail: "" };
        audit::append(&mut writing, &actor, entry).await?;
        writing.commit().await
    }

    /// Cancels a job that waits or runs; false if it has ended. Its worker, if it has one, learns
    /// of it at the next sign of life.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn cancel_job(&self, id: &str, actor: &Actor) -> Result<bool, StoreError> {
        let mut writing = self.engine.writing().await?;
        let ended = writing
            .run(
                "UPDATE job SET status = 'cancelled', finished_at = $2, lease_until = NULL \
                 WHERE id = $1 AND status IN ('queued', 'running')",
                values![id, &actor.at],
            )
            .await?;
        if ended == 0 {
            return Ok(false);
        }
        writing.changes("job", id);
        let entry = AuditEntry { action: "job.cancelled", subject: id, detail: "" };
        audit::append(&mut writing, actor, entry).await?;
        writing.commit().await?;
        Ok(true)
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
