use std::fs::File;
use std::io::{Cursor, Read, Seek};
use std::path::Path;

use super::LedgerError;

/// What the first bytes of a file show it to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Delimited,
    Parquet,
}

/// A ledger file, opened.
pub(super) enum Source {
    /// Text, from its first byte; may be a pipe.
    Delimited(Box<dyn Read>),
    /// Parquet, which is read from its end.
    Parquet(File),
}

/// Opens a ledger file and tells its format, or says in one sentence why it cannot be one.
pub(super) fn open(file: &str, path: &Path) -> Result<Source, LedgerError> {
    let io = |source| LedgerError::Io { file: file.to_owned(), source };
    let mut input = File::open(path).map_err(io)?;
    let metadata = input.metadata().map_err(io)?;
    if metadata.is_dir() {
        return Err(LedgerError::Directory(file.to_owned()));
    }
    let mut head = Vec::with_capacity(8192);
    input.by_ref().take(8192).read_to_end(&mut head).map_err(io)?;
    match format(file, &head)? {
        Format::Delimited => Ok(Source::Delimited(Box::new(Cursor::new(head).chain(input)))),
        Format::Parquet => {
            input.rewind().map_err(io)?;
            Ok(Source::Parquet(input))
        }
    }
}

fn format(file: &str, head: &[u8]) -> Result<Format, LedgerError> {
    let binary = |evidence| Err(LedgerError::Binary { file: file.to_owned(), evidence });
    match head {
        [] => Err(LedgerError::Empty(file.to_owned())),
        [b'P', b'A', b'R', b'1', ..] => Ok(Format::Parquet),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => binary("it is UTF-16"),
        [b'P', b'K', 3, 4, ..] => binary("it is a workbook or zip file"),
        _ if head.contains(&0) => binary("it holds zero bytes"),
        _ if head.iter().all(u8::is_ascii_whitespace) && head.len() < 8192 => {
            Err(LedgerError::Empty(file.to_owned()))
        }
        _ => Ok(Format::Delimited),
    }
}

/// Bytes in lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
