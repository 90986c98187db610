//! A client's books: the rows that say what happened, and the movements that they amount to.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use basics::MoneyError;

use super::Position;
use super::movement::{EntryKind, Movement, Recorded};
use super::payee::Payee;
use super::payment::Collection;
use super::purchase::AgreedPurchase;
use super::reversal::{Reversal, Undone};
use super::settlement::Settlement;

/// Everything on record about a client's positions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Books {
    /// The client.
    pub client_id: String,
    /// The positions as they are now.
    pub positions: Vec<Position>,
    /// The parts of all payments.
    pub collections: Vec<Collection>,
    /// The settlements with the ids of their positions, those that were undone as well.
    pub settlements: Vec<(String, Settlement)>,
    /// The reversals.
    pub reversals: Vec<Reversal>,
    /// The purchases with their invoices, each with its payout or withdrawal.
    pub purchases: Vec<AgreedPurchase>,
    /// Every version of the client's accounts.
    pub payees: Vec<Payee>,
    /// The movements, in the order in which they were recorded.
    pub movements: Vec<Recorded>,
}

impl Books {
    /// Returns the payments that were not undone.
    pub fn standing(&self) -> Vec<Collection> {
        let undone: HashSet<&Undone> = self.reversals.iter().map(|own| &own.undoes).collect();
        let stands = |own: &&Collection| !undone.contains(&Undone::Collection(own.id.clone()));
        self.collections.iter().filter(stands).cloned().collect()
    }

    /// Returns the reversal of a step, if it was undone.
    pub fn reversal(&self, step: &Undone) -> Option<&Reversal> {
        self.reversals.iter().find(|own| own.undoes == *step)
    }

    /// Returns the day on which each step was undone.
    pub(super) fn undone(&self) -> HashMap<&Undone, NaiveDate> {
        self.reversals.iter().map(|own| (&own.undoes, own.on)).collect()
    }

    /// Returns the movements that the rows amount to: what was bought, paid, settled and undone, in
    /// the order of the days on which they count; of one day purchases come first, then payments,
    /// then settlements.
    ///
    /// # Errors
    /// [`MoneyError`] if an amount overflows.
    pub fn history(&self) -> Result<Vec<Movement>, MoneyError> {
        let invoices: HashMap<&str, _> =
            self.positions.iter().map(|own| (own.invoice().id.as_str(), own.invoice())).collect();
        let mut all = Vec::new();
        for position in &self.positions {
            all.push(Movement::purchase(position.invoice())?);
        }
        for collection in &self.collections {
            all.push(Movement::collection(&self.client_id, collection)?);
        }
        for (position, settlement) in &self.settlements {
            // Without its position it has no movement: that its entries have no row is a fault.
            if let Some(invoice) = invoices.get(position.as_str()) {
                all.push(Movement::settlement(invoice, settlement)?);
            }
        }
        let days = self.undone();
        let undone = |own: &Movement| Some(own.undone(*days.get(&own.step())?));
        let undone: Vec<Movement> = all.iter().filter_map(undone).collect();
        all.extend(undone);
        // Stable, so that the order above holds within a day.
        all.sort_by_key(|own| (own.on, own.is_reversal));
        Ok(all)
    }
}

impl Movement {
    /// The step that it books or undoes.
    pub(super) fn step(&self) -> Undone {
        let subject = self.subject.clone();
        match self.kind {
            EntryKind::Purchase => Undone::Purchase(subject),
            EntryKind::Settlement => Undone::Settlement(subject),
            EntryKind::Collection | EntryKind::Recovery | EntryKind::Unapplied => {
                Undone::Collection(subject)
            }
        }
    }
}
