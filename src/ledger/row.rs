//! One row of the plain layout: cells to a checked row, or the first fault in the order of
//! [`RejectCode`].

use crate::basics::{Currency, Day};

use super::field::{Columns, Field};
use super::reductions::{Reductions, reductions};
use super::reject::quoted;
use super::{IngestOptions, RejectCode, cell};

/// The cells of one row by field; an absent column reads as an empty cell. Cells come trimmed.
pub(super) trait Cells {
    /// The cell of `field`.
    fn cell(&self, field: Field) -> &str;
}

/// The first thing wrong with a row.
#[derive(Debug)]
pub(super) struct RowFault {
    pub code: RejectCode,
    pub field: Option<Field>,
    pub value: String,
    pub message: String,
}

/// A row that passed every check. Strings borrow from the file's cells.
#[derive(Debug)]
pub(super) struct CheckedRow<'a> {
    pub client: &'a str,
    pub debtor_id: &'a str,
    /// Empty when the row names none.
    pub debtor_name: &'a str,
    pub country: &'a str,
    pub number: &'a str,
    pub po_number: &'a str,
    pub issue: Day,
    pub due: Day,
    pub currency: Currency,
    /// Minor units; negative for a credit note.
    pub face: i64,
    pub disputed: Option<bool>,
    pub disputed_date: Option<Day>,
    pub assumed: Assumed,
    /// Those that the row has, in order of their dates.
    pub reductions: Reductions,
}

/// What the row did not say.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Assumed {
    pub issue: bool,
    pub due: bool,
    pub currency: bool,
}

/// Checks rows of one file; remembers the currency codes it has seen.
pub(super) struct RowChecker<'a> {
    columns: &'a Columns,
    options: &'a IngestOptions,
    seen: Vec<(String, Currency)>,
}

impl<'a> RowChecker<'a> {
    pub fn new(columns: &'a Columns, options: &'a IngestOptions) -> Self {
        Self { columns, options, seen: Vec::new() }
    }

    /// Checks one row.
    pub fn check<'c>(&mut self, row: &'c impl Cells) -> Result<CheckedRow<'c>, RowFault> {
        let number = row.cell(Field::InvoiceNumber);
        if number.is_empty() {
            return Err(missing(RejectCode::MissingInvoiceNumber, Field::InvoiceNumber));
        }
        let (id, name) = (row.cell(Field::DebtorId), row.cell(Field::DebtorName));
        let debtor_id = if id.is_empty() { name } else { id };
        if debtor_id.is_empty() {
            return Err(missing(RejectCode::MissingDebtor, Field::DebtorId));
        }
        let dates = self.dates(row)?;
        let (currency, currency_assumed) = self.currency(row)?;
        let face = amount(row, Field::Amount, currency)?
            .ok_or_else(|| missing(RejectCode::MissingAmount, Field::Amount))?;
        if face == 0 {
            let message = "an amount of zero is neither an invoice nor a credit note";
            return Err(fault(row, RejectCode::ZeroAmount, Field::Amount, message));
        }
        let reductions = reductions(row, currency, face)?;
        let (disputed, disputed_date) = self.dispute(row)?;
        Ok(CheckedRow {
            client: row.cell(Field::ClientId),
            debtor_id,
            debtor_name: name,
            country: row.cell(Field::Country),
            number,
            po_number: row.cell(Field::PoNumber),
            issue: dates.issue,
            due: dates.due,
            currency,
            face,
            disputed,
            disputed_date,
            assumed: Assumed { currency: currency_assumed, ..dates.assumed },
            reductions,
        })
    }

    fn dates(&self, row: &impl Cells) -> Result<Dates, RowFault> {
        let terms = i32::from(self.options.assumed_terms_days);
        let (issue, due) = (day(row, Field::InvoiceDate)?, day(row, Field::DueDate)?);
        let assumed = Assumed { issue: issue.is_none(), due: due.is_none(), currency: false };
        let (issue, due) = match (issue, due) {
            (Some(issue), Some(due)) => (issue, due),
            (Some(issue), None) => (issue, issue + terms),
            (None, Some(due)) => (due - terms, due),
            (None, None) => return Err(missing(RejectCode::MissingDate, Field::InvoiceDate)),
        };
        Ok(Dates { issue, due, assumed })
    }

    fn currency(&mut self, row: &impl Cells) -> Result<(Currency, bool), RowFault> {
        let code = row.cell(Field::Currency);
        if code.is_empty() {
            return Ok((self.options.currency, true));
        }
        if let Some((_, currency)) = self.seen.iter().find(|(text, _)| text == code) {
            return Ok((*currency, false));
        }
        let currency: Currency = code.parse().map_err(|_| {
            fault(
                row,
                RejectCode::BadCurrency,
                Field::Currency,
                "expected an ISO 4217 code such as USD",
            )
        })?;
        self.seen.push((code.to_owned(), currency));
        Ok((currency, false))
    }

    fn dispute(&self, row: &impl Cells) -> Result<(Option<bool>, Option<Day>), RowFault> {
        let date = day(row, Field::DisputedDate)?;
        let cell = row.cell(Field::Disputed);
        if cell.is_empty() {
            let stated = self.columns.position(Field::Disputed).is_some()
                || self.columns.position(Field::DisputedDate).is_some();
            return Ok((stated.then_some(date.is_some()), date));
        }
        match cell::flag(cell) {
            Ok(disputed) => Ok((Some(disputed), date.filter(|_| disputed))),
            Err(code) => {
                Err(fault(row, code, Field::Disputed, "expected yes or no, true or false, 1 or 0"))
            }
        }
    }
}

struct Dates {
    issue: Day,
    due: Day,
    assumed: Assumed,
}

pub(super) fn day(row: &impl Cells, field: Field) -> Result<Option<Day>, RowFault> {
    let cell = row.cell(field);
    if cell.is_empty() {
        return Ok(None);
    }
    cell::day(cell).map(Some).map_err(|code| {
        let message = match code {
            RejectCode::DateOutOfRange => "expected a date from 1970-01-01 to 2200-12-31",
            _ => "expected a real date in the form YYYY-MM-DD",
        };
        fault(row, code, field, message)
    })
}

pub(super) fn amount(
    row: &impl Cells,
    field: Field,
    currency: Currency,
) -> Result<Option<i64>, RowFault> {
    let cell = row.cell(field);
    if cell.is_empty() {
        return Ok(None);
    }
    cell::minor_units(cell, currency).map(Some).map_err(|code| {
        let message = match code {
            RejectCode::TooPrecise => {
                format!("{currency} has {} decimals, the amount has more", currency.digits())
            }
            RejectCode::AmountOutOfRange => {
                "the amount is beyond 64 bits of minor units".to_owned()
            }
            _ => "expected a number such as 1234.56 or 1,234.56".to_owned(),
        };
        fault(row, code, field, &message)
    })
}

fn missing(code: RejectCode, field: Field) -> RowFault {
    let message = match code {
        RejectCode::MissingDebtor => "neither a debtor id nor a debtor name".to_owned(),
        RejectCode::MissingDate => "neither an invoice date nor a due date".to_owned(),
        _ => format!("{field} is empty"),
    };
    RowFault { code, field: Some(field), value: String::new(), message }
}

pub(super) fn fault(row: &impl Cells, code: RejectCode, field: Field, message: &str) -> RowFault {
    let value = quoted(row.cell(field));
    RowFault { code, field: Some(field), value, message: message.to_owned() }
}
