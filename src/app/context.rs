use basics::Rate;
use ledger::{AsOf, Ledger, LedgerColumns};
use offer::Facility;
use policy::Policy;
use scoring::BoostedHazard;

use super::previous::Previous;

/// What is the same for every client of an evaluation.
pub(super) struct Context<'a> {
    pub ledger: &'a Ledger,
    pub columns: &'a LedgerColumns<'a>,
    pub as_of: &'a AsOf,
    pub policy: &'a Policy,
    /// What is agreed with the client and drawn.
    pub facility: Option<&'a Facility>,
    /// The most that the client asks to be advanced.
    pub requested: Option<Rate>,
    /// The client's previous ledger.
    pub previous: Option<&'a Previous>,
    /// The trained model; Kaplan-Meier alone without one.
    pub model: Option<Model<'a>>,
}

/// A trained model.
#[derive(Clone, Copy)]
pub(super) struct Model<'a> {
    pub hazard: &'a BoostedHazard,
    /// SHA-256 of the file that it came from.
    pub file: Option<&'a str>,
    /// Whether clients lean on the pool of its training data instead of the policy's prior.
    pub leans: bool,
}
