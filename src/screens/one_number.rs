use basics::folded;

use super::number::{Change, Key, NumberReader};

/// Returns true if two texts are spellings of one invoice number: they differ by blanks,
/// punctuation, case, leading zeros, an O for a 0, an I or l for a 1, or `INV` or `No.` before it.
///
/// ```
/// use factorage_screens::is_one_number;
///
/// assert!(is_one_number("INV-00299", "inv 299") && is_one_number("2026-0299", "20260299"));
/// assert!(!is_one_number("299", "2990") && !is_one_number("299", "299-1"));
/// ```
pub fn is_one_number(one: &str, other: &str) -> bool {
    let mut reader = NumberReader::default();
    let ours: Vec<Key> = spellings(reader.keys(one)).collect();
    let mut theirs = spellings(reader.keys(other)).peekable();
    if ours.is_empty() || theirs.peek().is_none() {
        // Without a digit there is nothing but the letters.
        return ours.is_empty() && theirs.peek().is_none() && folded(one) == folded(other);
    }
    // Where both have punctuation between their digits, it tells 1-21 from 12-1.
    let is_one = |own: Key, their: Key| {
        own.bits == their.bits && own.change.min(their.change) == Change::Spelled
    };
    theirs.any(|their| ours.iter().any(|own| is_one(*own, their)))
}

/// Returns the keys of the number itself, not those of numbers that it may be a copy of.
fn spellings(keys: &[Key]) -> impl Iterator<Item = Key> {
    keys.iter().copied().filter(|key| matches!(key.change, Change::Spelled | Change::Joined))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_number_are_one_and_other_numbers_are_not() {
        for (one, other) in [
            ("INV-001451", "inv 1451"),
            ("1451", "No. 1451"),
            ("2026-0299", "2026/299"),
            ("2026-0299", "20260299"),
            ("A-O7", "a07"),
            ("Rent May", "rent-may"),
        ] {
            assert!(is_one_number(one, other) && is_one_number(other, one), "{one} {other}");
        }
        for (one, other) in [
            ("A-1", "B-1"),
            ("10", "1"),
            ("2026-1-21", "2026-12-1"),
            ("17", "17-2"),
            ("17", "17A"),
            ("Rent May", "Rent June"),
            ("Rent May", "7"),
        ] {
            assert!(!is_one_number(one, other) && !is_one_number(other, one), "{one} {other}");
        }
    }
}
