use words::Facts;

use super::clause::{Clause, Verdict};

/// The open balance is below the policy's minimum: it costs more to handle than it earns.
pub const CLAUSE: Clause = Clause::invoice(|seen| {
    Verdict::of(seen.receivable.open.to_decimal() < seen.criteria.minimum_open)
})
.terms(|criteria| Facts::new().with("minimum", criteria.minimum_open))
.reason(|grounds| {
    let (open, minimum) = (grounds.seen.receivable.open, grounds.seen.criteria.minimum_open);
    Facts::new().with("open", open).with("currency", open.currency()).with("minimum", minimum)
});
