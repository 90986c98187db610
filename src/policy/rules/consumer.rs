use super::clause::{Clause, Verdict};

/// The debtor is a consumer: its debt is not a trade receivable, and consumer law protects it.
pub const CLAUSE: Clause = Clause::invoice(|seen| Verdict::known(seen.debtor.facts.consumer));
