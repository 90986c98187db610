//! Evidence on whether the day or the month comes first in a file's dates.

use super::date::{read, real, serial_day};
use super::date_head::{Numeric, Written};
use super::evidence::{Ambiguous, Basis, Cells, Decided, Notation, Votes};
use super::{DateOrder, trim};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The form in which the dates of a column are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateForm {
    /// As dates, in this order where it matters.
    Written(DateOrder),
    /// As serial days of a spreadsheet, for [`serial_day`].
    Serial,
}

/// Evidence of the order of day and month, from the dates of one or more columns.
///
/// Neither the order of cells nor that of merging changes the outcome.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DateEvidence {
    votes: Votes,
    clear: u64,
    serial: Cells,
    unreadable: Cells,
}

impl DateEvidence {
    /// Counts a text cell on `line`. Cells that the file format stores as dates are not evidence.
    pub fn take(&mut self, line: u64, cell: &str) {
        let cell = trim(cell);
        match read(cell) {
            _ if cell.is_empty() => {}
            // A year of four digits, or the name of a month, leaves no order open.
            Some(Written::Full(full)) if real(full).is_some() => self.clear += 1,
            Some(Written::Numeric(numeric)) => self.take_numeric(line, cell, numeric),
            None if serial_day(cell).is_some() => self.serial.add(line, cell),
            Some(Written::Full(_)) | None => self.unreadable.add(line, cell),
        }
    }

    fn take_numeric(&mut self, line: u64, cell: &str, numeric: Numeric) {
        let day_first = numeric.day_first().and_then(real);
        let month_first = numeric.month_first().filter(|_| !numeric.is_dotted()).and_then(real);
        match (day_first, month_first) {
            (Some(a), Some(b)) if a == b => self.clear += 1,
            (Some(_), Some(_)) => self.votes.open.add(line, cell),
            (Some(_), None) => self.votes.first.add(line, cell),
            (None, Some(_)) => self.votes.second.add(line, cell),
            (None, None) => self.unreadable.add(line, cell),
        }
    }

    /// Adds the evidence of another column or sheet.
    #[cfg(test)]
    pub fn merge(&mut self, other: &Self) {
        self.votes.merge(&other.votes);
        self.clear += other.clear;
        self.serial.merge(&other.serial);
        self.unreadable.merge(&other.unreadable);
    }

    /// Cells that can only have the day first, among them all with points between their numbers.
    #[cfg(test)]
    pub fn day_first(&self) -> &Cells {
        &self.votes.first
    }

    /// Cells that can only have the month first.
    #[cfg(test)]
    pub fn month_first(&self) -> &Cells {
        &self.votes.second
    }

    /// Cells that can be two dates, such as `01/09/2026`.
    #[cfg(test)]
    pub fn two_way(&self) -> &Cells {
        &self.votes.open
    }

    /// Number of dates that are the same in every order.
    #[cfg(test)]
    pub fn clear(&self) -> u64 {
        self.clear
    }

    /// Cells that may be serial days of a spreadsheet.
    #[cfg(test)]
    pub fn serial(&self) -> &Cells {
        &self.serial
    }

    /// Cells that are not dates in any order.
    #[cfg(test)]
    pub fn unreadable(&self) -> &Cells {
        &self.unreadable
    }

    /// True if any cell fits only one of day first and month first.
    pub fn has_votes(&self) -> bool {
        self.votes.first.count() + self.votes.second.count() > 0
    }

    /// True if every cell is a serial day, and there is one.
    pub fn is_serial(&self) -> bool {
        let Votes { first, second, open } = &self.votes;
        let others = [first, second, open, &self.unreadable].map(Cells::count);
        self.serial.count() > 0 && self.clear == 0 && others == [0; 4]
    }

    /// The form of the dates. A column of serial days has no order, whatever is given. Otherwise
    /// the order is `given` if there is one, else that of 99 % of the cells that fit only one, else
    /// `hint`, unless that puts the year first. If no cell depends on it, the day comes first.
    ///
    /// # Errors
    /// If cells can be two dates and nothing decides between them, or if cells contradict each
    /// other.
    pub fn decide(
        &self,
        given: Option<DateOrder>,
        hint: Option<DateOrder>,
    ) -> Result<Decided<DateForm>, Ambiguous> {
        if self.is_serial() {
            let evidence = format!("serial days: {}", self.serial.phrase());
            return Ok(Decided { value: DateForm::Serial, basis: Basis::Cells, evidence });
        }
        // A layout that puts the year first says nothing about dates that end with it.
        let hint = hint.filter(|&order| order != DateOrder::Ymd);
        let Decided { value, basis, evidence } = self.votes.decide(given, hint)?;
        Ok(Decided { value: DateForm::Written(value), basis, evidence })
    }
}

