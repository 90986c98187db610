//! Use cases: the only place that sequences the rooms.

mod evaluate;
pub mod generate;
mod ingest;
mod part;
mod pool;
mod summary;
mod wording;

pub use evaluate::{EvaluateError, EvaluateRequest, evaluate};
pub use ingest::{IngestRequest, ingest};
