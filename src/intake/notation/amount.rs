//! One amount: turns a cell in any notation into canonical text. The digits are kept as written; no
//! arithmetic is done.

use std::borrow::Cow;

use super::AmountFault;
use super::affix::{Side, is_separator, is_thousands_space, split};

/// The decimal mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decimal {
    /// `1,234.50`
    Point,
    /// `1.234,50`
    Comma,
}

/// An amount as canonical text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount<'a> {
    /// A minus if negative, digits without leading zeros, and a point with the decimals of the
    /// cell, if it has any: `-1234.50`. Zero has no minus.
    pub text: String,
    /// The side named by letters beside the number; it does not change the sign of the text.
    pub side: Option<Side>,
    /// The currency's code, sign or abbreviation as written beside the number.
    pub currency: Option<&'a str>,
}

impl Amount<'_> {
    /// The text with the sign of its side: a credit is negative, a debit positive.
    pub fn signed(&self) -> Cow<'_, str> {
        match (self.side, self.text.strip_prefix('-')) {
            (Some(Side::Credit), None) => format!("-{}", self.text).into(),
            (Some(Side::Debit), Some(positive)) => positive.into(),
            _ => self.text.as_str().into(),
        }
    }

    /// The signed amount as a number; `None` if it has more than the 28 digits of a decimal.
    pub fn number(&self) -> Option<rust_decimal::Decimal> {
        self.signed().parse().ok()
    }
}

/// Reads an amount with this decimal mark.
///
/// Thousands may be separated by the other mark, by spaces or by apostrophes; with a decimal point,
/// commas may also separate lakhs (`12,34,567.89`). A minus before or after the number, or
/// brackets, make it negative.
///
/// # Errors
/// If the cell is empty or not an amount in this notation; the [`AmountFault`] says what it is.
pub fn canonical_amount(cell: &str, decimal: Decimal) -> Result<Amount<'_>, AmountFault> {
    let read = split(cell).and_then(|split| Some((parts(split.number, decimal)?, split)));
    let ((whole, decimals), split) = read.ok_or_else(|| AmountFault::of(cell))?;
    let text = write(split.negative, whole, decimals);
    Ok(Amount { text, side: split.side, currency: split.currency })
}

/// The whole part, separators included, and the decimals of a number; `None` if it is not a number
/// with this decimal mark.
pub fn parts(number: &str, decimal: Decimal) -> Option<(&str, &str)> {
    let (mark, group) = match decimal {
        Decimal::Point => ('.', ','),
        Decimal::Comma => (',', '.'),
    };
    let (whole, decimals) = number.split_once(mark).unwrap_or((number, ""));
    let has_digits = !(whole.is_empty() && decimals.is_empty());
    let is_number = has_digits && decimals.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && is_well_grouped(whole, group)).then_some((whole, decimals))
}

/// True if the digits are ungrouped, or in groups of three or in lakhs with one kind of separator.
fn is_well_grouped(whole: &str, group: char) -> bool {
    let Some(separator) = whole.chars().find(|c| !c.is_ascii_digit()) else { return true };
    let is_same_kind = |c: char| match separator {
        ' ' | '\u{a0}' | '\u{202f}' | '\u{2007}' | '\u{2009}' => is_thousands_space(c),
        '\'' | '\u{2019}' => is_separator(c) && !is_thousands_space(c),
        _ => c == group,
    };
    if !whole.chars().all(|c| c.is_ascii_digit() || is_same_kind(c)) {
        return false;
    }
    let mut groups = whole.split(is_same_kind).map(str::len);
    let (first, last) = (groups.next().unwrap_or(0), groups.next_back().unwrap_or(0));
    let threes = (1..=3).contains(&first) && groups.clone().all(|len| len == 3);
    let lakhs = separator == ',' && (1..=2).contains(&first) && groups.all(|len| len == 2);
    // Nobody writes a group after a leading zero: 0,500 is either a half or an error.
    last == 3 && !whole.starts_with('0') && (threes || lakhs)
}

