use super::clause::{Clause, Verdict};

/// What a consumer owes is no trade receivable: other law protects it.
pub const CLAUSE: Clause =
    Clause::invoice("Owed by consumers", |seen| Verdict::known(seen.debtor.facts.consumer));
