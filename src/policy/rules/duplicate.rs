use words::Facts;

use super::super::change::Change;
use super::clause::{Clause, Lever, Verdict};

/// Another invoice of the debtor has the same number: they may be the same invoice.
pub const CLAUSE: Clause = Clause::invoice(|seen| Verdict::of(seen.receivable.duplicate))
    .reason(|grounds| Facts::new().with("number", grounds.seen.receivable.number.as_str()))
    .lever(Lever::Invoice(Change::NumberExplained, |pool, at, _| {
        pool.receivables[at].duplicate = false;
    }));
