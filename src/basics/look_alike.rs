//! Characters that pass for others: a letter or digit of another script, font or width, with a mark
//! or a circle around it.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use unicode_security::confusable_detection::skeleton;

/// The zeros of all scripts (Unicode 16, general category Nd): nine digits follow each.
const ZEROS: [u32; 71] = [
    0x30, 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66,
    0xDE6, 0xE50, 0xED0, 0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90,
    0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
    0x104A0, 0x10D30, 0x10D40, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0,
    0x11650, 0x116C0, 0x116D0, 0x116DA, 0x11730, 0x118E0, 0x11950, 0x11BF0, 0x11C50, 0x11D50,
    0x11DA0, 0x11F50, 0x16130, 0x16A60, 0x16AC0, 0x16B50, 0x16D70, 0x1CCF0, 0x1E140, 0x1E2F0,
    0x1E4F0, 0x1E5F1, 0x1E950, 0x1FBF0,
];

/// The first of nine digits from one, in circles or of scripts that have no zero.
const ONES: [u32; 8] = [0x1369, 0x24F5, 0x2776, 0x2780, 0x278A, 0x10A40, 0x10E60, 0x11052];

/// Zeros in circles.
const ROUND_ZEROS: [u32; 3] = [0x24FF, 0x1F10B, 0x1F10C];

/// Letters that are not seen: the fillers of Hangul.
const UNSEEN: [char; 4] = ['\u{115F}', '\u{1160}', '\u{3164}', '\u{FFA0}'];

/// Returns a text in capitals, with ASCII letters and digits in place of all that look like them or
/// mean the same. Accents are left out, and so is what is not seen. Of a letter whose capital looks
/// like another one (the Greek nu is a `v` that has the capital `N`), the capital counts.
///
/// ```
/// use factorage_basics::capitals;
///
/// assert_eq!(capitals("\u{406}NV-\u{661}\u{662}\u{FF13}\u{2463}"), "INV-1234");
/// ```
pub fn capitals(text: &str) -> String {
    read(text, |c| capital(c).and_then(shape).or_else(|| shape(c)))
}

/// Returns the text as [`capitals`] does, but for letters whose capital looks like another one:
/// they are taken as they stand.
pub fn as_seen(text: &str) -> String {
    read(text, |c| shape(c).or_else(|| capital(c).and_then(shape)))
}

fn read(text: &str, letter: impl Fn(char) -> Option<char>) -> String {
    if text.is_ascii() {
        return text.to_ascii_uppercase();
    }
    let mut all = String::with_capacity(text.len());
    // Digits of other scripts first: of some, the font variants alone have a plain form.
    for c in text.nfkd().filter(|c| is_seen(*c)) {
        if c.is_ascii() {
            all.push(c.to_ascii_uppercase());
        } else if let Some(same) = digit(c).or_else(|| digit_like(c)).or_else(|| letter(c)) {
            all.push(same);
        } else {
            all.extend(c.to_uppercase());
        }
    }
    all
}

fn is_seen(c: char) -> bool {
    // Soft hyphens, joiners, marks of direction, the mark of byte order, and tags.
    let is_format = matches!(
        u32::from(c),
        0xAD | 0x61C | 0x180E | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0xFEFF
            | 0xE0000..=0xE0FFF
    );
    !is_format && !is_combining_mark(c) && !UNSEEN.contains(&c)
}

/// Returns the ASCII digit of the same value.
fn digit(c: char) -> Option<char> {
    let code = u32::from(c);
    let within = |first: &u32, least: u32, count: u32| {
        code.checked_sub(*first).filter(|behind| *behind < count).map(|behind| least + behind)
    };
    let value = ZEROS.iter().find_map(|zero| within(zero, 0, 10));
    let value = value.or_else(|| ONES.iter().find_map(|one| within(one, 1, 9)));
    let value = value.or_else(|| ROUND_ZEROS.contains(&code).then_some(0))?;
    char::from_digit(value, 10)
}

/// Returns the digit that a letter looks like, in either case.
fn digit_like(c: char) -> Option<char> {
    let all = [Some(c), capital(c), one(c.to_lowercase())];
    all.into_iter().flatten().filter_map(shape).find(char::is_ascii_digit)
}

fn capital(c: char) -> Option<char> {
    one(c.to_uppercase())
}

fn one(mut chars: impl Iterator<Item = char>) -> Option<char> {
    let first = chars.next()?;
    chars.next().is_none().then_some(first)
}

/// Returns the ASCII letter or digit that a character looks like, letters in capitals.
fn shape(c: char) -> Option<char> {
    if c.is_ascii() {
        return Some(c.to_ascii_uppercase());
    }
    let mut text = [0; 4];
    let text: &str = c.encode_utf8(&mut text);
    let like = one(skeleton(text).filter(|c| !is_combining_mark(*c)))?;
    match like {
        // The table takes an l for all bars, an I among them.
        'l' => Some('I'),
        like => like.is_ascii_alphanumeric().then(|| like.to_ascii_uppercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_ascii_or_means_the_same_is_read_as_ascii() {
        for (text, read) in [
            ("inv-0042", "INV-0042"),
            ("\u{FF29}\u{FF2E}\u{FF36}\u{FF10}\u{FF14}", "INV04"),
            ("\u{664}\u{662}", "42"),
            ("\u{6F4}\u{6F2}", "42"),
            ("\u{96A}\u{968}", "42"),
            ("\u{2463}\u{2461}", "42"),
            ("\u{2779}\u{2777}\u{24FF}", "420"),
            ("\u{2074}\u{B2}", "42"),
            ("\u{2084}\u{2082}", "42"),
            ("\u{1D7D2}\u{1D7FA}", "44"),
            ("\u{1D408}\u{1D40D}\u{1D415}", "INV"),
            ("\u{406}NV", "INV"),
            ("\u{456}nv", "INV"),
            ("\u{399}\u{39D}V", "INV"),
            ("\u{130}NV", "INV"),
            ("\u{131}nv", "INV"),
            ("I\u{300}NV", "INV"),
            ("4\u{200B}2\u{AD}", "42"),
            ("\u{410}\u{412}\u{421}\u{415}\u{41D}\u{41A}\u{41C}", "ABCEHKM"),
            ("\u{430}\u{432}\u{441}\u{435}\u{43D}\u{43A}\u{43C}", "ABCEHKM"),
            ("\u{417}-\u{437}", "3-3"),
            ("\u{2116} 7", "NO 7"),
            ("\u{416}7", "\u{416}7"),
        ] {
            assert_eq!(capitals(text), read, "{text}");
        }
    }

    #[test]
    fn a_letter_is_read_by_its_capital_or_as_it_stands() {
        assert_eq!((capitals("\u{3BD}"), as_seen("\u{3BD}")), ("N".into(), "V".into()));
        assert_eq!(as_seen("\u{406}nv\u{664}"), "INV4");
    }

    #[test]
    fn both_cases_and_both_readings_have_the_same_digits() {
        let digits = |text: String| text.chars().filter(char::is_ascii_digit).collect::<String>();
        for c in (0x80..0x600).filter_map(char::from_u32) {
            let text = c.to_string();
            let own = digits(capitals(&text));
            assert_eq!(own, digits(as_seen(&text)), "{c:?}");
            let [upper, lower] = [text.to_uppercase(), text.to_lowercase()];
            if upper.to_lowercase() == lower && lower.to_uppercase() == upper {
                assert_eq!(digits(capitals(&upper)), digits(capitals(&lower)), "{c:?}");
            }
        }
    }
}
