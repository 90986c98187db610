use super::clause::{Clause, Verdict};

/// What is billed in stages, before the work is accepted or with a part retained may never fall
/// due.
pub const CLAUSE: Clause = Clause::invoice("Billed in stages or retained", |seen| {
    Verdict::known(seen.debtor.facts.progress_billing)
});