fn write(negative: bool, whole: &str, decimals: &str) -> String {
    let mut text = String::with_capacity(whole.len() + decimals.len() + 3);
    if negative && [whole, decimals].iter().any(|part| part.contains(|c| matches!(c, '1'..='9'))) {
        text.push('-');
    }
    let whole = whole.trim_start_matches('0');
    if whole.is_empty() {
        text.push('0');
    }
    text.extend(whole.chars().filter(char::is_ascii_digit));
    if !decimals.is_empty() {
        text.push('.');
        text.push_str(decimals);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::Decimal::{Comma, Point};
    use super::*;

    fn texts(cells: &str, decimal: Decimal, text: &str) {
        for cell in cells.split('|') {
            let amount = canonical_amount(cell, decimal);
            assert_eq!(amount.map(|amount| amount.text), Ok(text.to_owned()), "{cell}");
        }
    }

    #[test]
    fn every_notation_of_an_amount_has_the_same_canonical_text() {
        let pointed = "1,234.50|1234.50|+1234.50|1 234.50|1'234.50|1\u{2019}234.50|$1,234.50|\
            1\u{a0}234.50|1\u{202f}234.50 kr|1\u{2009}234.50|\
            USD1234.50|1,234.50\u{a0}USD| 1234.50 ";
        texts(pointed, Point, "1234.50");
        texts("1.234,50|1234,50|1 234,50 \u{20ac}|R$ 1.234,50|1'234,50 CHF", Comma, "1234.50");
        let negative = "-1,234.50|1,234.50-|\u{2212}1,234.50|\u{2013}1,234.50|(1,234.50)|- 1234.50|\
            ($1,234.50)|$(1,234.50)|(1,234.50) USD|-$1,234.50|$-1,234.50|\u{2013}$1234.50|\
            $ (1,234.50 )";
        texts(negative, Point, "-1234.50");
        texts("1.234,56-|-1.234,56 z\u{142}|(1 234,56)\u{a3}", Comma, "-1234.56");
        texts("12,34,567.89|1,234,567.89", Point, "1234567.89");
        texts("1,23,456|123,456|Rs. 1,23,456/-|0123456|123456.", Point, "123456");
        texts("5|+5|5.|005|5.-|US$5|5 A$|C$5", Point, "5");
        texts("5,-|5,--|EUR 5,-|5", Comma, "5");
        texts(".5|0.5|00.5|Rs..5", Point, "0.5");
        texts("-0.00|(0.00)|0.00|.00", Point, "0.00");
        texts("-,05", Comma, "-0.05");
    }

    #[test]
    fn sides_and_currencies_are_kept_beside_the_text() {
        for (cell, side, currency) in [
            ("5 CR", Some(Side::Credit), None),
            ("5Cr.", Some(Side::Credit), None),
            ("DR 5", Some(Side::Debit), None),
            ("$5 Dr", Some(Side::Debit), Some("$")),
            ("Rs. 5 Cr", Some(Side::Credit), Some("Rs.")),
            ("$5 USD", None, Some("USD")),
            ("USD $5", None, Some("USD")),
            ("5 z\u{142}", None, Some("z\u{142}")),
            ("US$5", None, Some("US$")),
            ("5 kr.", None, Some("kr.")),
        ] {
            let amount = canonical_amount(cell, Point).expect(cell);
            assert_eq!((&*amount.text, amount.side, amount.currency), ("5", side, currency));
        }
    }

    #[test]
    fn what_is_no_amount_is_named() {
        use AmountFault::{Bad, Error, Exponent, Formula, NotANumber, Nothing};
        for (cells, fault) in [
            ("|-|\u{2013}|- |--|$ -|-\u{20ac}|EUR -|\u{a0}", Nothing),
            ("NaN|nan|inf|-Infinity|+inf|1.#INF|1.#QNAN|-1.#IND|-1.#IND00|\u{221e}", NotANumber),
            ("=1+1|@A1|=5|+cmd|-2+3|+A1*2|-2-3|-cmd", Formula),
            ("#REF!|#DIV/0!|#N/A|#VALUE!|#NAME?|#NUM!|#NULL!|#BEZUG!", Error),
            ("1.2E+05|1e5|-1,2E-3|5E10", Exponent),
            ("5%|abc|5 abc|1,2345|1,23,45|12,3456.7|1234,567|,567,8|1,,234|1. 5|1 23|1  234", Bad),
            (
                "--5|-(5)|(-5)|-5-|+-5|(5|5)|((5))|()|$5$|USD 5 EUR|5 CR DR|\u{2013} 5|5\u{2013}",
                Bad,
            ),
            ("0,500|1,234 567|1 234'567|1.2.3|.|,|$|#|#5!|E5|1E|5 USD.|\u{661}|12.34.567", Bad),
        ] {
            for cell in cells.split('|') {
                assert_eq!(canonical_amount(cell, Point), Err(fault), "{cell}");
            }
        }
        assert_eq!(canonical_amount("1,234.50", Comma), Err(Bad));
        assert_eq!(canonical_amount("12.34.567,89", Comma), Err(Bad));
    }
}
