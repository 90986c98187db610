use chrono::NaiveDate;
use thiserror::Error;

use basics::Currency;
use intake::IntakeError;
use sheet::FileError;

/// Reasons why a ledger cannot be read at all. A bad row is a [`super::Reject`], never one of
/// these.
#[derive(Debug, Error)]
pub enum LedgerError {
    /// The files cannot be read as documents.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// Every row was rejected, or is not an invoice.
    #[error("{}", no_usable_row(files, *rows, *rejects, first))]
    NoUsableRow {
        /// The files read.
        files: String,
        /// Data rows seen.
        rows: u64,
        /// Number of rejects.
        rejects: usize,
        /// The first reject, to show what is wrong with the file.
        first: String,
    },
    /// More rows than 32-bit row numbers hold.
    #[error("too many rows ({rows}); a ledger can hold at most 4,294,967,294")]
    TooManyRows {
        /// Rows seen.
        rows: u64,
    },
    /// The frame library failed.
    #[error("{file}: {source}")]
    Frame {
        /// The frame or file that was being built.
        file: String,
        /// The error of the library.
        source: polars::error::PolarsError,
    },
    /// A file of rates that cannot be used.
    #[error("{file}: {message}")]
    Rates {
        /// The file of rates.
        file: String,
        /// The reason.
        message: String,
    },
    /// A currency that the file of rates cannot convert.
    #[error("no conversion rate from {from} to {to} on or before {as_of}")]
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

impl From<FileError> for LedgerError {
    fn from(error: FileError) -> Self {
        Self::Intake(error.into())
    }
}

impl LedgerError {
    /// A mapping file to start from, if the layout is not known.
    pub fn mapping(&self) -> Option<&str> {
        match self {
            Self::Intake(error) => error.mapping(),
            _ => None,
        }
    }

    /// The code of the refusal, from a closed list.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Intake(error) => error.code(),
            Self::NoUsableRow { .. } => "no_usable_row",
            Self::TooManyRows { .. } => "too_many_rows",
            Self::Frame { .. } => "damaged_file",
            Self::Rates { .. } | Self::NoRate { .. } => "bad_rates",
            Self::Amount(_) => "amount_out_of_range",
        }
    }
}

fn no_usable_row(files: &str, rows: u64, rejects: usize, first: &str) -> String {
    if rows == 0 {
        return format!(
            "{files}: has a header row but no rows below it; expected one row per invoice"
        );
    }
    format!("no usable invoices in {files}: {rows} rows read, {rejects} rejected{first}")
}
