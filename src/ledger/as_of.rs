use chrono::NaiveDate;
use polars::prelude::PolarsResult;
use serde::Serialize;

use basics::{Day, SetAside, day_number, from_day_number};
use intake::LAST_DAY;

use super::error::LedgerError;
use super::ledger::Ledger;

/// The most days between a date and the next earlier one before it becomes suspect.
const GAP_DAYS: Day = 60;

/// The date at the end of which everything is judged, and the reason for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AsOf {
    /// The as-of date.
    pub date: NaiveDate,
    /// The origin of the date.
    pub reason: AsOfReason,
    /// Later dates that were set aside as not credible, latest first.
    pub set_aside: Vec<SetAside>,
    /// The ledger's own date: the one chosen, or that would have been. Facts without a date count
    /// from it on.
    #[serde(skip)]
    pub ledger_date: NaiveDate,
}

/// Origin of an as-of date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AsOfReason {
    /// Given by the user.
    Given,
    /// Stated in the report above its header.
    Stated,
    /// The latest invoice or reduction date in the ledger.
    LatestInLedger,
    /// The latest due date less the assumed terms, in a ledger without either date.
    LatestAssumed,
}

impl AsOf {
    /// The day number of the date.
    pub fn day(&self) -> Day {
        day_number(self.date)
    }

    /// The same ledger as of an earlier day.
    #[must_use]
    pub fn earlier(&self, date: NaiveDate) -> Self {
        // The ledger's own date stays: before it, facts without a date are unknown.
        Self { date, reason: AsOfReason::Given, set_aside: Vec::new(), ..self.clone() }
    }
}

impl Ledger {
    /// The as-of date: the given date, else the one that the report states, else the latest invoice
    /// or reduction date of the ledger. A due date never counts.
    ///
    /// Dates after a gap of more than 60 days are set aside if there are at most two of them, or at
    /// most 2 % of all, and fewer than half; so a business that bills quarterly keeps its latest
    /// date.
    ///
    /// # Errors
    /// If the frames lack a column, which [`super::read()`] rules out.
    pub fn as_of(&self, given: Option<NaiveDate>) -> Result<AsOf, LedgerError> {
        let dates = self
            .dates()
            .map_err(|source| LedgerError::Frame { file: "ledger dates".to_owned(), source })?;
        let (dates, stated) = dates;
        // Needed beside a given date too: facts without a date count from the ledger's own.
        let (latest, set_aside) = latest_credible(&dates);
        let ledger_date = self.stated_as_of.unwrap_or_else(|| from_day_number(latest));
        Ok(match given {
            None if self.stated_as_of.is_some() => AsOf {
                date: ledger_date,
                reason: AsOfReason::Stated,
                set_aside: Vec::new(),
                ledger_date,
            },
            Some(date) => {
                AsOf { date, reason: AsOfReason::Given, set_aside: Vec::new(), ledger_date }
            }
            None => AsOf {
                date: ledger_date,
                reason: if stated { AsOfReason::LatestInLedger } else { AsOfReason::LatestAssumed },
                set_aside,
                ledger_date,
            },
        })
    }

    /// The earliest issue date of the ledger.
    ///
    /// # Errors
    /// If the column is missing, which [`super::read()`] rules out.
    pub fn first_issue_date(&self) -> Result<NaiveDate, LedgerError> {
        let first = || -> PolarsResult<Option<Day>> {
            let issued = self.invoices.column("issue_date")?.date()?.physical().clone();
            Ok(issued.iter().flatten().min())
        };
        let first = first()
            .map_err(|source| LedgerError::Frame { file: "issue dates".to_owned(), source })?;
        Ok(from_day_number(first.unwrap_or_default()))
    }

    /// Every invoice and reduction date with its number of occurrences, latest first; and true if
    /// the ledger states any.
    fn dates(&self) -> PolarsResult<(Vec<(Day, usize)>, bool)> {
        let mut counts = DayCounts::new();
        let issued = self.invoices.column("issue_date")?.date()?.physical().cont_slice()?;
        let assumed = self.invoices.column("issue_assumed")?.bool()?;
        // Most ledgers state every issue date, and then nothing has to be filtered row by row.
        if assumed.any() {
            let stated = issued.iter().zip(assumed.iter()).filter(|(_, a)| *a != Some(true));
            counts.add(stated.map(|(&day, _)| day));
        } else {
            counts.add(issued.iter().copied());
        }
        for column in ["date", "used_up"] {
            let column = self.reductions.column(column)?.date()?.physical();
            // Often all null, which the column knows without a pass over its rows.
            if column.null_count() < column.len() {
                counts.add(column.iter().flatten());
            }
        }
        let stated = counts.total > 0;
        if !stated {
            // The ledger has only due dates, so the invoice dates assumed from them must serve.
            counts.add(issued.iter().copied());
        }
        Ok((counts.latest_first(), stated))
    }
}

