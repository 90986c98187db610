use super::super::archive::Package;
use super::super::{Sheet, SheetError};
use super::grid::Budget;
use super::{ods, ole, xls, xlsx};

/// Reads the worksheets of the workbook in `bytes`, in order; hidden ones included, chart sheets
/// not.
///
/// A number becomes decimal text with at most 15 significant digits, as spreadsheets show it, or a
/// date if its number format shows a day. Blank rows between two rows become empty rows, unless
/// there are more than 1,000 of them in a row.
///
/// # Errors
/// If `bytes` are not a workbook, or one that is protected by a password, damaged or too large.
pub fn read_workbook(bytes: &[u8]) -> Result<Vec<Sheet>, SheetError> {
    let mut budget = Budget::default();
    if bytes.starts_with(ole::SIGNATURE) {
        return xls::read(bytes, &mut budget);
    }
    if !bytes.starts_with(b"PK") {
        return Err(no_workbook());
    }
    let mut package = Package::open(bytes)?;
    if ods::is_ods(&package) {
        ods::read(&mut package, &mut budget)
    } else if xlsx::is_xlsx(&package) {
        xlsx::read(&mut package, &mut budget)
    } else {
        Err(no_workbook())
    }
}

/// Returns true if `bytes` look like a workbook rather than a plain archive of files.
pub fn is_workbook(bytes: &[u8]) -> bool {
    let has_workbook = |package: Package<'_>| ods::is_ods(&package) || xlsx::is_xlsx(&package);
    bytes.starts_with(ole::SIGNATURE)
        || bytes.starts_with(b"PK") && Package::index(bytes).is_ok_and(has_workbook)
}

fn no_workbook() -> SheetError {
    SheetError::NoTable("it is not an XLSX, XLS or ODS workbook".to_owned())
}
