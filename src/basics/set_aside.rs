//! Dates that are not believed.

use chrono::NaiveDate;
use serde::Serialize;

/// A date too far beyond the others to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct SetAside {
    /// The date.
    pub date: NaiveDate,
    /// How many invoice or settlement dates of the ledger are that date.
    pub occurrences: usize,
}
