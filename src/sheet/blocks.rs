//! Text files cut into blocks of whole records, hashed on the way, so that several threads can
//! parse them while only a few blocks are in memory.

use std::io::Read;

use csv::ByteRecord;
use memchr::{memchr, memchr_iter, memrchr};
use sha2::{Digest, Sha256};

use super::error::SheetError;
use super::file_error::FileError;
use super::records::csv_reader;

const BLOCK_BYTES: usize = 2 << 20;

/// The longest record: as many columns as a row may have, at a kibibyte each.
const MAX_RECORD_BYTES: usize = 16 << 20;

/// A block of whole records.
pub struct Block {
    /// The bytes as in the file, but without a byte order mark, and with the CR line ends of old
    /// Macs turned into LF.
    pub bytes: Vec<u8>,
    /// The 1-based line on which the block starts.
    pub first_line: u64,
}

/// A reader that cuts its input into blocks.
pub struct BlockReader<R> {
    input: R,
    file: String,
    delimiter: u8,
    hash: Sha256,
    /// Bytes after the last whole record of the block before.
    rest: Vec<u8>,
    /// The state of the scan for record ends in `rest`.
    scanned: Scan,
    line: u64,
    bytes_read: u64,
    ended: bool,
    /// True if the first block has no line feed, so that carriage returns end the lines.
    old_mac: bool,
}

#[derive(Debug, Clone, Copy, Default)]
struct Scan {
    position: usize,
    /// The start of the quoted cell in which `position` lies, if it lies in one.
    quote: Option<usize>,
    /// The end of the last whole record.
    record_end: usize,
}

impl<R: Read> BlockReader<R> {
    /// Creates a reader of `input`, which errors call `file`.
    pub fn new(input: R, file: &str) -> Self {
        Self {
            input,
            file: file.to_owned(),
            delimiter: b',',
            hash: Sha256::new(),
            rest: Vec::new(),
            scanned: Scan::default(),
            line: 1,
            bytes_read: 0,
            ended: false,
            old_mac: false,
        }
    }

    /// Sets the delimiter, once the header has shown it.
    ///
    /// A quote opens a cell only after a delimiter or line end; elsewhere it is an inch mark or the
    /// like.
    pub fn set_delimiter(&mut self, delimiter: u8) {
        self.delimiter = delimiter;
    }

    /// Fills the first block without cutting it, so that the header can be examined.
    ///
    /// # Errors
    /// If the input cannot be read.
    pub fn peek(&mut self) -> Result<&[u8], FileError> {
        self.fill()?;
        // The hash has seen the mark already: it is that of the file as it lies on the disk.
        if self.rest.starts_with(b"\xEF\xBB\xBF") {
            self.rest.drain(..3);
        }
        Ok(&self.rest)
    }

    /// The next block of whole records; `None` at the end.
    ///
    /// # Errors
    /// If the input cannot be read, ends inside a quoted cell, has a record of more than 16 MiB, or
    /// a cell with a NUL.
    pub fn next_block(&mut self) -> Result<Option<Block>, FileError> {
        loop {
            if self.rest.len() < BLOCK_BYTES || self.scanned.record_end == 0 {
                self.fill()?;
            }
            self.scan();
            // Before the cut: the last record may lack its line end and still belongs to the block.
            if self.ended && self.scanned.position == self.rest.len() {
                return self.last_block();
            }
            if self.scanned.record_end > 0 {
                return self.cut(self.scanned.record_end).map(Some);
            }
            if self.rest.len() > MAX_RECORD_BYTES {
                return Err(self.too_long());
            }
        }
    }

    /// The number of bytes read from the input so far.
    pub fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    /// The SHA-256 of all bytes read, in lower-case hexadecimal; call it at the end.
    pub fn sha256(self) -> String {
        basics::hex(&self.hash.finalize())
    }

    fn fill(&mut self) -> Result<(), FileError> {
        if self.ended {
            return Ok(());
        }
        let before = self.rest.len();
        let mut more = self.input.by_ref().take(BLOCK_BYTES as u64);
        let read = more
            .read_to_end(&mut self.rest)
            .map_err(|source| FileError::Io { file: self.file.clone(), source })?;
        self.hash.update(&self.rest[before..]);
        if self.bytes_read == 0 {
            self.old_mac = memchr(b'\n', &self.rest).is_none();
        }
        if self.old_mac {
            // One form of line end from here on, so that lines can be counted.
            let more = self.rest[before..].iter_mut();
            more.filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
        }
        self.bytes_read += read as u64;
        // `read_to_end` goes on after short reads of a pipe, so that less than asked for is the
        // end.
        self.ended = read < BLOCK_BYTES;
        Ok(())
    }

    /// Scans from where the last scan stopped and notes the last record end outside of quotes.
    fn scan(&mut self) {
        let bytes = &self.rest;
        let Scan { mut position, mut quote, mut record_end } = self.scanned;
        // From quote to quote: of the line ends between two of them only the last matters.
        while position < bytes.len() {
            let Some(offset) = memchr(b'"', &bytes[position..]) else {
                if quote.is_none() {
                    let end = memrchr(b'\n', &bytes[position..]).map(|at| position + at + 1);
                    record_end = end.unwrap_or(record_end);
                }
                position = bytes.len();
                break;
            };
            let at = position + offset;
            match quote {
                None => {
                    let end = memrchr(b'\n', &bytes[position..at]).map(|end| position + end + 1);
                    record_end = end.unwrap_or(record_end);
                    // Nothing lies before the start of the file or of a cut, and a cut follows a
                    // line end.
                    let behind = at.checked_sub(1).map_or(b'\n', |before| bytes[before]);
                    let opens = behind == self.delimiter || matches!(behind, b'\n' | b'\r');
                    quote = opens.then_some(at);
                    position = at + 1;
                }
                // A doubled quote is a literal one, but its second half may not have been read yet.
                Some(_) if at + 1 == bytes.len() && !self.ended => {
                    position = at;
                    break;
                }
                Some(_) if bytes.get(at + 1) == Some(&b'"') => position = at + 2,
                Some(_) => (quote, position) = (None, at + 1),
            }
        }
        self.scanned = Scan { position, quote, record_end };
    }

