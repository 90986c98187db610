//! Opening text and Parquet files that are read in one pass, without becoming a sheet.

use std::io::{Cursor, Read};

use super::file_error::FileError;
use super::foreign;
use super::input::{Input, Seekable};

/// The format of a file, as its first bytes show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Delimited,
    Parquet,
}

/// An open ledger file.
pub enum Stream {
    /// Delimited text from its first byte, which may come from a pipe.
    Delimited(Box<dyn Read>),
    /// A Parquet file.
    Parquet(Seekable),
}

/// Opens a ledger file and detects its format.
///
/// # Errors
/// If the file cannot be read, is empty or a folder, or has another format than delimited text or
/// Parquet.
pub fn open(input: &Input) -> Result<Stream, FileError> {
    let file = input.name.as_ref();
    let io = |source| FileError::Io { file: file.to_owned(), source };
    if input.is_folder() {
        return Err(FileError::Directory(file.to_owned()));
    }
    let mut opened = input.open().map_err(io)?;
    let mut head = Vec::with_capacity(HEAD);
    opened.by_ref().take(HEAD as u64).read_to_end(&mut head).map_err(io)?;
    match format(file, &head)? {
        Format::Delimited => Ok(Stream::Delimited(Box::new(Cursor::new(head).chain(opened)))),
        Format::Parquet => {
            opened.rewind().map_err(io)?;
            Ok(Stream::Parquet(opened))
        }
    }
}

/// The number of bytes from which the format is detected.
const HEAD: usize = 8192;

fn format(file: &str, head: &[u8]) -> Result<Format, FileError> {
    let binary = |evidence| Err(FileError::Binary { file: file.to_owned(), evidence });
    foreign::check_bytes(file, head)?;
    match head {
        [] => Err(FileError::Empty(file.to_owned())),
        [b'P', b'A', b'R', b'1', ..] => Ok(Format::Parquet),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => binary("it is UTF-16"),
        [b'P', b'K', 3, 4, ..] => binary("it is a workbook or zip file"),
        _ if head.contains(&0) => binary("it contains NUL bytes"),
        // Behind a full head of white space there may still be rows.
        _ if head.iter().all(u8::is_ascii_whitespace) && head.len() < HEAD => {
            Err(FileError::Empty(file.to_owned()))
        }
        _ => Ok(Format::Delimited),
    }
}
