//! Spellings of an invoice number.
//!
//! Two texts spell one number if they differ by blanks, punctuation, case, letters and digits of
//! another script, font or width, leading zeros of any of their digits, zeros set apart before
//! digits, an O for a 0 or an I or l for a 1 beside digits, and `INV`, `No.`, `N°` or `#` before
//! it. Where only punctuation between digits tells one from the other (`421` and `42-1`,
//! `2026-0299` and `20260299`), or a word for an invoice in another language (`Rechnung 42` and
//! `42`), they may be one number or two: other facts have to tell.

use basics::{as_seen, capitals};

use super::number::{BEFORE, Change, INVOICE, Key, NumberReader, without_signs};

/// The way in which two texts may be one invoice number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OneNumber {
    /// They spell one number.
    Spelled,
    /// They are equal without the punctuation between their digits.
    Joined,
    /// They are equal without a word such as `Rechnung` or `Facture` before one of them.
    Worded,
}

/// A run of letters or of digits.
#[derive(Debug)]
struct Run {
    chars: Vec<char>,
    is_digits: bool,
}

/// Compares two invoice numbers; `None` if they are two numbers.
///
/// ```
/// use factorage_screens::{OneNumber, one_number};
///
/// let spelled = Some(OneNumber::Spelled);
/// assert_eq!(one_number("INV-00299", "inv 299"), spelled);
/// assert_eq!(one_number("KR-00-77", "KR0077"), spelled);
/// assert_eq!(one_number("2026-0299", "20260299"), Some(OneNumber::Joined));
/// assert_eq!(one_number("Rechnung 299", "299"), Some(OneNumber::Worded));
/// assert_eq!(one_number("299", "2990"), None);
/// ```
pub fn one_number(one: &str, other: &str) -> Option<OneNumber> {
    let (one, other) = (&*without_signs(one), &*without_signs(other));
    spelled_or_joined(one, other).or_else(|| {
        let (own, their) = (behind_invoice(one), behind_invoice(other));
        let is_worded = own.is_some() || their.is_some();
        let [own, their] = [own.as_deref().unwrap_or(one), their.as_deref().unwrap_or(other)];
        let found = is_worded.then(|| spelled_or_joined(own, their)).flatten();
        found.map(|_| OneNumber::Worded)
    })
}

/// Returns the number behind a word for an invoice in another language, if there is such a word.
fn behind_invoice(number: &str) -> Option<String> {
    let plain = capitals(number);
    let own = plain.trim_start_matches(|c: char| !c.is_alphanumeric());
    let end = own.find(|c: char| !c.is_alphabetic())?;
    let (word, behind) = own.split_at(end);
    let is_word = INVOICE.contains(&word) && behind.contains(|c: char| c.is_ascii_digit());
    is_word.then(|| behind.to_owned())
}

fn spelled_or_joined(one: &str, other: &str) -> Option<OneNumber> {
    let capital = compared(&capitals(one), &capitals(other));
    if one.is_ascii() && other.is_ascii() || capital == Some(OneNumber::Spelled) {
        return capital;
    }
    match compared(&as_seen(one), &as_seen(other)) {
        Some(OneNumber::Spelled) => Some(OneNumber::Spelled),
        seen => seen.or(capital),
    }
}

/// Returns the form that most spellings of a number or code share.
///
/// ```
/// use factorage_screens::plain_number;
///
/// assert_eq!((plain_number("cust 007"), plain_number("12-01")), ("CUST7".into(), "12.1".into()));
/// ```
pub fn plain_number(number: &str) -> String {
    let plain = spelled(&runs(&capitals(&without_signs(number))));
    if plain.is_empty() { number.to_owned() } else { plain }
}

fn compared(one: &str, other: &str) -> Option<OneNumber> {
    let (ours, theirs) = (runs(one), runs(other));
    if ours.is_empty() || theirs.is_empty() {
        // Nothing but punctuation.
        return (one == other).then_some(OneNumber::Spelled);
    }
    let change = near(one, other);
    if spelled(&ours) == spelled(&theirs) || change == Some(Change::Spelled) {
        return Some(OneNumber::Spelled);
    }
    let is_joined = change.is_some() || is_one(&joined(&ours), &joined(&theirs));
    is_joined.then_some(OneNumber::Joined)
}

/// Returns the least change by which two numbers share a key, copies left aside.
fn near(one: &str, other: &str) -> Option<Change> {
    let mut reader = NumberReader::strict();
    let ours: Vec<Key> = spellings(reader.keys(one)).collect();
    let theirs = spellings(reader.keys(other));
    let same = theirs.flat_map(|their| {
        let same = ours.iter().filter(move |own| own.bits == their.bits);
        same.map(move |own| own.change.max(their.change))
    });
    same.min()
}

