use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use schemars::JsonSchema;
use serde::Serialize;
use tokio::time::{Instant, sleep};

use store::{Identity, JobRow};

use super::Service;
use super::caller::Caller;
use super::extract::Id;
use super::problem::Problem;
use super::request::{Once, json, text};
use super::task::Task;

/// How often a job is looked at for those who wait for it.
const LOOK: Duration = Duration::from_millis(100);

/// Longest time that an answer waits for a job.
const LONGEST_WAIT: u64 = 60;

/// Work that goes on by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(super) struct Job {
    /// Its id.
    id: String,
    /// `ingest`, `evaluate` or `report`.
    kind: String,
    /// The client whose job it is.
    client_id: Option<String>,
    /// `queued`, `running`, `finished` or `failed`.
    status: String,
    /// Bytes of the ledger that have been read.
    done_bytes: i64,
    /// Bytes of the ledger.
    total_bytes: i64,
    /// Where what came of it can be read.
    result: Option<String>,
    /// Why it failed.
    problem: Option<String>,
    /// When it was asked for.
    created_at: String,
    /// When it was last taken up.
    started_at: Option<String>,
    /// When it ended.
    finished_at: Option<String>,
}

impl From<JobRow> for Job {
    fn from(row: JobRow) -> Self {
        let place = match row.kind.as_str() {
            "ingest" => "ledgers",
            "evaluate" => "offers",
            _ => "reports",
        };
        Self {
            result: row.result_id.map(|id| format!("/v1/{place}/{id}")),
            id: row.id,
            kind: row.kind,
            client_id: row.client_id,
            status: row.status,
            done_bytes: row.done_bytes,
            total_bytes: row.total_bytes,
            problem: row.problem,
            created_at: row.created_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
        }
    }
}

impl Job {
    fn has_ended(&self) -> bool {
        matches!(self.status.as_str(), "finished" | "failed")
    }
}

/// A job that is asked for.
pub(super) struct NewJob<'a> {
    /// What it does.
    pub task: &'a Task,
    /// Whose it is; nothing when it is of several clients.
    pub client: Option<String>,
    /// What it will read, for its progress.
    pub bytes: i64,
}

/// Queues a task and answers 202 with its job; with `Prefer: wait=SECONDS`, after the job has ended
/// or that time.
pub(super) async fn queued(
    service: &Service,
    NewJob { task, client, bytes }: NewJob<'_>,
    once: &Once,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let row = JobRow {
        id: service.new_id()?,
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
    let answer = text(&Job::from(row.clone()))?;
    service.store.add_job(&row, &once.actor(StatusCode::ACCEPTED, &answer)).await?;
    service.work.notify_one();
    let Some(wait) = wait(headers) else { return Ok(accepted(&row.id, answer)) };
    let ends = Instant::now() + wait;
    loop {
        let job = Job::from(service.store.job(&row.id).await?);
        if job.has_ended() || Instant::now() >= ends {
            return Ok(accepted(&row.id, text(&job)?));
        }
        sleep(LOOK).await;
    }
}

/// 202 with the place of the job.
fn accepted(id: &str, body: String) -> Response {
    let place = [(header::LOCATION, format!("/v1/jobs/{id}"))];
    (place, json(StatusCode::ACCEPTED.as_u16(), body)).into_response()
}

/// The seconds of `Prefer: wait=SECONDS` (RFC 7240).
fn wait(headers: &HeaderMap) -> Option<Duration> {
    let prefer = headers.get("prefer")?.to_str().ok()?;
    let wait = prefer.split(',').find_map(|one| one.trim().strip_prefix("wait="))?;
    Some(Duration::from_secs(wait.parse::<u64>().ok()?.min(LONGEST_WAIT)))
}

/// The job, if the caller may see it: a client its own, everybody else all.
async fn seen(service: &Service, caller: &Caller, id: &str) -> Result<Job, Problem> {
    let row = service.store.job(id).await?;
    match (&caller.0, &row.client_id) {
        (Identity { client: Some(_), .. }, None) => return Err(Problem::missing("job")),
        (_, Some(client)) => caller.sees(client, "job")?,
        _ => {}
    }
    Ok(Job::from(row))
}

/// A job.
pub(super) async fn get(
    State(service): State<Service>,
    caller: Caller,
    Id(id): Id,
) -> Result<Response, Problem> {
    Ok(json(200, text(&seen(&service, &caller, &id).await?)?))
}

/// The job whenever it has changed, until it has ended: server-sent events.
pub(super) async fn events(
    State(service): State<Service>,
    caller: Caller,
    Id(id): Id,
) -> Result<Response, Problem> {
    let first = seen(&service, &caller, &id).await?;
    let start = (service, Some(first), None::<Job>);
    let stream = unfold(start, |(service, mut next, last)| async move {
        if last.as_ref().is_some_and(Job::has_ended) || service.is_stopping() {
            return None;
        }
        loop {
            if let Some(job) = next.take()
                && last.as_ref() != Some(&job)
            {
                let event = Event::default().event(&job.status).data(text(&job).ok()?);
                return Some((Ok::<_, Infallible>(event), (service, None, Some(job))));
            }
            sleep(LOOK).await;
            if service.is_stopping() {
                return None;
            }
            let id = &last.as_ref()?.id;
            // A database that does not answer for a moment ends the stream; callers come again.
            next = Some(Job::from(service.store.job(id).await.ok()?));
        }
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::default()).into_response())
}
