//! Delimited text as a sheet: its encoding, delimiter and records.

use std::borrow::Cow;
use std::io::Cursor;

use csv::ByteRecord;

use super::blocks::BlockReader;
use super::cells::{CellKind, Sheet};
use super::error::SheetError;
use super::file_error::FileError;
use super::limits::MAX_ROWS;
use super::reader::Reader;
use super::records::{DELIMITERS, blank_lines, csv_reader, decoded, swallows_rows};

/// The number of records examined to choose the delimiter.
const LOOKED_AT: usize = 100;

/// A text file as a sheet, with its encoding.
pub struct Text {
    /// The rows, blank lines included.
    pub sheet: Sheet,
    /// The number of records that were not UTF-8 and were read as Windows-1252.
    pub not_utf8: u64,
    /// The encoding, if it is not UTF-8.
    pub encoding: Option<&'static str>,
    /// The line of the first cell that swallows the rows below it.
    stray_quote: Option<u64>,
}

/// Reads delimited text from a file that errors call `file`.
///
/// # Errors
/// If a quote swallows other rows or is never closed, or if the text exceeds the limits of a sheet.
pub fn read_text(file: &str, bytes: &[u8], reader: &dyn Reader) -> Result<Text, FileError> {
    let (bytes, encoding) = as_ascii_superset(bytes);
    let mut blocks = BlockReader::new(Cursor::new(bytes.as_ref()), file);
    let delimiter = delimiter(blocks.peek()?, reader);
    blocks.set_delimiter(delimiter);
    let mut text = Text { sheet: Sheet::new(""), not_utf8: 0, encoding, stray_quote: None };
    while let Some(block) = blocks.next_block()? {
        let damaged = |source| FileError::Sheet { file: file.to_owned(), source };
        text.add(&block.bytes, block.first_line, delimiter).map_err(damaged)?;
        if text.sheet.height() > MAX_ROWS {
            return Err(damaged(SheetError::TooManyRows));
        }
        if let Some(line) = text.stray_quote {
            return Err(FileError::StrayQuote { file: file.to_owned(), line });
        }
    }
    Ok(text)
}

/// Converts UTF-16 to UTF-8 and leaves everything else as it is.
fn as_ascii_superset(bytes: &[u8]) -> (Cow<'_, [u8]>, Option<&'static str>) {
    let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) else {
        return (bytes.into(), None);
    };
    // The block reader drops this mark, after it has hashed it.
    if encoding == encoding_rs::UTF_8 {
        return (bytes.into(), None);
    }
    // The record reader looks for single bytes, and in UTF-16 a delimiter has two.
    let (text, _) = encoding.decode_without_bom_handling(&bytes[mark..]);
    (text.into_owned().into_bytes().into(), Some(encoding.name()))
}

impl Text {
    fn add(&mut self, bytes: &[u8], line: u64, delimiter: u8) -> Result<(), SheetError> {
        let mut csv = csv_reader(bytes, delimiter);
        let mut record = ByteRecord::new();
        let mut end = 0;
        // Reading any number of cells from memory, without decoding them, does not fail.
        while csv.read_byte_record(&mut record).unwrap_or(false) {
            let (start, first) =
                record.position().map_or((0, 1), |at| (at.byte() as usize, at.line()));
            end = csv.position().byte() as usize;
            let (blank, newlines) = blank_lines(bytes, start);
            let first = line + first - 1;
            self.add_blank(first, newlines - blank, blank);
            self.sheet.start_row(first + newlines, false);
            self.sheet.set_width(record.len());
            if swallows_rows(&record, delimiter) {
                self.stray_quote.get_or_insert(first + newlines);
            }
            self.not_utf8 +=
                u64::from(record.iter().any(|cell| std::str::from_utf8(cell).is_err()));
            for (column, cell) in record.iter().enumerate() {
                self.sheet.push(column, CellKind::Text, &decoded(cell))?;
            }
        }
        let (blank, newlines) = blank_lines(bytes, end);
        self.add_blank(line + csv.position().line() - 1, newlines - blank, blank);
        Ok(())
    }

    fn add_blank(&mut self, line: u64, tail_of_record: u64, count: u64) {
        (0..count).for_each(|at| self.sheet.start_row(line + tail_of_record + at, false));
    }
}

/// Chooses the delimiter under which a record has the most known column names.
///
/// Ties go to the one that gives the most records of more than one cell, then to the more common.
fn delimiter(head: &[u8], reader: &dyn Reader) -> u8 {
    let merit = |delimiter: u8| {
        let mut csv = csv_reader(head, delimiter);
        let mut record = ByteRecord::new();
        let (mut named, mut several) = (0, 0);
        for _ in 0..LOOKED_AT {
            if !csv.read_byte_record(&mut record).unwrap_or(false) {
                break;
            }
            let cells: Vec<_> = record.iter().map(decoded).collect();
            named = named.max(reader.columns_named(&cells));
            several += usize::from(record.len() > 1);
        }
        (named, several)
    };
    let mut best = (DELIMITERS[0], merit(DELIMITERS[0]));
    for &other in &DELIMITERS[1..] {
        let merit = merit(other);
        // Strictly more, so that a tie goes to the more common delimiter.
        if merit > best.1 {
            best = (other, merit);
        }
    }
    best.0
}
