//! Gradient-boosted trees for a binary outcome, started from a margin of the caller's.
//!
//! Written here because rows have to be sampled by invoice, every row needs its own start margin,
//! the trees have to be the same for any number of threads and open to inspection, and no C++
//! compiler may be needed; the crates that do all but the first are too young to base prices on.
//! The method is the usual one: second-order boosting of the logistic loss (Friedman 2001; Chen and
//! Guestrin 2016) on histograms of quantile bins, grown leaf by leaf (Ke et al. 2017).
//!
//! ```text
//! value of a leaf = -rate x G / (H + l2)
//! gain of a split = GL^2 / (HL + l2) + GR^2 / (HR + l2) - G^2 / (H + l2)
//! ```
//!
//! G and H are sums over the rows of gradient, weight x (p - outcome), and hessian, weight x p (1 -
//! p).
//!
//! Gradients are summed as whole numbers ([`histogram`]), so that neither the order of rows nor the
//! number of threads can matter.

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
