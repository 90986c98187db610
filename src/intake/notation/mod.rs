//! How amounts and dates are written in a file, judged by all of its cells, and the rewriting of
//! one cell into canonical text.
//!
//! A cell that can be read in two ways is never guessed at: [`AmountEvidence`] and
//! [`DateEvidence`] look for cells that decide, and where there are none they say so.

mod affix;
mod amount;
mod amount_evidence;
mod amount_fault;
mod clock;
mod currency;
mod date;
mod date_evidence;
mod date_head;
mod evidence;
mod names;
#[cfg(test)]
mod properties;
mod title;

pub use amount::{Amount, Decimal, canonical_amount};
pub use amount_evidence::AmountEvidence;
pub use amount_fault::AmountFault;
pub use date::{DateFault, DateOrder, canonical_date, serial_day};
pub use date_evidence::{DateEvidence, DateForm};
pub use evidence::Ambiguous;
#[cfg(test)]
use evidence::Basis;

pub use title::find_date_in;

/// Whether a character only keeps others apart: white space of every width, and the marks of
/// writing direction and byte order that exports leave around cells.
fn is_gap(c: char) -> bool {
    c == ' '
        || c.is_whitespace()
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// A cell without the gaps around it.
fn trim(cell: &str) -> &str {
    cell.trim_matches(is_gap)
}

/// Splits off the letters that a text begins with, accents included; none give an empty word.
fn split_word(text: &str) -> (&str, &str) {
    let is_letter = |c: char| c.is_alphabetic() || matches!(c, '\u{300}'..='\u{36f}');
    let end = text.find(|c| !is_letter(c)).unwrap_or(text.len());
    text.split_at(end)
}
