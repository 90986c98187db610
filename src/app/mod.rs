//! Use cases: the only place that sequences the rooms.

mod evaluate;
pub mod generate;
mod part;
mod pool;
mod summary;
mod wording;

pub use evaluate::{EvaluateError, EvaluateRequest, evaluate};
