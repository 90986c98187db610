//! The cells of one row by field, each read as a day or an amount, or as the fault that names it.

use basics::{Currency, Day};

use super::cell;
use super::field::Field;
use super::notation::{AmountFault, Decimal, canonical_amount};
use super::reduction_kind::ReductionKind;
use super::reject::{RejectCode, quoted};

/// The cells of one row by field, trimmed; a missing column reads as an empty cell.
pub trait Cells {
    /// The cell of `field`.
    fn cell(&self, field: Field) -> &str;

    /// True if the amount of `field` is in minor units, false if in major units.
    fn is_minor(&self, _field: Field) -> bool {
        false
    }

    /// The fault already found in the cell of `field`, if there is one.
    fn fault(&self, _field: Field) -> Option<RowFault> {
        None
    }

    /// Kind of reduction, if the row is not an invoice.
    fn settles(&self) -> Option<ReductionKind> {
        None
    }

    /// True if the paid amount is only the difference between amount and balance.
    fn paid_is_implied(&self) -> bool {
        false
    }

    /// True if someone other than the client is to be paid.
    fn already_assigned(&self) -> bool {
        false
    }
}

/// The first fault of a row.
#[derive(Debug, Clone)]
pub struct RowFault {
    pub code: RejectCode,
    pub field: Option<Field>,
    /// Header of the column at fault, if it is not the column of the field.
    pub column: Option<String>,
    pub value: String,
    pub message: String,
}

pub fn day(row: &impl Cells, field: Field) -> Result<Option<Day>, RowFault> {
    if let Some(fault) = row.fault(field) {
        return Err(fault);
    }
    let cell = row.cell(field);
    if cell.is_empty() {
        return Ok(None);
    }
    cell::day(cell).map(Some).map_err(|code| {
        let code = if code == RejectCode::BadDate { kind_of_bad(cell, code) } else { code };
        let message = match code {
            RejectCode::Formula => FORMULA,
            RejectCode::ErrorValue => ERROR_VALUE,
            RejectCode::DateOutOfRange => "expected a date from 1970-01-01 to 2200-12-31",
            _ => "expected a valid date in the form YYYY-MM-DD",
        };
        fault(row, code, field, message)
    })
}

pub fn amount(row: &impl Cells, field: Field, currency: Currency) -> Result<Option<i64>, RowFault> {
    if let Some(fault) = row.fault(field) {
        return Err(fault);
    }
    let cell = row.cell(field);
    if cell.is_empty() {
        return Ok(None);
    }
    // The plain notation first: nearly every cell is in it, and trying others allocates.
    let read = minor_units(row, field, currency).or_else(|code| match only_reading(cell) {
        Some(text) if code == RejectCode::BadAmount && !row.is_minor(field) => {
            cell::minor_units(&text, currency)
        }
        _ => Err(code),
    });
    read.map(Some).map_err(|code| {
        let code = if code == RejectCode::BadAmount { kind_of_bad(cell, code) } else { code };
        let message = match code {
            RejectCode::Formula => FORMULA.to_owned(),
            RejectCode::ErrorValue => ERROR_VALUE.to_owned(),
            RejectCode::NotANumber => NOT_A_NUMBER.to_owned(),
            RejectCode::TooPrecise | RejectCode::BadAmount if row.is_minor(field) => {
                WHOLE_MINOR.to_owned()
            }
            RejectCode::TooPrecise => {
                format!("{currency} has {} decimal places; the amount has more", currency.digits())
            }
            RejectCode::AmountOutOfRange => {
                "the amount is too large to store (beyond 64 bits of minor units)".to_owned()
            }
            _ => "expected a number such as 1234.56 or 1,234.56".to_owned(),
        };
        fault(row, code, field, &message)
    })
}

/// The amount of `field` in minor units, whether its column holds major or minor units.
pub fn minor_units(row: &impl Cells, field: Field, currency: Currency) -> Result<i64, RejectCode> {
    let cell = row.cell(field);
    if row.is_minor(field) { cell::whole(cell) } else { cell::minor_units(cell, currency) }
}

pub const WHOLE_MINOR: &str = "expected a whole number of minor units such as 123456";
pub const FORMULA: &str = "expected a value but found a formula; formulas are not calculated";
pub const ERROR_VALUE: &str = "the cell contains a spreadsheet error instead of a value";
pub const NOT_A_NUMBER: &str = "expected an amount but found infinity or NaN (not a number)";

/// An amount in another notation that can be read in only one way, whatever the decimal mark of its
/// file: `(200.00)`, `200.00-`.
fn only_reading(cell: &str) -> Option<String> {
    let point =
        // A currency beside the amount is compared with the row's only in the general reading.
        canonical_amount(cell, Decimal::Point).ok().filter(|read| read.currency.is_none())?;
    let text = point.signed().into_owned();
    let comma = canonical_amount(cell, Decimal::Comma).ok();
    comma.is_none_or(|comma| comma.signed() == text).then_some(text)
}

/// A more specific code for a cell that is neither a date nor an amount.
fn kind_of_bad(cell: &str, otherwise: RejectCode) -> RejectCode {
    match canonical_amount(cell, Decimal::Point) {
        Err(AmountFault::Formula) => RejectCode::Formula,
        Err(AmountFault::Error) => RejectCode::ErrorValue,
        Err(AmountFault::NotANumber) if otherwise == RejectCode::BadAmount => {
            RejectCode::NotANumber
        }
        _ => otherwise,
    }
}

pub fn fault(row: &impl Cells, code: RejectCode, field: Field, message: &str) -> RowFault {
    let value = quoted(row.cell(field));
    RowFault { code, field: Some(field), column: None, value, message: message.to_owned() }
}
