use std::path::Path;

use app::PortfolioReport;

use super::super::ReportError;
use super::super::write::write_all;
use super::html::portfolio_html;
use super::json::portfolio_json;
use super::sections::{Key, sections};
use super::xlsx::portfolio_xlsx;

/// The files that [`write_portfolio`] writes.
pub const PORTFOLIO_FILES: [&str; 3] = ["portfolio.json", "portfolio.xlsx", "portfolio.html"];

/// Writes `portfolio.json`, `portfolio.xlsx` and `portfolio.html` into `folder`, which is made if
/// it does not exist.
///
/// # Errors
/// If a sum is too large, the folder cannot be made or a file cannot be written.
pub fn write_portfolio(
    report: &PortfolioReport,
    keys: &[Key],
    folder: &Path,
) -> Result<(), ReportError> {
    let sections = sections(report, keys)?;
    let [figures, workbook, page] = PORTFOLIO_FILES;
    write_all(
        folder,
        &[
            (figures, &|out| portfolio_json(report, &sections, out)),
            (workbook, &|out| portfolio_xlsx(report, &sections, out)),
            (page, &|out| Ok(out.write_all(portfolio_html(report, &sections).as_bytes())?)),
        ],
    )
}
