use thiserror::Error;

use basics::refusal;

use super::error::SheetError;

/// Why a file cannot be read as rows of cells at all.
#[derive(Debug, Error)]
pub enum FileError {
    /// The operating system refused.
    #[error("{file}: {}", refusal(source))]
    Io {
        /// The file as the user named it.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A folder where a file was expected.
    #[error("{0}: is a folder without a file")]
    Directory(String),
    /// No bytes, or only blank lines.
    #[error("{0}: is empty, expected a header row and one row per invoice")]
    Empty(String),
    /// Bytes of a format that is not read, though a ledger may be in it.
    #[error("{file}: is not a supported file format: {evidence}")]
    Binary {
        /// The file as the user named it.
        file: String,
        /// What was seen, and what to do.
        evidence: &'static str,
    },
    /// A file that is plainly something else.
    #[error(
        "{file}: is not a ledger: it is {what}; ledgers are read from CSV and other text, XLSX, XLS, ODS, \
         Parquet, JSON and UBL"
    )]
    NotLedger {
        /// The file as the user named it.
        file: String,
        /// What it is: an image, a script.
        what: &'static str,
    },
    /// A quoted cell that never ends would swallow the rest of the file.
    #[error("{file}, line {line}: a quoted cell opens here and never closes")]
    UnclosedQuote {
        /// The file as the user named it.
        file: String,
        /// 1-based line of the opening quote.
        line: u64,
    },
    /// A quoted cell that takes in the rows below it.
    #[error(
        "{file}, line {line}: a quote opens a cell here that takes in rows below; close it or double it"
    )]
    StrayQuote {
        /// The file as the user named it.
        file: String,
        /// 1-based line of the record.
        line: u64,
    },
    /// A column that is read has a type that no cell of a ledger has.
    #[error(
        "{file}: the column '{column}' has the type {found}; expected text, numbers of 32 or 64 bits, decimals, \
         dates or booleans"
    )]
    ColumnType {
        /// The file as the user named it.
        file: String,
        /// The column.
        column: String,
        /// Its type.
        found: String,
    },
    /// A file that a command of ours wrote for another purpose.
    #[error("{file}: is not a ledger but {what} that Factorage wrote; {instead}")]
    OwnOutput {
        /// The file as the user named it.
        file: String,
        /// What it is.
        what: String,
        /// What to read instead.
        instead: String,
    },
    /// Parquet bytes that contradict themselves.
    #[error("{0}: is damaged: its Parquet structure breaks off or contradicts itself")]
    DamagedParquet(String),
    /// The Parquet or frame library refused.
    #[error("{file}: {source}")]
    Frame {
        /// The file, or what was being built.
        file: String,
        /// What the library said.
        source: polars::error::PolarsError,
    },
    /// Cells that no table can be made of.
    #[error("{file}: {source}")]
    Sheet {
        /// The file as the user named it.
        file: String,
        /// Why.
        source: SheetError,
    },
}

impl FileError {
    /// Whether the file only holds something else than a ledger, such as a note beside it.
    pub fn is_no_ledger(&self) -> bool {
        matches!(self, Self::Empty(_) | Self::NotLedger { .. } | Self::OwnOutput { .. })
    }

    /// The code of the refusal, from a closed list.
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
