use chrono::{Datelike, Days, NaiveDate};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A day-count convention: how days become a fraction of a year.
///
/// A benchmark charge of 10.25 % on 42,500 for 45 days is 544.53 under ACT/360 and 537.07 under
/// ACT/365, so every rate that accrues by the day names its count. Days run from the first date,
/// included, to the second, excluded. Source: ISDA 2006 Definitions, section 4.16, and for 30U/360
/// the rules of the Securities Industry Association.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum DayCount {
    /// Actual days over 360 (4.16(e)).
    #[serde(rename = "ACT/360")]
    Actual360,
    /// Actual days over 365, fixed (4.16(d)).
    #[serde(rename = "ACT/365F")]
    Actual365Fixed,
    /// Actual days: those in a leap year over 366, the others over 365 (4.16(b)).
    #[serde(rename = "ACT/ACT ISDA")]
    ActualActual,
    /// Months of 30 days, "Bond Basis" (4.16(f)): a start on the 31st counts as the 30th, and so
    /// does an end on the 31st if the start is the 30th or 31st.
    #[serde(rename = "30/360")]
    Thirty360,
    /// Months of 30 days, US rules: as 30/360, but a start on the last day of February counts as
    /// the 30th, and so does an end there if the start is there as well.
    #[serde(rename = "30U/360")]
    Thirty360Us,
    /// Months of 30 days, "Eurobond Basis" (4.16(g)): the 31st always counts as the 30th.
    #[serde(rename = "30E/360")]
    Thirty360European,
    /// Months of 30 days (4.16(h)): as 30E/360, but the last day of February counts as the 30th,
    /// unless it is the end and the termination date.
    #[serde(rename = "30E/360 ISDA")]
    Thirty360Isda,
}

/// A length of time in years, as one or two exact fractions of counted days over days in the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearFraction {
    /// (days, days of the year).
    parts: [(i64, u32); 2],
}

impl YearFraction {
    /// The number of days as counted.
    pub fn days(&self) -> i64 {
        self.parts.iter().map(|(days, _)| days).sum()
    }

    /// The fractions as (days, days of the year); they add up to the years.
    pub fn parts(&self) -> impl Iterator<Item = (i64, u32)> {
        self.parts.into_iter().filter(|(days, _)| *days != 0)
    }

    /// The years as a double, for statistics only.
    pub fn years(&self) -> f64 {
        self.parts.iter().map(|&(days, basis)| days as f64 / f64::from(basis)).sum()
    }

    /// The share of a yearly amount that accrues in this time, unrounded; `None` if it overflows.
    pub fn of(&self, yearly: Decimal) -> Option<Decimal> {
        self.parts().try_fold(Decimal::ZERO, |sum, (days, basis)| {
            // Multiplied first: the one step that may be inexact, the quotient, comes last.
            let part = yearly.checked_mul(days.into())?.checked_div(basis.into())?;
            sum.checked_add(part)
        })
    }
}

impl DayCount {
    /// The time from `from` to `to`, negative if `to` comes first.
    ///
    /// `to` is taken as the termination date, which matters to 30E/360 ISDA only.
    pub fn between(self, from: NaiveDate, to: NaiveDate) -> YearFraction {
        self.count(from, to, true)
    }

    /// The time from `from` to `to`, for a period that ends before the termination date.
    pub fn between_before_termination(self, from: NaiveDate, to: NaiveDate) -> YearFraction {
        self.count(from, to, false)
    }

    /// The time of the first `days` days after `from`.
    pub fn after(self, from: NaiveDate, days: u32) -> YearFraction {
        let to = from.checked_add_days(Days::new(days.into())).unwrap_or(NaiveDate::MAX);
        self.between(from, to)
    }

    fn count(self, from: NaiveDate, to: NaiveDate, terminates: bool) -> YearFraction {
        let actual = (to - from).num_days();
        // The second fraction is empty; its basis only must not be zero.
        let one = |days, basis| YearFraction { parts: [(days, basis), (0, 1)] };
        match self {
            Self::Actual360 => one(actual, 360),
            Self::Actual365Fixed => one(actual, 365),
            Self::ActualActual => {
                let leap = leap_days(from, to);
                YearFraction { parts: [(actual - leap, 365), (leap, 366)] }
            }
            _ => one(self.thirty_days(from, to, terminates), 360),
        }
    }

