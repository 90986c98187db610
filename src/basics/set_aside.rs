//! Implausible dates.

use chrono::NaiveDate;
use serde::Serialize;

/// A date so far from the others that it is treated as a typing error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct SetAside {
    /// The date.
    pub date: NaiveDate,
    /// The number of invoice and settlement dates in the ledger with this date.
    pub occurrences: usize,
}
