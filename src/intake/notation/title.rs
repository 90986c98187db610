//! The date in a title, such as `As of Sep 23, 2026`.

use chrono::NaiveDate;

use super::date::{ledger_day, real};
use super::date_head::{Numeric, Written, head};
use super::{is_gap, split_word};

/// Words that announce the day of a report, after the word before them if there is one.
const AS_OF: [(&str, &str); 14] = [
    ("as", "of"),
    ("as", "at"),
    ("as", "on"),
    ("a", "fecha"),
    ("per", "datum"),
    ("situation", "au"),
    ("", "asof"),
    ("", "stand"),
    ("", "stichtag"),
    ("", "peildatum"),
    ("", "zum"),
    ("", "per"),
    ("", "au"),
    ("", "al"),
];

/// Number of entries at the end of [`AS_OF`] that have other meanings unless a date follows them
/// directly.
const SHORT: usize = 4;

/// Words between the two dates of a range.
const RANGE: [&str; 13] =
    ["to", "until", "till", "thru", "through", "bis", "au", "al", "a", "hasta", "tot", "t", "m"];

/// Finds the date in a title, and whether words such as `as of` announce it: the first date after
/// such words, or else the last date; of a range, its end.
///
/// `None` if there is no date, or if that date can be read in two ways.
pub fn find_date_in(text: &str) -> Option<(NaiveDate, bool)> {
    let mut scan = Scan::default();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = if c.is_ascii_digit() || c.is_alphabetic() {
            scan.step(rest)
        } else {
            scan.mark(c);
            &rest[c.len_utf8()..]
        };
    }
    match scan.found {
        Some(Found::Day(date)) => Some((date, scan.is_as_of)),
        Some(Found::TwoWay) | None => None,
    }
}

/// A date within a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Day(NaiveDate),
    /// A date that can be read in two ways.
    TwoWay,
}

/// The relation of a place in the text to the date before it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Link {
    #[default]
    Apart,
    /// Only gaps are between.
    Near,
    /// Words or signs of a range are between.
    Range,
}

impl Link {
    /// The link after one more sign or word.
    fn behind(self, is_of_range: bool) -> Self {
        if self != Self::Apart && is_of_range { Self::Range } else { Self::Apart }
    }
}

/// The state of the search at a place in the text.
#[derive(Debug, Default)]
struct Scan<'a> {
    /// The best date so far.
    found: Option<Found>,
    is_as_of: bool,
    /// True if words that announce a date have come, and no date since.
    announced: bool,
    /// The last two words; empty if a number or another sign has come since.
    words: [&'a str; 2],
    link: Link,
}

