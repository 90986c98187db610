use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;

/// The kind and the end of a job.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct JobEnd {
    kind: String,
    status: String,
}

/// Metrics of jobs; clones share their counts.
#[derive(Clone, Debug, Default)]
pub struct JobFigures {
    /// Number of jobs that ended.
    pub ended: Family<JobEnd, Counter>,
    /// Number of jobs running now.
    pub running: Gauge,
}

impl JobFigures {
    /// Counts a job that ended.
    pub(super) fn job_ended(&self, kind: &str, status: &str) {
        let end = JobEnd { kind: kind.to_owned(), status: status.to_owned() };
        self.ended.get_or_create(&end).inc();
    }
}
