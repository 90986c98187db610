//! Use cases: the only place that sequences the rooms.

mod backtest;
pub mod calc;
mod deal;
mod evaluate;
pub mod generate;
mod ingest;
mod part;
mod pool;
mod summary;
mod train;
mod wording;

pub use backtest::{BacktestError, BacktestRequest, backtest};
pub use evaluate::{EvaluateError, EvaluateRequest, evaluate};
pub use ingest::{IngestRequest, ingest};
pub use train::{LoadedModel, ModelChoice, TrainError, TrainRequest, train};
