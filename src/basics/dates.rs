use chrono::{Datelike, Days, NaiveDate};
use serde::Serializer;

/// A calendar day as days since 1970-01-01, the physical form of a polars date.
pub type Day = i32;

// Evaluated when compiled, so that it cannot fail later.
const EPOCH: NaiveDate = NaiveDate::from_epoch_days(0).expect("the epoch is a date");

/// Days from 1970-01-01 to `date`; negative before it.
pub fn day_number(date: NaiveDate) -> Day {
    date.to_epoch_days()
}

/// The date `day` days after 1970-01-01, clamped to the range that chrono supports.
pub fn from_day_number(day: Day) -> NaiveDate {
    let end = if day < 0 { NaiveDate::MIN } else { NaiveDate::MAX };
    let distance = Days::new(u64::from(day.unsigned_abs()));
    let shifted =
        if day < 0 { EPOCH.checked_sub_days(distance) } else { EPOCH.checked_add_days(distance) };
    shifted.unwrap_or(end)
}

/// The last day of the month before the month of `date`.
pub fn month_end_before(date: NaiveDate) -> NaiveDate {
    // Every month has a first day.
    let first = date.with_day(1).unwrap_or(date);
    first.pred_opt().unwrap_or(first)
}

/// Formats the date as `YYYY-MM-DD` in a buffer that the caller provides.
///
/// An offer holds hundreds of thousands of dates, so none of them allocates.
///
/// Years outside 0 to 9999, which no ledger date reaches, are cut to their last four digits.
pub fn iso_date(date: NaiveDate, text: &mut [u8; 10]) -> &str {
    let digits = |number: u32, place: u32| b'0' + (number / 10_u32.pow(place) % 10) as u8;
    let (year, month, day) = (date.year().unsigned_abs(), date.month(), date.day());
    *text = [
        digits(year, 3),
        digits(year, 2),
        digits(year, 1),
        digits(year, 0),
        b'-',
        digits(month, 1),
        digits(month, 0),
        b'-',
        digits(day, 1),
        digits(day, 0),
    ];
    std::str::from_utf8(text).unwrap_or_default()
}

/// Serialises a date as `YYYY-MM-DD`.
///
/// # Errors
/// If the serialiser fails.
pub fn serialize_date<S: Serializer>(date: &NaiveDate, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(iso_date(*date, &mut [0; 10]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso_dates_are_those_of_the_calendar() {
        for day in (0..84_370).step_by(97) {
            let date = from_day_number(day);
            assert_eq!(iso_date(date, &mut [0; 10]), date.to_string());
        }
    }

    #[test]
    fn day_numbers_round_trip() {
        for day in [-719_162, -1, 0, 1, 20_000, 47_481] {
            assert_eq!(day_number(from_day_number(day)), day);
        }
        assert_eq!(from_day_number(20_269).to_string(), "2025-06-30");
        assert_eq!(from_day_number(i32::MAX), NaiveDate::MAX);
    }
}
