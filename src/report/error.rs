use std::io;
use std::path::Path;

use polars::error::PolarsError;
use thiserror::Error;

use basics::refusal;

/// The reasons why a result cannot be written.
#[derive(Debug, Error)]
pub enum ReportError {
    /// Writing failed, and the file is not known here.
    #[error("{}", refusal(.0))]
    Io(#[from] io::Error),
    /// A named file could not be written.
    #[error("{file}: {}", refusal(source))]
    File {
        /// The file or folder.
        file: String,
        /// The system's error.
        source: io::Error,
    },
    /// There is a file where a folder is needed.
    #[error("{0}: this is a file; give a folder to write into")]
    NotAFolder(String),
    /// There is a folder where a file is to be written.
    #[error("{0}: this is a folder; give the name of a file")]
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
    /// Any other reason, in words.
    #[error("{0}")]
    Text(String),
}

impl ReportError {
    /// Adds the name of the file that was being written to a failure of the system.
    pub(super) fn of(self, path: &Path) -> Self {
        let named = |source| Self::File { file: path.display().to_string(), source };
        match self {
            Self::Io(source) => named(source),
            Self::Json(error) if error.is_io() => named(error.into()),
            Self::Csv(error) if error.is_io_error() => match error.into_kind() {
                csv::ErrorKind::Io(source) => named(source),
                // `is_io_error` has just said so; only the type does not know.
                _ => named(io::ErrorKind::Other.into()),
            },
            Self::Parquet(PolarsError::IO { error, .. }) => named(error.kind().into()),
            other => other,
        }
    }
}
