//! The signs, brackets, letters and currency markers around a number.

use super::currency::{Marker, is_sign, marker};
use super::{is_gap, split_word, trim};

/// The side of an account, where letters beside an amount name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// `DR`
    Debit,
    /// `CR`
    Credit,
}

/// The parts of a cell that holds an amount.
#[derive(Debug)]
pub struct Split<'a> {
    /// True if the number has a minus or is in brackets.
    pub negative: bool,
    /// Digits, decimal mark and separators.
    pub number: &'a str,
    pub side: Option<Side>,
    pub currency: Option<&'a str>,
}

/// Splits a cell into its parts; `None` if something around the number has no meaning or is there
/// twice.
pub fn split(cell: &str) -> Option<Split<'_>> {
    let mut affixes = Affixes::default();
    let mut rest = trim(cell);
    while !begins_number(rest) {
        rest = affixes.take_before(rest)?;
    }
    let (number, behind) = rest.split_at(number_len(rest));
    rest = without_nil_decimals(number, behind);
    while !rest.is_empty() {
        rest = affixes.take_after(rest)?;
    }
    affixes.around(number)
}

/// True if a cell is empty or holds only dashes and perhaps a currency, as accountants write nil.
pub fn is_nil(cell: &str) -> bool {
    let mut affixes = Affixes::default();
    let mut rest = trim(cell);
    loop {
        rest = rest.trim_start_matches(|c| is_gap(c) || is_dash(c));
        if rest.is_empty() {
            return true;
        }
        match affixes.take_marker(rest) {
            // A currency alone is a damaged amount rather than nil.
            Some(behind) if cell.contains(is_dash) => rest = behind,
            _ => return false,
        }
    }
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2212}' | '\u{2012}'..='\u{2015}')
}

fn begins_number(text: &str) -> bool {
    match text.as_bytes() {
        [b'.' | b',', next, ..] => next.is_ascii_digit(),
        [first, ..] => first.is_ascii_digit(),
        [] => false,
    }
}

/// Length of the number in bytes; a space or an apostrophe is part of it only before a digit.
fn number_len(text: &str) -> usize {
    let mut end = 0;
    let mut after_separator = false;
    for (at, c) in text.char_indices() {
        let is_mark = matches!(c, '.' | ',') && !after_separator;
        if c.is_ascii_digit() || is_mark {
            end = at + 1;
            after_separator = false;
        } else if is_separator(c) && !after_separator {
            after_separator = true;
        } else {
            break;
        }
    }
    end
}

/// True if a character other than point and comma may separate thousands.
pub fn is_separator(c: char) -> bool {
    is_thousands_space(c) || matches!(c, '\'' | '\u{2019}')
}

/// True if a character is a space that may separate thousands.
pub fn is_thousands_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2007}' | '\u{2009}')
}

/// The text after a number without the dashes for missing decimals (`5,-`) or the `/-` after
/// rupees.
fn without_nil_decimals<'a>(number: &str, behind: &'a str) -> &'a str {
    if number.ends_with(['.', ',']) {
        return behind.trim_start_matches(is_dash);
    }
    behind.strip_prefix("/-").unwrap_or(behind)
}

#[derive(Debug, Default)]
struct Affixes<'a> {
    /// Minus and plus signs.
    signs: usize,
    negative: bool,
    opened: usize,
    closed: usize,
    side: Option<Side>,
    currency: Option<Marker<'a>>,
}

impl<'a> Affixes<'a> {
    /// Takes the affix at the start of `text` and returns the rest.
    fn take_before(&mut self, text: &'a str) -> Option<&'a str> {
        let mut chars = text.chars();
        match chars.next()? {
            '(' => self.opened += 1,
            '+' => self.signs += 1,
            // An en dash followed by a space is a bullet rather than a minus sign.
            '\u{2013}' => {
                let tight = begins_number(chars.as_str()) || chars.as_str().starts_with(is_sign);
                self.take_minus(tight)?;
            }
            _ => return self.take_anywhere(text),
        }
        Some(chars.as_str())
    }

    fn take_after(&mut self, text: &'a str) -> Option<&'a str> {
        let Some(rest) = text.strip_prefix(')') else { return self.take_anywhere(text) };
        self.closed += 1;
        Some(rest)
    }

    fn take_anywhere(&mut self, text: &'a str) -> Option<&'a str> {
        let mut chars = text.chars();
        match chars.next()? {
            '-' | '\u{2212}' => self.take_minus(true)?,
            c if is_gap(c) => {}
            _ => return self.take_side(text).or_else(|| self.take_marker(text)),
        }
        Some(chars.as_str())
    }

    fn take_minus(&mut self, allowed: bool) -> Option<()> {
        self.signs += 1;
        self.negative = true;
        allowed.then_some(())
    }

    fn take_side(&mut self, text: &'a str) -> Option<&'a str> {
        let (word, rest) = split_word(text);
        let side = match word {
            "CR" | "Cr" | "cr" => Side::Credit,
            "DR" | "Dr" | "dr" => Side::Debit,
            _ => return None,
        };
        // A second side is not a currency either, so it makes the cell unreadable.
        self.side.replace(side).is_none().then(|| rest.strip_prefix('.').unwrap_or(rest))
    }

    /// Takes a currency; of a sign and a code together (`$5 USD`) the code is kept.
    fn take_marker(&mut self, text: &'a str) -> Option<&'a str> {
        let (found, rest) = marker(text)?;
        // Two codes, or two signs, contradict each other.
        if self.currency.is_some_and(|known| known.is_code == found.is_code) {
            return None;
        }
        if self.currency.is_none() || found.is_code {
            self.currency = Some(found);
        }
        Some(rest)
    }

    fn around(self, number: &'a str) -> Option<Split<'a>> {
        let bracketed = self.opened == 1;
        // A minus within brackets may be a negative amount or a positive one.
        if self.opened != self.closed || self.opened + self.signs > 1 {
            return None;
        }
        let currency = self.currency.map(|marker| marker.text);
        Some(Split { negative: self.negative || bracketed, number, side: self.side, currency })
    }
}
