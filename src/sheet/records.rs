//! Parsing, decoding and counting of the records of delimited text.

use std::borrow::Cow;

use csv::{ByteRecord, ReaderBuilder};

/// The delimiters, most common first.
pub const DELIMITERS: [u8; 4] = *b",;\t|";

/// Creates a reader of records with any number of cells and no header.
pub fn csv_reader(bytes: &[u8], delimiter: u8) -> csv::Reader<&[u8]> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .buffer_capacity(1 << 16)
        .from_reader(bytes)
}

/// Returns true if a cell of the record swallows the rows below it.
///
/// A quote that opens a cell by mistake is closed by the next quote, wherever that is.
pub fn swallows_rows(record: &ByteRecord, delimiter: u8) -> bool {
    /// So many delimiters in one line of a cell are a swallowed row; an address has fewer.
    const MANY: usize = 3;
    // All cells at once: hardly any record has a line end in it.
    memchr::memchr(b'\n', record.as_slice()).is_some()
        && record.iter().any(|cell| {
            // The first line of a cell belongs to its own row.
            let mut lines = cell.split(|&byte| byte == b'\n').skip(1);
            lines.any(|line| memchr::memchr_iter(delimiter, line).count() >= MANY)
        })
}

/// Decodes a cell as UTF-8 or, if it is not, as Windows-1252.
pub fn decoded(cell: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(cell) {
        Ok(text) => text.into(),
        // Every byte is a character of Windows-1252, so that nothing gets lost.
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(cell).0,
    }
}

/// Counts the blank lines from `start`, which the record reader skips, and their line ends.
///
/// The two may differ: the reader ends a record at the CR of CR LF, so the LF after it still
/// belongs to the record before, and is a line end but not a blank line.
pub fn blank_lines(bytes: &[u8], start: usize) -> (u64, u64) {
    let skipped = bytes[start.min(bytes.len())..].iter();
    let newlines = skipped
        .take_while(|byte| matches!(byte, b'\r' | b'\n'))
        .filter(|&&byte| byte == b'\n')
        .count() as u64;
    let tail_of_crlf = start > 0 && bytes[start - 1] == b'\r' && bytes.get(start) == Some(&b'\n');
    // The line feed of `tail_of_crlf` is one of `newlines`, so that this does not underflow.
    (newlines - u64::from(tail_of_crlf), newlines)
}
