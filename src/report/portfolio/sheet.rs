//! The parts of a section of the report, in whatever format it is written.

use chrono::NaiveDate;

use basics::{Money, Rate};

use super::super::chart::Chart;

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A text.
    Text(String),
    /// A count.
    Count(i64),
    /// An amount.
    Amount(Money),
    /// A share from 0 to 1, shown in percent.
    Share(f64),
    /// A number with so many decimals.
    Number(f64, usize),
    /// A day.
    Day(NaiveDate),
    /// Not defined for this row.
    None,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Cell {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<Money> for Cell {
    fn from(amount: Money) -> Self {
        Self::Amount(amount)
    }
}

impl From<usize> for Cell {
    fn from(count: usize) -> Self {
        Self::Count(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl From<NaiveDate> for Cell {
    fn from(date: NaiveDate) -> Self {
        Self::Day(date)
    }
}

impl From<Rate> for Cell {
    fn from(rate: Rate) -> Self {
        Self::Share(rate.to_f64())
    }
}

/// A cell of days with one decimal; empty where they are not defined.
pub(super) fn days(days: Option<f64>) -> Cell {
    days.map_or(Cell::None, |days| Cell::Number(days, 1))
}

/// A cell of a share; empty where it is not defined.
pub(super) fn share(share: Option<f64>) -> Cell {
    share.map_or(Cell::None, Cell::Share)
}

/// The choice of a total below a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sum {
    /// No total: the values cannot be added up.
    No,
    /// The sum of the rows above.
    Yes,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name in files.
    pub key: String,
    /// Its heading.
    pub title: String,
    /// The total below it.
    pub sum: Sum,
}

/// A column that is not added up.
pub(super) fn column(key: &str, title: &str) -> Column {
    Column { key: key.to_owned(), title: title.to_owned(), sum: Sum::No }
}

/// A column of amounts or counts that are added up where all rows have one currency.
pub(super) fn summed(key: &str, title: &str) -> Column {
    Column { key: key.to_owned(), title: title.to_owned(), sum: Sum::Yes }
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Its name in files.
    pub key: &'static str,
    /// Its title, with unit and convention.
    pub title: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
}

/// A column, and the function that makes its cell from a row.
pub(super) struct Field<T> {
    column: Column,
    of: fn(&T) -> Cell,
}

/// A field that is not added up.
pub(super) fn field<T>(key: &str, title: &str, of: fn(&T) -> Cell) -> Field<T> {
    Field { column: column(key, title), of }
}

/// A field that is added up.
pub(super) fn total<T>(key: &str, title: &str, of: fn(&T) -> Cell) -> Field<T> {
    Field { column: summed(key, title), of }
}

impl Table {
    /// A table of one row for each of `rows`.
    pub(super) fn of<'a, T: 'a>(
        key: &'static str,
        title: impl Into<String>,
        rows: impl IntoIterator<Item = &'a T>,
        fields: Vec<Field<T>>,
    ) -> Self {
        let cells = |row: &T| fields.iter().map(|field| (field.of)(row)).collect();
        let rows = rows.into_iter().map(cells).collect();
        let columns = fields.into_iter().map(|field| field.column).collect();
        Self { key, title: title.into(), columns, rows }
    }

    /// Returns true if sums make sense: more than one row, and amounts of one currency only.
    pub fn has_sums(&self) -> bool {
        let amounts = self.rows.iter().flatten().filter_map(|cell| match cell {
            Cell::Amount(amount) => Some(amount.currency()),
            _ => None,
        });
        let mut currencies: Vec<_> = amounts.collect();
        currencies.sort_unstable();
        currencies.dedup();
        let summed = self.columns.iter().any(|column| column.sum == Sum::Yes);
        summed && self.rows.len() > 1 && currencies.len() <= 1
    }

    /// The sum of a column; `None` if the column is not added up or the sum is too large.
    pub fn sum(&self, column: usize) -> Option<Cell> {
        if self.columns[column].sum == Sum::No {
            return None;
        }
        let mut sum: Option<Cell> = None;
        for row in &self.rows {
            sum = match (sum, &row[column]) {
                (None, cell @ (Cell::Amount(_) | Cell::Count(_))) => Some(cell.clone()),
                (Some(Cell::Amount(sum)), Cell::Amount(more)) => {
                    Some(Cell::Amount(sum.checked_add(*more).ok()?))
                }
                (Some(Cell::Count(sum)), Cell::Count(more)) => Some(Cell::Count(sum + more)),
                (sum, _) => sum,
            };
        }
        sum
    }
}

/// A section of the report.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Its name in files.
    pub key: &'static str,
    /// Its heading.
    pub title: String,
    /// Notes on what the figures mean and how they are computed.
    pub notes: Vec<String>,
    /// Its charts.
    pub charts: Vec<Chart>,
    /// Its tables.
    pub tables: Vec<Table>,
}
