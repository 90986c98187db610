//! The calendar of payment days, and how far a debtor keeps to days of its own.

use std::ops::Range;

use chrono::Datelike;

use basics::{Day, from_day_number};

/// Days of a week.
pub(super) const WEEKDAYS: usize = 7;

/// Number of places of working days in a month: the first eleven counted from its start, the others
/// by their distance to its end, so that the last working day of every month is one place; plus one
/// for weekends.
pub(super) const MONTH_PLACES: usize = FROM_START + TO_END + 1;
const FROM_START: usize = 11;
const TO_END: usize = 12;
const WEEKEND: usize = FROM_START + TO_END;

const SATURDAY: usize = 5;

/// Number of usual payment days added to a debtor's own before its habit is judged: a habit counts
/// only after it has been seen often.
const HABIT: f64 = 10.0;

/// Returns the weekday, Monday = 0.
pub(super) fn weekday(day: Day) -> usize {
    // 1970-01-01 was a Thursday.
    (day + 3).rem_euclid(7) as usize
}

/// Returns the day of the month, from 1.
pub(super) fn day_of_month(day: Day) -> u32 {
    from_day_number(day).day()
}

/// Returns the place in the month, below [`MONTH_PLACES`].
pub(super) fn month_place(day: Day) -> usize {
    if !is_working(day) {
        return WEEKEND;
    }
    let month = month_around(day);
    let before = working_days(month.start..day);
    if before < FROM_START {
        return before;
    }
    // A month has at most 23 working days.
    WEEKEND - 1 - working_days(day + 1..month.end).min(TO_END - 1)
}

/// Returns the days of the month in which a day lies.
fn month_around(day: Day) -> Range<Day> {
    let date = from_day_number(day);
    let first = day - date.day0() as Day;
    first..first + Day::from(date.num_days_in_month())
}

fn is_working(day: Day) -> bool {
    weekday(day) < SATURDAY
}

fn working_days(days: Range<Day>) -> usize {
    days.filter(|&day| is_working(day)).count()
}

/// Number of places of working days by their distance to the days of payment runs: to the middle of
/// the month (its 15th or the working day before), and for the last ones to its end; plus one for
/// weekends.
pub(super) const RUN_PLACES: usize = BEFORE + 1 + AFTER + LAST + 1;
/// Places of working days before the middle of the month.
const BEFORE: usize = 10;
/// Places of working days after the middle of the month.
const AFTER: usize = 8;
/// Places of working days at the end of the month.
const LAST: usize = 5;

/// Returns the place by payment runs, below [`RUN_PLACES`].
pub(super) fn run_place(day: Day) -> usize {
    if !is_working(day) {
        return RUN_PLACES - 1;
    }
    let month = month_around(day);
    let behind = working_days(day + 1..month.end);
    if behind < LAST {
        return BEFORE + 1 + AFTER + behind;
    }
    let mut half = month.start..month.start + 15;
    // Fifteen days always have a working day.
    let middle = half.rfind(|&day| is_working(day)).unwrap_or(month.start);
    if day <= middle {
        BEFORE - working_days(day + 1..middle + 1).min(BEFORE)
    } else {
        BEFORE + working_days(middle + 1..day + 1).min(AFTER)
    }
}

/// Counts of payments by weekday and by place in the month.
#[derive(Debug, Clone)]
pub(super) struct PayDays {
    weekdays: [f64; WEEKDAYS],
    places: [f64; MONTH_PLACES],
    days: f64,
}

impl PayDays {
    /// Starts with `even` days on every weekday and half as many at every place, so that no share
    /// is 0.
    pub fn new(even: f64) -> Self {
        // Half as many: there are three times as many places as weekdays.
        let places = even / 2.0;
        Self { weekdays: [even; WEEKDAYS], places: [places; MONTH_PLACES], days: 0.0 }
    }

    /// Adds a payment on this day.
    pub fn add(&mut self, day: Day) {
        self.weekdays[weekday(day)] += 1.0;
        self.places[month_place(day)] += 1.0;
        self.days += 1.0;
    }

