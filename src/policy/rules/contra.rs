use super::super::change::Change;
use super::clause::{Clause, Lever};

/// The debtor can offset what the client owes it against this part.
pub const CLAUSE: Clause = Clause::cut(|cutting, left| {
    let owed = |amount| cutting.pool.amount(amount).map_or(0, basics::Money::minor);
    cutting.set_off(left, |debtor| debtor.facts.payable.map_or(0, owed));
})
.lever(Lever::Debtor(Change::PayablePaid, |alone| {
    let payable = alone.pool.debtors[0].facts.payable.take()?;
    alone.pool.amount(payable)
}));
