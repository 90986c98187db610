//! The completion of an earlier offer: what it held and debtors have confirmed since is bought from
//! the same ledger, under the same policy and on the same terms, at a later day.

use chrono::NaiveDate;
use thiserror::Error;

use basics::{Money, Rate};
use ledger::{AsOf, Ledger};
use offer::{Completed, CompletedPart, LineHold, Offered};
use policy::{Finding, Policy, Receivable};

/// The reason why an evaluation does not complete the offer that was named.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum CompletingError {
    /// Another policy was given.
    #[error("the offer was made under another policy; leave the policy out, or pass that one")]
    Policy,
    /// An advance was asked for.
    #[error("what completes an offer is on its terms, so no other advance can be asked for")]
    Advance,
    /// Another seed was given.
    #[error("the offer was drawn with the selection seed {made}, not {given}")]
    Seed {
        /// The seed in the offer.
        made: u64,
        /// The seed given.
        given: u64,
    },
    /// The ledger has other files.
    #[error("the offer was made from other ledger files; pass the same ones, unchanged")]
    Ledger,
    /// The ledgers before it have other files.
    #[error(
        "the offer was compared with {made} earlier ledger files, and these are others; pass the \
         same ones, unchanged"
    )]
    Previous {
        /// The number of files then.
        made: usize,
    },
    /// It has none of the clients.
    #[error("the offer has no part for any client of this ledger; pass the client as it did")]
    Client,
    /// It would be of an earlier day.
    #[error("the offer is of {offer}, which is after the as-of date, {as_of}")]
    Earlier {
        /// The as-of date of the offer.
        offer: NaiveDate,
        /// The as-of date asked for.
        as_of: NaiveDate,
    },
}

/// Refuses what differs from the offer that is completed: its policy, terms and seed.
pub(super) fn demand_terms(
    completed: &Completed,
    policy: &Policy,
    advance: Option<Rate>,
    seed: Option<u64>,
) -> Result<(), CompletingError> {
    if completed.policy.text() != policy.text() {
        return Err(CompletingError::Policy);
    }
    if advance.is_some() {
        return Err(CompletingError::Advance);
    }
    match (completed.selection_seed, seed) {
        (Some(made), Some(given)) if made != given => Err(CompletingError::Seed { made, given }),
        _ => Ok(()),
    }
}

/// Refuses other ledgers than those of the offer that is completed, and an earlier day.
pub(super) fn demand_ledgers(
    completed: &Completed,
    ledger: &Ledger,
    before: &[Ledger],
    as_of: &AsOf,
) -> Result<(), CompletingError> {
    if sorted(&completed.ledger_files) != sorted(hashes(ledger)) {
        return Err(CompletingError::Ledger);
    }
    let previous = &completed.previous_files;
    if sorted(previous) != sorted(before.iter().flat_map(hashes)) {
        return Err(CompletingError::Previous { made: previous.len() });
    }
    if !ledger.clients.iter().any(|client| completed.has(&client.id)) {
        return Err(CompletingError::Client);
    }
    if as_of.date < completed.as_of {
        return Err(CompletingError::Earlier { offer: completed.as_of, as_of: as_of.date });
    }
    Ok(())
}

/// The SHA-256 of each file of a ledger.
fn hashes(ledger: &Ledger) -> impl Iterator<Item = &String> {
    ledger.certificate.files.iter().map(|file| &file.sha256)
}

fn sorted<'a>(all: impl IntoIterator<Item = &'a String>) -> Vec<&'a String> {
    let mut all: Vec<&String> = all.into_iter().collect();
    all.sort_unstable();
    all
}

/// Leaves of a receivable what the offer that is completed held of it, for its reasons; what that
/// one bought is bought already. `part` is its part for the client and currency, if it has one.
pub(super) fn leave_held(
    receivable: &mut Receivable,
    debtor_id: &str,
    part: Option<&CompletedPart>,
) {
    let offered =
        part.and_then(|part| part.offered(debtor_id, &receivable.number, receivable.issue));
    receivable.offered = Some(match offered {
        Some(Offered::Bought(amount)) => {
            receivable.funded = true;
            *amount
        }
        Some(Offered::Excluded) => {
            receivable.scrutiny.excluded_before = true;
            Money::zero(receivable.open.currency())
        }
        Some(Offered::Held(most, holds)) => {
            let said = |hold: &LineHold| Finding::said(hold.reason, hold.why.clone());
            receivable.scrutiny.held_before = holds.iter().map(said).collect();
            *most
        }
        None => Money::zero(receivable.open.currency()),
    });
}
