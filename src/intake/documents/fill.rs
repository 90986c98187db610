use rust_decimal::Decimal;

use basics::Currency;
use sheet::{CellKind, SheetRow};

use super::super::field::{Field, field_named};
use super::super::notation::{AmountFault, DateFault, is_unknown_day};
use super::super::reject::{RejectCode, quoted};
use super::super::row_cells::{Cells, ERROR_VALUE, FORMULA, NOT_A_NUMBER, RowFault, WHOLE_MINOR};
use super::super::table::{Names, Notation, Table};
use super::{DocumentCells, currency};

/// Facts about a document from the rows above it.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    /// The debtor, and the job, that the groups around it name.
    pub group: &'a Names,
    /// The row above that names its debtor, if the table omits repeated debtors.
    pub above: Option<SheetRow<'a>>,
    /// The currency of the group to which it belongs.
    pub currency: Option<Currency>,
}

/// Copies the cells of a row, converted to the notation of the plain layout.
pub fn fill(
    table: &Table<'_>,
    row: SheetRow<'_>,
    notation: &Notation,
    around: Around<'_>,
    cells: &mut DocumentCells,
) {
    cells.clear(row.line);
    for field in Field::all() {
        let Some(column) = table.columns.position(field) else { continue };
        if field.is_date() {
            fill_date(row, column, field, notation, cells);
        } else if field.is_amount() {
            // Below: a currency sign beside an amount is compared with the currency of the row.
        } else if row.kind(column) == Some(CellKind::Error) {
            let text = row.text(column);
            cells.set_fault(field, fault(field, RejectCode::ErrorValue, text));
        } else {
            cells.set(field, row.text(column));
        }
    }
    take_tracking(table, row, cells);
    // Before the amounts: the signs beside them are compared with the code.
    spell_out_currency(cells);
    for field in Field::all().filter(|field| field.is_amount()) {
        if let Some(column) = table.columns.position(field) {
            fill_amount(row, (column, field), notation, cells);
        }
    }
    // The currency of the row outranks that of its group, and this the one of the table.
    let of_group = cells_are_empty(cells, &[Field::Currency]).then_some(around.currency).flatten();
    if let Some(currency) =
        of_group.or(table.currency).filter(|_| cells_are_empty(cells, &[Field::Currency]))
    {
        cells.set(Field::Currency, currency.code());
    }
    if let Some(above) = around.above {
        for field in [Field::DebtorId, Field::DebtorName] {
            cells.set(field, table.columns.position(field).map_or("", |at| above.text(at)));
        }
        if let Some(parent) = table.columns.position(Field::ParentDebtor)
            && cells_are_empty(cells, &[Field::ParentDebtor])
        {
            cells.set(Field::ParentDebtor, above.text(parent));
        }
    }
    if cells_are_empty(cells, &[Field::DebtorId, Field::DebtorName]) {
        // Payables are read as well, so that they are told; their other party is the supplier.
        let supplier = cells.cell(Field::Supplier).to_owned();
        let Names { debtor, job } = around.group;
        cells.set(Field::DebtorName, if supplier.is_empty() { debtor } else { &supplier });
        if cells_are_empty(cells, &[Field::Job]) {
            cells.set(Field::Job, job);
        }
    }
    fill_from_buckets(table, row, notation, cells);
    take_minor_units(table, cells);
}

/// Takes the option of a category that is called like a column of parents or jobs.
fn take_tracking(table: &Table<'_>, row: SheetRow<'_>, cells: &mut DocumentCells) {
    for &[category, option] in table.columns.tracking() {
        if let Some((field @ (Field::ParentDebtor | Field::Job), _)) =
            field_named(row.text(category))
            && cells_are_empty(cells, &[field])
        {
            cells.set(field, row.text(option));
        }
    }
}

/// Converts amounts in minor units to major units, by the digits of the row's currency.
fn take_minor_units(table: &Table<'_>, cells: &mut DocumentCells) {
    let code = cells.cell(Field::Currency);
    let stated = if code.is_empty() { table.assumed } else { code.parse().ok() };
    for field in Field::all().filter(|&field| field.is_amount() && table.columns.is_minor(field)) {
        if cells.cell(field).is_empty() || cells.is_faulty(field) {
            continue;
        }
        // A row with an unknown currency becomes a reject for that reason.
        let Some(currency) = stated else { continue };
        if let Some(major) = cells.number(field).and_then(|minor| of_minor(minor, currency)) {
            cells.set_number(field, major);
        } else {
            let mut fault = fault(field, RejectCode::BadAmount, cells.cell(field));
            WHOLE_MINOR.clone_into(&mut fault.message);
            cells.set_fault(field, fault);
        }
    }
}

/// Major units of a whole number of minor units.
fn of_minor(minor: Decimal, currency: Currency) -> Option<Decimal> {
    // `123456.00` is a whole number too.
    let mut number = minor.normalize();
    let whole = number.scale() == 0 && number.set_scale(currency.digits()).is_ok();
    whole.then_some(number)
}

pub fn cells_are_empty(cells: &DocumentCells, fields: &[Field]) -> bool {
    fields.iter().all(|&field| cells.cell(field).is_empty())
}

