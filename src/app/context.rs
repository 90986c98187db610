use basics::Rate;
use ledger::{AsOf, Ledger, LedgerColumns};
use offer::Facility;
use policy::Policy;
use scoring::BoostedHazard;

use super::previous::Previous;

/// The inputs that all clients of an evaluation share.
pub(super) struct Context<'a> {
    pub ledger: &'a Ledger,
    pub columns: &'a LedgerColumns<'a>,
    pub as_of: &'a AsOf,
    pub policy: &'a Policy,
    /// The facility agreed with the client and the funds drawn.
    pub facility: Option<&'a Facility>,
    /// The largest advance rate that the client asks for.
    pub requested: Option<Rate>,
    /// The client's previous ledger.
    pub previous: Option<&'a Previous>,
    /// The trained model; without one, Kaplan-Meier alone scores.
    pub model: Option<Model<'a>>,
}

/// A trained model.
#[derive(Clone, Copy)]
pub(super) struct Model<'a> {
    pub hazard: &'a BoostedHazard,
    /// The SHA-256 of the file that it came from.
    pub file: Option<&'a str>,
    /// True if clients lean on the pool of its training data instead of the policy's prior.
    pub leans: bool,
}
