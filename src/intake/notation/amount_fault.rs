//! Why a cell is no amount.

use thiserror::Error;

use super::affix::is_nil;
use super::trim;

/// Why a cell is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AmountFault {
    /// Empty, or a lone dash with or without a currency: there is no amount, and none is missing.
    #[error("an amount is expected, and the cell is empty or a dash")]
    Nothing,
    /// NaN or infinity, as programs write the outcome of a failed calculation.
    #[error("an amount is expected, and the cell is NaN or infinity")]
    NotANumber,
    /// A formula rather than its value.
    #[error("an amount is expected, and the cell is a formula")]
    Formula,
    /// The error value of a spreadsheet, such as `#REF!`.
    #[error("an amount is expected, and the cell is an error value of a spreadsheet")]
    Error,
    /// A number with an exponent, which a spreadsheet may have rounded.
    #[error("an amount is expected in all its digits, and the cell has an exponent")]
    Exponent,
    /// Anything else.
    #[error("an amount is expected, and the cell is none in the notation of the file")]
    Bad,
}

impl AmountFault {
    /// Names what keeps `cell`, known to be unreadable, from being an amount.
    pub fn of(cell: &str) -> Self {
        let cell = trim(cell);
        let unsigned = cell.strip_prefix(['-', '+', '\u{2212}']).unwrap_or(cell);
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

/// Whether a spreadsheet would calculate the cell. A number with faulty signs or groups is none.
fn is_formula(cell: &str) -> bool {
    let Some(rest) = cell.strip_prefix(['+', '-']) else { return cell.starts_with(['=', '@']) };
    let rest = rest.trim_start_matches(['+', '-']);
    rest.contains(|c: char| c.is_alphabetic() || matches!(c, '+' | '*' | '/' | '=' | '|' | '&'))
        || rest.trim_end_matches('-').contains('-')
}
