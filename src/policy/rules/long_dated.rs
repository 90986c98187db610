use words::Facts;

use super::super::change::Change;
use super::clause::{Clause, Lever, Verdict};

/// It is due later than the policy allows.
pub const CLAUSE: Clause =
    Clause::invoice(|seen| Verdict::of(-seen.days_past_due() > seen.criteria.maximum_days_to_due))
        .terms(|criteria| Facts::new().with("limit", criteria.maximum_days_to_due))
        .reason(|grounds| {
            let seen = &grounds.seen;
            let limit = seen.criteria.maximum_days_to_due;
            Facts::new().with("days", -seen.days_past_due()).with("limit", limit)
        })
        .lever(Lever::Invoice(Change::Time, |pool, at, criteria| {
            pool.as_of = pool.receivables[at].counted_due() - criteria.maximum_days_to_due;
        }));
