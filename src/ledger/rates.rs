//! Conversion rates from a file of the user. Without one, currencies are never added.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;

use basics::{Currency, Money, MoneyError, Rounding};
use intake::{bare, read_text};
use sheet::{FileError, Sheet, SheetRow};

use super::error::LedgerError;

/// One rate: `rate` units of `to` for one unit of `from`, on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ConversionRate {
    /// The source currency.
    pub from: Currency,
    /// The target currency.
    pub to: Currency,
    /// Units of `to` for one unit of `from`.
    pub rate: Decimal,
    /// The day of the rate.
    pub date: NaiveDate,
}

/// The rates of a file, all to one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversionRates {
    to: Currency,
    rates: Vec<ConversionRate>,
}

/// Sums over several currencies, with the rates used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Converted {
    /// The currency of the sums.
    pub currency: Currency,
    /// Open balance of all invoices.
    pub open_balance: Money,
    /// Open balance less unapplied credits and cash.
    pub net_balance: Money,
    /// The rates used, one per currency converted.
    pub rates: Vec<ConversionRate>,
}

impl ConversionRates {
    /// Reads a file with the columns `from`, `to`, `rate` and `date`.
    ///
    /// # Errors
    /// If the file cannot be read, or with [`LedgerError::Rates`] if it lacks a column, has a cell
    /// of the wrong form or converts to several currencies; the message names line, column and
    /// value.
    pub fn read(path: &Path) -> Result<Self, LedgerError> {
        let file = path.display().to_string();
        let bytes =
            std::fs::read(path).map_err(|source| FileError::Io { file: file.clone(), source })?;
        let sheet = read_text(&file, &bytes)?.sheet;
        Self::of_sheet(&sheet).map_err(|message| LedgerError::Rates { file, message })
    }

    fn of_sheet(sheet: &Sheet) -> Result<Self, String> {
        let mut rows = sheet.rows().filter(|row| !row.is_empty());
        let header = rows.next().ok_or("is empty; expected the columns from, to, rate, date")?;
        let column = |name: &str| {
            let named = header.cells().find(|(.., text)| bare(text) == name);
            let lacks =
                || format!("has no '{name}' column; expected the columns from, to, rate, date");
            named.map(|(at, ..)| at).ok_or_else(lacks)
        };
        let columns = [column("from")?, column("to")?, column("rate")?, column("date")?];
        let rates: Vec<ConversionRate> =
            rows.map(|row| rate(row, columns)).collect::<Result<_, String>>()?;
        let to = rates.first().ok_or("contains no rates")?.to;
        if let Some(other) = rates.iter().find(|rate| rate.to != to) {
            let other = other.to;
            return Err(format!("converts to both {to} and {other}; expected one target currency"));
        }
        Ok(Self { to, rates })
    }

    /// The currency of the rates.
    pub fn to(&self) -> Currency {
        self.to
    }

    /// Units of [`Self::to`] for one unit of a currency, at the latest rate up to `as_of`.
    ///
    /// # Errors
    /// If the currency has no rate by then ([`LedgerError::NoRate`]).
    pub fn rate(&self, from: Currency, as_of: NaiveDate) -> Result<Decimal, LedgerError> {
        if from == self.to {
            return Ok(Decimal::ONE);
        }
        let known = self.rates.iter().filter(|rate| rate.from == from && rate.date <= as_of);
        let latest = known.max_by_key(|rate| rate.date).map(|rate| rate.rate);
        latest.ok_or(LedgerError::NoRate { from, to: self.to, as_of })
    }

    /// Sums the balances of several currencies in the currency of the file, at the latest rates by
    /// `as_of`. Each balance is rounded half up before they are added.
    ///
    /// # Errors
    /// If a currency has no rate by then ([`LedgerError::NoRate`]), or if a sum exceeds 64 bits.
    pub fn convert(
        &self,
        open: &BTreeMap<Currency, Money>,
        net: &BTreeMap<Currency, Money>,
        as_of: NaiveDate,
    ) -> Result<Converted, LedgerError> {
        let mut used = Vec::new();
        for &from in open.keys().filter(|&&from| from != self.to) {
            let known = self.rates.iter().filter(|rate| rate.from == from && rate.date <= as_of);
            let latest = known.max_by_key(|rate| rate.date);
            used.push(*latest.ok_or(LedgerError::NoRate { from, to: self.to, as_of })?);
        }
        let sum = |balances: &BTreeMap<Currency, Money>| {
            balances.values().try_fold(Money::zero(self.to), |sum, &balance| {
                sum.checked_add(self.converted(balance, &used)?)
            })
        };
        let (open_balance, net_balance) = (sum(open)?, sum(net)?);
        Ok(Converted { currency: self.to, open_balance, net_balance, rates: used })
    }

