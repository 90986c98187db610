//! Turns rows that are documents into invoices, unapplied credits and reductions of named invoices.

mod cells;
pub(super) mod currency;
mod customers;
mod fill;
mod interpret;
mod lines;
mod payments;
mod read;
mod tally;
mod terms;

pub use cells::DocumentCells;
pub use customers::Customer;
pub use read::{Reading, TablesRead, read_table};
