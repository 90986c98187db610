//! Backtests: the model's forecasts on past days, compared with what has happened since.

mod bench;
mod cash;
mod result;
mod slices;

pub(super) use bench::Bench;
pub use bench::{BacktestError, BacktestRequest, backtest};
pub use cash::{Cash, cash};
pub use result::{BINS, Backtest, COMPARED, ForecastOf, PredictedInvoice, cases};
pub use slices::{Slice, slices};
