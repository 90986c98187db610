//! Invoice numbers as a copy of one may spell them.

use std::borrow::Cow;

/// The way in which one number may be made out of another, from the least change on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Change {
    /// Spelled differently: blanks, punctuation, case, leading zeros, O for 0, I or l for 1, and
    /// `INV` or `No.` before it.
    Spelled,
    /// Punctuation between its digits is left out: `2026-0299` is `20260299`.
    Joined,
    /// A single digit behind it, set apart: `299-1`, `299 (2)`, `299/3`.
    Numbered,
    /// One or two letters behind it, maybe with a digit: `299A`, `299/B`, `299-R1`.
    Lettered,
    /// A word for a copy before or behind it: `299 copy`, `COPY 299`, `299-rev2`.
    Named,
}

impl Change {
    pub const ALL: [Self; 5] =
        [Self::Spelled, Self::Joined, Self::Numbered, Self::Lettered, Self::Named];

    /// Returns true for a mark that honest numbers carry as well.
    pub fn is_mark(self) -> bool {
        matches!(self, Self::Numbered | Self::Lettered)
    }
}

/// A number that an invoice may be a copy of, and the change that this copy made. Two numbers are
/// near if they share a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    /// 64 bits of the number without what a copy may change.
    pub bits: u64,
    pub change: Change,
}

/// Words that stand before a number and tell nothing.
pub(super) const BEFORE: [&str; 5] = ["INV", "INVOICE", "NO", "NR", "OF"];
/// Words for an invoice in other languages. A client may count what it calls so by itself.
pub(super) const INVOICE: [&str; 9] = [
    "RECHNUNG",
    "RECHNUNGS",
    "RECHNUNGSNR",
    "RECHNUNGSNUMMER",
    "FACTURE",
    "FATTURA",
    "FACTURA",
    "FAKTURA",
    "FACTUUR",
];
/// Signs for `No.`, as some write them: with a degree sign, a ring above or an ordinal.
const SIGNS: [&str; 7] =
    ["N\u{B0}", "n\u{B0}", "N\u{2DA}", "n\u{2DA}", "N\u{BA}", "n\u{BA}", "\u{2116}"];

/// Returns a number with `No ` in place of each sign for it.
pub(super) fn without_signs(number: &str) -> Cow<'_, str> {
    if number.is_ascii() {
        return Cow::Borrowed(number);
    }
    let mut all = Cow::Borrowed(number);
    for sign in SIGNS {
        if all.contains(sign) {
            all = Cow::Owned(all.replace(sign, "No "));
        }
    }
    all
}
/// Words for a copy, as they are written once O, I and L are digits only beside digits.
const COPY: [&str; 11] = [
    "COPY",
    "DUP",
    "DUPLICATE",
    "REV",
    "REVISED",
    "NEW",
    "BIS",
    "CORR",
    "CORRECTED",
    "AMENDED",
    "REISSUED",
];

/// A run of letters or of digits.
#[derive(Debug, Clone, Copy)]
struct Run {
    start: usize,
    end: usize,
    is_digits: bool,
    /// True if punctuation or a blank stands before it.
    is_apart: bool,
}

/// Reads one number after the other, without an allocation for each.
#[derive(Debug, Default)]
pub(super) struct NumberReader {
    /// The characters in capitals, blanks and punctuation as blanks.
    chars: Vec<char>,
    runs: Vec<Run>,
    keys: Vec<Key>,
    /// True if a word for an invoice in another language tells one number from another.
    is_strict: bool,
}

impl NumberReader {
    /// Returns a reader to which words for an invoice in other languages are part of a number.
    pub fn strict() -> Self {
        Self { is_strict: true, ..Self::default() }
    }

    /// Returns the keys of a number, the one of the number itself first; none if it has no digit.
    pub fn keys(&mut self, number: &str) -> &[Key] {
        self.keys.clear();
        // Only with such a letter do both readings differ, and few numbers have one.
        let loose = if self.read(number, true) {
            self.add(self.whole(), Change::Spelled);
            let loose = self.keys.pop();
            self.read(number, false);
            loose
        } else {
            None
        };
        let whole = self.whole();
        if !self.has_digits(whole) {
            return &self.keys;
        }
        self.add(whole, Change::Spelled);
        if loose != self.keys.last().copied() {
            self.keys.extend(loose);
        }
        self.add_joined(whole);
        self.add_stems(whole);
        &self.keys
    }

