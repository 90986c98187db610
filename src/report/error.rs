use std::io;
use std::path::Path;

use polars::error::PolarsError;
use thiserror::Error;

use basics::refusal;

/// Why a result cannot be written.
#[derive(Debug, Error)]
pub enum ReportError {
    /// The operating system refused.
    #[error("{}", refusal(.0))]
    Io(#[from] io::Error),
    /// A named file could not be written.
    #[error("{file}: {}", refusal(source))]
    File {
        /// The file or folder.
        file: String,
        /// What the system said.
        source: io::Error,
    },
    /// A file where a folder is needed.
    #[error("{0}: is a file; a folder is needed to write into")]
    NotAFolder(String),
    /// A folder where a file is to be written.
    #[error("{0}: is a folder; the name of a file is needed to write to")]
    NotAFile(String),
    /// JSON could not be written.
    #[error("writing JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// CSV could not be written.
    #[error("writing CSV: {0}")]
    Csv(#[from] csv::Error),
    /// Parquet could not be written.
    #[error("writing Parquet: {0}")]
    Parquet(#[from] PolarsError),
    /// Text that is none.
    #[error("{0}")]
    Text(String),
}

impl ReportError {
    /// The failure with the name of the file that was being written, where the system refused.
    pub(super) fn of(self, path: &Path) -> Self {
        let named = |source| Self::File { file: path.display().to_string(), source };
        match self {
            Self::Io(source) => named(source),
            Self::Json(error) if error.is_io() => named(error.into()),
            Self::Csv(error) if error.is_io_error() => match error.into_kind() {
                csv::ErrorKind::Io(source) => named(source),
                // It has just said that it is the system's.
                _ => named(io::ErrorKind::Other.into()),
            },
            Self::Parquet(PolarsError::IO { error, .. }) => named(error.kind().into()),
            other => other,
        }
    }
}
