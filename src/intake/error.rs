use thiserror::Error;

use sheet::FileError;

use super::layout::MappingError;
use super::notation::Ambiguous;

/// Reasons why a file cannot be read at all. A bad row is a [`super::Reject`], never one of these.
#[derive(Debug, Error)]
pub enum IntakeError {
    /// The file could not be read as cells.
    #[error(transparent)]
    File(#[from] FileError),
    /// Text in which no row has two cells.
    #[error(
        "{file}: is text without columns (it begins '{begins}'); expected a header row and one row \
         per invoice"
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
        "{file}: columns '{first}' and '{second}' both look like {field}; rename one, or \
         choose one in a mapping file (--mapping)"
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
    #[error("{file}: more than 1,000,000 rows were rejected{first}")]
    TooManyRejects {
        /// The file as the user named it.
        file: String,
        /// The first reject, to show what is wrong with the file.
        first: String,
    },
    /// More files than one ledger can hold.
    #[error("too many files; a ledger can be read from at most 65,536")]
    TooManyFiles,
    /// Whole numbers without a unit beside decimals.
    #[error(
        "{file}: column '{column}' holds whole numbers while '{other}' has decimals, so it may \
         be in minor units such as cents; if it is, rename it {column}_minor; if not, write it \
         with decimals"
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
    #[error("{file}: {ambiguous}; set --decimal point or --decimal comma")]
    AmbiguousDecimal {
        /// The file as the user named it.
        file: String,
        /// The cells and their possible meanings.
        ambiguous: Ambiguous,
    },
    /// Dates that can be read in two ways.
    #[error(
        "{file}: {ambiguous}; set --date-order dmy (day first) or --date-order mdy (month first)"
    )]
    AmbiguousDates {
        /// The file as the user named it.
        file: String,
        /// The cells and their possible meanings.
        ambiguous: Ambiguous,
    },
    /// Amounts in thousands or millions, without their last digits.
    #[error("{file}: amounts are stated in thousands or millions; export the full amounts")]
    ScaledAmounts {
        /// The file as the user named it.
        file: String,
    },
    /// A summary by customer.
    #[error(
        "{file}, line {line}: this report lists totals by customer, not invoices (its columns: \
         {header}); export a detail report instead, such as A/R Aging Detail or Open Invoices"
    )]
    CustomerTotals {
        /// The file as the user named it.
        file: String,
        /// Line of its header.
        line: u64,
        /// The header.
        header: String,
    },
    /// No row that could be the header of a ledger.
    #[error(
        "{file}: no column for {missing} (the header row has: {found}); name the columns \
         in a mapping file (--mapping)"
    )]
    UnknownLayout {
        /// The file as the user named it.
        file: String,
        /// The fields without a column.
        missing: String,
        /// The most likely header.
        found: String,
        /// A mapping file to start from.
        mapping: String,
    },
    /// A mapping file that cannot be used.
    #[error("{file}: {source}")]
    Mapping {
        /// The mapping file.
        file: String,
        /// The reason.
        source: MappingError,
    },
    /// A name that no layout has.
    #[error("unknown layout '{name}'; expected one of: {known}")]
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
        /// The reason.
        message: String,
    },
}

impl IntakeError {
    /// A mapping file to start from, if the layout is not known.
    pub fn mapping(&self) -> Option<&str> {
        match self {
            Self::UnknownLayout { mapping, .. } => Some(mapping),
            _ => None,
        }
    }

    /// True if the file is merely not a ledger, such as a note beside one.
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
