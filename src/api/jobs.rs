use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing;
use futures_util::stream::unfold;
use schemars::JsonSchema;
use serde::Serialize;
use tokio::sync::watch::Receiver;

use service::{Caller, JobRow, QueuedJob, Reply, Service, ServiceError, text};

use super::http::body::{json, shown};
use super::http::caller::By;
use super::http::extract::Id;
use super::http::operation::Operation;
use super::http::problem::Problem;

/// The description of an answer with a queued job.
pub(super) const QUEUED: &str =
    "The queued job, whose path is in `Location`; with `Prefer`, the job when the wait is over.";

/// The longest time, in seconds, that an answer waits for a job; shorter than the limit on a whole
/// request.
pub(super) const LONGEST_WAIT: u64 = 60;

/// Work in the background.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(super) struct Job {
    /// Its id.
    pub(super) id: String,
    /// `ingest`, `evaluate` or `report`.
    kind: String,
    /// The client that it is for; `null` for a report on all clients.
    client_id: Option<String>,
    /// `queued`, `running`, `finished`, `failed` or `cancelled`.
    status: String,
    /// Bytes of the ledger read so far.
    done_bytes: i64,
    /// Bytes of the ledger in all.
    total_bytes: i64,
    /// The path of the result; `null` until the job has finished.
    result: Option<String>,
    /// The reason for its failure, in a sentence; `null` unless it has failed.
    problem: Option<String>,
    /// The time of the request, in UTC.
    created_at: String,
    /// The time at which work on it last started; `null` while it waits.
    started_at: Option<String>,
    /// The time at which it ended; `null` before.
    finished_at: Option<String>,
}

impl From<JobRow> for Job {
    fn from(row: JobRow) -> Self {
        // Each kind of job has one kind of result.
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

/// The operations on jobs.
pub(super) fn operations() -> Vec<Operation> {
    let events = "/v1/jobs/{id}/events";
    vec![
        Operation::get("/v1/jobs/{id}", "Show a job and its progress", routing::get(get))
            .answers::<Job>(200, "The job."),
        Operation::get(events, "Follow a job", routing::get(follow)).answers_as(
            200,
            "Server-sent events: the job at every change until it has ended.",
            "text/event-stream",
        ),
    ]
}

/// The answer with a queued job: 202.
pub(super) fn queued(job: &JobRow) -> Result<Reply, ServiceError> {
    let reply = Reply::json(202, &Job::from(job.clone()))?;
    Ok(reply.at(format!("/v1/jobs/{}", job.id)).of_job(&job.id))
}

/// 202 with the path of the job; with `Prefer: wait=SECONDS`, once it has ended or that time is up.
pub(super) async fn accepted(
    service: &Service,
    headers: &HeaderMap,
    QueuedJob { job, reply }: QueuedJob,
) -> Result<Response, Problem> {
    Ok(json(match wait(headers) {
        Some(wait) => queued(&service.wait_for(job, wait).await?)?,
        None => reply,
    }))
}

/// The answer to a repeated request for work: as the first one, with the job as it is now.
pub(super) async fn repeated(
    service: &Service,
    caller: &Caller,
    headers: &HeaderMap,
    id: &str,
) -> Result<Response, Problem> {
    let job = service.job(caller, id).await?;
    let reply = queued(&job)?;
    accepted(service, headers, QueuedJob { job, reply }).await
}

/// The seconds of `Prefer: wait=SECONDS` (RFC 7240).
fn wait(headers: &HeaderMap) -> Option<Duration> {
    // A preference that cannot be read is passed over (RFC 7240, 2).
    let prefer = headers.get("prefer")?.to_str().ok()?;
    let wait = prefer.split(',').find_map(|one| one.trim().strip_prefix("wait="))?;
    Some(Duration::from_secs(wait.parse::<u64>().ok()?.min(LONGEST_WAIT)))
}

async fn get(
    State(service): State<Service>,
    By(by): By<Caller>,
    Id(id): Id,
) -> Result<Response, Problem> {
    shown(&Job::from(service.job(&by, &id).await?))
}

/// A caller that follows a job.
struct Following {
    /// The state to send next, if it differs from the last one.
    next: Option<JobRow>,
    listening: Receiver<JobRow>,
    /// The state sent last.
    last: Option<Job>,
    has_ended: bool,
}

/// Sends the job at every change until it has ended, as server-sent events.
async fn follow(
    State(service): State<Service>,
    By(by): By<Caller>,
    Id(id): Id,
) -> Result<Response, Problem> {
    let now = service.job(&by, &id).await?;
    let listening = service.watch_job(now);
    let start = Following { next: None, listening, last: None, has_ended: false };
    let stream = unfold(start, |mut own| async move {
        while !own.has_ended {
            if let Some(row) = own.next.take() {
                own.has_ended = row.has_ended();
                let job = Job::from(row);
                // Compared as shown: the lease, which is extended every second, is no news.
                if own.last.as_ref() != Some(&job) {
                    let event = Event::default().event(&job.status).data(text(&job).ok()?);
                    own.last = Some(job);
                    return Some((Ok::<_, Infallible>(event), own));
                }
            }
            // An error is the end of the watching, by a stop or a failed look: the stream ends too.
            own.listening.changed().await.ok()?;
            own.next = Some(own.listening.borrow_and_update().clone());
        }
        None
    });
    // A job may wait in the queue for minutes; proxies cut connections that are silent.
    Ok(Sse::new(stream).keep_alive(KeepAlive::default()).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_waits_as_long_as_is_preferred_and_a_minute_at_most() {
        let with = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("prefer", value.parse().expect("a header"));
            wait(&headers)
        };
        assert_eq!(with("respond-async, wait=10"), Some(Duration::from_secs(10)));
        assert_eq!(with("wait=600"), Some(Duration::from_secs(LONGEST_WAIT)));
        assert_eq!((with("wait=soon"), wait(&HeaderMap::new())), (None, None));
    }
}
