use super::super::SheetError;

/// The most worksheets of a workbook.
pub(super) const MAX_SHEETS: usize = 10_000;

pub(super) fn too_many_sheets() -> SheetError {
    SheetError::Damaged(format!("it lists more than {MAX_SHEETS} worksheets"))
}
