//! One cell at a time: text to day, minor units or flag. No cell is guessed at; one that does not
//! fit gives its reject code.

use chrono::NaiveDate;

use basics::{Currency, Day, day_number};

use super::RejectCode;

/// Last day that a ledger date may have, 2200-12-31; the first is 1970-01-01, day 0.
pub const LAST_DAY: Day = 84_370;

/// The day of a date written `YYYY-MM-DD` or `YYYY/MM/DD`; a time of day after it is ignored.
pub fn day(cell: &str) -> Result<Day, RejectCode> {
    let bytes = cell.as_bytes();
    let separated = bytes.len() >= 10 && bytes[4] == bytes[7] && matches!(bytes[4], b'-' | b'/');
    let ends = bytes.len() == 10 || matches!(bytes.get(10), Some(b'T' | b' '));
    if !(separated && ends) {
        return Err(RejectCode::BadDate);
    }
    let number = |range: std::ops::Range<usize>| {
        bytes[range].iter().try_fold(0_u32, |value, byte| {
            byte.is_ascii_digit().then(|| value * 10 + u32::from(byte - b'0'))
        })
    };
    let (Some(year), Some(month), Some(day)) = (number(0..4), number(5..7), number(8..10)) else {
        return Err(RejectCode::BadDate);
    };
    let year = i32::try_from(year).map_err(|_| RejectCode::BadDate)?;
    let date = NaiveDate::from_ymd_opt(year, month, day).ok_or(RejectCode::BadDate)?;
    let day = day_number(date);
    if (0..=LAST_DAY).contains(&day) { Ok(day) } else { Err(RejectCode::DateOutOfRange) }
}

/// An amount in major units as minor units of `currency`: an optional sign, digits with or without
/// correct thousands commas, an optional point and decimals. Zeros beyond the currency's digits are
/// accepted, unless they could be the thousands of a decimal comma: 1.500 is not 1.50.
pub fn minor_units(cell: &str, currency: Currency) -> Result<i64, RejectCode> {
    let (negative, digits) = match cell.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        all => (false, all),
    };
    let point = digits.iter().position(|&byte| byte == b'.').unwrap_or(digits.len());
    let (whole, decimals) = (&digits[..point], digits.get(point + 1..).unwrap_or_default());
    if whole.is_empty() && decimals.is_empty() || !commas_group_thousands(whole) {
        return Err(RejectCode::BadAmount);
    }
    let places = currency.digits() as usize;
    let (kept, beyond) = decimals.split_at(places.min(decimals.len()));
    let mut minor: i64 = 0;
    for &byte in whole.iter().filter(|&&byte| byte != b',').chain(kept) {
        minor = push_digit(minor, byte)?;
    }
    for _ in kept.len()..places {
        minor = push_digit(minor, b'0')?;
    }
    if beyond.iter().any(|byte| !byte.is_ascii_digit()) {
        return Err(RejectCode::BadAmount);
    }
    // Three decimals of a currency that has two may be thousands in another notation.
    let may_be_thousands = places == 2 && decimals.len() == 3 && (1..=3).contains(&whole.len());
    if may_be_thousands || beyond.iter().any(|&byte| byte != b'0') {
        return Err(RejectCode::TooPrecise);
    }
    // The digits make a number of at least zero, whose negative always fits.
    Ok(if negative { -minor } else { minor })
}

/// A whole number of minor units, as text or as a float writes it: `-123456`, `123456.0`.
pub fn whole(cell: &str) -> Result<i64, RejectCode> {
    let (whole, decimals) = cell.split_once('.').unwrap_or((cell, ""));
    if decimals.bytes().any(|byte| byte != b'0') {
        let digits = decimals.bytes().all(|byte| byte.is_ascii_digit());
        return Err(if digits { RejectCode::TooPrecise } else { RejectCode::BadAmount });
    }
    let (negative, digits) = match whole.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, whole.strip_prefix('+').unwrap_or(whole)),
    };
    if digits.is_empty() {
        return Err(RejectCode::BadAmount);
    }
    let minor = digits.bytes().try_fold(0, push_digit)?;
    Ok(if negative { -minor } else { minor })
}

