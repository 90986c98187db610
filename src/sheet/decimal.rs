//! Decimal numbers as text in the form of a number cell, `-1234.5`, converted without rounding.

use std::borrow::Cow;

/// The largest exponent that is expanded: no amount is beyond it, and `1e999999999` would fill
/// memory with zeros.
const MAX_EXPONENT: u32 = 30;

/// Expands the exponent of a JSON number: `1.5e3` becomes `1500`.
///
/// `None` if the exponent is beyond 30, where the number cannot be an amount.
pub(super) fn expand(number: &str) -> Option<Cow<'_, str>> {
    let Some((mantissa, exponent)) = number.split_once(['e', 'E']) else {
        return Some(Cow::Borrowed(number));
    };
    let exponent: i32 = exponent.parse().ok()?;
    if exponent.unsigned_abs() > MAX_EXPONENT {
        return None;
    }
    let (sign, digits) = split_sign(mantissa);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let digits = format!("{whole}{fraction}");
    let zeros = |count: usize| "0".repeat(count);
    let shift = exponent.unsigned_abs() as usize;
    let (whole, fraction) = if exponent < 0 {
        let digits = zeros(shift) + &digits;
        let (whole, fraction) = digits.split_at(whole.len());
        (whole.to_owned(), fraction.to_owned())
    } else {
        let digits = digits + &zeros(shift.saturating_sub(fraction.len()));
        let (whole, fraction) = digits.split_at(whole.len() + shift);
        (whole.to_owned(), fraction.to_owned())
    };
    Some(Cow::Owned(join(sign, whole.trim_start_matches('0'), &fraction)))
}

/// Converts an XML decimal to the form of a number cell: `+.5` becomes `0.5`; `None` if it is not a
/// decimal.
pub(super) fn plain(text: &str) -> Option<String> {
    let (sign, digits) = split_sign(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let is_empty = whole.is_empty() && fraction.is_empty();
    (!is_empty && is_digits(whole) && is_digits(fraction)).then(|| join(sign, whole, fraction))
}

/// Adds two number cells; the sum has as many decimals as the longer one.
///
/// `None` if a text is not a number or has more than about 38 digits.
pub(super) fn sum(left: &str, right: &str) -> Option<String> {
    let scale = decimals(left).max(decimals(right));
    let total = units(left, scale)?.checked_add(units(right, scale)?)?;
    let sign = if total < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", total.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    Some(join(sign, whole, fraction))
}

/// Returns true if a number cell is above zero.
pub(super) fn is_positive(number: &str) -> bool {
    !number.starts_with('-') && number.bytes().any(|byte| matches!(byte, b'1'..=b'9'))
}

fn split_sign(text: &str) -> (&str, &str) {
    match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    }
}

fn join(sign: &str, whole: &str, fraction: &str) -> String {
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}")
}

fn decimals(number: &str) -> usize {
    number.split_once('.').map_or(0, |(_, fraction)| fraction.len())
}

/// The number in units of the last of `scale` decimals.
fn units(number: &str, scale: usize) -> Option<i128> {
    // `scale` is the larger of both numbers' decimals, so that this does not underflow.
    let missing = scale - decimals(number);
    // No `i128` holds more than 39 digits; the zeros would only fill memory before the parse fails.
    if missing > 38 {
        return None;
    }
    let digits = number.replacen('.', "", 1) + &"0".repeat(missing);
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents_are_expanded_exactly() {
        let cases = [
            ("12.50", "12.50"),
            ("-0.00", "-0.00"),
            ("1e2", "100"),
            ("1.5e3", "1500"),
            ("1.50E+1", "15.0"),
            ("12345678901234567890.12e1", "123456789012345678901.2"),
            ("-1e-2", "-0.01"),
            ("125e-2", "1.25"),
            ("125.5e-3", "0.1255"),
            ("0.5e1", "5"),
            ("0e5", "0"),
            ("1e30", "1000000000000000000000000000000"),
        ];
        for (number, expected) in cases {
            assert_eq!(expand(number).as_deref(), Some(expected), "{number}");
        }
    }

    #[test]
    fn absurd_exponents_are_no_amounts() {
        for number in ["1e31", "1e-31", "1e-2147483648", "1e99999999999"] {
            assert_eq!(expand(number), None, "{number}");
        }
    }

    #[test]
    fn xml_decimals_become_number_cells() {
        let cases = [("+.5", "0.5"), ("5.", "5"), ("-007.10", "-007.10"), ("0", "0")];
        for (text, expected) in cases {
            assert_eq!(plain(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["", ".", "-", "1,5", "1.2.3", "--1", "1e2", "１"] {
            assert_eq!(plain(text), None, "{text}");
        }
    }

    #[test]
    fn sums_carry_all_decimals() {
        assert_eq!(sum("0.1", "0.25").as_deref(), Some("0.35"));
        assert_eq!(sum("-1.00", "0.95").as_deref(), Some("-0.05"));
        assert_eq!(sum("100", "0").as_deref(), Some("100"));
        assert_eq!(sum(&"9".repeat(40), "1"), None);
        assert_eq!(sum(&format!("0.{}", "0".repeat(90)), "1"), None);
    }

    #[test]
    fn only_amounts_above_zero_are_positive() {
        assert!(is_positive("0.01"));
        assert!(["0", "-1", "0.00", "-0.00"].iter().all(|number| !is_positive(number)));
    }
}
