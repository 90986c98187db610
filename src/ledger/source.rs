use std::io::{Cursor, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use polars::io::mmap::MmapBytesReader;

use super::{Content, Input, LedgerError, foreign};

/// What a ledger is read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A file, or a folder of files.
    Path(PathBuf),
    /// The bytes of a file, in memory.
    Bytes {
        /// The file's name, as certificate, rejects and errors call it.
        name: String,
        /// Its content.
        bytes: Arc<[u8]>,
    },
}

impl Source {
    /// The bytes, or the text, of a file of this name.
    pub fn bytes(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self::Bytes { name: name.into(), bytes: bytes.into().into() }
    }

    /// The name, as certificate, rejects and errors call it: a path as it was given.
    pub fn name(&self) -> String {
        match self {
            Self::Path(path) => path.display().to_string(),
            Self::Bytes { name, .. } => name.clone(),
        }
    }
}

impl From<PathBuf> for Source {
    fn from(path: PathBuf) -> Self {
        Self::Path(path)
    }
}

impl From<&PathBuf> for Source {
    fn from(path: &PathBuf) -> Self {
        Self::Path(path.clone())
    }
}

impl From<&Path> for Source {
    fn from(path: &Path) -> Self {
        Self::Path(path.to_owned())
    }
}

/// What the first bytes of a file show it to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Delimited,
    Parquet,
}

/// Parquet, which is read from its end.
pub(super) type Seekable = Box<dyn MmapBytesReader>;

/// A ledger file, opened.
pub(super) enum Stream {
    /// Text, from its first byte; may be a pipe.
    Delimited(Box<dyn Read>),
    /// Parquet.
    Parquet(Seekable),
}

/// Opens a ledger file and tells its format, or says in one sentence why it cannot be one.
pub(super) fn open(input: &Input) -> Result<Stream, LedgerError> {
    let file = input.name.as_ref();
    let io = |source| LedgerError::Io { file: file.to_owned(), source };
    if matches!(&input.content, Content::Path(path) if path.is_dir()) {
        return Err(LedgerError::Directory(file.to_owned()));
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

/// Bytes from which the format is told.
const HEAD: usize = 8192;

fn format(file: &str, head: &[u8]) -> Result<Format, LedgerError> {
    let binary = |evidence| Err(LedgerError::Binary { file: file.to_owned(), evidence });
    foreign::check_bytes(file, head)?;
    match head {
        [] => Err(LedgerError::Empty(file.to_owned())),
        [b'P', b'A', b'R', b'1', ..] => Ok(Format::Parquet),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => binary("it is UTF-16"),
        [b'P', b'K', 3, 4, ..] => binary("it is a workbook or zip file"),
        _ if head.contains(&0) => binary("it holds zero bytes"),
        _ if head.iter().all(u8::is_ascii_whitespace) && head.len() < HEAD => {
            Err(LedgerError::Empty(file.to_owned()))
        }
        _ => Ok(Format::Delimited),
    }
}
