use std::collections::HashMap;

use super::super::super::SheetError;
use super::super::number::{Calendar, is_builtin_date, is_date_format};
use super::super::strings::SharedStrings;
use super::super::{MAX_SHEETS, too_many_sheets};
use super::record::{self, Record, Records, too_short, u16_at};
use super::text::Reader;

const BIFF8: u16 = 0x0600;

/// The content of the records before the worksheets.
#[derive(Default)]
pub(super) struct Book {
    pub calendar: Calendar,
    pub strings: SharedStrings,
    pub sheets: Vec<SheetEntry>,
    /// For every number format of the file, true if it shows a day.
    formats: HashMap<u16, bool>,
    /// For every cell style, its number format.
    styles: Vec<u16>,
}

/// A worksheet in the list of the workbook.
pub(super) struct SheetEntry {
    pub name: String,
    pub hidden: bool,
    /// The offset in the stream at which its records begin.
    pub start: usize,
}

/// Reads the records at the beginning of the stream.
///
/// # Errors
/// If they are damaged, encrypted, or from an older version.
pub(super) fn read(stream: &[u8]) -> Result<Book, SheetError> {
    let mut records = Records::new(stream);
    let first = records.next()?;
    if first.kind != record::BOF || u16_at(first.data, 0) != Some(BIFF8) {
        let problem = "it is a workbook from Excel 95 or older; save it as XLSX";
        return Err(SheetError::NoTable(problem.to_owned()));
    }
    let mut book = Book::default();
    loop {
        let record = records.next()?;
        match record.kind {
            record::EOF => return Ok(book),
            record::FILE_PASS => return Err(SheetError::Encrypted),
            record::DATE_MODE if u16_at(record.data, 0) == Some(1) => {
                book.calendar = Calendar::From1904;
            }
            record::BOUND_SHEET => book.add_sheet(record)?,
            record::SST => {
                let reader = Reader::new(records.continued(record)?);
                book.strings = shared_strings(reader)?;
            }
            record::FORMAT => {
                let mut reader = Reader::new(records.continued(record)?);
                let format = reader.number16()?;
                book.formats.insert(format, is_date_format(&reader.text()?));
            }
            record::XF => {
                book.styles.push(u16_at(record.data, 2).ok_or_else(|| too_short("XF"))?);
            }
            _ => {}
        }
    }
}

fn shared_strings(mut reader: Reader<'_>) -> Result<SharedStrings, SheetError> {
    // The first number counts how often the strings are used, the second how many there are.
    // Neither is trusted: the strings end where the records do.
    reader.number32()?;
    let count = reader.number32()?;
    let mut strings = SharedStrings::default();
    for _ in 0..count {
        if reader.is_at_end() {
            break;
        }
        strings.push(&reader.text()?)?;
    }
    Ok(strings)
}

impl Book {
    /// Returns true if the cell style with this number shows a day.
    pub(super) fn is_date(&self, style: u16) -> bool {
        let format = self.styles.get(usize::from(style)).copied().unwrap_or(0);
        let is_builtin = || is_builtin_date(u32::from(format));
        self.formats.get(&format).copied().unwrap_or_else(is_builtin)
    }

    fn add_sheet(&mut self, record: Record<'_>) -> Result<(), SheetError> {
        let mut reader = Reader::new(vec![record.data]);
        let start = reader.number32()? as usize;
        let state = reader.byte()?;
        // Other types are charts, macro sheets and modules of Visual Basic.
        let is_worksheet = reader.byte()? == 0;
        if is_worksheet {
            // 1 is hidden, 2 is hidden so that only a macro can show it again.
            let (name, hidden) = (reader.short_text()?, state & 3 > 0);
            self.sheets.push(SheetEntry { name, hidden, start });
        }
        if self.sheets.len() > MAX_SHEETS {
            return Err(too_many_sheets());
        }
        Ok(())
    }
}
