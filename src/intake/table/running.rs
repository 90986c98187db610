use rust_decimal::Decimal;

use sheet::SheetRow;

use super::super::field::{Field, Strength, field_named};
use super::shape::Shape;
use super::{Notation, Table};

/// True if the open balance column is in fact a running balance: each balance is the one before it
/// plus the row's amount. Only a column called just "balance" is tested; a clearer name is
/// believed.
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
        // A running balance stands in every row.
        let (Some(now), amount) = (notation.number(row, balance), amount_at(row)) else {
            return false;
        };
        let debtor = debtor_at(row);
        match &before {
            Some((before, _)) if before.checked_add(amount) == Some(now) && now != amount => {
                carried += 1;
            }
            // A debtor starts with its first amount, or with its balance brought forward.
            None => {}
            Some((_, other)) if *other != debtor || now == amount => {}
            Some(_) => return false,
        }
        before = Some((now, debtor));
    }
    carried > 0
}
