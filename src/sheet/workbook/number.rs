//! Numbers of workbooks: as decimal text, as days, and the number formats that tell them apart.

use chrono::{Days, NaiveDate};

use super::super::CellKind;

/// The day from which a workbook counts its dates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Calendar {
    /// Day 1 is 1900-01-01, and day 60 is a 29 February that 1900 never had.
    #[default]
    From1900,
    /// Day 0 is 1904-01-01.
    From1904,
}

impl Calendar {
    /// The day with this serial number, as `YYYY-MM-DD`; `None` if the calendar has no such day.
    pub(super) fn day(self, serial: u64) -> Option<String> {
        // Excel took over from Lotus 1-2-3 that 1900 was a leap year: from day 61 on, serial
        // numbers are one too high.
        let base = match self {
            Self::From1904 => NaiveDate::from_ymd_opt(1904, 1, 1),
            Self::From1900 if serial == 0 || serial == 60 => None,
            Self::From1900 if serial < 60 => NaiveDate::from_ymd_opt(1899, 12, 31),
            Self::From1900 => NaiveDate::from_ymd_opt(1899, 12, 30),
        };
        let day = base?.checked_add_days(Days::new(serial))?;
        // Spreadsheets and `YYYY` end with the year 9999.
        (day < NaiveDate::from_ymd_opt(10_000, 1, 1)?).then(|| day.format("%Y-%m-%d").to_string())
    }
}

/// The kind and text of a numeric cell.
///
/// A number with a date format that is not a day of the calendar, such as a time of day alone,
/// stays a number.
pub(super) fn numeric(value: f64, is_date: bool, calendar: Calendar) -> (CellKind, String) {
    let text = number_text(value);
    if is_date {
        // The rounded text decides, as 45291.9999999999999 would otherwise be a day too early.
        let whole = text.split_once('.').map_or(text.as_str(), |(whole, _)| whole);
        if let Some(day) = whole.parse().ok().and_then(|serial| calendar.day(serial)) {
            return (CellKind::Date, day);
        }
    }
    (CellKind::Number, text)
}

/// Formats a finite number without exponent, rounded to the 15 significant digits that spreadsheets
/// show.
///
/// More digits would be artefacts of the double: 0.1 + 0.2 is stored as 0.30000000000000004.
pub(super) fn number_text(value: f64) -> String {
    // One digit before the point and 14 after it.
    let scientific = format!("{value:.14e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let sign = if mantissa.starts_with('-') { "-" } else { "" };
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        return "0".to_owned();
    }
    if exponent < 0 {
        let zeros = "0".repeat(exponent.unsigned_abs() as usize - 1);
        return format!("{sign}0.{zeros}{digits}");
    }
    let whole = exponent as usize + 1;
    if digits.len() <= whole {
        let zeros = "0".repeat(whole - digits.len());
        format!("{sign}{digits}{zeros}")
    } else {
        format!("{sign}{}.{}", &digits[..whole], &digits[whole..])
    }
}

/// Returns true if the text already is as [`number_text`] would write it: at most 15 digits, no
/// exponent and no superfluous zeros.
///
/// Nearly all numbers are. They survive the conversion to a double and back, which takes much
/// longer than this check.
pub(super) fn is_number_text(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "1"));
    let are_digits =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    unsigned.len() <= 16
        && (are_digits(whole) && are_digits(fraction) && !fraction.ends_with('0'))
        && (!whole.starts_with('0') || whole.len() == 1 && text != "-0")
        && (whole.len() <= 15)
}

/// The day with which the text begins, if it is `YYYY-MM-DD` alone or before a time.
pub(super) fn iso_day(text: &str) -> Option<&str> {
    let day = text.get(..10)?;
    let is_end = matches!(text.as_bytes().get(10), None | Some(b'T' | b' '));
    (is_end && NaiveDate::parse_from_str(day, "%Y-%m-%d").is_ok()).then_some(day)
}

/// Returns true if the built-in number format with this number shows a day.
///
/// Built-in formats are not written in the file. Those from 27 on belong to East Asia and Thailand.
pub(super) fn is_builtin_date(format: u32) -> bool {
    matches!(format, 14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58 | 71..=74 | 77 | 81)
}

/// Returns true if a number format shows a day, so that its numbers are dates.
///
/// It then has an unquoted `y` or `d`, or an `m` that means the month because the format has
/// neither hours nor seconds.
pub(super) fn is_date_format(code: &str) -> bool {
    let section = plain_section(code);
    // Units may stand unquoted, as in `#,##0.00 yd`: a place for digits outranks the letters.
    if section.contains(['#', '?', '@']) || section.contains("general") {
        return false;
    }
    let without_noon = section.replace("am/pm", "").replace("a/p", "");
    without_noon.contains(['y', 'd'])
        || without_noon.contains('m') && !without_noon.contains(['h', 's'])
}