/// Returns the keys of the number itself, not those of numbers that it may be a copy of.
fn spellings(keys: &[Key]) -> impl Iterator<Item = Key> {
    keys.iter().copied().filter(|key| matches!(key.change, Change::Spelled | Change::Joined))
}

/// Splits a number in capitals into runs, without the words before it.
fn runs(number: &str) -> Vec<Run> {
    let mut chars: Vec<char> =
        number.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let start = behind_words(&chars);
    let mut runs: Vec<Run> = Vec::new();
    let mut is_apart = false;
    let own = &mut chars[start..];
    turn(own);
    for c in own.iter().copied() {
        if c == ' ' {
            is_apart = true;
            continue;
        }
        let is_digits = c.is_ascii_digit();
        match runs.last_mut().filter(|last| !is_apart && last.is_digits == is_digits) {
            Some(last) => last.chars.push(c),
            None => runs.push(Run { chars: vec![c], is_digits }),
        }
        is_apart = false;
    }
    runs
}

/// Returns where the number begins behind such words as `INV` and `No.`; in those of three letters
/// and more an I may be a 1 and an O a 0.
fn behind_words(chars: &[char]) -> usize {
    let mut start = 0;
    loop {
        let blanks = chars[start..].iter().take_while(|c| **c == ' ').count();
        let at = start + blanks;
        let behind = BEFORE.iter().filter_map(|word| {
            let end = at + word.len();
            let text = chars.get(at..end)?;
            let same = |(own, c): (char, &char)| {
                own == *c || (word.len() > 2 && like_digit(own).is_some_and(|own| own == alike(*c)))
            };
            let ends =
                chars.get(end).is_none_or(|c| !c.is_alphabetic() || like_digit(*c).is_some());
            (ends && word.chars().zip(text).all(same)).then_some(end)
        });
        let Some(end) = behind.max() else { return start };
        if !chars[end..].iter().any(char::is_ascii_digit) {
            return start;
        }
        start = end;
    }
}

/// Returns the digit that a letter may stand for.
fn like_digit(c: char) -> Option<char> {
    match c {
        'O' => Some('0'),
        'I' | 'L' => Some('1'),
        _ => None,
    }
}

fn alike(c: char) -> char {
    like_digit(c).unwrap_or(c)
}

/// Turns every O, I and L beside a digit into the digit that it looks like.
fn turn(chars: &mut [char]) {
    let count = chars.len();
    let mut along = |places: &mut dyn Iterator<Item = usize>| {
        let mut is_behind_digit = false;
        for at in places {
            if is_behind_digit {
                chars[at] = alike(chars[at]);
            }
            is_behind_digit = chars[at].is_ascii_digit();
        }
    };
    along(&mut (0..count));
    along(&mut (0..count).rev());
}

/// Returns the number without leading zeros and punctuation, but for a point between digits.
fn spelled(runs: &[Run]) -> String {
    let mut text = String::new();
    let mut after_digits = false;
    for (at, run) in runs.iter().enumerate() {
        let is_followed = runs.get(at + 1).is_some_and(|next| next.is_digits);
        if run.is_digits && is_followed && run.chars.iter().all(|c| *c == '0') {
            continue;
        }
        if run.is_digits && after_digits {
            text.push('.');
        }
        text.extend(without_zeros(run));
        after_digits = run.is_digits;
    }
    text
}

fn without_zeros(run: &Run) -> &[char] {
    let zeros = run.chars.iter().take_while(|c| run.is_digits && **c == '0').count();
    &run.chars[zeros.min(run.chars.len() - 1)..]
}

/// Returns the characters of the number without punctuation, an O as 0 and an I or L as 1, each
/// with true if it is a zero that may be left out.
fn joined(runs: &[Run]) -> Vec<(char, bool)> {
    let mut all = Vec::new();
    for run in runs {
        let mut leads = run.is_digits || run.chars.iter().all(|c| *c == 'O');
        for c in run.chars.iter().map(|c| alike(*c)) {
            leads &= c == '0';
            all.push((c, leads));
        }
    }
    all
}

