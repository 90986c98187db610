//! The options of the generator and their ranges.

use chrono::{Datelike, NaiveDate};
use iso_currency::Currency;
use thiserror::Error;

/// Most rows one ledger may have; the rows are held in memory, at most about 230 bytes each.
const MOST_INVOICES: usize = 20_000_000;
/// Longest period a ledger may cover, in months.
const MOST_MONTHS: u32 = 120;
/// First and last calendar year of an end date, far inside what the calendar can represent, so
/// that no date derived from it can leave the calendar.
const END_YEARS: (i32, i32) = (1990, 2199);

/// The payment habits of the debtors of a ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Payers {
    /// Some on any day, some once a week, some twice a month.
    #[default]
    Mixed,
    /// Every debtor once a week, on a weekday of its own.
    Weekly,
    /// Every debtor on the last working day of the month.
    MonthEnd,
    /// As mixed, but what falls due in the second half of the period is paid 15 days later than
    /// before.
    Slowing,
}

/// The options for a synthetic ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GenerateOptions {
    /// Rows to write, stand-alone credit notes included; 1 to 20,000,000.
    pub invoices: usize,
    /// Debtors the rows are spread over; 1 to `invoices`, every debtor gets at least one row.
    pub debtors: usize,
    /// Clients the debtors belong to; 1 to `debtors`, every client gets at least one debtor.
    pub clients: usize,
    /// Seed of every random draw; any value.
    pub seed: u64,
    /// The as-of date: nothing dated later is written; from 1990 to 2199.
    pub end: NaiveDate,
    /// Calendar months of invoicing up to and including `end`; 1 to 120.
    pub months: u32,
    /// ISO 4217 code in capitals of a currency with two decimals, such as `USD`.
    pub currency: String,
    /// The payment habits of its debtors.
    pub payers: Payers,
    /// True if most of the business is done in autumn and in spring.
    pub seasonal: bool,
}

impl GenerateOptions {
    /// Refuses options outside their ranges.
    ///
    /// # Errors
    /// If an option is outside its range; the error names the first such option.
    pub fn check(&self) -> Result<(), GenerateError> {
        in_range("invoices", self.invoices, MOST_INVOICES)?;
        in_range("debtors", self.debtors, self.invoices)?;
        in_range("clients", self.clients, self.debtors)?;
        if !(1..=MOST_MONTHS).contains(&self.months) {
            return Err(GenerateError::Months { value: self.months, most: MOST_MONTHS });
        }
        let (first, last) = END_YEARS;
        if !(first..=last).contains(&self.end.year()) {
            return Err(GenerateError::End { value: self.end, first, last });
        }
        let decimals = Currency::from_code(&self.currency).and_then(Currency::exponent);
        // Amounts are drawn and written as cents.
        if decimals != Some(2) {
            return Err(GenerateError::Currency { value: self.currency.clone() });
        }
        Ok(())
    }
}

/// Refuses a count of zero or above `most`.
fn in_range(option: &'static str, value: usize, most: usize) -> Result<(), GenerateError> {
    if (1..=most).contains(&value) {
        Ok(())
    } else {
        Err(GenerateError::Count { option, value, most })
    }
}

/// An error of the generator.
#[derive(Debug, Error)]
pub enum GenerateError {
    /// A count lies outside its range. Debtors are limited by the invoices, clients by the
    /// debtors.
    #[error("the number of {option} is {value}; it must be between 1 and {most}")]
    Count {
        /// Plural name of what is counted.
        option: &'static str,
        /// The count asked for.
        value: usize,
        /// The largest count allowed with the other options as they are.
        most: usize,
    },
    /// The period is empty or too long.
    #[error("the number of months is {value}; it must be between 1 and {most}")]
    Months {
        /// The months asked for.
        value: u32,
        /// The largest number allowed.
        most: u32,
    },
    /// The end date lies outside the supported years.
    #[error("the end date is {value}; its year must be between {first} and {last}")]
    End {
        /// The end date asked for.
        value: NaiveDate,
        /// First year allowed.
        first: i32,
        /// Last year allowed.
        last: i32,
    },
    /// The currency is unknown or does not have two decimals.
    #[error(
        "the currency is {value:?}; it must be the ISO 4217 code, in capitals, of a currency \
         with two decimals, such as USD"
    )]
    Currency {
        /// The code asked for.
        value: String,
    },
    /// The ledger could not be written out.
    #[error("the ledger cannot be written: {0}")]
    Write(#[from] csv::Error),
}
