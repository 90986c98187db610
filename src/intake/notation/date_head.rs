//! The date at the start of a text, before the order of its numbers is known.

use super::names::{is_prelude, month};
use super::{is_gap, split_word};

/// The most words, such as `Thursday` and `the`, before a date.
const MAX_PRELUDES: usize = 2;

/// A number of a date, with its number of digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub value: u32,
    pub digits: usize,
}

/// Three numbers with equal marks between them, the first of which is not a year of four digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numeric {
    /// The numbers, of one or two digits each; the last may have four.
    pub parts: [Part; 3],
    /// `/`, `-`, `.` or a space.
    pub mark: char,
}

/// A date as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// Year, month and day are known.
    Full([u32; 3]),
    /// Their order is not.
    Numeric(Numeric),
}

/// The date at the start of `text`, and the rest. The numbers need not make a real day.
pub fn head(text: &str) -> Option<(Written, &str)> {
    let mut text = text;
    for _ in 0..=MAX_PRELUDES {
        if text.starts_with(|c: char| c.is_ascii_digit()) {
            return from_number(text);
        }
        let (word, rest) = split_word(text);
        let found = month(word).and_then(|month| month_first(month, rest));
        if found.is_some() || !is_prelude(word) {
            return found;
        }
        text = rest.trim_start_matches(|c| is_gap(c) || matches!(c, '.' | ','));
    }
    None
}

/// The year of two or four digits: 00 to 69 are 2000 to 2069, because ledger dates start in 1970.
pub fn full_year(part: Part) -> Option<u32> {
    match (part.digits, part.value) {
        (4, year) => Some(year),
        (2, year @ 0..=69) => Some(2000 + year),
        (2, year) => Some(1900 + year),
        _ => None,
    }
}

fn from_number(text: &str) -> Option<(Written, &str)> {
    let (first, rest) = number(text)?;
    if first.digits == 8 {
        // Other numbers of eight digits are document numbers rather than dates.
        let full = [first.value / 10_000, first.value / 100 % 100, first.value % 100];
        return (1900..=2200).contains(&full[0]).then_some((Written::Full(full), rest));
    }
    match joint(rest) {
        Some((mark, behind)) if behind.starts_with(|c: char| c.is_ascii_digit()) => {
            all_numeric(first, mark, behind)
        }
        _ => month_second(first, rest),
    }
}

fn all_numeric(first: Part, mark: char, text: &str) -> Option<(Written, &str)> {
    let (second, rest) = number(text)?;
    let (_, rest) = joint(rest).filter(|joint| joint.0 == mark)?;
    let (third, mut rest) = number(rest)?;
    // Hungarian dates end with a point: `2026. 05. 18.`
    if mark == '.' {
        rest = rest.strip_prefix('.').unwrap_or(rest);
    }
    let written = match (first.digits, second.digits, third.digits) {
        (4, 1 | 2, 1 | 2) => Written::Full([first.value, second.value, third.value]),
        (1 | 2, 1 | 2, 1 | 2 | 4) => {
            Written::Numeric(Numeric { parts: [first, second, third], mark })
        }
        _ => return None,
    };
    Some((written, rest))
}

/// `18 May 2026`, `1er mars 2026`, `18 de mayo de 2026`, `2026-May-18`.
fn month_second(first: Part, rest: &str) -> Option<(Written, &str)> {
    let (name, rest) = split_word(loosely(behind_ordinal(rest)));
    let month = month(name)?;
    let (last, rest) = number(before_year(rest))?;
    let (year, day) = if first.digits == 4 { (first, last) } else { (last, first) };
    whole(year, month, day, rest)
}

/// `May 18, 2026`, `Sept. 3rd 26`.
fn month_first(month: u32, rest: &str) -> Option<(Written, &str)> {
    let (day, rest) = number(loosely(rest))?;
    let (year, rest) = number(before_year(behind_ordinal(rest)))?;
    whole(year, month, day, rest)
}

fn whole(year: Part, month: u32, day: Part, rest: &str) -> Option<(Written, &str)> {
    let year = full_year(year)?;
    (day.digits <= 2).then_some((Written::Full([year, month, day.value]), rest))
}

/// The number at the start of `text`; one of more than eight digits is not part of a date.
fn number(text: &str) -> Option<(Part, &str)> {
    // A ninth digit shows that the number is too long; no more need be read.
    let digits = text.bytes().take(9).take_while(u8::is_ascii_digit).count();
    if !(1..=8).contains(&digits) {
        return None;
    }
    let (number, rest) = text.split_at(digits);
    // Eight digits fit in 32 bits.
    let value = number.bytes().fold(0, |value, digit| value * 10 + u32::from(digit - b'0'));
    Some((Part { value, digits }, rest))
}

/// The mark between two numbers and the text after it; gaps around a mark do not count.
fn joint(text: &str) -> Option<(char, &str)> {
    let behind_gap = text.trim_start_matches(is_gap);
    match behind_gap.chars().next()? {
        mark @ ('/' | '-' | '.') => Some((mark, behind_gap[1..].trim_start_matches(is_gap))),
        _ if behind_gap.len() < text.len() => Some((' ', behind_gap)),
        _ => None,
    }
}

/// The text without the gaps, marks and linking words between a month name and a number.
fn loosely(text: &str) -> &str {
    let is_joint = |c: char| is_gap(c) || matches!(c, '/' | '-' | '.' | ',');
    let text = text.trim_start_matches(is_joint);
    let (word, rest) = split_word(text);
    let is_link = ["de", "del", "of"].iter().any(|link| link.eq_ignore_ascii_case(word));
    if is_link { rest.trim_start_matches(is_joint) } else { text }
}

/// The text as [`loosely`] returns it, without the apostrophe of `'26`.
fn before_year(text: &str) -> &str {
    let text = loosely(text);
    text.strip_prefix(['\'', '\u{2019}']).unwrap_or(text)
}

/// The text without the letters that make a number an ordinal: `1st`, `1er`, `1º`.
fn behind_ordinal(text: &str) -> &str {
    let (word, rest) = split_word(text);
    let ordinals = ["st", "nd", "rd", "th", "er", "re", "e", "º", "ª"];
    let is_ordinal = ordinals.iter().any(|ordinal| ordinal.eq_ignore_ascii_case(word));
    if is_ordinal { rest } else { text.strip_prefix('°').unwrap_or(text) }
}