/// The first section of a number format in lower case, without quoted and escaped text.
///
/// Brackets are left out, as they hold colours and conditions, unless they hold an elapsed time:
/// `[h]`, `[mm]`, `[ss]`.
fn plain_section(code: &str) -> String {
    const ELAPSED: [char; 6] = ['h', 'H', 'm', 'M', 's', 'S'];
    let mut plain = String::new();
    let mut chars = code.chars();
    while let Some(char) = chars.next() {
        match char {
            // The first section is for positive numbers, which all dates are.
            ';' => break,
            '"' => chars.by_ref().take_while(|&next| next != '"').for_each(drop),
            // The next character is literal, a width or a filler.
            '\\' | '_' | '*' => drop(chars.next()),
            '[' => {
                let inside: String = chars.by_ref().take_while(|&next| next != ']').collect();
                if !inside.is_empty() && inside.trim_matches(ELAPSED).is_empty() {
                    // Any sign of a time will do: it makes an `m` beside it a minute.
                    plain.push_str("[s]");
                }
            }
            _ => plain.extend(char.to_lowercase()),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_fifteen_digits_and_no_exponent() {
        let cases = [
            (0.1 + 0.2, "0.3"),
            (-0.0, "0"),
            (1e21, "1000000000000000000000"),
            (1e-7, "0.0000001"),
            (-1234.5, "-1234.5"),
            (9.999_999_999_999_999, "10"),
            (123_456_789_012_345_678.0, "123456789012346000"),
            (100.0, "100"),
            (4.35 * 100.0, "435"),
        ];
        for (number, text) in cases {
            assert_eq!(number_text(number), text);
        }
    }

    #[test]
    fn the_texts_taken_as_they_are_would_come_out_of_a_double_the_same() {
        let plain =
            ["0", "-7", "10", "0.5", "-0.25", "123456789012345", "1234567890.12345", "0.05"];
        for text in plain {
            assert!(is_number_text(text), "{text}");
            assert_eq!(text.parse().map(number_text).as_deref(), Ok(text));
        }
        let others =
            ["-0", "00", "01", "1.0", ".5", "5.", "1e3", "1234567890123456", "", "-", "+1"];
        for text in others.into_iter().chain(["0.30000000000000004", "inf", "-0.0", "1.2.3"]) {
            assert!(!is_number_text(text), "{text}");
        }
    }

    #[test]
    fn the_1900_calendar_has_its_false_leap_day_and_no_day_zero() {
        let day = |serial| Calendar::From1900.day(serial);
        assert_eq!(day(1).as_deref(), Some("1900-01-01"));
        assert_eq!(day(59).as_deref(), Some("1900-02-28"));
        assert_eq!(day(61).as_deref(), Some("1900-03-01"));
        assert_eq!(day(45_292).as_deref(), Some("2024-01-01"));
        assert_eq!(day(2_958_465).as_deref(), Some("9999-12-31"));
        for serial in [0, 60, 2_958_466, u64::MAX] {
            assert_eq!(day(serial), None, "{serial}");
        }
    }

    #[test]
    fn the_1904_calendar_begins_with_day_zero() {
        assert_eq!(Calendar::From1904.day(0).as_deref(), Some("1904-01-01"));
        assert_eq!(Calendar::From1904.day(43_830).as_deref(), Some("2024-01-01"));
    }

    #[test]
    fn a_date_loses_its_time_and_a_time_alone_stays_a_number() {
        let date = |value| numeric(value, true, Calendar::From1900);
        assert_eq!(date(45_292.75), (CellKind::Date, "2024-01-01".to_owned()));
        assert_eq!(date(45_291.999_999_999_99), (CellKind::Date, "2024-01-01".to_owned()));
        assert_eq!(date(0.5), (CellKind::Number, "0.5".to_owned()));
        assert_eq!(date(-3.0), (CellKind::Number, "-3".to_owned()));
        assert_eq!(date(1e300).0, CellKind::Number);
    }

    #[test]
    fn formats_with_days_and_months_are_dates() {
        let dates = [
            "yyyy-mm-dd",
            "DD.MM.YYYY hh:mm",
            "[$-409]d-mmm-yy;@",
            "mmmm",
            "d/m/yy h:mm AM/PM",
            "TT.MM.JJJJ",
            r"yyyy\-mm\-dd",
            "yyyy\"-\"mm",
        ];
        for code in dates {
            assert!(is_date_format(code), "{code}");
        }
    }

    #[test]
    fn formats_of_numbers_times_and_durations_are_no_dates() {
        let others = [
            "General",
            "0.00",
            "#,##0.00 \"days\"",
            "#,##0.00 [$Kč-405]",
            "0\\d",
            "[Red]0.00",
            "hh:mm:ss",
            "mm:ss",
            "[h]:mm",
            "[mm]:ss",
            "h:mm AM/PM",
            "0.00E+00",
            "@",
            "_-* #,##0.00 yd",
            "\"unclosed d",
        ];
        for code in others {
            assert!(!is_date_format(code), "{code}");
        }
    }
}
