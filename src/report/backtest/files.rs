use std::path::Path;

use app::Backtest;

use super::super::ReportError;
use super::super::html::backtest_html;
use super::super::write::write_all;
use super::json::backtest_json;
use super::predictions::predictions_csv;

/// The files of a backtest.
pub const BACKTEST_FILES: [&str; 3] = ["backtest.json", "backtest.html", "predictions.csv"];

/// Writes `backtest.json`, `backtest.html` and `predictions.csv` into `folder`.
///
/// # Errors
/// If the folder cannot be made or a file cannot be written; the error names it.
pub fn write_backtest(backtest: &Backtest, folder: &Path) -> Result<(), ReportError> {
    let [figures, page, predictions] = BACKTEST_FILES;
    write_all(
        folder,
        &[
            (figures, &|out| backtest_json(backtest, out)),
            (page, &|out| Ok(out.write_all(backtest_html(backtest).as_bytes())?)),
            (predictions, &|out| predictions_csv(backtest, out)),
        ],
    )
}