    /// Returns true if the number read last ends in digits that punctuation sets apart from other
    /// digits, such as 2026-17: counting on in that place is how such a series goes on.
    pub fn counts_behind(&self) -> bool {
        let last = self.runs.last().is_some_and(|last| last.is_digits && last.is_apart);
        last && self.runs[..self.runs.len() - 1].iter().any(|run| run.is_digits)
    }

    /// Splits a number into runs. `is_loose` takes every O, I or L beside a digit for a digit;
    /// otherwise the I of SI298 is a letter. Returns true if there is such a letter.
    fn read(&mut self, number: &str, is_loose: bool) -> bool {
        let plain = without_signs(number);
        let upper = plain.chars().flat_map(char::to_uppercase);
        self.chars.clear();
        self.chars.extend(upper.map(|c| if c.is_alphanumeric() { c } else { ' ' }));
        let kind = |c: char| (c != ' ', c.is_ascii_digit());
        let (mut start, mut is_turned) = (0, false);
        while start < self.chars.len() {
            let first = kind(self.chars[start]);
            let end = start + self.chars[start..].iter().take_while(|c| kind(**c) == first).count();
            let is_digit = |c: Option<&char>| c.is_some_and(char::is_ascii_digit);
            let before = start > 0 && is_digit(self.chars.get(start - 1));
            let behind = is_digit(self.chars.get(end));
            if first == (true, false) && (before || behind) {
                is_turned |= as_digits(&mut self.chars[start..end], (before, behind), is_loose);
            }
            start = end;
        }
        self.runs.clear();
        let mut start = 0;
        while start < self.chars.len() {
            let (is_text, is_digits) = kind(self.chars[start]);
            let same = |c: &&char| kind(**c) == (is_text, is_digits);
            let end = start + self.chars[start..].iter().take_while(same).count();
            if is_text {
                let is_apart = start > 0 && self.chars[start - 1] == ' ';
                self.runs.push(Run { start, end, is_digits, is_apart });
            }
            start = end;
        }
        is_turned
    }

    /// Returns the runs of the number itself.
    fn whole(&self) -> (usize, usize) {
        let is_before = |run: &&Run| {
            self.is_any(run, &BEFORE) || (!self.is_strict && self.is_any(run, &INVOICE))
        };
        (self.runs.iter().take_while(is_before).count(), self.runs.len())
    }

    /// Returns the first run from `at` on that is none of these words.
    fn behind(&self, at: usize, words: &[&str]) -> usize {
        let skipped = self.runs[at..].iter().take_while(|run| self.is_any(run, words)).count();
        at + skipped
    }

    fn text(&self, run: &Run) -> &[char] {
        &self.chars[run.start..run.end]
    }

    fn is_any(&self, run: &Run, words: &[&str]) -> bool {
        let is = |word: &&str| word.chars().eq(self.text(run).iter().copied());
        !run.is_digits && words.iter().any(is)
    }

    fn has_digits(&self, (from, to): (usize, usize)) -> bool {
        from < to && self.runs[from..to].iter().any(|run| run.is_digits)
    }

    /// Returns true for a digit from 1 to 9, with or without a zero before it.
    fn is_one_digit(&self, run: &Run) -> bool {
        run.is_digits
            && match self.text(run) {
                ['0', digit] | [digit] => *digit != '0',
                _ => false,
            }
    }

    fn add(&mut self, (from, to): (usize, usize), change: Change) {
        if !self.has_digits((from, to)) {
            return;
        }
        let mut bits = Bits::new();
        let mut after_digits = false;
        for run in &self.runs[from..to] {
            if run.is_digits && after_digits {
                bits.take('.');
            }
            let text = self.text(run);
            bits.take_all(if run.is_digits { without_zeros(text) } else { text });
            after_digits = run.is_digits;
        }
        self.keys.push(Key { bits: bits.0, change });
    }

    /// Adds the number without the punctuation between its digits.
    fn add_joined(&mut self, (from, to): (usize, usize)) {
        let runs = &self.runs[from..to];
        if !runs.windows(2).any(|pair| pair[0].is_digits && pair[1].is_digits) {
            return;
        }
        let mut bits = Bits::new();
        let mut after_digits = false;
        for run in runs {
            let text = self.text(run);
            let is_first = run.is_digits && !after_digits;
            bits.take_all(if is_first { without_zeros(text) } else { text });
            after_digits = run.is_digits;
        }
        self.keys.push(Key { bits: bits.0, change: Change::Joined });
    }

