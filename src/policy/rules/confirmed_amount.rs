use super::super::change::Change;
use super::clause::{Clause, Lever};

/// This part is above the amount that the debtor says it owes.
pub const CLAUSE: Clause = Clause::cut(|cutting, left| {
    for (receivable, bought) in cutting.pool.receivables.iter().zip(&mut left.bought) {
        *bought = (*bought).min(receivable.uncontested().minor());
    }
})
.reason(|grounds| grounds.of_part().with("amount", grounds.seen.receivable.uncontested()))
.lever(Lever::Invoice(Change::AmountConfirmed, |pool, at, _| {
    let scrutiny = &mut pool.receivables[at].scrutiny;
    (scrutiny.confirmed, scrutiny.confirmed_amount) = (true, None);
}));
