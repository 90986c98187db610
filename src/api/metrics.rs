//! What a monitor reads: requests by route and status with their times, jobs by how they ended.

use std::time::Duration;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use super::Service;
use super::problem::Problem;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Request {
    method: String,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Job {
    kind: String,
    status: String,
}

/// The figures.
pub(super) struct Metrics {
    registry: Registry,
    requests: Family<Request, Counter>,
    seconds: Histogram,
    jobs: Family<Job, Counter>,
    /// Jobs that run now.
    pub running: Gauge,
}

impl Metrics {
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("factorage");
        let requests = Family::<Request, Counter>::default();
        let seconds = Histogram::new(exponential_buckets(0.0001, 4.0, 9));
        let jobs = Family::<Job, Counter>::default();
        let running = Gauge::default();
        registry.register("requests", "Requests answered", requests.clone());
        registry.register("request_seconds", "Time to an answer", seconds.clone());
        registry.register("jobs", "Jobs that ended", jobs.clone());
        registry.register("jobs_running", "Jobs that run now", running.clone());
        Self { registry, requests, seconds, jobs, running }
    }

    /// A request was answered.
    pub fn answered(&self, method: &str, route: &str, status: u16, time: Duration) {
        let request = Request { method: method.to_owned(), route: route.to_owned(), status };
        self.requests.get_or_create(&request).inc();
        self.seconds.observe(time.as_secs_f64());
    }

    /// A job ended.
    pub fn job_ended(&self, kind: &str, status: &str) {
        let job = Job { kind: kind.to_owned(), status: status.to_owned() };
        self.jobs.get_or_create(&job).inc();
    }
}

/// The figures as text.
pub(super) async fn show(State(service): State<Service>) -> Result<Response, Problem> {
    if service.settings.metrics_apart {
        return Err(Problem::missing("resource"));
    }
    figures(State(service)).await
}

/// The same on a listener of its own.
pub(super) async fn figures(State(service): State<Service>) -> Result<Response, Problem> {
    let mut text = String::new();
    encode(&mut text, &service.metrics.registry).map_err(Problem::internal)?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}
