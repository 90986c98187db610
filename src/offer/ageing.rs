use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

use basics::{Currency, Money, MoneyError};

/// A band of days past due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgeBand {
    /// Its name.
    pub label: &'static str,
    /// The most days past due in it.
    pub last: i32,
}

/// The usual bands by due date: not due, then months past due.
pub const BANDS: [AgeBand; 5] = [
    AgeBand { label: "not yet due", last: 0 },
    AgeBand { label: "1-30 days past due", last: 30 },
    AgeBand { label: "31-60 days past due", last: 60 },
    AgeBand { label: "61-90 days past due", last: 90 },
    AgeBand { label: "over 90 days past due", last: i32::MAX },
];

impl AgeBand {
    /// Returns the index of the band of `days_past_due`.
    pub fn index(days_past_due: i32) -> usize {
        BANDS.partition_point(|band| band.last < days_past_due)
    }
}

/// Open balance of one band.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AgeingBucket {
    /// The band.
    pub bucket: Cow<'static, str>,
    /// Invoices in it.
    pub invoices: usize,
    /// Their open balance.
    pub open: Money,
}

/// Returns the ageing by due date of (days past due, open balance in minor units); a due date of
/// today is not past due.
///
/// # Errors
/// If the total of a band is too large for money.
pub fn ageing(
    invoices: impl IntoIterator<Item = (i32, i64)>,
    currency: Currency,
) -> Result<Vec<AgeingBucket>, MoneyError> {
    // In i128, so that only a total that cannot be shown is refused, not a sum on the way to it.
    let mut sums = [(0_usize, 0_i128); BANDS.len()];
    for (days_past_due, open) in invoices {
        let (count, sum) = &mut sums[AgeBand::index(days_past_due)];
        *count += 1;
        *sum += i128::from(open);
    }
    let bucket = |(band, (invoices, sum)): (&AgeBand, (usize, i128))| {
        let open = Money::from_total(sum, currency)?;
        Ok(AgeingBucket { bucket: band.label.into(), invoices, open })
    };
    BANDS.iter().zip(sums).map(bucket).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_end_at_their_last_day() {
        let labels = [-5, 0, 1, 30, 31, 60, 61, 90, 91].map(AgeBand::index);
        assert_eq!(labels, [0, 0, 1, 1, 2, 2, 3, 3, 4]);
    }

    #[test]
    fn every_open_balance_is_in_one_band() {
        let invoices = [(-5, 100), (0, 20), (1, 3), (30, 4), (31, 50), (91, 600), (400, 7_000)];
        let bands = ageing(invoices, Currency::USD).expect("bands");
        let found: Vec<_> = bands.iter().map(|band| (band.invoices, band.open.minor())).collect();
        assert_eq!(found, [(2, 120), (2, 7), (1, 50), (0, 0), (2, 7_600)]);
        assert_eq!(bands[0].bucket, "not yet due");
        // Totals are added up beyond what money can hold, and refused.
        let most = [(0, i64::MAX), (0, 1)];
        assert!(ageing(most, Currency::USD).is_err());
        assert!(ageing([(0, i64::MAX), (1, 1)], Currency::USD).is_ok());
    }
}