    fn weekday_share(&self, weekday: usize) -> f64 {
        self.weekdays[weekday] / self.weekdays.iter().sum::<f64>()
    }

    /// Returns the share of a place in the month together with its neighbours.
    fn place_share(&self, place: usize) -> f64 {
        near(&self.places, place) / self.places.iter().sum::<f64>()
    }

    /// Returns, for each place, the natural logarithm of how much more often the payments fall on
    /// it than evenly.
    pub fn place_habits(&self) -> [f32; MONTH_PLACES] {
        let all: f64 = self.places.iter().sum();
        self.places.map(|place| (place * MONTH_PLACES as f64 / all).ln() as f32)
    }

    /// Returns, for each weekday, the natural logarithm of how much more often these payments fall
    /// on it than those of `all`, shrunk.
    pub fn weekday_lifts(&self, all: &Self) -> [f32; WEEKDAYS] {
        std::array::from_fn(|weekday| self.lift(self.weekdays[weekday], all.weekday_share(weekday)))
    }

    /// Returns the same for each place in the month with its neighbours.
    pub fn place_lifts(&self, all: &Self) -> [f32; MONTH_PLACES] {
        std::array::from_fn(|place| self.lift(near(&self.places, place), all.place_share(place)))
    }

    fn lift(&self, seen: f64, usual: f64) -> f32 {
        ((seen + HABIT * usual) / ((self.days + HABIT) * usual)).ln() as f32
    }
}

/// Returns the count of a place in the month with the working days before and after it.
fn near(places: &[f64; MONTH_PLACES], place: usize) -> f64 {
    if place == WEEKEND {
        return places[WEEKEND];
    }
    // In a circle: behind the last working day of a month comes the first of the next.
    let before = (place + WEEKEND - 1) % WEEKEND;
    places[before] + places[place] + places[(place + 1) % WEEKEND]
}

#[cfg(test)]
mod tests {
    use super::*;
    use basics::day_number;

    fn day(text: &str) -> Day {
        day_number(text.parse().expect("a date"))
    }

    #[test]
    fn the_last_working_day_of_every_month_is_one_place() {
        for last in ["2026-02-27", "2024-02-29", "2026-04-30", "2026-05-29", "2026-12-31"] {
            assert_eq!(month_place(day(last)), WEEKEND - 1, "{last}");
        }
        for first in ["2026-03-02", "2026-04-01", "2026-08-03"] {
            assert_eq!(month_place(day(first)), 0, "{first}");
        }
        assert_eq!(month_place(day("2026-02-28")), WEEKEND);
        // Every working day of a year has a place, and no place but the middle ones is skipped.
        for of_year in 0..365 {
            assert!(month_place(day("2026-01-01") + of_year) < MONTH_PLACES);
        }
        assert_eq!(weekday(day("2026-11-22")), 6);
    }

    #[test]
    fn payment_runs_are_one_place_each() {
        // 15 February is a Sunday, 15 August a Saturday.
        for middle in ["2026-02-13", "2026-04-15", "2026-08-14"] {
            assert_eq!(run_place(day(middle)), BEFORE, "{middle}");
            assert_eq!(run_place(day(middle) - 1), BEFORE - 1, "{middle}");
        }
        assert_eq!(run_place(day("2026-02-16")), BEFORE + 1);
        for last in ["2026-02-27", "2026-05-29", "2026-12-31"] {
            assert_eq!(run_place(day(last)), BEFORE + 1 + AFTER, "{last}");
        }
        for of_year in 0..3 * 365 {
            assert!(run_place(day("2026-01-01") + of_year) < RUN_PLACES);
        }
    }

    #[test]
    fn a_habit_has_to_be_seen_often() {
        let mut all = PayDays::new(1.0);
        (0..700).for_each(|day| all.add(day));
        let friday = day("2026-11-20");
        let lift = |times| {
            let mut own = PayDays::new(0.0);
            (0..times).for_each(|week| own.add(friday + 7 * week));
            own.weekday_lifts(&all)[weekday(friday)]
        };
        assert!(lift(0).abs() < 1e-6);
        assert!(lift(2) < 1.0 && lift(30) > 1.5, "{} {}", lift(2), lift(30));
    }
}
