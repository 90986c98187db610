use super::clause::{Clause, Verdict};

/// The contract with the debtor forbids the assignment.
pub const CLAUSE: Clause = Clause::invoice("Assignment forbidden", |seen| {
    Verdict::known(seen.debtor.facts.non_assignable)
});
