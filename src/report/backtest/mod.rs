//! A backtest as predictions, JSON, terminal text and one HTML page.

mod files;
mod json;
mod predictions;
pub(super) mod text;

pub use files::{BACKTEST_FILES, write_backtest};
pub use json::backtest_json;
pub use predictions::predictions_csv;
pub use text::{backtest_summary, calibration_table, metrics_table};
