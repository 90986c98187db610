use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The source of a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A file, or a folder of files.
    Path(PathBuf),
    /// The bytes of a file, in memory.
    Bytes {
        /// The name of the file, as shown in certificate, rejects and errors.
        name: String,
        /// The content of the file.
        bytes: Arc<[u8]>,
    },
}

impl Source {
    /// Creates a source from the bytes or text of a file with this name.
    pub fn bytes(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self::Bytes { name: name.into(), bytes: bytes.into().into() }
    }

    /// The name as shown in certificate, rejects and errors; a path as given.
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
