use std::fs::File;
use std::io::{Cursor, Seek};
use std::path::PathBuf;
use std::sync::Arc;

use polars::io::mmap::MmapBytesReader;

use super::file_error::FileError;
use super::source::Source;

/// Parquet, which is read from its end.
pub type Seekable = Box<dyn MmapBytesReader>;

/// Told how many more bytes have been read.
pub type Progress<'a> = &'a (dyn Fn(u64) + Sync);

/// A file or folder that can be read more than once.
pub struct Input {
    /// As the user named it.
    pub(crate) name: Arc<str>,
    pub(crate) content: Content,
}

/// Where the bytes of an input are.
pub(crate) enum Content {
    Path(PathBuf),
    /// Those of a pipe, in a file without a name.
    Spool(File),
    /// In memory.
    Bytes(Arc<[u8]>),
}

impl Input {
    /// As the user named it.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// Whether it is a folder.
    pub(crate) fn is_folder(&self) -> bool {
        matches!(&self.content, Content::Path(path) if path.is_dir())
    }

    /// The source, opened; what cannot be read twice is kept for as long as it lives.
    ///
    /// # Errors
    /// [`FileError::Io`].
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
        let mut pipe = File::open(path).map_err(io)?;
        let mut spool = scratch::spool().map_err(io)?;
        std::io::copy(&mut pipe, &mut spool).map_err(io)?;
        Ok(Self { name, content: Content::Spool(spool) })
    }

    /// The file from its first byte; of a pipe, no two at the same time.
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
