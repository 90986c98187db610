//! Bounds of what may be booked: amounts whose sums cannot overflow, and days on which an invoice
//! can have been bought or paid.

use chrono::NaiveDate;

use basics::{Amount, Currency, Money};

use super::PurchaseError;
use super::calendar::{FIRST_DAY, LAST_DUE};

/// Largest amount, in minor units: nearly a million such amounts still add up in an `i64`.
const LARGEST: i64 = 10_000_000_000_000;

/// Converts an amount to money, if it is above 0, not too large, and has no more decimals than its
/// currency.
///
/// # Errors
/// [`PurchaseError::Amount`] if the amount has more decimals than the currency,
/// [`PurchaseError::AmountRange`] if it is 0, negative or too large.
pub fn bookable_amount(amount: Amount, currency: Currency) -> Result<Money, PurchaseError> {
    let amount = Money::from_major(amount.0, currency).map_err(PurchaseError::Amount)?;
    if (1..=LARGEST).contains(&amount.minor()) {
        return Ok(amount);
    }
    let most = Money::from_minor(LARGEST, currency);
    Err(PurchaseError::AmountRange { amount, most })
}

/// Checks that something can have happened on `day`.
///
/// The day after `today` is accepted: `today` is this machine's date, and east of it the next day
/// may have begun.
///
/// # Errors
/// [`PurchaseError::Day`] if the day precedes [`FIRST_DAY`] or lies more than a day ahead.
pub fn bookable_day(day: NaiveDate, today: NaiveDate) -> Result<(), PurchaseError> {
    let last = today.succ_opt().unwrap_or(NaiveDate::MAX);
    if (FIRST_DAY..=last).contains(&day) { Ok(()) } else { Err(PurchaseError::Day { day }) }
}

/// Checks that an invoice can be due on `due`.
///
/// # Errors
/// [`PurchaseError::Due`] if the day is not between [`FIRST_DAY`] and [`LAST_DUE`].
pub fn bookable_due(due: NaiveDate) -> Result<(), PurchaseError> {
    if (FIRST_DAY..=LAST_DUE).contains(&due) { Ok(()) } else { Err(PurchaseError::Due { due }) }
}

#[cfg(test)]
mod tests {
    use super::super::samples::day;
    use super::*;

    fn booked(text: &str, currency: Currency) -> Result<i64, PurchaseError> {
        let amount = Amount(text.parse().expect("a decimal"));
        bookable_amount(amount, currency).map(Money::minor)
    }

    #[test]
    fn amounts_from_one_minor_unit_to_the_largest() {
        let yen: Currency = "JPY".parse().expect("a currency");
        assert_eq!(booked("0.01", Currency::USD), Ok(1));
        assert_eq!(booked("100000000000", Currency::USD), Ok(LARGEST));
        assert_eq!(booked("10000000000000", yen), Ok(LARGEST));
        for wrong in ["0", "-1", "100000000000.01"] {
            let refused = booked(wrong, Currency::USD);
            assert!(matches!(refused, Err(PurchaseError::AmountRange { .. })), "{wrong}");
        }
        assert!(matches!(booked("0.001", Currency::USD), Err(PurchaseError::Amount(_))));
        assert!(matches!(booked("0.5", yen), Err(PurchaseError::Amount(_))));
    }

    #[test]
    fn days_up_to_tomorrow_which_it_may_be_elsewhere() {
        let today = day("2026-06-30");
        for possible in [FIRST_DAY, today, day("2026-07-01")] {
            assert_eq!(bookable_day(possible, today), Ok(()));
        }
        for wrong in [day("1999-12-31"), day("2026-07-02")] {
            assert_eq!(bookable_day(wrong, today), Err(PurchaseError::Day { day: wrong }));
        }
    }

    #[test]
    fn due_dates_within_the_bounds() {
        assert_eq!((bookable_due(FIRST_DAY), bookable_due(LAST_DUE)), (Ok(()), Ok(())));
        for due in [day("1999-12-31"), day("2201-01-01")] {
            assert_eq!(bookable_due(due), Err(PurchaseError::Due { due }));
        }
    }
}
