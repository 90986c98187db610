use chrono::NaiveDate;

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(day) => day,
        // Not taken by the days below; the lints allow no `unwrap` in its place.
        None => NaiveDate::MIN,
    }
}

/// The first day on which an invoice can have been bought or paid.
pub const FIRST_DAY: NaiveDate = day(2000, 1, 1);

/// The last day on which an invoice can be due.
pub const LAST_DUE: NaiveDate = day(2200, 12, 31);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bounds_are_the_days_that_they_say() {
        assert_eq!(
            (FIRST_DAY.to_string(), LAST_DUE.to_string()),
            ("2000-01-01".into(), "2200-12-31".into())
        );
    }
}