    /// Returns where the number ends if its last run from `from` to `to` is a mark of letters.
    fn lettered(&self, from: usize, to: usize) -> Option<(usize, Change)> {
        let at = to.checked_sub(1).filter(|at| *at > from)?;
        let (before, run) = (self.runs[at - 1], self.runs[at]);
        if self.is_any(&run, &COPY) {
            return Some((at, Change::Named));
        }
        let is_short = !run.is_digits && run.end - run.start <= 2;
        (is_short && (before.is_digits || run.is_apart)).then_some((at, Change::Lettered))
    }

    /// Adds the numbers that this one is a copy of, if what stands before or behind is a mark.
    fn add_stems(&mut self, (from, to): (usize, usize)) {
        let last = self.runs[to - 1];
        let numbered = self.is_one_digit(&last) && last.is_apart;
        let behind = if self.is_one_digit(&last) {
            self.lettered(from, to - 1)
        } else {
            self.lettered(from, to)
        };
        if numbered {
            self.add((from, to - 1), Change::Numbered);
        }
        if let Some((end, change)) = behind {
            self.add((from, end), change);
        }
        if self.is_any(&self.runs[from], &COPY) {
            let start = self.behind(from + 1, &BEFORE);
            self.add((start, to), Change::Named);
        }
    }
}

/// Turns O, I and L into the digits that they look like, in letters with a digit before or behind.
/// Not loosely, it does so if there are no other letters, and with each O right before digits,
/// where a zero tells nothing: the 0 of PO298 is none of INV00298. Returns true if it turned any.
fn as_digits(letters: &mut [char], (before, behind): (bool, bool), is_loose: bool) -> bool {
    let digit = |c: char| match c {
        'O' => Some('0'),
        'I' | 'L' => Some('1'),
        _ => None,
    };
    let is_pure = letters.iter().all(|c| digit(*c).is_some());
    let mut is_turned = false;
    let mut turn = |letter: &mut char| match digit(*letter) {
        Some(zero) if is_loose || is_pure || zero == '0' => {
            *letter = zero;
            is_turned = true;
            true
        }
        _ => false,
    };
    if behind {
        let _ = letters.iter_mut().rev().all(&mut turn);
    }
    if before && (is_loose || is_pure) {
        let _ = letters.iter_mut().all(&mut turn);
    }
    is_turned
}

fn without_zeros(digits: &[char]) -> &[char] {
    let zeros = digits.iter().take_while(|digit| **digit == '0').count();
    &digits[zeros.min(digits.len() - 1)..]
}

/// FNV-1a over characters.
struct Bits(u64);

impl Bits {
    fn new() -> Self {
        Self(0xCBF2_9CE4_8422_2325)
    }

    fn take(&mut self, c: char) {
        self.0 = (self.0 ^ u64::from(u32::from(c))).wrapping_mul(0x0100_0000_01B3);
    }

