//! White space and invisible marks between the parts of a cell.

/// True if a character is white space of any width, or a mark of writing direction or byte order,
/// which exports leave around cells.
pub fn is_gap(c: char) -> bool {
    // Tested first, as nearly every gap is a plain space.
    c == ' '
        || c.is_whitespace()
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// A cell without the gaps around it.
pub fn trim(cell: &str) -> &str {
    cell.trim_matches(is_gap)
}

/// Splits off the letters at the start of a text, accents included; the word may be empty.
pub fn split_word(text: &str) -> (&str, &str) {
    let is_letter = |c: char| c.is_alphabetic() || matches!(c, '\u{300}'..='\u{36f}');
    let end = text.find(|c| !is_letter(c)).unwrap_or(text.len());
    text.split_at(end)
}
