use super::super::archive::Package;
use super::super::{Sheet, SheetError};
use super::grid::Budget;
use super::{ods, ole, xls, xlsx};

/// The worksheets of the workbook in `bytes`, in their order; hidden ones too, chart sheets not.
///
/// A number is a decimal text of at most 15 significant digits, as spreadsheets show it. A number
/// whose format shows a day is a date. Blank rows between two rows are there as empty rows, unless
/// there are more than 1,000 of them at once.
///
/// # Errors
/// [`SheetError::NoTable`] when it is no workbook, [`SheetError::Encrypted`] when it is under a
/// password, and the other errors for one that is damaged or beyond the limits.
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

/// Whether `bytes` look like what [`read_workbook`] reads, rather than a plain archive of files.
pub fn is_workbook(bytes: &[u8]) -> bool {
    let has_workbook = |package: Package<'_>| ods::is_ods(&package) || xlsx::is_xlsx(&package);
    bytes.starts_with(ole::SIGNATURE)
        || bytes.starts_with(b"PK") && Package::index(bytes).is_ok_and(has_workbook)
}

fn no_workbook() -> SheetError {
    SheetError::NoTable("it is neither an XLSX, an XLS nor an ODS workbook".to_owned())
}
