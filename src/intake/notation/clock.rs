//! The time of day and the zone that may follow a date. They are recognised, not kept.

use super::{is_gap, split_word};

/// Words that may follow a time: halves of the day, zones without an offset, o'clock.
const WORDS: [&str; 6] = ["am", "pm", "z", "utc", "gmt", "uhr"];

/// True if the text after a date is empty, a time of day, a zone or both.
pub fn is_time(behind: &str) -> bool {
    let text = behind.trim_start_matches(|c| is_gap(c) || c == ',');
    if text.is_empty() {
        return true;
    }
    let text = if text.len() == behind.len() {
        match text.strip_prefix(['T', 't']) {
            Some(time) => time,
            // XML dates are followed directly by the zone.
            None => return text == "Z" || offset(text).is_some_and(str::is_empty),
        }
    } else {
        text
    };
    clock(text).is_some_and(are_suffixes)
}

/// The text after hours, minutes and perhaps seconds with a fraction; hours alone need am or pm.
fn clock(text: &str) -> Option<&str> {
    let (hours, rest) = digits(text, 1, 2)?;
    let mark = rest.chars().next().filter(|c| matches!(c, ':' | '.'));
    let Some(mark) = mark else {
        let rest = rest.trim_start_matches(is_gap);
        return (hours <= 12 && half_of_day(rest).is_some()).then_some(rest);
    };
    let (minutes, mut rest) = digits(&rest[1..], 2, 2)?;
    // 24:00 ends a day, and a leap second is the 60th.
    if hours > 24 || minutes > 59 {
        return None;
    }
    if let Some(behind) = rest.strip_prefix(mark) {
        let (seconds, behind) = digits(behind, 2, 2)?;
        rest = behind;
        if seconds > 60 {
            return None;
        }
        if let Some(fraction) = behind.strip_prefix(['.', ',']) {
            rest = digits(fraction, 1, 9)?.1;
        }
    }
    Some(rest)
}

/// A number of `least` to `most` digits, and the text after it.
fn digits(text: &str, least: usize, most: usize) -> Option<(u32, &str)> {
    let len = text.bytes().take_while(u8::is_ascii_digit).count();
    if !(least..=most).contains(&len) {
        return None;
    }
    let (digits, rest) = text.split_at(len);
    Some((digits.parse().ok()?, rest))
}

fn half_of_day(text: &str) -> Option<&str> {
    ["a.m.", "p.m.", "am", "pm"].iter().find_map(|half| {
        let (found, rest) = text.split_at_checked(half.len())?;
        found.eq_ignore_ascii_case(half).then_some(rest)
    })
}

/// True if only words and offsets follow, such as `AM GMT-04:00` or `+0200 (CEST)`.
fn are_suffixes(mut text: &str) -> bool {
    loop {
        text = text.trim_start_matches(|c| is_gap(c) || matches!(c, '(' | ')'));
        if text.is_empty() {
            return true;
        }
        if let Some(rest) = offset(text).or_else(|| half_of_day(text)) {
            text = rest;
            continue;
        }
        let (word, rest) = split_word(text);
        // Abbreviations of zones, such as CEST, have no closed list.
        let is_zone = (2..=5).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_uppercase());
        if !is_zone && !WORDS.iter().any(|known| known.eq_ignore_ascii_case(word)) {
            return false;
        }
        text = rest;
    }
}

/// The text after an offset from UTC: `+2`, `-04:00`, `+0530`.
fn offset(text: &str) -> Option<&str> {
    let text = text.strip_prefix(['+', '-', '\u{2212}'])?;
    if let Some((_, rest)) = digits(text, 4, 4) {
        return Some(rest);
    }
    let (_, rest) = digits(text, 1, 2)?;
    rest.strip_prefix(':').map_or(Some(rest), |minutes| Some(digits(minutes, 2, 2)?.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_zones_are_told_from_other_text() {
        for time in [
            "",
            " ",
            "T10:00:00Z",
            "T10:00",
            "T10:00:00.000+02:00",
            " 00:00:00 +0000",
            " 09:12 AM GMT-04:00",
            ", 9:12 pm",
            " 10 a.m.",
            " 12:00AM",
            " 10.30",
            " 10:00 Uhr",
            " 10:00:00,123 CEST",
            " 10:00 +0200 (CEST)",
            "Z",
            "+02:00",
        ] {
            assert!(is_time(time), "{time}");
        }
        for other in [
            "T",
            "10:00",
            " 10",
            " 25:00",
            " 10:60",
            " 10:00 paid",
            " paid",
            "-",
            " 10:00:",
            " 1000",
            "Zone",
            " Z",
            "/",
            "é",
            " 10:00é",
            "+02:00 x",
        ] {
            assert!(!is_time(other), "{other}");
        }
    }
}