    /// The error when many blocks pass without a record end: a quote swallows the file, or the file
    /// is not a table.
    fn too_long(&self) -> FileError {
        let file = self.file.clone();
        match self.scanned.quote {
            Some(at) => FileError::UnclosedQuote { file, line: self.line_of(at) },
            None => FileError::Sheet { file, source: SheetError::RowTooLong { line: self.line } },
        }
    }

    fn line_of(&self, at: usize) -> u64 {
        self.line + memchr_iter(b'\n', &self.rest[..at]).count() as u64
    }

    fn last_block(&mut self) -> Result<Option<Block>, FileError> {
        if let Some(opened) = self.scanned.quote {
            let line = self.line_of(opened);
            return Err(FileError::UnclosedQuote { file: self.file.clone(), line });
        }
        let all = self.rest.len();
        (all > 0).then(|| self.cut(all)).transpose()
    }

    fn cut(&mut self, end: usize) -> Result<Block, FileError> {
        // Room for the next fill, so that the rest is not copied once more when it grows.
        let mut rest = Vec::with_capacity(self.rest.len() - end + BLOCK_BYTES);
        rest.extend_from_slice(&self.rest[end..]);
        self.rest.truncate(end);
        let bytes = std::mem::replace(&mut self.rest, rest);
        let first_line = self.line;
        self.line += memchr_iter(b'\n', &bytes).count() as u64;
        let Scan { position, quote, .. } = self.scanned;
        self.scanned =
            Scan { position: position - end, quote: quote.map(|at| at - end), record_end: 0 };
        if memchr(0, &bytes).is_some() {
            let source = nul_in(&bytes, first_line, self.delimiter);
            return Err(FileError::Sheet { file: self.file.clone(), source });
        }
        Ok(Block { bytes, first_line })
    }
}

/// The place of the first NUL of a block.
fn nul_in(bytes: &[u8], first_line: u64, delimiter: u8) -> SheetError {
    let mut csv = csv_reader(bytes, delimiter);
    let (mut record, mut column) = (ByteRecord::new(), None);
    while column.is_none() && csv.read_byte_record(&mut record).unwrap_or(false) {
        column = record.iter().position(|cell| memchr(0, cell).is_some());
    }
    let line = record.position().map_or(0, |at| at.line() - 1);
    SheetError::Nul { line: first_line + line, column: column.unwrap_or(0) + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(text: &[u8]) -> Result<Vec<(u64, Vec<u8>)>, FileError> {
        let mut reader = BlockReader::new(text, "t.csv");
        let mut found = Vec::new();
        while let Some(block) = reader.next_block()? {
            found.push((block.first_line, block.bytes));
        }
        Ok(found)
    }

    #[test]
    fn blocks_join_to_the_file_and_end_at_records() {
        let row = "1,\"quoted \"\"cell\"\"\nwith, line end\",inch 12\",x\r\n";
        let text = row.repeat(3 * BLOCK_BYTES / row.len());
        let found = blocks(text.as_bytes()).expect("reads");
        assert!(found.len() >= 3);
        assert_eq!(found.iter().flat_map(|(_, b)| b.clone()).collect::<Vec<_>>(), text.as_bytes());
        for (first_line, bytes) in &found {
            assert!(bytes.starts_with(b"1,") && bytes.ends_with(b"x\r\n"));
            assert_eq!(first_line % 2, 1, "every record has two lines");
        }
    }

    #[test]
    fn an_unclosed_quote_is_named_by_its_line() {
        let error = blocks(b"a,b\n1,2\n3,\"open\n4,5\n").map_err(|e| e.to_string());
        let expected = "t.csv, line 3: a quoted cell opens here and never closes";
        assert_eq!(error, Err(expected.to_owned()));
    }

    #[test]
    fn a_nul_is_named_by_its_line_and_column() {
        let row = "1,\"a\nb\",2\n";
        let rows = BLOCK_BYTES / row.len() + 9;
        let text = [&row.repeat(rows), "3,\"x, y\",4\0\n"].concat();
        let error = blocks(text.as_bytes()).map_err(|e| e.to_string());
        let line = 2 * rows + 1;
        let expected = format!("t.csv: line {line}, column 3 contains NUL (a zero byte); ");
        assert!(error.clone().is_err_and(|e| e.starts_with(&expected)), "{error:?}");
    }

    #[test]
    fn a_file_without_a_last_line_end_is_whole() {
        assert_eq!(blocks(b"a,b\n1,2").expect("reads").concat_bytes(), b"a,b\n1,2");
        assert!(blocks(b"").expect("reads").is_empty());
    }

    trait ConcatBytes {
        fn concat_bytes(&self) -> Vec<u8>;
    }

    impl ConcatBytes for Vec<(u64, Vec<u8>)> {
        fn concat_bytes(&self) -> Vec<u8> {
            self.iter().flat_map(|(_, bytes)| bytes.clone()).collect()
        }
    }
}
