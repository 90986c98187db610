//! The notation of amounts and dates in a file, decided from all of its cells, and the conversion
//! of one cell into canonical text.
//!
//! A cell that can be read in two ways is never guessed at: [`AmountEvidence`] and
//! [`DateEvidence`] look for cells that settle it, and report when there are none.

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
mod gaps;
mod names;
#[cfg(test)]
mod properties;
mod title;
mod unknown_day;

pub use amount::{Amount, Decimal, canonical_amount};
pub use amount_evidence::AmountEvidence;
pub use amount_fault::AmountFault;
pub use date::{DateFault, DateOrder, canonical_date, serial_day};
pub use date_evidence::{DateEvidence, DateForm};
pub use evidence::Ambiguous;
pub use title::find_date_in;
pub use unknown_day::is_unknown_day;

#[cfg(test)]
use evidence::Basis;
use gaps::{is_gap, split_word, trim};
