use thiserror::Error;

/// Why a ledger cannot be read at all. A bad row is a [`super::Reject`], never one of these.
#[derive(Debug, Error)]
pub enum LedgerError {
    /// The operating system refused.
    #[error("{file}: {source}")]
    Io {
        /// The file as the user named it.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A folder where a file was expected.
    #[error("{0}: is a directory, expected a ledger file (CSV or Parquet)")]
    Directory(String),
    /// No bytes, or only blank lines.
    #[error("{0}: is empty, expected a header row and one row per invoice")]
    Empty(String),
    /// Bytes that no text export holds.
    #[error("{file}: is not a text or Parquet file ({evidence})")]
    Binary {
        /// The file as the user named it.
        file: String,
        /// What was seen.
        evidence: &'static str,
    },
    /// A quoted cell that never ends would swallow the rest of the file.
    #[error("{file}, line {line}: a quoted cell opens here and never closes")]
    UnclosedQuote {
        /// The file as the user named it.
        file: String,
        /// 1-based line of the opening quote.
        line: u64,
    },
    /// Required columns were not recognised.
    #[error("{file}: no column for {missing} (the header row has: {found})")]
    MissingColumns {
        /// The file as the user named it.
        file: String,
        /// The fields without a column.
        missing: String,
        /// The first header cells.
        found: String,
    },
    /// Two columns claim one field.
    #[error("{file}: the columns '{first}' and '{second}' both name {field}; rename one")]
    RepeatedColumn {
        /// The file as the user named it.
        file: String,
        /// The field claimed twice.
        field: &'static str,
        /// The first header cell.
        first: String,
        /// The second header cell.
        second: String,
    },
    /// Every row was rejected or classified as no invoice.
    #[error("no usable invoice in {files}: rows read {rows}, rejected {rejects}{first}")]
    NoUsableRow {
        /// The files read.
        files: String,
        /// Data rows seen.
        rows: u64,
        /// How many were rejects.
        rejects: usize,
        /// The first reject, to show the kind of trouble.
        first: String,
    },
    /// More rows than 32-bit row numbers hold.
    #[error("{rows} rows are more than one ledger can hold (4,294,967,294)")]
    TooManyRows {
        /// Rows seen.
        rows: u64,
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
    /// Parquet bytes that contradict themselves.
    #[error("{0}: is damaged: its Parquet structure contradicts itself")]
    DamagedParquet(String),
    /// The Parquet or frame library refused.
    #[error("{file}: {source}")]
    Frame {
        /// The file, or what was being built.
        file: String,
        /// What the library said.
        source: polars::error::PolarsError,
    },
    /// Amounts whose total exceeds what a sum can hold.
    #[error("{0}")]
    Amount(#[from] crate::basics::MoneyError),
}