impl Notation for DateOrder {
    const NOUN: &'static str = "date";
    const RIVALS: [Self; 2] = [Self::Dmy, Self::Mdy];
    const FREE: (Self, &'static str) = (Self::Dmy, "every date is unambiguous");

    fn name(self) -> &'static str {
        match self {
            Self::Dmy => "day first",
            Self::Mdy => "month first",
            Self::Ymd => "year first",
        }
    }

    fn meaning(self, cell: &str) -> Option<String> {
        let Written::Numeric(numeric) = read(cell)? else { return None };
        let date = if self == Self::Mdy { numeric.month_first() } else { numeric.day_first() };
        let [_, month, day] = date?;
        let month = MONTHS.get(usize::try_from(month).ok()?.checked_sub(1)?)?;
        Some(format!("{day} {month}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(cells: &[&str]) -> DateEvidence {
        let mut evidence = DateEvidence::default();
        for (line, cell) in (7..).zip(cells) {
            evidence.take(line, cell);
        }
        evidence
    }

    #[test]
    fn each_cell_falls_into_one_class() {
        for (class, cells) in [
            (0, "25/09/2026|25-9-26|25.09.2026|01.09.2026|1. 9. 26|31 12 2026"),
            (1, "09/25/2026|9-25-26 10:00"),
            (2, "01/09/2026|1-9-26|1 9 2026"),
            (3, "05/05/2026|2026-09-01|20260901|1 Sep 2026|Sep 1, 26|1950-01-02"),
            (4, "46160"),
            (5, "n/a|30/02/2026|2026-02-30|09.25.2026|19999|=A1|1/2/3"),
        ] {
            for cell in cells.split('|') {
                let e = evidence(&[cell, "", " "]);
                let cells = [e.day_first(), e.month_first(), e.two_way()].map(Cells::count);
                let rest = [e.clear(), e.serial().count(), e.unreadable().count()];
                let mut expected = [0; 6];
                expected[class] = 1;
                assert_eq!([cells, rest].concat(), expected, "{cell}");
            }
        }
    }

    #[test]
    fn cells_of_one_order_decide_for_the_two_way_cells() {
        let decide = |cells: &[&str]| evidence(cells).decide(None, None).expect("decided");
        let dmy = decide(&["01/09/2026", "25/09/2026", "2026-01-01", "13/1/26"]);
        assert_eq!(dmy.value, DateForm::Written(DateOrder::Dmy));
        assert_eq!(dmy.evidence, "day first: 25/09/2026 on line 8 and 1 more cell");
        let mdy = decide(&["01/09/2026", "09/25/2026"]);
        assert_eq!(mdy.value, DateForm::Written(DateOrder::Mdy));
        let free = decide(&["2026-01-01", "5/5/26", "n/a"]);
        assert_eq!((free.value, free.basis), (DateForm::Written(DateOrder::Dmy), Basis::Free));
        assert_eq!(free.evidence, "every date is unambiguous");
    }

    #[test]
    fn two_way_cells_alone_need_a_hint_or_are_named() {
        let two_way = evidence(&["01/09/2026", "2026-01-01"]);
        let error = two_way.decide(None, Some(DateOrder::Ymd)).expect_err("no hint of the day");
        assert_eq!(error.examples, [(7, "01/09/2026".to_owned())]);
        let sentence = "01/09/2026 (line 7) could be 1 September or 9 January, \
            and no other date settles it";
        assert_eq!(error.to_string(), sentence);
        let hinted = two_way.decide(None, Some(DateOrder::Mdy)).expect("the hint");
        assert_eq!((hinted.value, hinted.basis), (DateForm::Written(DateOrder::Mdy), Basis::Hint));
        let given = two_way.decide(Some(DateOrder::Ymd), None).expect("given");
        assert_eq!((given.value, given.basis), (DateForm::Written(DateOrder::Ymd), Basis::Given));
    }

    #[test]
    fn orders_that_contradict_each_other_are_named() {
        let error = evidence(&["25/09/2026", "09/25/2026", "01.01.2026"]).decide(None, None);
        let sentence = "the dates contradict each other: \
            day first in 25/09/2026 on line 7 and 1 more cell, month first in 09/25/2026 on line 8";
        assert_eq!(error.expect_err("contradiction").to_string(), sentence);
    }

    #[test]
    fn a_column_of_serial_days_is_serial_and_a_mixed_one_is_not() {
        let serial = evidence(&["46160", "", "46161"]).decide(Some(DateOrder::Dmy), None);
        let serial = serial.expect("serial");
        assert_eq!(serial.value, DateForm::Serial);
        assert_eq!(serial.evidence, "serial days: 46160 on line 7 and 1 more cell");
        for other in ["2026-01-01", "01/09/2026", "25/09/2026", "09/25/2026", "n/a"] {
            assert!(!evidence(&["46160", other]).is_serial(), "{other}");
        }
        assert!(!evidence(&[]).is_serial());
    }
}
