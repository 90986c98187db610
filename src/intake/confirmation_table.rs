//! The table of the answers that debtors gave when they were asked to confirm invoices.

use sheet::FileError;

use super::confirmation_columns::CONFIRMATION_COLUMNS;
use super::own_table::OwnTable;

/// Reads a file of confirmations as text, which errors call `file`.
///
/// # Errors
/// If the bytes are no delimited text, or too much of it. What is wrong with the table itself is
/// listed in it.
pub fn confirmation_table(file: &str, bytes: &[u8]) -> Result<OwnTable, FileError> {
    OwnTable::read(file, bytes, &CONFIRMATION_COLUMNS)
}
