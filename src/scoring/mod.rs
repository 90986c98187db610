//! Scoring: a client's own payment history becomes, for every open invoice, a collection curve.
//!
//! The model here is the cold-start model, a conditional Kaplan-Meier estimate over days since due
//! ([`km`]): it needs no training and serves ledgers of any size. Histories come in as plain day
//! counts ([`Spell`]).

mod hazard;
mod km;
mod prior;
mod shrinkage;

pub use km::{Basis, DebtorCurves, HORIZON, KaplanMeier, OWN_HISTORY};
pub use prior::{PriorCurve, PriorCurveError};

/// The time one invoice was under observation, in days since its due date (negative before it).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spell {
    /// Debtor number within the client, dense from 0.
    pub debtor: usize,
    /// Age at issue: the observation starts at the end of this day.
    pub entry: i32,
    /// Age at the last day of observation.
    pub exit: i32,
    /// What ended it.
    pub end: End,
}

/// What ended the observation of an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// Still open on the as-of date: censored.
    Open,
    /// Collected in cash.
    Collected,
    /// Removed by credit note or write-off: a competing end.
    Removed,
}