    fn take_all(&mut self, chars: &[char]) {
        chars.iter().for_each(|c| self.take(*c));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The change that makes one number out of the other, if they are near.
    fn change(one: &str, other: &str) -> Option<Change> {
        let mut reader = NumberReader::default();
        let ours = reader.keys(one).to_vec();
        let theirs = reader.keys(other);
        let pairs = ours.iter().flat_map(|own| theirs.iter().map(move |their| (own, their)));
        let shared = pairs.filter(|(own, their)| own.bits == their.bits);
        // Of two marked numbers neither is the copy of the other.
        let near = shared.filter(|(own, their)| own.change.min(their.change) == Change::Spelled);
        near.map(|(own, their)| own.change.max(their.change)).min()
    }

    #[test]
    fn a_copy_is_near_whatever_it_changes() {
        for (one, other, expected) in [
            ("INV-000299", "INV 000299", Change::Spelled),
            ("INV-000299", "inv000299", Change::Spelled),
            ("INV-000299", "INV-OOO299", Change::Spelled),
            ("INV-000299", "INVO00299", Change::Spelled),
            ("INV-000299", "INV.299", Change::Spelled),
            ("INV-000299", "299", Change::Spelled),
            ("INV-000299", "Invoice No. 299", Change::Spelled),
            ("INV-000299", "N\u{B0} 299", Change::Spelled),
            ("INV-000299", "n\u{BA}299", Change::Spelled),
            ("INV-000299", "\u{2116}299", Change::Spelled),
            ("INV-000299", "Rechnung Nr. 299", Change::Spelled),
            ("INV-000299", "Facture n\u{B0}299", Change::Spelled),
            ("1001", "l00I", Change::Spelled),
            ("1001", "1OO1", Change::Spelled),
            ("2026/299", "2026-0299", Change::Spelled),
            ("A/B-77", "ab 077", Change::Spelled),
            ("2026-0299", "20260299", Change::Joined),
            ("R-26-117", "R26117", Change::Joined),
            ("J105-2", "J1052", Change::Joined),
            ("SI298", "S1298", Change::Spelled),
            ("SI298", "SI0298", Change::Spelled),
            ("CB1234", "CBl234", Change::Spelled),
            ("299", "299-1", Change::Numbered),
            ("299", "299 (2)", Change::Numbered),
            ("INV-299", "INV-299/03", Change::Numbered),
            ("1001US", "1001US-1", Change::Numbered),
            ("INV-000299", "INV-000299A", Change::Lettered),
            ("INV-000299", "INV-000299/B", Change::Lettered),
            ("299", "299 xy", Change::Lettered),
            ("299", "299-R1", Change::Lettered),
            ("299A", "299A/B", Change::Lettered),
            ("299A", "299A copy", Change::Named),
            ("299", "299 copy", Change::Named),
            ("299", "299-COPY-2", Change::Named),
            ("INV-299", "INV-299rev", Change::Named),
            ("INV-299", "Copy of INV-299", Change::Named),
            ("INV-299", "DUP-299", Change::Named),
        ] {
            assert_eq!(change(one, other), Some(expected), "{one} {other}");
            assert_eq!(change(other, one), Some(expected), "{other} {one}");
        }
    }

    #[test]
    fn numbers_of_a_series_are_not_near() {
        for (one, other) in [
            ("INV-0298", "INV-0299"),
            ("1001", "1002"),
            ("1001-1", "1001-2"),
            ("1-12", "11-2"),
            ("2026-01", "2026-02"),
            ("2026-0299", "2025-0299"),
            ("A-1", "A-2"),
            ("A-1", "B-1"),
            ("A-299", "B-299"),
            ("SI298", "SI1298"),
            ("SL-298", "S-298"),
            ("SI-299", "299"),
            ("299A", "299B"),
            ("299", "2990"),
            ("299", "299-17"),
            ("299/26", "299/25"),
            ("299", "299 final"),
            ("100", "1000"),
            ("W23", "W23-11"),
            ("INV", "INVOICE"),
            ("---", ""),
            ("deposit", "DEPOSIT A"),
        ] {
            assert_eq!(change(one, other), None, "{one} {other}");
        }
    }

    /// The keys from both readings, whatever letters the number has.
    fn of_both(reader: &mut NumberReader, number: &str) -> (Vec<Key>, bool) {
        reader.keys.clear();
        reader.read(number, true);
        reader.add(reader.whole(), Change::Spelled);
        let loose = reader.keys.pop();
        reader.read(number, false);
        let whole = reader.whole();
        if reader.has_digits(whole) {
            reader.add(whole, Change::Spelled);
            if loose != reader.keys.last().copied() {
                reader.keys.extend(loose);
            }
            reader.add_joined(whole);
            reader.add_stems(whole);
        }
        (reader.keys.clone(), reader.counts_behind())
    }

    fn config() -> ProptestConfig {
        ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
    }

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn one_reading_tells_what_both_tell(
            number in prop_oneof![
                "[0-9OoIlLiA-C ./-]{0,9}",
                "(INV|PO|SL|No\\. )?[0-9OIlo]{0,6}",
                ".{0,6}",
            ],
        ) {
            let (mut reader, mut other) = (NumberReader::default(), NumberReader::default());
            let keys = reader.keys(&number).to_vec();
            prop_assert_eq!((keys, reader.counts_behind()), of_both(&mut other, &number));
        }
    }

    #[test]
    fn a_number_that_counts_behind_others_is_known() {
        let mut reader = NumberReader::default();
        for (number, counts) in
            [("2026-1", true), ("J105-12", true), ("INV-299", false), ("299A", false), ("", false)]
        {
            let _ = reader.keys(number);
            assert_eq!(reader.counts_behind(), counts, "{number}");
        }
    }
}
