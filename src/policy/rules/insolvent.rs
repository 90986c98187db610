use super::clause::{Clause, Verdict};

/// The debtor is insolvent or on a stop list.
pub const CLAUSE: Clause =
    Clause::debtor("Insolvent debtors", |seen| Verdict::known(seen.debtor.facts.insolvent));
