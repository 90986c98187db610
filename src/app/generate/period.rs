//! The invoicing period and the share of invoices of each of its days.

use chrono::{Datelike, Months, NaiveDate, Weekday};

use super::calendar::{add_days, is_working_day, month_close, working_day_from, working_day_until};
use super::random::Draws;

/// Business of a calendar month against the average, in percent, January first.
const SEASON: [u64; 12] = [93, 94, 101, 100, 102, 103, 95, 93, 104, 107, 108, 100];
/// The same of a seasonal business.
const SEASONAL: [u64; 12] = [35, 45, 120, 150, 110, 60, 40, 70, 160, 200, 150, 60];
/// Yearly growth of the number of invoices, in parts per thousand.
const GROWTH: u64 = 80;
/// Invoices of a day by its kind, in percent of an ordinary working day.
const SATURDAY: u64 = 4;
const SUNDAY: u64 = 1;
const HOLIDAY: u64 = 2;
const MONTH_CLOSE: u64 = 420;
const BEFORE_MONTH_CLOSE: u64 = 220;
const MONTH_START: u64 = 140;

/// The days on which invoices are written, from `start` to `end`, both included.
pub(super) struct Period {
    /// First invoice date possible.
    pub(super) start: NaiveDate,
    /// The as-of date of the ledger.
    pub(super) end: NaiveDate,
    /// Business done up to and including each day, in arbitrary whole units.
    ///
    /// Whole numbers keep the choice of a day free of any platform's rounding.
    business: Vec<u64>,
}

impl Period {
    /// The period of `months` calendar months that ends with `end`.
    pub(super) fn new(end: NaiveDate, months: u32, seasonal: bool) -> Self {
        // The options keep the end date far inside the calendar, so the fallback is never taken.
        let start = add_days(end, 1).checked_sub_months(Months::new(months)).unwrap_or(end);
        let mut total = 0;
        let business = start
            .iter_days()
            .take_while(|&date| date <= end)
            .zip(0_u64..)
            .map(|(date, age)| {
                total += business_of(date, age, if seasonal { SEASONAL } else { SEASON });
                total
            })
            .collect();
        Self { start, end, business }
    }

    /// Number of the last day; the first is zero.
    pub(super) fn last_day(&self) -> i64 {
        self.day_of(self.end)
    }

    /// Number of the day a date falls on, counted from the first day of the period.
    pub(super) fn day_of(&self, date: NaiveDate) -> i64 {
        date.signed_duration_since(self.start).num_days()
    }

    /// Date of a day by its number.
    pub(super) fn date_of(&self, day: i64) -> NaiveDate {
        add_days(self.start, day)
    }

    /// The last working day of the period.
    pub(super) fn last_working_day(&self) -> NaiveDate {
        working_day_until(self.end)
    }

    /// Draws an invoice date between two days, both included, busy days more often.
    pub(super) fn draw_date(&self, first: i64, last: i64, draws: &mut Draws) -> NaiveDate {
        let before = self.business_until(first - 1);
        let wanted = before + draws.below(self.business_until(last).saturating_sub(before));
        let days = self.business.partition_point(|&until| until <= wanted);
        let day = i64::try_from(days).unwrap_or(last).min(last);
        self.date_of(day)
    }

    /// Business done from the first day up to and including `day`.
    fn business_until(&self, day: i64) -> u64 {
        usize::try_from(day).ok().and_then(|at| self.business.get(at)).copied().unwrap_or(0)
    }
}

/// Business of one day, `age` days into the period.
fn business_of(date: NaiveDate, age: u64, seasons: [u64; 12]) -> u64 {
    let season = seasons[date.month0() as usize];
    // Parts per thousand times the days of a year keep the growth of one day a whole number.
    let growth = 365_000 + age * GROWTH;
    kind_of_day(date) * season * growth
}

/// Invoices written on a day of this kind, in percent of an ordinary working day.
fn kind_of_day(date: NaiveDate) -> u64 {
    if !is_working_day(date) {
        return match date.weekday() {
            Weekday::Sat => SATURDAY,
            Weekday::Sun => SUNDAY,
            _ => HOLIDAY,
        };
    }
    let close = month_close(date);
    let first = add_days(date, -i64::from(date.day0()));
    if date == close {
        MONTH_CLOSE
    } else if date == working_day_until(add_days(close, -1)) {
        BEFORE_MONTH_CLOSE
    } else if date == working_day_from(first) {
        MONTH_START
    } else {
        100
    }
}

#[cfg(test)]
mod tests {
    use super::super::random::Stream;
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_covers_whole_months() {
        let period = Period::new(day("2026-06-30"), 18, false);
        assert_eq!(period.start, day("2025-01-01"));
        assert_eq!(period.date_of(period.last_day()), day("2026-06-30"));
        assert_eq!(Period::new(day("2026-03-15"), 1, false).start, day("2026-02-16"));
    }

    #[test]
    fn dates_stay_between_the_days_asked_for() {
        let period = Period::new(day("2026-06-30"), 18, false);
        let mut draws = Draws::new(1, Stream::Portfolio);
        for _ in 0..2000 {
            let date = period.draw_date(100, 130, &mut draws);
            assert!((100..=130).contains(&period.day_of(date)));
        }
        assert_eq!(period.draw_date(5, 5, &mut draws), period.date_of(5));
    }

    #[test]
    fn months_end_busily_and_weekends_are_quiet() {
        assert_eq!(kind_of_day(day("2026-06-30")), MONTH_CLOSE);
        assert_eq!(kind_of_day(day("2026-06-29")), BEFORE_MONTH_CLOSE);
        assert_eq!(kind_of_day(day("2026-05-29")), MONTH_CLOSE);
        assert_eq!(kind_of_day(day("2026-06-01")), MONTH_START);
        assert_eq!(kind_of_day(day("2026-06-06")), SATURDAY);
    }
}
