//! Screens: what looks wrong in a client's ledger, one file a screen.
//!
//! [`screen()`] compares the open invoices of a pool with each other and with what the client's
//! debtors have paid, and adds a finding to each invoice that looks wrong; the policy then holds it
//! until its debtor has confirmed it. A screen accuses nobody: what this debtor, or the client's
//! debtors in general, have paid before in the same way is honest. Each says in its file what it
//! catches, why, what it must not catch, and its error rates, which its tests measure on honest
//! trades that look odd and on frauds put into them. What the previous ledger shows is compared
//! where both are read.

mod bills;
mod clusters;
mod copies;
mod long_terms;
mod near_duplicate;
mod not_delivered;
mod number;
mod one_number;
mod open_and_paid;
mod past_bill;
mod round_amounts;
mod same_number;
mod screen;

pub use one_number::{OneNumber, one_number, plain_number};
pub use past_bill::PastBill;
pub use screen::screen;

#[cfg(test)]
mod cases;
#[cfg(test)]
mod frauds;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod measured;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod trades;
