//! One row of the plain layout: cells to a checked row, or the first fault in the order of [`RejectCode`].

use crate::basics::{Currency, Day};

use super::field::{Columns, Field};
use super::reject::quoted;
use super::{IngestOptions, RejectCode, SettlementKind, cell};

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

/// A reduction that the row itself states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Reduction {
    pub kind: SettlementKind,
    /// `None`: the row gives no date.
    pub date: Option<Day>,
    /// Minor units, positive.
    pub amount: i64,
    /// Beyond what was open: cash of the debtor that no invoice has used.
    pub unapplied: bool,
}

/// A row that passed every check. Strings borrow from the file's cells.
#[derive(Debug)]
pub(super) struct CheckedRow<'a> {
    pub client: &'a str,
    pub debtor_id: &'a str,
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
    /// Payment, credit, write-off and overpayment; those that the row has.
    pub reductions: Reductions,
}

/// The reductions of one row.
pub(super) type Reductions = [Option<Reduction>; 4];

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
            debtor_name: if name.is_empty() { debtor_id } else { name },
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

/// The payment, credit and write-off of a row, and what was paid beyond the open balance.
///
/// A payment without an amount pays everything open on its day: the face less credits and write-offs dated by
/// then or undated. On a credit note (`face` < 0) a paid date says when it was used up.
fn reductions(row: &impl Cells, currency: Currency, face: i64) -> Result<Reductions, RowFault> {
    let credit = reduction(row, SettlementKind::CreditNote, currency)?;
    let write_off = reduction(row, SettlementKind::WriteOff, currency)?;
    let cut = |r: Option<Reduction>| r.map_or(0, |r| i128::from(r.amount));
    let magnitude = i128::from(face).abs();
    if cut(credit) + cut(write_off) > if face > 0 { magnitude } else { 0 } {
        let field = if credit.is_some() { Field::CreditedAmount } else { Field::WrittenOffAmount };
        let message = "credits and write-offs together exceed the amount of the invoice";
        return Err(fault(row, RejectCode::ReductionsExceedFace, field, message));
    }
    let date = day(row, Field::PaidDate)?;
    let paid = reduction_on(row, SettlementKind::Payment, currency, date)?;
    let known_by_payment = |r: Option<Reduction>| {
        cut(r.filter(|r| r.date.is_none() || date.is_none() || r.date <= date))
    };
    let open_then = magnitude - known_by_payment(credit) - known_by_payment(write_off);
    let most = magnitude - cut(credit) - cut(write_off);
    let payment = match (paid, date) {
        (None, None) => return Ok([None, credit, write_off, None]),
        (Some(paid), _) => paid,
        (None, Some(_)) => {
            let amount = i64::try_from(open_then).unwrap_or(i64::MAX);
            Reduction { kind: SettlementKind::Payment, date, amount, unapplied: false }
        }
    };
    let applied = i128::from(payment.amount).min(most.max(0));
    let over = i128::from(payment.amount) - applied;
    // Both parts are at most the payment, which is an i64.
    let narrow = |value: i128| i64::try_from(value).unwrap_or(i64::MAX);
    let applied = Reduction { amount: narrow(applied), ..payment };
    let over = Reduction { amount: narrow(over), unapplied: true, ..payment };
    let some = |reduction: Reduction| Some(reduction).filter(|r| r.amount > 0);
    Ok([some(applied), credit, write_off, some(over)])
}

/// The reduction of one kind that the row's own cells state: a positive amount, with or without its date.
fn reduction(
    row: &impl Cells,
    kind: SettlementKind,
    currency: Currency,
) -> Result<Option<Reduction>, RowFault> {
    let date = match kind {
        SettlementKind::Payment => day(row, Field::PaidDate)?,
        SettlementKind::CreditNote => day(row, Field::CreditedDate)?,
        SettlementKind::WriteOff => day(row, Field::WrittenOffDate)?,
    };
    reduction_on(row, kind, currency, date)
}

fn reduction_on(
    row: &impl Cells,
    kind: SettlementKind,
    currency: Currency,
    date: Option<Day>,
) -> Result<Option<Reduction>, RowFault> {
    let amount_field = match kind {
        SettlementKind::Payment => Field::PaidAmount,
        SettlementKind::CreditNote => Field::CreditedAmount,
        SettlementKind::WriteOff => Field::WrittenOffAmount,
    };
    match amount(row, amount_field, currency)? {
        Some(stated) if stated < 0 => {
            let message = "expected a positive amount; a reversal needs a row of its own";
            Err(fault(row, RejectCode::NegativeSettlement, amount_field, message))
        }
        // A paid amount of zero beside a paid date contradicts itself; the stated amount counts.
        stated => Ok(stated
            .filter(|&s| s > 0 || kind == SettlementKind::Payment)
            .map(|amount| Reduction { kind, date, amount, unapplied: false })),
    }
}

fn day(row: &impl Cells, field: Field) -> Result<Option<Day>, RowFault> {
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

fn amount(row: &impl Cells, field: Field, currency: Currency) -> Result<Option<i64>, RowFault> {
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

fn fault(row: &impl Cells, code: RejectCode, field: Field, message: &str) -> RowFault {
    let value = quoted(row.cell(field));
    RowFault { code, field: Some(field), value, message: message.to_owned() }
}
