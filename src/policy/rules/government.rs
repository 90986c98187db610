use super::clause::{Clause, Verdict};

/// A government's debts need its consent to be assigned.
pub const CLAUSE: Clause =
    Clause::debtor("Governments", |seen| Verdict::known(seen.debtor.facts.government));
