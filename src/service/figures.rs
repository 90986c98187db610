use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;

/// How a job of a kind ended.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct JobEnd {
    kind: String,
    status: String,
}

/// Figures of jobs for a monitor; clones count together.
#[derive(Clone, Debug, Default)]
pub struct JobFigures {
    /// Jobs that ended.
    pub ended: Family<JobEnd, Counter>,
    /// Jobs that run now.
    pub running: Gauge,
}

impl JobFigures {
    /// A job ended.
    pub(super) fn job_ended(&self, kind: &str, status: &str) {
        let end = JobEnd { kind: kind.to_owned(), status: status.to_owned() };
        self.ended.get_or_create(&end).inc();
    }
}
