use super::clause::{Clause, Verdict};

/// The debtor is an affiliate of the client, which may decide when it pays.
pub const CLAUSE: Clause = Clause::debtor(|seen| Verdict::known(seen.debtor.facts.affiliate));
