use super::clause::{Clause, Verdict};

/// The debtor is insolvent or on a stop list.
pub const CLAUSE: Clause = Clause::debtor(|seen| Verdict::known(seen.debtor.facts.insolvent));
