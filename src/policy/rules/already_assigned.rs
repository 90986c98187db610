use super::super::change::Change;
use super::clause::{Clause, Lever, Verdict};

/// The debtor is told to pay someone other than the client, who may own the invoice.
pub const CLAUSE: Clause = Clause::invoice(|seen| Verdict::of(seen.receivable.already_assigned))
    .lever(Lever::Invoice(Change::Released, |pool, at, _| {
        pool.receivables[at].already_assigned = false;
    }));
