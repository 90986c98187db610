//! One date: turns a cell in any notation into a day.

use chrono::{Days, NaiveDate};
use thiserror::Error;

use super::clock::is_time;
use super::date_head::{Numeric, Written, full_year, head};
use super::trim;

/// The years of ledger dates.
const YEARS: std::ops::RangeInclusive<u32> = 1970..=2200;

/// The numbers read as serial days: 1954 to 2119. Wider limits would take in amounts and ids.
const SERIALS: std::ops::RangeInclusive<u64> = 20_000..=80_000;

/// The order of day, month and year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// `18/05/2026`
    Dmy,
    /// `05/18/2026`
    Mdy,
    /// `26/05/18`; a leading year of four digits is recognised in every order.
    Ymd,
}

/// Reason why a cell is not a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DateFault {
    /// A date outside the years of ledgers.
    #[error("expected a date from 1970 to 2200, but the cell has another year")]
    OutOfRange,
    /// A day that the calendar does not have, in the date order of the file.
    #[error("expected a date, but there is no such day in this file's date order")]
    Unreal,
    /// A formula rather than its value.
    #[error("expected a date, but the cell is a formula")]
    Formula,
    /// Anything else.
    #[error("the cell is not a recognisable date")]
    Bad,
}

/// Reads a date. A leading year of four digits, the name of a month, and points between the numbers
/// (which put the day first) settle the order themselves; `order` settles the rest. The name of a
/// weekday before the date, and a time of day and zone after it, are ignored: the day is the one
/// written.
///
/// # Errors
/// If the cell is not a date of the years 1970 to 2200; the [`DateFault`] says what it is. Under
/// [`DateOrder::Ymd`], a date that ends with its year is bad unless it can be read in only one way.
pub fn canonical_date(cell: &str, order: DateOrder) -> Result<NaiveDate, DateFault> {
    let written = read(cell).ok_or_else(|| {
        let is_formula = trim(cell).starts_with(['=', '+', '@']);
        if is_formula { DateFault::Formula } else { DateFault::Bad }
    })?;
    let full = match written {
        Written::Full(full) => full,
        Written::Numeric(numeric) => numeric.in_order(order).ok_or(DateFault::Bad)?,
    };
    ledger_day(full)
}

/// The day of a spreadsheet's serial number: five digits from 20000 to 80000, counted from the end
/// of 1899 with 29 February 1900, which never existed. Days before 1970 are returned too.
pub fn serial_day(cell: &str) -> Option<NaiveDate> {
    let cell = trim(cell);
    let is_serial = cell.len() == 5 && cell.bytes().all(|byte| byte.is_ascii_digit());
    let serial = is_serial.then(|| cell.parse().ok()).flatten();
    let serial = serial.filter(|serial| SERIALS.contains(serial))?;
    // The false leap day moves all later serials by one: day 0 is 30 December.
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(serial))
}

/// The date of a cell as written; `None` if there is none, or if more than a time follows it.
pub fn read(cell: &str) -> Option<Written> {
    let (written, behind) = head(trim(cell))?;
    is_time(behind).then_some(written)
}

/// The day with this year, month and day.
///
/// # Errors
/// If the calendar does not have the day, or its year is not one of a ledger date.
pub fn ledger_day(full: [u32; 3]) -> Result<NaiveDate, DateFault> {
    let date = real(full).ok_or(DateFault::Unreal)?;
    if YEARS.contains(&full[0]) { Ok(date) } else { Err(DateFault::OutOfRange) }
}

/// The day with this year, month and day, if the calendar has it.
pub fn real([year, month, day]: [u32; 3]) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

impl Numeric {
    /// True if points separate the numbers, which puts the day first.
    pub fn is_dotted(&self) -> bool {
        self.mark == '.'
    }

    /// Year, month and day if the day is first.
    pub fn day_first(&self) -> Option<[u32; 3]> {
        let [day, month, year] = self.parts;
        Some([full_year(year)?, month.value, day.value])
    }

    /// Year, month and day if the month is first.
    pub fn month_first(&self) -> Option<[u32; 3]> {
        let [month, day, year] = self.parts;
        Some([full_year(year)?, month.value, day.value])
    }

    /// The date with its year last, if only one order of day and month gives a real one.
    pub fn only_reading(&self) -> Option<[u32; 3]> {
        let is_real = |date: &[u32; 3]| real(*date).is_some();
        let day_first = self.day_first().filter(is_real);
        if self.is_dotted() {
            return day_first;
        }
        match (day_first, self.month_first().filter(is_real)) {
            (Some(a), Some(b)) => (a == b).then_some(a),
            (a, b) => a.or(b),
        }
    }

