//! Synthetic receivables ledgers for trying out and timing an evaluation.
//!
//! A ledger is drawn debtor by debtor. Every debtor has a random stream of its own, so the
//! debtors are drawn in parallel and the bytes written depend on the options alone, never on the
//! number of threads. Each invoice is first given its whole life; then everything dated after
//! [`GenerateOptions::end`] is taken away again, which leaves the ledger exactly as its keeper
//! would have exported it that evening.

mod behaviour;
mod calendar;
mod debtor;
mod ledger_file;
mod names;
mod options;
mod period;
mod portfolio;
mod random;
mod row;
mod story;
mod summary;
#[cfg(test)]
mod tests;
mod write;

pub use ledger_file::generate;
pub use options::{GenerateError, GenerateOptions, Payers};
pub use summary::GeneratedSummary;
