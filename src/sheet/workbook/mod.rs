//! Workbooks: XLSX, XLS and ODS, told apart by their content.

mod grid;
mod limits;
mod number;
mod ods;
mod ole;
mod read;
mod strings;
#[cfg(test)]
mod tests;
mod xls;
mod xlsx;
mod xml;

pub use read::{is_workbook, read_workbook};

use limits::{MAX_SHEETS, too_many_sheets};