    fn in_order(&self, order: DateOrder) -> Option<[u32; 3]> {
        let [first, second, third] = self.parts;
        match order {
            _ if self.is_dotted() => self.day_first(),
            DateOrder::Dmy => self.day_first(),
            DateOrder::Mdy => self.month_first(),
            DateOrder::Ymd if third.digits == 4 => self.only_reading(),
            DateOrder::Ymd => Some([full_year(first)?, second.value, third.value]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).expect("real")
    }

    #[test]
    fn dates_that_decide_themselves_are_read_alike_in_every_order() {
        for (cells, date) in [
            ("2026-05-18|2026/05/18|2026.05.18|20260518|2026-5-18|2026.05.18.|2026 05 18", (5, 18)),
            ("2026-05-18T10:00:00Z|2026-05-18 00:00:00 +0000|2026-05-18+02:00", (5, 18)),
            ("18 May 2026|18-May-26|May 18, 2026|18. Mai 2026|18MAY2026|May-18-26", (5, 18)),
            ("18 de mayo de 2026|18 mai 2026|lundi 18 mai 2026, 10:30|18-mei-2026", (5, 18)),
            ("1-Apr-26|1er avril 2026|1\u{ba} de abril de 2026|April 1st, '26|2026-Apr-01", (4, 1)),
            ("1er mars 2026|01-mrt-2026|mar 1, 2026|1. M\u{e4}rz 2026|mar. 01/2026", (3, 1)),
            ("mar 3 mars 2026|mar. 3 mar. 2026|Tue, the 3rd of March 2026", (3, 3)),
            ("Thursday, October 08, 2026 09:12 AM GMT-04:00|8. okt. 2026", (10, 8)),
            ("Sept 3, 2026|Sep. 3rd 26|3 settembre 2026|03.09.2026|3. 9. 26", (9, 3)),
            (" 2026-12-01 |\u{feff}1 d\u{e9}c. 2026|1 Dezember 2026 10:00 Uhr", (12, 1)),
        ] {
            for cell in cells.split('|') {
                for order in [DateOrder::Dmy, DateOrder::Mdy, DateOrder::Ymd] {
                    let expected = Ok(day(2026, date.0, date.1));
                    assert_eq!(canonical_date(cell, order), expected, "{cell} {order:?}");
                }
            }
        }
    }

    #[test]
    fn the_order_decides_for_numbers_alone() {
        for (cell, dmy, mdy) in [
            ("01/09/2026", Ok(day(2026, 9, 1)), Ok(day(2026, 1, 9))),
            ("1-9-26 10:00", Ok(day(2026, 9, 1)), Ok(day(2026, 1, 9))),
            ("1 9 2026", Ok(day(2026, 9, 1)), Ok(day(2026, 1, 9))),
            ("25/09/2026", Ok(day(2026, 9, 25)), Err(DateFault::Unreal)),
            ("9/25/69", Err(DateFault::Unreal), Ok(day(2069, 9, 25))),
            ("9/9/70", Ok(day(1970, 9, 9)), Ok(day(1970, 9, 9))),
            ("25/09/1969", Err(DateFault::OutOfRange), Err(DateFault::Unreal)),
        ] {
            assert_eq!(canonical_date(cell, DateOrder::Dmy), dmy, "{cell}");
            assert_eq!(canonical_date(cell, DateOrder::Mdy), mdy, "{cell}");
        }
        let ymd = |cell| canonical_date(cell, DateOrder::Ymd);
        assert_eq!(ymd("26/05/18"), Ok(day(2026, 5, 18)));
        assert_eq!(ymd("26-5-8"), Ok(day(2026, 5, 8)));
        assert_eq!(ymd("25/09/2026"), Ok(day(2026, 9, 25)));
        assert_eq!(ymd("01/09/2026"), Err(DateFault::Bad));
        assert_eq!(ymd("6/5/18"), Err(DateFault::Bad));
    }

    #[test]
    fn what_is_no_date_is_named() {
        for (cells, fault) in [
            (
                "0001-01-01|1969-12-31|2201-01-01|9999-12-31|19500101|1 May 1950",
                DateFault::OutOfRange,
            ),
            ("2026-02-30|0000-00-00|20261301|31.04.2026|1900-01-00|09.25.2026", DateFault::Unreal),
            ("=TODAY()|+1|@x|=2026-01-01", DateFault::Formula),
            (
                "|-|n/a|46160|2026-05|May 2026|Sep-26|18/05|2026-05-18 paid|1.500|100/1/2026",
                DateFault::Bad,
            ),
            (
                "31/03-2026|2026-05-180|20260518100000|18001231|18 Mayo|1/2/3|1/2/345",
                DateFault::Bad,
            ),
            (
                "18 May 2026x|018 May 2026|mo mo mo 18 May 2026|2026-05-18T|2026-05-18 10",
                DateFault::Bad,
            ),
        ] {
            for cell in cells.split('|') {
                assert_eq!(canonical_date(cell, DateOrder::Dmy), Err(fault), "{cell}");
            }
        }
    }

    #[test]
    fn serial_days_count_from_the_end_of_1899() {
        assert_eq!(serial_day("46160"), Some(day(2026, 5, 18)));
        assert_eq!(serial_day(" 25569 "), Some(day(1970, 1, 1)));
        assert_eq!(serial_day("20000"), Some(day(1954, 10, 3)));
        assert_eq!(serial_day("80000"), Some(day(2119, 1, 11)));
        for cell in ["", "19999", "80001", "4616", "046160", "46160.5", "+4616", "4616a"] {
            assert_eq!(serial_day(cell), None, "{cell}");
        }
    }
}
