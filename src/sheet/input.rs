use std::fs::File;
use std::io::{Cursor, Seek};
use std::path::PathBuf;
use std::sync::Arc;

use polars::io::mmap::MmapBytesReader;

use super::file_error::FileError;
use super::source::Source;

/// A file that can be read from any position, as Parquet is read from its end.
pub type Seekable = Box<dyn MmapBytesReader>;

/// A callback that receives the number of further bytes read.
pub type Progress<'a> = &'a (dyn Fn(u64) + Sync);

/// A file or folder to read from, more than once if necessary.
pub struct Input {
    /// The name as the user gave it.
    pub(crate) name: Arc<str>,
    pub(crate) content: Content,
}

/// The place of an input's bytes.
pub(crate) enum Content {
    Path(PathBuf),
    /// The bytes of a pipe, spooled to an unnamed file because a pipe can be read only once.
    Spool(File),
    /// Bytes in memory.
    Bytes(Arc<[u8]>),
}

impl Input {
    /// The name as the user gave it.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// Returns true if the input is a folder.
    pub(crate) fn is_folder(&self) -> bool {
        matches!(&self.content, Content::Path(path) if path.is_dir())
    }

    /// Opens a source. The content of a pipe is kept for as long as the input lives.
    ///
    /// # Errors
    /// If the file does not exist or cannot be read, or if a pipe cannot be spooled.
    pub fn of(source: &Source) -> Result<Self, FileError> {
        let name: Arc<str> = source.name().into();
        let path = match source {
            Source::Path(path) => path,
            Source::Bytes { bytes, .. } => {
                let content = Content::Bytes(Arc::clone(bytes));
                return Ok(Self { name, content });
            }
        };
        let io = |source| FileError::Io { file: name.to_string(), source };
        let kind = std::fs::metadata(path).map_err(io)?;
        if kind.is_file() || kind.is_dir() {
            return Ok(Self { name, content: Content::Path(path.clone()) });
        }
        // Neither file nor folder: a pipe such as `/dev/stdin`.
        let mut pipe = File::open(path).map_err(io)?;
        let mut spool = scratch::spool().map_err(io)?;
        std::io::copy(&mut pipe, &mut spool).map_err(io)?;
        Ok(Self { name, content: Content::Spool(spool) })
    }

    /// Opens the file at its first byte.
    ///
    /// Two handles on a pipe share one position, so only one may be in use at a time.
    pub(crate) fn open(&self) -> std::io::Result<Seekable> {
        Ok(match &self.content {
            Content::Path(path) => Box::new(File::open(path)?),
            Content::Spool(spool) => {
                let mut file = spool.try_clone()?;
                file.rewind()?;
                Box::new(file)
            }
            Content::Bytes(bytes) => Box::new(Cursor::new(Arc::clone(bytes))),
        })
    }
}
