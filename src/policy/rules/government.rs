use super::clause::{Clause, Verdict};

/// The debtor is a government entity, whose debts cannot be assigned without its consent.
pub const CLAUSE: Clause = Clause::debtor(|seen| Verdict::known(seen.debtor.facts.government));
