use basics::Money;

use super::super::change::Change;
use super::clause::{Alone, Clause, Lever};

/// The debtor can offset an unapplied credit against this part.
pub const CLAUSE: Clause = Clause::cut(|cutting, left| {
    cutting.set_off(left, |debtor| debtor.unapplied_credit.minor());
})
.lever(Lever::Debtor(Change::CreditsUsed, |alone| Some(use_credits(alone))));

/// Uses up the credits of a debtor and returns their amount.
pub(super) fn use_credits(alone: &mut Alone<'_>) -> Money {
    let none = Money::zero(alone.pool.currency);
    std::mem::replace(&mut alone.pool.debtors[0].unapplied_credit, none)
}
