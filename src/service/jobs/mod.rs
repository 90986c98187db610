//! Background work, in child processes of this program.

mod child;
mod client_name;
mod facility;
mod job_file;
mod one_or_many;
mod outcome;
mod prepare;
mod queue;
mod task;
mod work;

pub use job_file::{EvaluateWork, IngestWork, JobFile, JobModel, ReportWork, Work};
pub use task::{ClientLedger, Scoring, Task, VersionRef, Way};

pub use queue::QueuedJob;

pub(super) use queue::NewJob;