fn fill_date(
    row: SheetRow<'_>,
    column: usize,
    field: Field,
    notation: &Notation,
    cells: &mut DocumentCells,
) {
    match notation.date(row, column) {
        Ok(None) => {}
        Ok(Some(date)) => cells.set(field, &date.format("%Y-%m-%d").to_string()),
        // Read as unknown, and counted, with the rest of the row.
        Err(_) if field == Field::DeliveryDate && is_unknown_day(row.text(column)) => {
            cells.set(field, row.text(column));
        }
        Err(found) => {
            let text = row.text(column);
            cells.set(field, text);
            let code = match found {
                DateFault::OutOfRange => RejectCode::DateOutOfRange,
                DateFault::Formula if row.kind(column) == Some(CellKind::Formula) => {
                    RejectCode::FormulaWithoutValue
                }
                DateFault::Formula => RejectCode::Formula,
                _ if row.kind(column) == Some(CellKind::Error) => RejectCode::ErrorValue,
                _ => RejectCode::BadDate,
            };
            cells.set_fault(field, fault(field, code, text));
        }
    }
}

fn fill_amount(
    row: SheetRow<'_>,
    (column, field): (usize, Field),
    notation: &Notation,
    cells: &mut DocumentCells,
) {
    match notation.amount(row, column) {
        Ok(None) => {
            // Accountants write zero as a dash.
            if row.kind(column).is_some() {
                cells.set(field, "0");
            }
        }
        Ok(Some(amount)) => {
            cells.set(field, &amount.signed());
            if let Some(sign) = amount.currency {
                take_currency(field, row.text(column), sign, cells);
            }
        }
        Err(found) => {
            let text = row.text(column);
            cells.set(field, text);
            let shown = match row.kind(column) {
                Some(CellKind::Formula) => format!("={text}"),
                _ => text.to_owned(),
            };
            let code = match found {
                AmountFault::NotANumber => RejectCode::NotANumber,
                AmountFault::Error => RejectCode::ErrorValue,
                AmountFault::Formula if row.kind(column) == Some(CellKind::Formula) => {
                    RejectCode::FormulaWithoutValue
                }
                AmountFault::Formula => RejectCode::Formula,
                _ => RejectCode::BadAmount,
            };
            cells.set_fault(field, fault(field, code, &shown));
        }
    }
}

/// Takes the currency beside an amount as that of the row; a fault if the row names another one.
fn take_currency(field: Field, amount: &str, sign: &str, cells: &mut DocumentCells) {
    let stated = cells.cell(Field::Currency);
    let named = currency::named(sign);
    let agrees = named.map_or(currency::may_be(sign, stated), |named| named.code() == stated);
    match named {
        Some(named) if stated.is_empty() => cells.set(Field::Currency, named.code()),
        _ if agrees || stated.is_empty() => {}
        _ => {
            let mut contradiction = fault(field, RejectCode::BadCurrency, amount);
            contradiction.message = format!("the row is in {stated} but the amount is in {sign}");
            cells.set_fault(field, contradiction);
        }
    }
}

/// Replaces a currency that the row names by a sign or word with its code.
fn spell_out_currency(cells: &mut DocumentCells) {
    let stated = cells.cell(Field::Currency);
    if !stated.is_empty()
        && let Some(currency) = currency::named(stated)
    {
        cells.set(Field::Currency, currency.code());
    }
}

/// Sets the open balance to the sum of the ageing buckets, if no column holds it.
fn fill_from_buckets(
    table: &Table<'_>,
    row: SheetRow<'_>,
    notation: &Notation,
    cells: &mut DocumentCells,
) {
    let balance = [Field::Amount, Field::OpenBalance, Field::Debit, Field::Credit];
    if balance.iter().any(|&field| table.columns.position(field).is_some()) {
        return;
    }
    let mut sum = Decimal::ZERO;
    let mut any = false;
    for &column in table.columns.buckets() {
        match notation.amount(row, column) {
            Ok(Some(amount)) => {
                let number = amount.number().unwrap_or_default();
                // Beyond every amount, so that the row becomes a reject.
                sum = sum.checked_add(number).unwrap_or(Decimal::MAX);
                any = true;
            }
            Ok(None) => {}
            Err(_) => {
                let text = row.text(column);
                let mut fault = fault(Field::OpenBalance, RejectCode::BadAmount, text);
                fault.column = Some(table.columns.header()[column].clone());
                cells.set_fault(Field::OpenBalance, fault);
            }
        }
    }
    if any {
        cells.set_number(Field::OpenBalance, sum);
    }
}

fn fault(field: Field, code: RejectCode, value: &str) -> RowFault {
    let message = match code {
        RejectCode::DateOutOfRange => "expected a date from 1970-01-01 to 2200-12-31",
        RejectCode::BadDate => "expected a valid date in this file's date format",
        RejectCode::Formula => FORMULA,
        RejectCode::FormulaWithoutValue => {
            "the workbook has no saved value for this formula; recalculate and save it"
        }
        RejectCode::ErrorValue => ERROR_VALUE,
        RejectCode::NotANumber => NOT_A_NUMBER,
        _ => "expected an amount in this file's number format",
    };
    RowFault {
        code,
        field: Some(field),
        column: None,
        value: quoted(value),
        message: message.to_owned(),
    }
}