impl<'a> Scan<'a> {
    /// Takes the date or the word at the start of `text`, and returns the rest.
    fn step(&mut self, text: &'a str) -> &'a str {
        if let Some((written, rest)) = head(text)
            && let Some(found) = credible(text, written, rest)
        {
            self.take(found);
            return rest;
        }
        let (word, rest) = split_word(text);
        if word.is_empty() {
            self.words = [""; 2];
            self.link = Link::Apart;
            return behind_number(text);
        }
        self.words = [self.words[1], word];
        self.announced |= announces(self.words, AS_OF.len() - SHORT);
        self.link = self.link.behind(RANGE.iter().any(|known| known.eq_ignore_ascii_case(word)));
        rest
    }

    fn mark(&mut self, c: char) {
        if is_gap(c) {
            return;
        }
        self.link = self.link.behind(matches!(c, '-' | '\u{2013}' | '\u{2014}' | '/' | '.'));
        // `As of: 30 June`, `Stand - 30.06.2026`: these may stand before the date.
        if !matches!(c, ':' | '.' | '-') {
            self.words = [""; 2];
        }
    }

    fn take(&mut self, found: Found) {
        let announced = self.announced || announces(self.words, AS_OF.len());
        // A further date after the announced one is the date of printing, unless it ends a range.
        if announced || !self.is_as_of || self.link == Link::Range {
            self.found = Some(found);
        }
        self.is_as_of |= announced;
        self.announced = false;
        self.link = Link::Near;
        self.words = [""; 2];
    }
}

/// True if the last two words are among the first `count` of [`AS_OF`].
fn announces([before, word]: [&str; 2], count: usize) -> bool {
    AS_OF.iter().take(count).any(|(first, second)| {
        second.eq_ignore_ascii_case(word)
            && (first.is_empty() || first.eq_ignore_ascii_case(before))
    })
}

/// The date between `text` and `rest`, unless it is only a group of numbers such as the `30-60-90`
/// of ageing buckets.
fn credible(text: &str, written: Written, rest: &str) -> Option<Found> {
    let mut behind = rest.chars();
    let next = behind.next();
    let before_digit = behind.next().is_some_and(|c| c.is_ascii_digit());
    let date = &text[..text.len() - rest.len()];
    // `30 60 90` in a title is a list of numbers, although a cell may hold such a date.
    if date.contains(is_gap) && date.chars().all(|c| c.is_ascii_digit() || is_gap(c)) {
        return None;
    }
    // A range may have no spaces (01/01/2026-31/01/2026), but not the mark that its dates use.
    let inner = if date.contains('/') { ":/" } else { ":/-." };
    let goes_on = match next {
        Some('T') => !before_digit,
        Some(c) if inner.contains(c) => before_digit,
        Some(c) => c.is_alphanumeric(),
        None => false,
    };
    if goes_on {
        return None;
    }
    match written {
        Written::Full(full) => ledger_day(full).ok().map(Found::Day),
        Written::Numeric(numeric) => read_numeric(numeric),
    }
}

fn read_numeric(numeric: Numeric) -> Option<Found> {
    let is_short = numeric.parts[2].digits < 4;
    if numeric.mark == '-' && is_short {
        return None;
    }
    let readings = [numeric.day_first(), numeric.month_first()];
    let is_date = readings.iter().flatten().any(|&full| ledger_day(full).is_ok());
    is_date.then(|| numeric.only_reading().and_then(real).map_or(Found::TwoWay, Found::Day))
}

/// The text after a number that is not a date, and after everything attached to it.
fn behind_number(text: &str) -> &str {
    let is_inner = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | ',' | ':');
    text.trim_start_matches(is_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<(String, bool)> {
        find_date_in(text).map(|(date, is_as_of)| (date.to_string(), is_as_of))
    }

    #[test]
    fn announced_dates_are_found_in_titles() {
        for (text, date) in [
            ("As of Sep 23, 2026", "2026-09-23"),
            ("As at 31 March 2026", "2026-03-31"),
            ("Receivables as on 31-03-2026", "2026-03-31"),
            ("A/R Aging as of 2026-03-31", "2026-03-31"),
            ("AS OF DATE: 20260331", "2026-03-31"),
            ("Customer aging As-of 9/23/26", "2026-09-23"),
            ("As of 12-31-2026", "2026-12-31"),
            ("Saldi al 31 marzo 2026", "2026-03-31"),
            ("Stand: 31.03.2026", "2026-03-31"),
            ("Offene Posten per 01.04.26", "2026-04-01"),
            ("Situation au 1er avril 2026", "2026-04-01"),
            ("Dal 01/01/2026 al 31/01/2026", "2026-01-31"),
            ("Saldos a fecha 31/03/2026", "2026-03-31"),
            ("as of 31 March 2026 (printed 2 April 2026 10:15)", "2026-03-31"),
            ("As of 31.03.2026   02.04.2026 10:15", "2026-03-31"),
            ("as of 31 March 2026; 2 April 2026", "2026-03-31"),
            ("Run date 2026-04-02, as of 2026-03-31T00:00:00", "2026-03-31"),
            ("as of 1-Apr-26 to 16-Apr-26", "2026-04-16"),
            ("Buckets 30-60-90, as of the 31st of March 2026", "2026-03-31"),
        ] {
            assert_eq!(found(text), Some((date.to_owned(), true)), "{text}");
        }
    }

    #[test]
    fn the_last_date_counts_where_none_is_announced() {
        for (text, date) in [
            ("1-Apr-26 to 16-Apr-26", "2026-04-16"),
            ("Period: 01/01/2026 - 31/01/2026", "2026-01-31"),
            ("01/01/2026-31/01/2026", "2026-01-31"),
            ("01/02/2026 - 28/02/2026", "2026-02-28"),
            ("AR_Aging_2026-03-31.xlsx", "2026-03-31"),
            ("Sales per customer, 31.03.2026", "2026-03-31"),
            ("Page 3 of 12, 05/05/2026", "2026-05-05"),
        ] {
            assert_eq!(found(text), Some((date.to_owned(), false)), "{text}");
        }
    }

    #[test]
    fn numbers_that_are_no_single_date_are_passed_over() {
        for text in [
            "",
            "Aging 30/60/90",
            "Buckets 10-20-30",
            "30 60 90",
            "2026 03 31",
            "As of March 2026",
            "as of 01/09/2026",
            "13/01/2026 - 05/02/2026",
            "as of 01/09/2026, printed 25/09/2026",
            "v1.2.2026.5",
            "Tel. 31.03.20265",
            "\u{c9}t\u{e9} 2026",
            "as of 1 May 1950",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
