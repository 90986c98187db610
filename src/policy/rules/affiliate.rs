use super::clause::{Clause, Verdict};

/// A debtor of the client's own group pays when the client wants it to.
pub const CLAUSE: Clause =
    Clause::debtor("Affiliates of the client", |seen| Verdict::known(seen.debtor.facts.affiliate));
