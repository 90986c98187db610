//! Reasons why a cell is not an amount.

use thiserror::Error;

use super::affix::is_nil;
use super::trim;

/// Reason why a cell is not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AmountFault {
    /// Empty, or a lone dash with or without a currency: there is no amount, and none is expected.
    #[error("expected an amount, but the cell is empty or a dash")]
    Nothing,
    /// NaN or infinity, as programs write the result of a failed calculation.
    #[error("expected an amount, but the cell is NaN or infinity")]
    NotANumber,
    /// A formula rather than its value.
    #[error("expected an amount, but the cell is a formula")]
    Formula,
    /// The error value of a spreadsheet, such as `#REF!`.
    #[error("expected an amount, but the cell is a spreadsheet error")]
    Error,
    /// A number with an exponent, which a spreadsheet may have rounded.
    #[error("expected an amount with all its digits, but the cell uses exponent notation")]
    Exponent,
    /// Anything else.
    #[error("the cell is not an amount in this file's number format")]
    Bad,
}

impl AmountFault {
    /// The reason why `cell`, known to be unreadable, is not an amount.
    pub fn of(cell: &str) -> Self {
        let cell = trim(cell);
        let unsigned = cell.strip_prefix(['-', '+', '\u{2212}']).unwrap_or(cell);
        // The formula comes last: `-inf` and `-1E5` have a sign and letters too.
        if is_nil(cell) {
            Self::Nothing
        } else if is_not_a_number(unsigned) {
            Self::NotANumber
        } else if is_error(cell) {
            Self::Error
        } else if has_exponent(unsigned) {
            Self::Exponent
        } else if is_formula(cell) {
            Self::Formula
        } else {
            Self::Bad
        }
    }
}

fn is_not_a_number(unsigned: &str) -> bool {
    let words = ["nan", "inf", "infinity", "\u{221e}"];
    let numbered = unsigned.strip_prefix(|c: char| c.is_ascii_digit());
    words.iter().any(|word| unsigned.eq_ignore_ascii_case(word))
        || numbered.is_some_and(|rest| {
            let kinds = [".#INF", ".#QNAN", ".#SNAN", ".#NAN", ".#IND"];
            // Some libraries pad these with zeros: 1.#INF00.
            let rest = rest.trim_end_matches('0');
            kinds.iter().any(|kind| rest.eq_ignore_ascii_case(kind))
        })
}

/// Error values in any language of the spreadsheet: `#REF!`, `#BEZUG!`, `#NAME?`, `#N/A`.
fn is_error(cell: &str) -> bool {
    cell.strip_prefix('#').is_some_and(|name| {
        name.starts_with(char::is_alphabetic)
            && (name.ends_with(['!', '?']) || matches!(name, "N/A" | "NV" | "N/V" | "N/D"))
    })
}

fn has_exponent(unsigned: &str) -> bool {
    unsigned.split_once(['e', 'E']).is_some_and(|(head, power)| {
        let power = power.strip_prefix(['-', '+']).unwrap_or(power);
        let is_all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        head.starts_with(|c: char| c.is_ascii_digit())
            && head.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
            && !power.is_empty()
            && is_all_digits(power)
    })
}

/// True if a spreadsheet would calculate the cell, which it would not do with a number of faulty
/// signs or groups.
fn is_formula(cell: &str) -> bool {
    let Some(rest) = cell.strip_prefix(['+', '-']) else { return cell.starts_with(['=', '@']) };
    let rest = rest.trim_start_matches(['+', '-']);
    rest.contains(|c: char| c.is_alphabetic() || matches!(c, '+' | '*' | '/' | '=' | '|' | '&'))
        || rest.trim_end_matches('-').contains('-')
}