/// Number of occurrences of each possible ledger date, issue dates assumed from due dates included.
/// An array by day counts ten million rows faster than a map.
struct DayCounts {
    counts: Vec<usize>,
    total: usize,
}

/// The first day counted: an assumed issue date may be a year of terms before the first ledger
/// date.
const FIRST: Day = -366;

impl DayCounts {
    fn new() -> Self {
        Self { counts: vec![0; (LAST_DAY - FIRST + 1) as usize], total: 0 }
    }

    fn add(&mut self, days: impl Iterator<Item = Day>) {
        for day in days {
            // A day before the first becomes a huge index, which is out of range as well.
            if let Some(count) = self.counts.get_mut((day - FIRST) as usize) {
                *count += 1;
                self.total += 1;
            }
        }
    }

    /// The days that occur, latest first.
    fn latest_first(&self) -> Vec<(Day, usize)> {
        let dated = (FIRST..=LAST_DAY).rev().zip(self.counts.iter().rev().copied());
        dated.filter(|&(_, count)| count > 0).collect()
    }
}

/// The latest date that is not set aside as one of a few after a gap, and those that are.
fn latest_credible(dates: &[(Day, usize)]) -> (Day, Vec<SetAside>) {
    let total: usize = dates.iter().map(|&(_, count)| count).sum();
    let few = |above: usize| above <= (total / 50).max(2) && 2 * above < total;
    // Every gap is tried while few dates are above it: typing errors may be far apart themselves.
    let (mut above, mut kept) = (0, 0);
    for (index, pair) in dates.windows(2).enumerate() {
        above += pair[0].1;
        if !few(above) {
            break;
        }
        if pair[0].0 - pair[1].0 > GAP_DAYS {
            kept = index + 1;
        }
    }
    let set_aside = dates[..kept]
        .iter()
        .map(|&(day, occurrences)| SetAside { date: from_day_number(day), occurrences });
    // A list of customers alone has no date at all.
    (dates.get(kept).map_or(0, |&(day, _)| day), set_aside.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(days: &[Day]) -> Vec<(Day, usize)> {
        let mut counts = DayCounts::new();
        counts.add(days.iter().copied());
        counts.latest_first()
    }

    fn latest(days: &[Day]) -> (Day, usize) {
        let (day, set_aside) = latest_credible(&counted(days));
        (day, set_aside.len())
    }

    #[test]
    fn a_date_alone_beyond_a_gap_is_set_aside() {
        assert_eq!(latest(&[1, 5, 9, 9, 70]), (9, 1));
        assert_eq!(latest(&[1, 5, 9, 9, 69]), (69, 0), "60 days are not more than 60");
        assert_eq!(latest(&[1, 2, 3, 4, 5, 200, 400]), (5, 2));
    }

    #[test]
    fn a_business_that_paused_keeps_its_latest_season() {
        let mut days: Vec<Day> = (0..100).collect();
        days.extend(200..300);
        assert_eq!(latest(&days), (299, 0));
    }

    #[test]
    fn a_quarter_end_with_many_invoices_is_no_exception() {
        let days: Vec<Day> = (0..4).flat_map(|quarter| vec![91 * quarter; 100]).collect();
        assert_eq!(latest(&days), (273, 0));
    }

    #[test]
    fn a_few_dates_together_are_set_aside() {
        let mut days: Vec<Day> = (0..1000).collect();
        days.extend([5000, 5010]);
        assert_eq!(latest(&days), (999, 2));
    }

    #[test]
    fn one_invoice_is_its_own_date() {
        assert_eq!(latest(&[7]), (7, 0));
        assert_eq!(latest(&[7, 700]), (700, 0), "half of the dates are not an exception");
    }
}
