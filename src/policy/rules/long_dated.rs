use words::Facts;

use super::super::change::Change;
use super::clause::{Clause, Lever, Verdict};

/// It falls due later than the policy waits.
pub const CLAUSE: Clause = Clause::invoice("Due too far ahead", |seen| {
    Verdict::of(-seen.days_past_due() > seen.criteria.maximum_days_to_due)
})
.terms(|criteria| Facts::new().with("limit", criteria.maximum_days_to_due))
.reason(|grounds| {
    let seen = &grounds.seen;
    let limit = seen.criteria.maximum_days_to_due;
    Facts::new().with("days", -seen.days_past_due()).with("limit", limit)
})
.lever(Lever::Invoice(Change::Time, |pool, at, criteria| {
    pool.as_of = pool.receivables[at].due - criteria.maximum_days_to_due;
}));
