//! Columns of the frames, made from plain values.

use polars::prelude::{
    Column, DataType, Int32Chunked, IntoColumn, NamedFrom, NewChunkedArray, PlSmallStr,
    PolarsResult, Series, UInt32Chunked,
};

use basics::{Currency, Day};
use intake::MaybeDay;

use super::super::gathered::Gathered;

/// The codes for clients and currencies in the frames.
pub struct Codes {
    /// The currencies in order of their ISO codes; the code is the index.
    pub currencies: Vec<Currency>,
    /// For every debtor (in order of client), the code of its client.
    pub client_of: Vec<u32>,
}

impl Codes {
    pub fn of(gathered: &Gathered) -> Self {
        let mut currencies: Vec<Currency> = Vec::new();
        // A payment may be in a currency in which nothing was invoiced.
        let stated = gathered.loose.iter().map(|reduction| reduction.currency);
        for currency in gathered.rows.iter().map(|row| row.currency).chain(stated) {
            if !currencies.contains(&currency) {
                currencies.push(currency);
            }
        }
        currencies.sort_unstable();
        let mut code = 0;
        let mut last: Option<&str> = None;
        let next = gathered.debtors.iter().map(|debtor| {
            code += u32::from(last.is_some_and(|client| *client != *debtor.client));
            last = Some(&debtor.client);
            code
        });
        Self { client_of: next.collect(), currencies }
    }

    pub fn currency(&self, currency: Currency) -> u32 {
        self.currencies.iter().position(|&c| c == currency).unwrap_or_default() as u32
    }
}

pub fn codes(name: &'static str, values: Vec<u32>) -> Column {
    UInt32Chunked::from_vec(PlSmallStr::from_static(name), values).into_column()
}

/// A column of codes below 65,536.
pub fn small_codes(name: &'static str, values: Vec<u16>) -> Column {
    codes(name, values.into_iter().map(u32::from).collect())
}

pub fn flags(name: &'static str, values: Vec<bool>) -> Column {
    Series::new(PlSmallStr::from_static(name), values).into_column()
}

pub fn days(name: &'static str, days: Vec<Day>) -> PolarsResult<Column> {
    let days = Int32Chunked::from_vec(PlSmallStr::from_static(name), days);
    days.into_column().cast(&DataType::Date)
}

pub fn maybe_days(name: &'static str, days: &[MaybeDay]) -> PolarsResult<Column> {
    let days = days.iter().map(|day| day.day());
    let days = Int32Chunked::from_iter_options(PlSmallStr::from_static(name), days);
    days.into_column().cast(&DataType::Date)
}
