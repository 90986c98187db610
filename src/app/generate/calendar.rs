//! Working days and the days on which debtors run their payments.

use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};

/// The date `days` later, or earlier when negative.
pub(super) fn add_days(date: NaiveDate, days: i64) -> NaiveDate {
    // The options limit the end date to years in which an addition of this size cannot
    // overflow, so the fallback is never taken.
    date.checked_add_signed(TimeDelta::days(days)).unwrap_or(date)
}

/// True from Monday to Friday, except on 1 January and 25 December.
///
/// Other holidays differ from country to country and are left out.
pub(super) fn is_working_day(date: NaiveDate) -> bool {
    let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    let holiday = matches!((date.month(), date.day()), (1, 1) | (12, 25));
    !weekend && !holiday
}

/// The date itself if it is a working day, else the next one.
pub(super) fn working_day_from(date: NaiveDate) -> NaiveDate {
    moved_by(date, 1)
}

/// The date itself if it is a working day, else the one before.
pub(super) fn working_day_until(date: NaiveDate) -> NaiveDate {
    moved_by(date, -1)
}

fn moved_by(date: NaiveDate, step: i64) -> NaiveDate {
    let mut day = date;
    while !is_working_day(day) {
        day = add_days(day, step);
    }
    day
}

/// The last calendar day of the month the date lies in.
pub(super) fn last_of_month(date: NaiveDate) -> NaiveDate {
    let days = i64::from(date.num_days_in_month());
    add_days(date, days - i64::from(date.day()))
}

/// The last working day of the month the date lies in.
pub(super) fn month_close(date: NaiveDate) -> NaiveDate {
    working_day_until(last_of_month(date))
}

/// The days on which a debtor runs its payments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PaymentRun {
    /// On any working day.
    Daily,
    /// Once a week on this weekday, or the working day after it.
    Weekly(Weekday),
    /// On the 15th and the last day of the month, or the working day before.
    TwiceMonthly,
    /// On the last working day of the month.
    MonthEnd,
}

impl PaymentRun {
    /// The first run on or after the date on which a payment became ready.
    pub(super) fn next_from(self, ready: NaiveDate) -> NaiveDate {
        match self {
            Self::Daily => working_day_from(ready),
            Self::Weekly(weekday) => {
                let wait = weekday.days_since(ready.weekday());
                working_day_from(add_days(ready, i64::from(wait)))
            }
            Self::TwiceMonthly => next_half_month(ready),
            Self::MonthEnd => {
                let close = month_close(ready);
                if ready <= close { close } else { month_close(add_days(last_of_month(ready), 1)) }
            }
        }
    }
}

fn next_half_month(ready: NaiveDate) -> NaiveDate {
    let middle = working_day_until(mid_month(ready));
    if ready <= middle {
        return middle;
    }
    let close = month_close(ready);
    if ready <= close {
        return close;
    }
    working_day_until(mid_month(add_days(last_of_month(ready), 1)))
}

fn mid_month(date: NaiveDate) -> NaiveDate {
    add_days(date, 15 - i64::from(date.day()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn payments_wait_for_the_next_run() {
        // 30 May 2026 is a Saturday, so the month closed on the 29th.
        let saturday = day("2026-05-30");
        assert_eq!(PaymentRun::Daily.next_from(saturday), day("2026-06-01"));
        assert_eq!(PaymentRun::Weekly(Weekday::Thu).next_from(saturday), day("2026-06-04"));
        assert_eq!(PaymentRun::TwiceMonthly.next_from(saturday), day("2026-06-15"));
        assert_eq!(PaymentRun::TwiceMonthly.next_from(day("2026-05-16")), day("2026-05-29"));
        assert_eq!(PaymentRun::TwiceMonthly.next_from(day("2026-05-15")), day("2026-05-15"));
        assert_eq!(
            PaymentRun::Weekly(Weekday::Thu).next_from(day("2026-06-04")),
            day("2026-06-04")
        );
    }

    #[test]
    fn a_run_on_a_holiday_moves_to_the_next_working_day() {
        // 25 December 2025 is a Thursday.
        let run = PaymentRun::Weekly(Weekday::Thu).next_from(day("2025-12-22"));
        assert_eq!(run, day("2025-12-26"));
        assert_eq!(PaymentRun::Daily.next_from(day("2026-01-01")), day("2026-01-02"));
    }

    #[test]
    fn months_close_on_their_last_working_day() {
        assert_eq!(month_close(day("2024-02-03")), day("2024-02-29"));
        assert_eq!(month_close(day("2026-01-31")), day("2026-01-30"));
    }
}
