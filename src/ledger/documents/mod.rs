//! Rows that are documents become invoices, unapplied credits and settlements of named invoices.

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

pub(super) use cells::DocumentCells;
pub(super) use customers::Customer;
pub(super) use read::{Reading, TablesRead, read_table};