    /// 360 (Y2 - Y1) + 30 (M2 - M1) + (D2 - D1), with the days as the convention moves them.
    fn thirty_days(self, from: NaiveDate, to: NaiveDate, terminates: bool) -> i64 {
        let (mut first, mut last) = (from.day(), to.day());
        match self {
            Self::Thirty360European | Self::Thirty360Isda => {
                let isda = self == Self::Thirty360Isda;
                if first == 31 || isda && is_end_of_february(from) {
                    first = 30;
                }
                if last == 31 || isda && is_end_of_february(to) && !terminates {
                    last = 30;
                }
            }
            _ => {
                if self == Self::Thirty360Us && is_end_of_february(from) {
                    if is_end_of_february(to) {
                        last = 30;
                    }
                    first = 30;
                }
                // In this order: whether an end on the 31st moves depends on the start as moved.
                first = first.min(30);
                if last == 31 && first == 30 {
                    last = 30;
                }
            }
        }
        let months = i64::from(to.year() - from.year()) * 12
            + (i64::from(to.month()) - i64::from(from.month()));
        months * 30 + i64::from(last) - i64::from(first)
    }

    /// The days of a year in the denominator; `None` if they vary from year to year.
    pub fn basis_days(self) -> Option<u32> {
        match self {
            Self::Actual365Fixed => Some(365),
            Self::ActualActual => None,
            _ => Some(360),
        }
    }

    /// The name used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Actual360 => "ACT/360",
            Self::Actual365Fixed => "ACT/365F",
            Self::ActualActual => "ACT/ACT ISDA",
            Self::Thirty360 => "30/360",
            Self::Thirty360Us => "30U/360",
            Self::Thirty360European => "30E/360",
            Self::Thirty360Isda => "30E/360 ISDA",
        }
    }
}

fn is_end_of_february(date: NaiveDate) -> bool {
    date.month() == 2 && date.succ_opt().is_some_and(|next| next.month() == 3)
}

/// The days that fall in leap years from `from` (included) to `to` (excluded); negative if `to`
/// comes first.
fn leap_days(from: NaiveDate, to: NaiveDate) -> i64 {
    if to < from {
        return -leap_days(to, from);
    }
    let start = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(NaiveDate::MAX);
    let in_year = |year: i32| (to.min(start(year + 1)) - from.max(start(year))).num_days();
    (from.year()..=to.year()).filter(|&year| start(year).leap_year()).map(in_year).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(count: DayCount, from: &str, to: &str) -> i64 {
        count.between(from.parse().expect("a date"), to.parse().expect("a date")).days()
    }

    #[test]
    fn months_of_thirty_days_differ_at_their_ends() {
        use DayCount::{Thirty360, Thirty360European, Thirty360Isda, Thirty360Us};
        // By hand from the definitions: columns 30/360, 30U/360, 30E/360, 30E/360 ISDA.
        for (from, to, counted) in [
            ("2007-01-15", "2007-01-30", [15, 15, 15, 15]),
            ("2007-01-15", "2007-02-15", [30, 30, 30, 30]),
            ("2007-09-30", "2007-10-31", [30, 30, 30, 30]),
            ("2007-08-31", "2008-02-29", [179, 179, 179, 179]),
            ("2007-02-28", "2007-03-31", [33, 30, 32, 30]),
            ("2008-02-29", "2008-08-31", [182, 180, 181, 180]),
            ("2006-02-28", "2008-02-29", [721, 720, 721, 719]),
            ("2007-01-15", "2007-01-31", [16, 16, 15, 15]),
        ] {
            let found = [Thirty360, Thirty360Us, Thirty360European, Thirty360Isda]
                .map(|count| days(count, from, to));
            assert_eq!(found, counted, "{from} to {to}");
        }
        // Before the termination date the end of February is the 30th as well.
        let [from, to] = ["2007-08-31", "2008-02-29"].map(|date| date.parse().expect("a date"));
        assert_eq!(Thirty360Isda.between_before_termination(from, to).days(), 180);
    }

    #[test]
    fn leap_years_have_their_own_denominator() {
        // ISDA's own memorandum on ACT/ACT: 1 November 2003 to 1 May 2004 is 61/365 + 121/366.
        let [from, to] = ["2003-11-01", "2004-05-01"].map(|date| date.parse().expect("a date"));
        let fraction = DayCount::ActualActual.between(from, to);
        assert_eq!(fraction.parts().collect::<Vec<_>>(), [(61, 365), (121, 366)]);
        assert!((fraction.years() - 0.497_724_380_567).abs() < 1e-12);
        let back = DayCount::ActualActual.between(to, from);
        assert!((back.years() + fraction.years()).abs() < 1e-15);
        // 10,000 at 10 %: the memorandum's 497.72.
        let interest = fraction.of(1_000.into()).expect("an amount");
        assert_eq!(interest.round_dp(2).to_string(), "497.72");
    }

    #[test]
    fn actual_days_are_those_of_the_calendar() {
        assert_eq!(days(DayCount::Actual360, "1978-01-03", "1978-09-15"), 255);
        let from = "2026-06-30".parse().expect("a date");
        assert_eq!(DayCount::Actual365Fixed.after(from, 45).parts().next(), Some((45, 365)));
    }
}