/// Returns true if the two are equal once some of the zeros that may be left out are.
fn is_one(one: &[(char, bool)], other: &[(char, bool)]) -> bool {
    // For each number of characters of the other: can those be what was read of the first so far?
    let mut reached = vec![false; other.len() + 1];
    reached[0] = true;
    for (at, (_, may_go)) in other.iter().enumerate() {
        reached[at + 1] = reached[at] && *may_go;
    }
    for (own, may_go) in one {
        let mut next: Vec<bool> = reached.iter().map(|is| *is && *may_go).collect();
        for (at, (their, their_may_go)) in other.iter().enumerate() {
            next[at + 1] |= (reached[at] && own == their) || (next[at] && *their_may_go);
        }
        reached = next;
    }
    reached[other.len()]
}

#[cfg(test)]
mod tests {
    use super::OneNumber::{Joined, Spelled, Worded};
    use super::*;

    fn check(pairs: &[(&str, &str)], expected: Option<OneNumber>) {
        for (one, other) in pairs {
            assert_eq!(one_number(one, other), expected, "{one} {other}");
            assert_eq!(one_number(other, one), expected, "{other} {one}");
        }
    }

    #[test]
    fn spellings_of_a_number_are_one() {
        let pairs = [
            ("INV-001451", "inv 1451"),
            ("1451", "No. 1451"),
            ("1451", "NO1451"),
            ("42", "N\u{B0} 42"),
            ("42", "n\u{B0}42"),
            ("42", "N\u{BA} 42"),
            ("42", "\u{2116} 42"),
            ("42", "\u{2116}042"),
            ("42", "Nr. 42"),
            ("42", "#42"),
            ("INV-42", "Invoice N\u{B0} 42"),
            ("Rechnung 42", "RECHNUNG-0042"),
            ("1451", "1NV-1451"),
            ("2026-0299", "2026/299"),
            ("A-O7", "a07"),
            ("Rent May", "rent-may"),
            ("KR0077", "KR-00-77"),
            ("KR0077", "kr77"),
            ("INV-0042", "INV-00 42"),
            ("042/0", "42/0"),
            ("INV", "inv"),
            ("-", "-"),
        ];
        check(&pairs, Some(Spelled));
    }

    #[test]
    fn other_scripts_fonts_and_widths_are_spellings() {
        let pairs = [
            ("INV-42", "\u{FF29}\u{FF2E}\u{FF36}-\u{FF14}\u{FF12}"),
            ("INV-42", "INV-\u{664}\u{662}"),
            ("INV-42", "INV-\u{2463}\u{2461}"),
            ("INV-42", "INV-4\u{B2}"),
            ("INV-42", "\u{1D408}NV-\u{1D7D2}\u{1D7D0}"),
            ("INV-42", "\u{406}NV-42"),
            ("INV-42", "\u{399}NV-42"),
            ("INV-42", "\u{130}NV-42"),
            ("INV-42", "IN\u{3BD}-42"),
            ("INV-42", "I\u{39D}V-4\u{200B}2"),
            ("KR-3", "\u{41A}R-\u{417}"),
            ("\u{411}42", "\u{431}42"),
        ];
        check(&pairs, Some(Spelled));
    }

    #[test]
    fn punctuation_between_digits_makes_two_numbers_or_one() {
        let pairs = [
            ("2026-0299", "20260299"),
            ("2026-0299", "2026299"),
            ("421", "42-1"),
            ("2026-1-21", "2026-12-1"),
            ("KR-OO-77", "KR0077"),
            ("42/0", "42"),
            ("R-26-117", "R26117"),
        ];
        check(&pairs, Some(Joined));
    }

    #[test]
    fn a_word_for_an_invoice_makes_two_numbers_or_one() {
        let pairs = [
            ("42", "Rechnung 42"),
            ("42", "Rechnungs-Nr. 42"),
            ("042", "Facture n\u{B0}42"),
            ("INV-42", "FATTURA 42"),
            ("Factura 42", "Rechnung 42"),
            ("2026-0299", "Rechnung 20260299"),
        ];
        check(&pairs, Some(Worded));
    }

    #[test]
    fn other_numbers_are_two() {
        let pairs = [
            ("42", "N 42"),
            ("42", "Rechnungen 42"),
            ("Rechnung 42", "Rechnung 43"),
            ("Rechnung", "Facture"),
            ("420", "42\u{B0}"),
            ("A-1", "B-1"),
            ("10", "1"),
            ("17", "17-2"),
            ("17", "17A"),
            ("299", "2990"),
            ("SL-298", "S-298"),
            ("AL-12", "AI-12x"),
            ("FOR-12", "FR-12"),
            ("Rent May", "Rent June"),
            ("Rent May", "7"),
            ("\u{416}-1", "B-1"),
            ("-", "--"),
        ];
        check(&pairs, None);
    }
}
