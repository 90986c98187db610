//! Records of delimited text: how they are parsed, decoded and counted.

use std::borrow::Cow;

use csv::{ByteRecord, ReaderBuilder};

/// The delimiters, the more usual ones first.
pub const DELIMITERS: [u8; 4] = *b",;\t|";

/// Reads records of any number of cells, none of them a header.
pub fn csv_reader(bytes: &[u8], delimiter: u8) -> csv::Reader<&[u8]> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .buffer_capacity(1 << 16)
        .from_reader(bytes)
}

/// Whether a cell of the record takes in rows below it: a quote that opens by mistake closes at the
/// next one, wherever that is.
pub fn swallows_rows(record: &ByteRecord, delimiter: u8) -> bool {
    /// So many delimiters in a line of one cell are no address.
    const MANY: usize = 3;
    // All cells at once: hardly any record has a line end in it.
    memchr::memchr(b'\n', record.as_slice()).is_some()
        && record.iter().any(|cell| {
            let mut lines = cell.split(|&byte| byte == b'\n').skip(1);
            lines.any(|line| memchr::memchr_iter(delimiter, line).count() >= MANY)
        })
}

/// A cell as UTF-8 or, when it is none, as Windows-1252.
pub fn decoded(cell: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(cell) {
        Ok(text) => text.into(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(cell).0,
    }
}

/// Blank lines from `start`, which the record reader skips: how many, and how many line ends they
/// have.
///
/// The reader ends a record at the first byte of CR LF, so a LF right behind a CR still belongs to
/// the record before and is a line end but no blank line.
pub fn blank_lines(bytes: &[u8], start: usize) -> (u64, u64) {
    let skipped = bytes[start.min(bytes.len())..].iter();
    let newlines = skipped
        .take_while(|byte| matches!(byte, b'\r' | b'\n'))
        .filter(|&&byte| byte == b'\n')
        .count() as u64;
    let tail_of_crlf = start > 0 && bytes[start - 1] == b'\r' && bytes.get(start) == Some(&b'\n');
    (newlines - u64::from(tail_of_crlf), newlines)
}
