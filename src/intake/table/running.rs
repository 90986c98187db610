use rust_decimal::Decimal;

use sheet::SheetRow;

use super::super::field::{Field, Strength, field_named};
use super::shape::Shape;
use super::{Notation, Table};

/// Whether the column that would be the open balance runs from row to row: each balance is the one
/// before it and the row's amount. Only a column called no more than a balance can be that.
pub fn has_running_balance(table: &Table<'_>, notation: &Notation) -> bool {
    let columns = &table.columns;
    let Some(balance) = columns.position(Field::OpenBalance) else { return false };
    if field_named(&columns.header()[balance]).is_none_or(|(_, strength)| strength > Strength::Weak)
    {
        return false;
    }
    let amount_at = |row| {
        let of = |field| columns.position(field).and_then(|at| notation.number(row, at));
        let credit = of(Field::Credit).unwrap_or_default().abs();
        let sides = of(Field::Debit).unwrap_or_default().checked_sub(credit);
        of(Field::Amount).or(sides).unwrap_or_default()
    };
    let debtor_at = |row: SheetRow<'_>| {
        let of = |field| columns.position(field).map_or("", |at| row.text(at));
        [of(Field::DebtorId), of(Field::DebtorName)].map(str::to_owned)
    };
    let mut before: Option<(Decimal, [String; 2])> = None;
    let mut carried = 0;
    for index in table.body_rows() {
        let row = table.sheet.row(index);
        if table.shape(index, notation) != Shape::Document {
            continue;
        }
        let (Some(now), amount) = (notation.number(row, balance), amount_at(row)) else {
            return false;
        };
        let debtor = debtor_at(row);
        match &before {
            Some((before, _)) if before.checked_add(amount) == Some(now) && now != amount => {
                carried += 1;
            }
            // A debtor begins with its first amount, or with what it owed before.
            None => {}
            Some((_, other)) if *other != debtor || now == amount => {}
            Some(_) => return false,
        }
        before = Some((now, debtor));
    }
    carried > 0
}
