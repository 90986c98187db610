//! Workbooks built part by part, and what is read from them.

mod builder;
mod hostile;
mod ods;
mod xls;
mod xlsx;

use super::super::{CellKind, Sheet, SheetError, SheetRow};
use super::read_workbook;

/// Reads the workbook and gives its only worksheet.
fn read_one(bytes: &[u8]) -> Result<Sheet, SheetError> {
    let mut sheets = read_workbook(bytes)?;
    assert_eq!(sheets.len(), 1);
    Ok(sheets.remove(0))
}

/// One text for every row: its line, `hidden`, and column, kind and text of its cells.
fn shown(sheet: &Sheet) -> Vec<String> {
    let shown_row = |row: SheetRow<'_>| {
        let hidden = if row.hidden { " hidden" } else { "" };
        let cell =
            |(column, kind, text): (usize, CellKind, &str)| format!("|{column} {kind:?} {text}");
        let cells: String = row.cells().map(cell).collect();
        format!("{}{hidden}{cells}", row.line)
    };
    sheet.rows().map(shown_row).collect()
}
