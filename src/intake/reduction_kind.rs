use serde::Serialize;

/// Kind of entry that reduces an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReductionKind {
    /// Cash. Code 0 in frames.
    Payment,
    /// Credit note: dilution. Code 1 in frames.
    CreditNote,
    /// Bad debt written off. Code 2 in frames.
    WriteOff,
    /// Any other entry that lowers what is owed. Code 3 in frames.
    Adjustment,
}

impl ReductionKind {
    /// Number of kinds.
    pub const COUNT: usize = 4;

    /// The code of the `kind` column.
    pub fn code(self) -> u32 {
        self as u32
    }
}
