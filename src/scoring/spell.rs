/// The time one invoice was under observation, in days since its due date (negative before it).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spell {
    /// Debtor number within the client, dense from 0.
    pub debtor: usize,
    /// Age at issue: the observation starts at the end of this day.
    pub entry: i32,
    /// Age at the last day of observation.
    pub exit: i32,
    /// The end of the observation.
    pub end: End,
    /// Days from the last day of observation to the as-of date.
    pub ago: i32,
}

/// The end of the observation of an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// Still open on the as-of date: censored.
    Open,
    /// Collected in cash.
    Collected,
    /// Removed by credit note or write-off: a competing event.
    Removed,
}