/// Yes or no in the spellings that exports use; the caller handles an empty cell.
pub fn flag(cell: &str) -> Result<bool, RejectCode> {
    match cell {
        // The commonest spellings, without the copy in lower case that the others cost.
        "true" | "false" => return Ok(cell == "true"),
        _ => {}
    }
    match cell.to_ascii_lowercase().as_str() {
        "true" | "t" | "yes" | "y" | "1" | "x" | "disputed" => Ok(true),
        "false" | "f" | "no" | "n" | "0" | "-" | "none" => Ok(false),
        _ => Err(RejectCode::BadFlag),
    }
}

fn push_digit(minor: i64, byte: u8) -> Result<i64, RejectCode> {
    if !byte.is_ascii_digit() {
        return Err(RejectCode::BadAmount);
    }
    let shifted = minor.checked_mul(10).and_then(|m| m.checked_add(i64::from(byte - b'0')));
    shifted.ok_or(RejectCode::AmountOutOfRange)
}

fn commas_group_thousands(whole: &[u8]) -> bool {
    if !whole.contains(&b',') {
        return true;
    }
    let mut groups = whole.split(|&byte| byte == b',');
    let first = groups.next().map_or(0, <[u8]>::len);
    (1..=3).contains(&first) && groups.all(|group| group.len() == 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_real_or_named() {
        assert_eq!(day("2025-06-30"), Ok(20_269));
        assert_eq!(day("2025/06/30"), Ok(20_269));
        assert_eq!(day("2025-06-30T23:59:59"), Ok(20_269));
        for bad in [
            "2025-02-30",
            "31/12/2024",
            "2024-13-05",
            "n/a",
            "2025-6-30",
            "2025-06-300",
            "20250630",
        ] {
            assert_eq!(day(bad), Err(RejectCode::BadDate), "{bad}");
        }
        for absurd in ["0001-01-01", "1969-12-31", "9999-12-31", "2201-01-01"] {
            assert_eq!(day(absurd), Err(RejectCode::DateOutOfRange), "{absurd}");
        }
        assert!(day("2200-12-31").is_ok());
    }

    #[test]
    fn minor_units_are_whole() {
        for (cell, minor) in [("123456", 123_456), ("-5", -5), ("+7.0", 7), ("0", 0)] {
            assert_eq!(whole(cell), Ok(minor), "{cell}");
        }
        assert_eq!(whole("12.5"), Err(RejectCode::TooPrecise));
        assert_eq!(whole("9223372036854775808"), Err(RejectCode::AmountOutOfRange));
        for bad in ["", "-", "1,234", "1e5", "1.x", "$5"] {
            assert_eq!(whole(bad), Err(RejectCode::BadAmount), "{bad}");
        }
    }

    #[test]
    fn amounts_are_exact_or_named() {
        let usd: Currency = "USD".parse().expect("listed");
        let jpy: Currency = "JPY".parse().expect("listed");
        for (cell, minor) in [
            ("1234.5", 123_450),
            ("-0.01", -1),
            ("+7", 700),
            (".5", 50),
            ("5.", 500),
            ("1,234,567.89", 123_456_789),
            ("12.3400", 1234),
            ("92233720368547758.07", i64::MAX),
        ] {
            assert_eq!(minor_units(cell, usd), Ok(minor), "{cell}");
        }
        assert_eq!(minor_units("1234", jpy), Ok(1234));
        assert_eq!(minor_units("12.5", jpy), Err(RejectCode::TooPrecise));
        assert_eq!(minor_units("12.345", usd), Err(RejectCode::TooPrecise));
        assert_eq!(minor_units("1.500", usd), Err(RejectCode::TooPrecise));
        assert_eq!(minor_units("1500.000", usd), Ok(150_000));
        assert_eq!(minor_units("92233720368547758.08", usd), Err(RejectCode::AmountOutOfRange));
        for bad in [
            "", "-", ".", "1e5", "NaN", "inf", "12,34", "1,2345", "1 234", "=1+1", "1.2.3",
            "12.34x", "$5",
        ] {
            assert_eq!(minor_units(bad, usd), Err(RejectCode::BadAmount), "{bad}");
        }
    }
}
