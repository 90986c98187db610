use chrono::NaiveDate;
use thiserror::Error;

use basics::{Currency, refusal};

use super::layout::MappingError;
use super::notation::Ambiguous;
use super::sheet::SheetError;

/// Why a ledger cannot be read at all. A bad row is a [`super::Reject`], never one of these.
#[derive(Debug, Error)]
pub enum LedgerError {
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
    /// Text of which no row has two cells.
    #[error(
        "{file}: is text without columns (it begins '{begins}'); expected a header row and one row per invoice"
    )]
    NoColumns {
        /// The file as the user named it.
        file: String,
        /// Its first words.
        begins: String,
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
    #[error(
        "{file}: the columns '{first}' and '{second}' both name {field}; rename one, or say which in a mapping file: --mapping"
    )]
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
    #[error("{}", no_usable_row(files, *rows, *rejects, first))]
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
    /// More rejects than are kept.
    #[error("{file}: more than 1,000,000 rows cannot be read{first}")]
    TooManyRejects {
        /// The file as the user named it.
        file: String,
        /// The first reject, to show the kind of trouble.
        first: String,
    },
    /// More files than one ledger can hold.
    #[error("more than 65,536 files are more than one ledger can hold")]
    TooManyFiles,
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
    /// Whole numbers without a unit beside decimals.
    #[error(
        "{file}: the column '{column}' holds integers while '{other}' has decimals: it may count in minor units; \
         call it {column}_minor if it does, else write it as decimals"
    )]
    UnknownUnit {
        /// The file as the user named it.
        file: String,
        /// The column of integers.
        column: String,
        /// The column of decimals.
        other: String,
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
    /// Amounts that can be read in two ways.
    #[error("{file}: {ambiguous}; say which with --decimal point or --decimal comma")]
    AmbiguousDecimal {
        /// The file as the user named it.
        file: String,
        /// The cells, and what they may mean.
        ambiguous: Ambiguous,
    },
    /// Dates that can be read in two ways.
    #[error("{file}: {ambiguous}; say which with --date-order dmy or --date-order mdy")]
    AmbiguousDates {
        /// The file as the user named it.
        file: String,
        /// The cells, and what they may mean.
        ambiguous: Ambiguous,
    },
    /// Amounts of which only the first digits are there.
    #[error("{file}: says that its amounts are in thousands or millions; export them in full")]
    ScaledAmounts {
        /// The file as the user named it.
        file: String,
    },
    /// A summary by customer.
    #[error(
        "{file}, line {line}: the report has totals by customer but no invoices (its columns: {header}); export the \
         detail report instead, such as A/R Aging Detail or Open Invoices"
    )]
    CustomerTotals {
        /// The file as the user named it.
        file: String,
        /// Line of its header.
        line: u64,
        /// The header.
        header: String,
    },
    /// No row names the columns of a ledger.
    #[error(
        "{file}: no column for {missing} (the header row has: {found}); a mapping file can name them: --mapping"
    )]
    UnknownLayout {
        /// The file as the user named it.
        file: String,
        /// The fields without a column.
        missing: String,
        /// The likeliest header.
        found: String,
        /// A mapping file to start from.
        mapping: String,
    },
    /// A mapping file that cannot be used.
    #[error("{file}: {source}")]
    Mapping {
        /// The mapping file.
        file: String,
        /// Why.
        source: MappingError,
    },
    /// A layout that is not known.
    #[error("no layout is called '{name}'; known are: {known}")]
    NoSuchLayout {
        /// The name.
        name: String,
        /// All names.
        known: String,
    },
    /// A debtor file that cannot be used.
    #[error("{file}: {message}")]
    Debtors {
        /// The debtor file.
        file: String,
        /// Why.
        message: String,
    },
    /// A file of rates that cannot be used.
    #[error("{file}: {message}")]
    Rates {
        /// The file of rates.
        file: String,
        /// Why.
        message: String,
    },
    /// A currency that the file of rates cannot convert.
    #[error("no rate from {from} to {to} by {as_of}")]
    NoRate {
        /// The currency of the ledger.
        from: Currency,
        /// The currency of the sums.
        to: Currency,
        /// The as-of date.
        as_of: NaiveDate,
    },
    /// Amounts whose total exceeds what a sum can hold.
    #[error("{0}")]
    Amount(#[from] basics::MoneyError),
}

impl LedgerError {
    /// A mapping file to start from, for a layout that is not known.
    pub fn mapping(&self) -> Option<&str> {
        match self {
            Self::UnknownLayout { mapping, .. } => Some(mapping),
            _ => None,
        }
    }

    /// Whether the file only holds something else than a ledger, such as a note beside it.
    pub(super) fn is_no_ledger(&self) -> bool {
        matches!(
            self,
            Self::Empty(_)
                | Self::UnknownLayout { .. }
                | Self::NoColumns { .. }
                | Self::NotLedger { .. }
                | Self::OwnOutput { .. }
        )
    }

    /// The code of the refusal, from a closed list.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io { .. } => "io",
            Self::Directory(_) => "directory",
            Self::Empty(_) => "empty",
            Self::Binary { .. } => "binary_file",
            Self::NotLedger { .. } => "not_a_ledger",
            Self::NoColumns { .. } => "no_columns",
            Self::UnclosedQuote { .. } | Self::StrayQuote { .. } => "unclosed_quote",
            Self::MissingColumns { .. } => "missing_columns",
            Self::RepeatedColumn { .. } => "repeated_column",
            Self::NoUsableRow { .. } => "no_usable_row",
            Self::TooManyRejects { .. } => "too_many_rejects",
            Self::TooManyFiles => "too_many_files",
            Self::TooManyRows { .. } => "too_many_rows",
            Self::ColumnType { .. } => "column_type",
            Self::UnknownUnit { .. } => "unknown_unit",
            Self::OwnOutput { .. } => "own_output",
            Self::DamagedParquet(_) | Self::Frame { .. } => "damaged_file",
            Self::Sheet { source, .. } => source.code(),
            Self::AmbiguousDecimal { .. } => "ambiguous_decimal",
            Self::AmbiguousDates { .. } => "ambiguous_dates",
            Self::ScaledAmounts { .. } => "scaled_amounts",
            Self::CustomerTotals { .. } => "customer_totals_only",
            Self::UnknownLayout { .. } | Self::NoSuchLayout { .. } => "unknown_layout",
            Self::Mapping { .. } => "bad_mapping",
            Self::Debtors { .. } => "bad_debtors",
            Self::Rates { .. } | Self::NoRate { .. } => "bad_rates",
            Self::Amount(_) => "amount_out_of_range",
        }
    }
}

fn no_usable_row(files: &str, rows: u64, rejects: usize, first: &str) -> String {
    if rows == 0 {
        return format!(
            "{files}: has a header row and no row below it; expected one row per invoice"
        );
    }
    format!("no usable invoice in {files}: rows read {rows}, rejected {rejects}{first}")
}