    fn converted(&self, balance: Money, used: &[ConversionRate]) -> Result<Money, MoneyError> {
        let Some(rate) = used.iter().find(|rate| rate.from == balance.currency()) else {
            // It is in the target currency: every other one has its rate by now.
            return Ok(balance);
        };
        let product = balance.to_decimal().checked_mul(rate.rate);
        let beyond =
            || MoneyError::OutOfRange { value: balance.to_string(), currency: balance.currency() };
        Money::round(product.ok_or_else(beyond)?, self.to, Rounding::HalfUp)
    }
}

fn rate(row: SheetRow<'_>, [from, to, rate, date]: [usize; 4]) -> Result<ConversionRate, String> {
    let wrong = |column: &str, at: usize, expected: &str| {
        format!("line {}, {column}: expected {expected}, found '{}'", row.line, row.text(at))
    };
    let currency = |column: &str, at: usize| -> Result<Currency, String> {
        row.text(at).parse().map_err(|_| wrong(column, at, "an ISO 4217 code such as USD"))
    };
    let positive = row.text(rate).parse().ok().filter(|rate: &Decimal| *rate > Decimal::ZERO);
    Ok(ConversionRate {
        from: currency("from", from)?,
        to: currency("to", to)?,
        rate: positive.ok_or_else(|| wrong("rate", rate, "a positive number such as 1.0825"))?,
        date: row.text(date).parse().map_err(|_| wrong("date", date, "YYYY-MM-DD"))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates(text: &str) -> Result<ConversionRates, String> {
        ConversionRates::of_sheet(&read_text("r.csv", text.as_bytes()).expect("text").sheet)
    }

    fn balances(amounts: &[(&str, i64)]) -> BTreeMap<Currency, Money> {
        let money = |&(code, minor): &(&str, i64)| {
            let currency: Currency = code.parse().expect("listed");
            (currency, Money::from_minor(minor, currency))
        };
        amounts.iter().map(money).collect()
    }

    const TWO_DAYS: &str = "from,to,rate,date\nEUR,USD,1.10,2026-06-01\nEUR,USD,1.20,2026-06-30\n\
                            JPY,USD,0.0064,2026-06-01\n";

    #[test]
    fn the_latest_rate_by_the_day_is_taken_and_each_currency_rounded() {
        let rates = rates(TWO_DAYS).expect("rates");
        let open = balances(&[("EUR", 10_001), ("JPY", 1_001), ("USD", 500)]);
        let on = |day: &str| {
            let converted = rates.convert(&open, &open, day.parse().expect("a date"));
            converted.map(|sums| sums.open_balance.to_string()).map_err(|e| e.to_string())
        };
        // 100.01 x 1.10 = 110.011; 1001 x 0.0064 = 6.4064; with 5.00 that is 121.42.
        assert_eq!(on("2026-06-29").as_deref(), Ok("121.42"));
        // 100.01 x 1.20 = 120.012.
        assert_eq!(on("2026-06-30").as_deref(), Ok("131.42"));
        let none = on("2026-05-31").expect_err("no rate yet");
        assert_eq!(none, "no conversion rate from EUR to USD on or before 2026-05-31");
    }

    #[test]
    fn a_wrong_cell_is_named_with_its_line() {
        for (text, error) in [
            ("from,to,rate\n", "has no 'date' column"),
            ("from,to,rate,date\n", "contains no rates"),
            ("from,to,rate,date\nEUR,USD,0,2026-06-01\n", "line 2, rate: expected a positive"),
            ("from,to,rate,date\nEUR,US,1,2026-06-01\n", "line 2, to: expected an ISO 4217"),
            ("from,to,rate,date\nEUR,USD,1,June\n", "line 2, date: expected YYYY-MM-DD"),
            (
                "from,to,rate,date\nEUR,USD,1,2026-06-01\nEUR,GBP,1,2026-06-01\n",
                "converts to both USD and GBP",
            ),
        ] {
            let found = rates(text).map(|_| ()).expect_err(text);
            assert!(found.contains(error), "{found}");
        }
    }
}
