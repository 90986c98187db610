//! Files beside ledgers in a folder.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use intake::{Columns, DebtorFile, DebtorMaster, confirmation_table, read_text, texts};
use sheet::{FileError, Sheet, by_name, check_bytes};

use super::rates::ConversionRates;

/// Bytes of a text that are examined.
const LOOKED_AT: u64 = 64 << 10;

/// The kind of a file beside ledgers that is plainly not a ledger itself. `None` if it may be one
/// after all, such as a damaged ledger or one of an unknown layout.
pub fn plainly_other(path: &Path) -> Option<&'static str> {
    let kind = fs::metadata(path).ok()?;
    if !kind.is_file() {
        return Some("a pipe or a device");
    }
    let mut head = Vec::new();
    File::open(path).ok()?.take(LOOKED_AT).read_to_end(&mut head).ok()?;
    let name = path.to_string_lossy();
    match check_bytes(&name, &head) {
        Err(FileError::NotLedger { what, .. }) => return Some(what),
        Err(_) => return None,
        Ok(()) => {}
    }
    let named = by_name(&name);
    let is_text = !head.contains(&0) && !head.starts_with(b"PK") && !head.starts_with(b"PAR1");
    // Small files only, because the tests below read them whole.
    if named.is_some() || !is_text || head.is_empty() || kind.len() > LOOKED_AT {
        return named;
    }
    if ConversionRates::read(path).is_ok() {
        return Some("a file of conversion rates");
    }
    if DebtorMaster::read(&DebtorFile::Own(path.to_owned())).is_ok() {
        return Some("a debtor file");
    }
    if confirmation_table(&name, &head).is_ok_and(|table| table.faults.is_empty()) {
        return Some("a file of confirmations");
    }
    let first = head.trim_ascii_start().first();
    let ending = path.extension().map(OsStr::to_ascii_lowercase);
    // A .csv without columns is rather a damaged ledger, which must be told and not passed over.
    let may_be_prose = ending.is_none_or(|ending| ending == "txt" || ending == "text");
    let is_prose = may_be_prose
        // XML and JSON may be documents that the readers know.
        && !matches!(first, None | Some(b'<' | b'{' | b'['))
        && read_text(&name, &head).is_ok_and(|text| is_prose(&text.sheet));
    is_prose.then_some("text without columns")
}

/// True if few rows have more cells than a sentence with one comma has, and none names columns.
fn is_prose(sheet: &Sheet) -> bool {
    let rows = || sheet.rows().filter(|row| !row.is_empty());
    let wide = rows().filter(|row| row.len() > 2).count();
    let names_columns = |row| Columns::recognised(&texts(row)) > 1;
    rows().count() > 0 && 4 * wide < rows().count() && !rows().any(names_columns)
}
