//! XLS of Excel 97 and later: a stream of BIFF8 records within a compound file.

mod book;
mod record;
mod text;
mod worksheet;

use super::super::{Sheet, SheetError};
use super::grid::{Budget, Grid};
use super::ole::CompoundFile;

/// Reads the worksheets of the workbook.
///
/// # Errors
/// As `read_workbook`.
pub(super) fn read(bytes: &[u8], budget: &mut Budget) -> Result<Vec<Sheet>, SheetError> {
    let mut file = CompoundFile::open(bytes)?;
    if file.has("EncryptedPackage") {
        return Err(SheetError::Encrypted);
    }
    let Some(stream) = file.stream("Workbook")? else {
        let problem = if file.has("Book") {
            "it is a workbook from Excel 95 or older; save it as XLSX"
        } else {
            "it is an OLE2 file without a workbook"
        };
        return Err(SheetError::NoTable(problem.to_owned()));
    };
    let book = book::read(&stream)?;
    let mut sheets = Vec::new();
    // Thousands of worksheets that begin within each other would take hours to read.
    let mut unread = stream.len();
    for entry in &book.sheets {
        let mut grid = Grid::new(&entry.name, entry.hidden, budget);
        let content = stream.get(entry.start..).unwrap_or(&[]);
        let length = worksheet::read(content, &book, &mut grid)?;
        unread = unread.checked_sub(length).ok_or_else(|| {
            SheetError::Damaged("the records of its worksheets overlap".to_owned())
        })?;
        sheets.push(grid.finish());
    }
    Ok(sheets)
}
