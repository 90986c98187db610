use thiserror::Error;

use basics::refusal;

use super::error::SheetError;

/// The reason a file cannot be read as rows of cells.
#[derive(Debug, Error)]
pub enum FileError {
    /// An error of the operating system.
    #[error("{file}: {}", refusal(source))]
    Io {
        /// The file as the user named it.
        file: String,
        /// The error of the system.
        source: std::io::Error,
    },
    /// A folder without files, or one where a file was expected.
    #[error("{0}: contains no files")]
    Directory(String),
    /// A file with no bytes, or with blank lines only.
    #[error("{0}: is empty, expected a header row and one row per invoice")]
    Empty(String),
    /// A format that is not supported, although the file may contain a ledger.
    #[error("{file}: is not a supported file format: {evidence}")]
    Binary {
        /// The file as the user named it.
        file: String,
        /// The format that was recognised, and what to do.
        evidence: &'static str,
    },
    /// A file that is evidently something else.
    #[error(
        "{file}: is not a ledger but {what}; supported formats are CSV and other delimited text, \
         XLSX, XLS, ODS, Parquet, JSON and UBL"
    )]
    NotLedger {
        /// The file as the user named it.
        file: String,
        /// The kind of file, such as "an image (PNG)".
        what: &'static str,
    },
    /// A quoted cell that never ends and would swallow the rest of the file.
    #[error("{file}, line {line}: a quoted cell opens here and never closes")]
    UnclosedQuote {
        /// The file as the user named it.
        file: String,
        /// 1-based line of the opening quote.
        line: u64,
    },
    /// A quoted cell that swallows the rows below it.
    #[error(
        "{file}, line {line}: a quote here opens a cell that swallows the rows below; close it or \
         double it"
    )]
    StrayQuote {
        /// The file as the user named it.
        file: String,
        /// 1-based line of the record.
        line: u64,
    },
    /// A needed column whose type cannot hold the cells of a ledger.
    #[error(
        "{file}: column '{column}' has type {found}; expected text, 32- or 64-bit numbers, \
         decimals, dates or booleans"
    )]
    ColumnType {
        /// The file as the user named it.
        file: String,
        /// The column.
        column: String,
        /// Its type.
        found: String,
    },
    /// A file of Factorage's own, for another purpose.
    #[error("{file}: is not a ledger but {what}; {instead}")]
    OwnOutput {
        /// The file as the user named it.
        file: String,
        /// The kind of file.
        what: String,
        /// The file to read instead.
        instead: String,
    },
    /// A damaged Parquet file.
    #[error("{0}: is damaged: its Parquet structure is incomplete or inconsistent")]
    DamagedParquet(String),
    /// An error of the Parquet or frame library.
    #[error("{file}: {source}")]
    Frame {
        /// The file, or what was being built.
        file: String,
        /// The error of the library.
        source: polars::error::PolarsError,
    },
    /// Content that cannot become tables of cells.
    #[error("{file}: {source}")]
    Sheet {
        /// The file as the user named it.
        file: String,
        /// The reason.
        source: SheetError,
    },
}

impl FileError {
    /// Returns true if the file is merely not a ledger, such as a note that lies beside one.
    pub fn is_no_ledger(&self) -> bool {
        matches!(self, Self::Empty(_) | Self::NotLedger { .. } | Self::OwnOutput { .. })
    }

    /// The code of the error, from a closed list.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Sheet { source, .. } => source.code(),
            Self::Io { .. } => "io",
            Self::Directory(_) => "directory",
            Self::Empty(_) => "empty",
            Self::Binary { .. } => "binary_file",
            Self::NotLedger { .. } => "not_a_ledger",
            Self::UnclosedQuote { .. } | Self::StrayQuote { .. } => "unclosed_quote",
            Self::ColumnType { .. } => "column_type",
            Self::OwnOutput { .. } => "own_output",
            Self::DamagedParquet(_) | Self::Frame { .. } => "damaged_file",
        }
    }
}
