use sheet::{CellKind, SheetRow};

use super::super::field::Columns;
use super::Table;
use super::header::{as_payments, payments_layout, texts};

/// The fewest columns that a further header may name.
const NAMED: usize = 3;

/// The most tables in one sheet.
const MOST: usize = 100;

/// Splits a table at each row that names different columns: the rows below it are a table of their
/// own.
pub fn sections(mut table: Table<'_>) -> Vec<Table<'_>> {
    let mut sections = Vec::new();
    for index in table.body_rows() {
        let row = table.sheet.row(index);
        if sections.len() + 1 == MOST {
            break;
        }
        if !is_wordy(row) || table.repeats_header(row) {
            continue;
        }
        let cells = texts(row);
        let mut layout = table.layout;
        let mut columns = layout.columns_of(&cells);
        if let Some(payments) = as_payments(&columns, &cells) {
            (layout, columns) = (payments_layout(layout), payments);
        }
        if Columns::recognised(&cells).max(columns.taken()) < NAMED.max(table.columns.taken() / 2) {
            continue;
        }
        let below = Table {
            sheet: table.sheet,
            layout,
            // Of the file and not of this table, which may be read by a general layout.
            sub_customers: table.sub_customers,
            columns,
            currency: table.currency,
            assumed: None,
            paid_flag: None,
            start: index,
            header: index,
            head: vec![index],
            body: index + 1,
            end: table.end,
        };
        table.end = index;
        sections.push(std::mem::replace(&mut table, below));
    }
    sections.push(table);
    sections
}

/// True if a row holds several texts without any digit, as headers do and documents do not.
fn is_wordy(row: SheetRow<'_>) -> bool {
    let word = |(_, kind, text): (usize, CellKind, &str)| {
        kind == CellKind::Text && !text.bytes().any(|byte| byte.is_ascii_digit())
    };
    row.len() >= NAMED && row.cells().all(word)
}
