use rust_decimal::Decimal as Number;
use serde::Serialize;

use sheet::SheetRow;

use super::super::field::Field;
use super::{Notation, Table};

/// A sum that the file states, compared with the sum of its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// The file as the user named it.
    pub file: String,
    /// 1-based line or row of the stated sum.
    pub row: u64,
    /// Kind of sum: `subtotal`, `total`, `bucket` or `balance`.
    pub what: &'static str,
    /// The debtor, group or invoice that is summed; empty for the whole file.
    pub scope: String,
    /// Header of the column.
    pub column: String,
    /// The sum stated in the file, in major units.
    pub expected: Number,
    /// The sum of its rows.
    pub found: Number,
    /// Found less expected.
    pub difference: Number,
}

/// The most currencies that are summed apart. There are fewer than this, so a column with more
/// texts does not hold currencies.
const MOST_CURRENCIES: usize = 200;

/// The sums of one group, by amount column and currency.
#[derive(Debug, Clone, Default)]
pub struct Sums {
    /// Sums by currency as the rows name it; empty if they name none.
    values: Vec<(String, Vec<Number>)>,
    pub documents: usize,
}

/// The amounts of one row, by amount column.
pub type Amounts = Vec<Option<Number>>;

/// The amounts of a row, in the order of `columns`.
pub fn amounts(row: SheetRow<'_>, columns: &[usize], notation: &Notation) -> Amounts {
    columns.iter().map(|&column| notation.number(row, column)).collect()
}

impl Sums {
    /// Adds a document.
    pub fn add(&mut self, amounts: &Amounts, currency: &str) {
        self.documents += 1;
        let at = self.values.iter().position(|(known, _)| known == currency);
        let at = at.or_else(|| (self.values.len() == MOST_CURRENCIES).then_some(0));
        let at = at.unwrap_or_else(|| {
            self.values.push((currency.to_owned(), vec![Number::ZERO; amounts.len()]));
            self.values.len() - 1
        });
        for (sum, amount) in self.values[at].1.iter_mut().zip(amounts) {
            // A sum beyond the range of decimals agrees with no stated one, which is what it
            // should.
            *sum = sum.checked_add(amount.unwrap_or_default()).unwrap_or(Number::MAX);
        }
    }

    /// The sums of one currency, or of the only one. `None` if there are several and this is none
    /// of them, because currencies are never added.
    fn of(&self, currency: &str) -> Option<&[Number]> {
        match self.values.as_slice() {
            [] => Some(&[]),
            [(_, only)] => Some(only),
            several => {
                several.iter().find(|(known, _)| known == currency).map(|(_, sums)| sums.as_slice())
            }
        }
    }

    /// True if a row states exactly these sums, at least one of them not zero.
    pub fn are(&self, stated: &Amounts, currency: &str) -> bool {
        let Some(sums) = self.of(currency) else { return false };
        let value = |at: usize| sums.get(at).copied().unwrap_or_default();
        let mut stated =
            stated.iter().enumerate().filter_map(|(at, amount)| amount.map(|a| (at, a)));
        let mut any = false;
        self.documents > 0
            && stated.all(|(at, amount)| {
                any |= !amount.is_zero();
                amount == value(at)
            })
            && any
    }

    /// Compares each stated sum with the one found; false if they cannot be compared.
    pub fn compare(&self, stated: &Amounts, of: &Stated<'_>, checks: &mut Vec<Check>) -> bool {
        let Some(sums) = self.of(of.currency) else { return false };
        for (at, expected) in stated.iter().enumerate() {
            let Some(expected) = *expected else { continue };
            let found = sums.get(at).copied().unwrap_or_default();
            checks.push(of.check(of.columns[at], expected, found));
        }
        true
    }
}

/// The place and kind of a row that states sums.
#[derive(Clone, Copy)]
pub struct Stated<'a> {
    pub table: &'a Table<'a>,
    pub file: &'a str,
    pub columns: &'a [usize],
    pub row: u64,
    pub what: &'static str,
    pub scope: &'a str,
    /// Currency of the sums as the row names it.
    pub currency: &'a str,
}

impl Stated<'_> {
    fn check(&self, column: usize, expected: Number, found: Number) -> Check {
        let difference = found.checked_sub(expected).unwrap_or(Number::MAX);
        // Two decimals at least, as money is written.
        let scale = expected.scale().max(found.scale()).max(2);
        let shown = |number: Number| {
            let mut number = number;
            number.rescale(scale);
            number
        };
        Check {
            file: self.file.to_owned(),
            row: self.row,
            what: self.what,
            scope: self.scope.to_owned(),
            column: self.table.columns.header()[column].clone(),
            expected: shown(expected),
            found: shown(found),
            difference: shown(difference),
        }
    }
}

/// A check of a document in which the ageing buckets do not add up to the open balance.
pub fn bucket_checks(
    table: &Table<'_>,
    file: &str,
    index: usize,
    notation: &Notation,
) -> Option<Check> {
    let row = table.sheet.row(index);
    let total =
        table.columns.position(Field::OpenBalance).or(table.columns.position(Field::Amount))?;
    let buckets = table.columns.buckets();
    let expected = notation.number(row, total)?;
    let mut found = Number::ZERO;
    let mut any = false;
    for &bucket in buckets {
        if let Some(amount) = notation.number(row, bucket) {
            found = found.checked_add(amount)?;
            any = true;
        }
    }
    let number = table.columns.position(Field::InvoiceNumber).map_or("", |at| row.text(at));
    let (row, what) = (row.line, "bucket");
    let of = Stated { table, file, columns: &[], row, what, scope: number, currency: "" };
    (any && found != expected).then(|| of.check(total, expected, found))
}
