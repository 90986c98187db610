//! Workbooks: XLSX, XLS and ODS, told apart by their content.
//!
//! zip, quick-xml and cfb read the containers; the readers of the formats in them are our own.
//! calamine, the usual crate, returns a worksheet as a dense range and trusts a file's own links,
//! which an uploaded file may abuse. With version 0.38.0, tried in November 2026:
//! - An XLSX of 1.4 kB with one cell in A1 and one in XFD1048576 makes it allocate 512 GiB, which
//!   aborts the process; no caller can catch that.
//! - An XLS of 6 kB in which a chain of sectors leads back to itself makes it allocate until memory
//!   runs out, which aborts the process as well.
//! - An XLSX of 1 MB that inflates to 1 GB takes 2.9 GB of memory.
//!
//! Other files did it no harm: a declared range of A1:XFD1048576 without the cells, and repeated
//! rows and columns in an ODS, of which it refuses more than 100,000,000 cells. Nor does it tell
//! what a ledger has to know: which rows are hidden, and which formulas have no calculated value.
//! On files that both read, a test of the whole program compares the cells of the two.

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
