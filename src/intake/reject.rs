use std::sync::Arc;

use serde::Serialize;

use super::IntakeError;
use super::shown::shown;

/// A row that was kept out of the ledger, with the cell at fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reject {
    /// The file as the user named it.
    pub file: Arc<str>,
    /// 1-based line on which the row starts (for Parquet: 1-based row).
    pub line: u64,
    /// Header text of the offending column; empty when the row as a whole is at fault.
    pub column: String,
    /// The cell as in the file, cut to 80 characters.
    pub value: String,
    /// Reason code.
    pub code: RejectCode,
    /// One sentence: what was expected and what was found.
    pub message: String,
}

impl Reject {
    /// The reject as the end of an error message, to show what is wrong with the file.
    pub fn as_example(&self) -> String {
        let found = Some(shown(&self.value)).filter(|value| !value.is_empty());
        let found = found.map_or(String::new(), |value| format!(" (found '{value}')"));
        format!("; first reject, line {}: {}{found}", self.line, self.message)
    }
}

/// The most rejects of one file: a file with more is not a ledger, and each reject takes memory.
pub const MOST_REJECTS: usize = 1_000_000;

/// Refuses a file with more than [`MOST_REJECTS`].
///
/// # Errors
/// If there are more, with the first of them ([`IntakeError::TooManyRejects`]).
pub fn check_count<'a>(
    file: &str,
    rejects: impl Iterator<Item = &'a Reject> + Clone,
) -> Result<(), IntakeError> {
    if rejects.clone().nth(MOST_REJECTS).is_none() {
        return Ok(());
    }
    let first = rejects.min_by_key(|reject| reject.line);
    let first = first.map_or(String::new(), Reject::as_example);
    Err(IntakeError::TooManyRejects { file: file.to_owned(), first })
}

/// The closed list of reasons, in the order in which a row is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RejectCode {
    /// The row has more or fewer cells than the header.
    ColumnCount,
    /// A number, an id or a name of more than 500 characters.
    TextTooLong,
    /// No invoice number.
    MissingInvoiceNumber,
    /// Neither a debtor id nor a debtor name.
    MissingDebtor,
    /// Neither an invoice date nor a due date.
    MissingDate,
    /// A cell that is not a valid date.
    BadDate,
    /// A date before 1970 or after 2200.
    DateOutOfRange,
    /// A code that ISO 4217 does not list.
    BadCurrency,
    /// No amount.
    MissingAmount,
    /// A cell that is not a number.
    BadAmount,
    /// More decimals than the currency has.
    TooPrecise,
    /// An amount beyond 64 bits of minor units.
    AmountOutOfRange,
    /// An amount of zero is neither an invoice nor a credit note.
    ZeroAmount,
    /// A negative payment, credit or write-off.
    NegativeSettlement,
    /// Credits and write-offs exceed the face.
    ReductionsExceedFace,
    /// A cell that is neither yes nor no.
    BadFlag,
    /// A formula where a value was expected; formulas are never computed.
    Formula,
    /// A workbook formula without a saved value.
    FormulaWithoutValue,
    /// A spreadsheet error such as `#REF!`.
    ErrorValue,
    /// Infinity or not-a-number.
    NotANumber,
    /// An unknown document type.
    UnknownDocumentType,
    /// The same invoice again: debtor, number, dates, amounts, currency, flags, purchase order and
    /// job are equal.
    DuplicateRow,
}

impl RejectCode {
    /// The code as written to files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ColumnCount => "column_count",
            Self::TextTooLong => "text_too_long",
            Self::MissingInvoiceNumber => "missing_invoice_number",
            Self::MissingDebtor => "missing_debtor",
            Self::MissingDate => "missing_date",
            Self::BadDate => "bad_date",
            Self::DateOutOfRange => "date_out_of_range",
            Self::BadCurrency => "bad_currency",
            Self::MissingAmount => "missing_amount",
            Self::BadAmount => "bad_amount",
            Self::TooPrecise => "too_precise",
            Self::AmountOutOfRange => "amount_out_of_range",
            Self::ZeroAmount => "zero_amount",
            Self::NegativeSettlement => "negative_settlement",
            Self::ReductionsExceedFace => "reductions_exceed_face",
            Self::BadFlag => "bad_flag",
            Self::Formula => "formula",
            Self::FormulaWithoutValue => "formula_without_value",
            Self::ErrorValue => "error_value",
            Self::NotANumber => "not_a_number",
            Self::UnknownDocumentType => "unknown_document_type",
            Self::DuplicateRow => "duplicate_row",
        }
    }
}

/// The most characters of a cell that a reject quotes.
pub const MAX_QUOTED: usize = 80;

/// A cell in the form that a reject quotes.
pub fn quoted(cell: &str) -> String {
    if cell.chars().nth(MAX_QUOTED).is_none() {
        return cell.to_owned();
    }
    cell.chars().take(MAX_QUOTED - 1).chain(['…']).collect()
}
