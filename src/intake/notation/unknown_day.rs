//! Words for a day that nobody knows yet.

use super::trim;

/// The words, without the points and blanks of `n. a.` and in small letters.
const WORDS: [&str; 22] = [
    "tbd",
    "tbc",
    "tba",
    "tbn",
    "tobedetermined",
    "tobeconfirmed",
    "tobeannounced",
    "tobeadvised",
    "n/a",
    "na",
    "n/k",
    "none",
    "pending",
    "open",
    "unknown",
    "notknown",
    "notyetknown",
    "notyet",
    "offen",
    "unbekannt",
    "inconnu",
    "-",
];

/// Returns true if a cell says that a day is not known yet, such as `TBD`, `n/a` or a dash. An
/// empty cell says nothing.
pub fn is_unknown_day(cell: &str) -> bool {
    let cell = trim(cell);
    // Most cells are dates.
    if cell.is_empty() || cell.len() > 32 || cell.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let plain = cell.chars().filter(|c| !c.is_whitespace() && *c != '.');
    let plain: String = plain.flat_map(char::to_lowercase).collect();
    let is_mark = |c: char| matches!(c, '-' | '\u{2013}' | '\u{2014}' | '?');
    WORDS.contains(&plain.as_str()) || !plain.is_empty() && plain.chars().all(is_mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_a_day_that_is_not_known_are_told_from_damaged_dates() {
        for word in [
            "TBD",
            "tbc ",
            "T.B.A.",
            "n/a",
            "N. A.",
            "Pending",
            "-",
            "--",
            "\u{2014}",
            "???",
            "to be confirmed",
            "Unknown",
            "\u{a0}offen",
        ] {
            assert!(is_unknown_day(word), "{word}");
        }
        for other in [
            "",
            "  ",
            "31/02/2026",
            "2026-13-01",
            "May",
            "yes",
            "TBD 2026",
            "-1",
            "=A1",
            "#N/A",
            ".",
        ] {
            assert!(!is_unknown_day(other), "{other}");
        }
    }
}
