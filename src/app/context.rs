use basics::{Currency, Rate};
use ledger::{AsOf, Ledger, LedgerColumns};
use offer::{Completed, CompletedPart, Facility};
use policy::Policy;
use scoring::BoostedHazard;

use super::confirmations::ByClient;
use super::previous::{Ledgers, Previous};

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
    /// The offer that is completed, if one is.
    pub completed: Option<&'a Completed>,
    /// The answers of the clients' debtors.
    pub confirmations: Option<&'a ByClient>,
    /// Draws the invoices that are confirmed at random.
    pub selection_seed: Option<u64>,
    /// The ledgers that the client sent before, in order of their dates.
    pub previous: &'a [Previous<'a>],
    /// The trained model; without one, Kaplan-Meier alone scores.
    pub model: Option<Model<'a>>,
}

impl<'a> Context<'a> {
    /// The part of the offer that is completed for a client and a currency, if there is one.
    pub fn completed_part(&self, client: usize, currency: Currency) -> Option<&'a CompletedPart> {
        self.completed?.part(&self.ledger.clients[client].id, currency)
    }

    /// The ledger and those before it.
    pub fn ledgers(&self) -> Ledgers<'a> {
        let Self { ledger, columns, as_of, previous, .. } = *self;
        Ledgers { ledger, columns, as_of, previous }
    }
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
