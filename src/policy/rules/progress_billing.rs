use super::clause::{Clause, Verdict};

/// It is a progress billing, sent before the work is accepted or subject to retainage: it may never
/// become due.
pub const CLAUSE: Clause =
    Clause::invoice(|seen| Verdict::known(seen.debtor.facts.progress_billing));
