use super::super::change::Change;
use super::clause::{Clause, Lever, Verdict};

/// The debtor disputes the invoice.
pub const CLAUSE: Clause = Clause::invoice(|seen| Verdict::known(seen.receivable.disputed)).lever(
    Lever::Invoice(Change::DisputeSettled, |pool, at, _| {
        pool.receivables[at].disputed = Some(false);
    }),
);
