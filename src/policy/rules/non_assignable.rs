use super::clause::{Clause, Verdict};

/// The contract with the debtor prohibits assignment.
pub const CLAUSE: Clause = Clause::invoice(|seen| Verdict::known(seen.debtor.facts.non_assignable));
