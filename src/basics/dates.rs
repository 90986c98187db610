use chrono::{Days, NaiveDate};

/// A calendar day as days since 1970-01-01, the physical form of a polars date.
pub type Day = i32;

const EPOCH: NaiveDate = NaiveDate::from_epoch_days(0).expect("the epoch is a date");

/// Days from 1970-01-01 to `date`; negative before it.
pub fn day_number(date: NaiveDate) -> Day {
    date.to_epoch_days()
}

/// The date `day` days after 1970-01-01; days beyond chrono's range give its nearest end.
pub fn from_day_number(day: Day) -> NaiveDate {
    let end = if day < 0 { NaiveDate::MIN } else { NaiveDate::MAX };
    let distance = Days::new(u64::from(day.unsigned_abs()));
    let shifted =
        if day < 0 { EPOCH.checked_sub_days(distance) } else { EPOCH.checked_add_days(distance) };
    shifted.unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_numbers_round_trip() {
        for day in [-719_162, -1, 0, 1, 20_000, 47_481] {
            assert_eq!(day_number(from_day_number(day)), day);
        }
        assert_eq!(from_day_number(20_269).to_string(), "2025-06-30");
        assert_eq!(from_day_number(i32::MAX), NaiveDate::MAX);
    }
}
