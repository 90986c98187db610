//! Metrics: requests by route and status, their durations, and jobs by outcome.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use service::JobFigures;

use super::problem::Problem;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Request {
    method: String,
    // As in the router, with ids left out: each id would be a series of its own.
    route: String,
    status: u16,
}

/// The methods that are counted by their names (RFC 9110, 9; RFC 5789).
const METHODS: [&str; 9] =
    ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

/// The metrics of the service.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Request, Counter>,
    seconds: Histogram,
}

impl Metrics {
    pub fn new(jobs: &JobFigures) -> Self {
        let mut registry = Registry::with_prefix("factorage");
        let requests = Family::<Request, Counter>::default();
        // Bounds from 0.1 ms to 6.6 s: a quote takes a third of a millisecond.
        let seconds = Histogram::new(exponential_buckets(0.0001, 4.0, 9));
        registry.register("requests", "Requests answered", requests.clone());
        registry.register("request_seconds", "Time to the answer, in seconds", seconds.clone());
        registry.register("jobs", "Jobs ended", jobs.ended.clone());
        registry.register("jobs_running", "Jobs running now", jobs.running.clone());
        Self { registry, requests, seconds }
    }

    /// Counts an answered request.
    pub fn answered(&self, method: &str, route: &str, status: u16, time: Duration) {
        // Anyone can send any method, and each would be a series of its own.
        let method = if METHODS.contains(&method) { method } else { "other" };
        let request = Request { method: method.to_owned(), route: route.to_owned(), status };
        self.requests.get_or_create(&request).inc();
        self.seconds.observe(time.as_secs_f64());
    }

    /// The metrics as OpenMetrics text.
    pub fn text(&self) -> Result<String, Problem> {
        let mut text = String::new();
        encode(&mut text, &self.registry).map_err(Problem::internal)?;
        Ok(text)
    }
}
