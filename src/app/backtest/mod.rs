//! What the model would have said on days in the past, beside what happened since.

mod bench;
mod cash;
mod result;
mod slices;

pub(super) use bench::Bench;
pub use bench::{BacktestError, BacktestRequest, backtest};
pub use cash::{Cash, cash};
pub use result::{BINS, Backtest, COMPARED, ForecastOf, PredictedInvoice, cases};
pub use slices::{Slice, slices};
