use axum::Json;
use axum::extract::State;
use axum::response::Response;
use axum::routing;
use schemars::JsonSchema;
use serde::Deserialize;

use service::{Caller, JobFilter, JobRow, Party, Reply, Service};

use super::http::body::json;
use super::http::caller::By;
use super::http::extract::Asked;
use super::http::once::{Early, Optional, Posted};
use super::http::operation::Operation;
use super::http::page::{Listed, checked};
use super::http::problem::Problem;
use super::jobs::{Job, QUEUED, accepted, queued};

/// The jobs that a list shows.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct JobQuery {
    /// Only those of this client.
    client: Option<String>,
    /// Only those of this kind.
    kind: Option<KindOfJob>,
    /// Only those with this status.
    status: Option<JobStatus>,
    /// The `next` of the previous page.
    #[serde(default)]
    after: String,
    /// Entries per page, 50 by default.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<i64>,
}

/// A kind of job.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum KindOfJob {
    Ingest,
    Evaluate,
    Report,
}

/// The status of a job.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum JobStatus {
    Queued,
    Running,
    Finished,
    Failed,
    Cancelled,
}

impl KindOfJob {
    fn as_str(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Evaluate => "evaluate",
            Self::Report => "report",
        }
    }
}

impl JobStatus {
    fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Finished => "finished",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A body without members, which may be left out.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// The operations on the jobs of all clients, and the steps that end and repeat one.
pub(super) fn operations() -> Vec<Operation> {
    let cancel = "/v1/jobs/{id}/cancellation";
    vec![
        Operation::get("/v1/jobs", "List jobs, the newest first", routing::get(list))
            .query::<JobQuery>()
            .answers::<Listed<Job>>(200, "A client's own, or all for staff."),
        Operation::post(cancel, "Cancel a job that waits or runs", routing::post(cancel_job))
            .by::<Party>()
            .once()
            .answers::<Job>(201, "The job; its process is stopped within seconds."),
        Operation::post(
            "/v1/jobs/{id}/retry",
            "Do a job that failed or was cancelled once more",
            routing::post(retry),
        )
        .by::<Party>()
        .once()
        .answers::<Job>(202, QUEUED),
    ]
}

async fn list(
    State(service): State<Service>,
    By(by): By<Caller>,
    Asked(asked): Asked<JobQuery>,
) -> Result<Json<Listed<Job>>, Problem> {
    let limit = checked(asked.limit)?;
    let filter = JobFilter {
        client: asked.client.as_deref(),
        kind: asked.kind.map(KindOfJob::as_str),
        status: asked.status.map(JobStatus::as_str),
    };
    let all = service.jobs(&by, filter, (&asked.after, limit)).await?;
    let all = all.into_iter().map(Job::from).collect();
    Ok(Json(Listed::new(all, limit, |job: &Job| &job.id)))
}

async fn cancel_job(
    State(service): State<Service>,
    Posted { by, id, once, body, .. }: Posted<Party, Optional<Nothing>>,
) -> Result<Response, Early> {
    let Optional(Nothing {}) = body;
    let told = |job: &JobRow| Reply::json(201, &Job::from(job.clone()));
    Ok(json(service.cancel_job(&by, &id, &once, told).await?))
}

async fn retry(
    State(service): State<Service>,
    Posted { by, id, headers, once, body }: Posted<Party, Optional<Nothing>>,
) -> Result<Response, Early> {
    let Optional(Nothing {}) = body;
    let job = service.retry_job(&by, &id, &once, queued).await?;
    Ok(accepted(&service, &headers, job).await?)
}
