use super::clause::{Clause, Verdict};

/// It is dated after the as-of date. An assumed issue date proves nothing, so the client warrants
/// it.
pub const CLAUSE: Clause = Clause::invoice(|seen| {
    if seen.receivable.issue_assumed {
        Verdict::Unknown
    } else {
        Verdict::of(seen.receivable.issue > seen.pool.as_of)
    }
});
