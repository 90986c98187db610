use thiserror::Error;

use sheet::FileError;

use super::layout::MappingError;
use super::notation::Ambiguous;

/// Why cells cannot be read as documents at all. A bad row is a [`super::Reject`], never one of
/// these.
#[derive(Debug, Error)]
pub enum IntakeError {
    /// No cells came of a file.
    #[error(transparent)]
    File(#[from] FileError),
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
}

impl IntakeError {
    /// A mapping file to start from, for a layout that is not known.
    pub fn mapping(&self) -> Option<&str> {
        match self {
            Self::UnknownLayout { mapping, .. } => Some(mapping),
            _ => None,
        }
    }

    /// Whether the file only holds something else than a ledger, such as a note beside it.
    pub(super) fn is_no_ledger(&self) -> bool {
        match self {
            Self::File(error) => error.is_no_ledger(),
            error => matches!(error, Self::UnknownLayout { .. } | Self::NoColumns { .. }),
        }
    }

    /// The code of the refusal, from a closed list.
    pub fn code(&self) -> &'static str {
        match self {
            Self::File(error) => error.code(),
            Self::NoColumns { .. } => "no_columns",
            Self::MissingColumns { .. } => "missing_columns",
            Self::RepeatedColumn { .. } => "repeated_column",
            Self::TooManyRejects { .. } => "too_many_rejects",
            Self::TooManyFiles => "too_many_files",
            Self::UnknownUnit { .. } => "unknown_unit",
            Self::AmbiguousDecimal { .. } => "ambiguous_decimal",
            Self::AmbiguousDates { .. } => "ambiguous_dates",
            Self::ScaledAmounts { .. } => "scaled_amounts",
            Self::CustomerTotals { .. } => "customer_totals_only",
            Self::UnknownLayout { .. } | Self::NoSuchLayout { .. } => "unknown_layout",
            Self::Mapping { .. } => "bad_mapping",
            Self::Debtors { .. } => "bad_debtors",
        }
    }
}
