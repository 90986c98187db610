//! Gradient-boosted trees for a binary outcome, started from a margin of the caller's.
//!
//! Written here because rows have to be sampled by invoice, every row needs a margin to start from,
//! the trees have to be the same for any number of threads and open to look at, and no C++ compiler
//! may be needed; the crates that do all but the first are too young to rest prices on. The method
//! is the usual one: second order boosting of the logistic loss (Friedman 2001; Chen and Guestrin
//! 2016) on histograms of quantile bins, grown leaf by leaf (Ke et al. 2017).
//!
//! Gradients are summed as whole numbers ([`histogram`]), so that the order of rows and the number
//! of threads cannot matter.

mod bins;
mod days;
mod grow;
mod histogram;
mod options;
#[cfg(test)]
mod tests;
mod train;
mod tree;

pub(super) use bins::{BinnedRows, Bins};
pub(super) use days::{DayMargins, DayRows, MOST_DAYS};
pub(super) use options::BoostOptions;
pub(super) use train::{Examples, mixed, share, sigmoid, train};
pub(super) use tree::Trees;
