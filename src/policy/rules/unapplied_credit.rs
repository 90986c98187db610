use basics::Money;

use super::super::change::Change;
use super::clause::{Alone, Clause, Lever};

/// The debtor will set this part off against an unapplied credit.
pub const CLAUSE: Clause = Clause::cut("Unapplied credits", |cutting, left| {
    cutting.set_off(left, |debtor| debtor.unapplied_credit.minor());
})
.lever(Lever::Debtor(Change::CreditsUsed, |alone| Some(use_credits(alone))));

/// Pays the credits of a debtor out or uses them otherwise.
pub(super) fn use_credits(alone: &mut Alone<'_>) -> Money {
    let none = Money::zero(alone.pool.currency);
    std::mem::replace(&mut alone.pool.debtors[0].unapplied_credit, none)
}
