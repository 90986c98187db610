use super::clause::{Clause, Verdict};

/// The debtor says that it does not know the client.
pub const CLAUSE: Clause = Clause::debtor(|seen| Verdict::of(seen.debtor.denies_client));
