use words::Facts;

use super::clause::{Clause, Verdict};

/// More days past due than the policy allows. What an assumed due date lets pass, the client
/// warrants.
pub const CLAUSE: Clause = Clause::invoice("Too far past due", |seen| {
    if seen.days_past_due() > seen.criteria.past_due_days {
        Verdict::Fails
    } else if seen.receivable.due_assumed {
        Verdict::Unknown
    } else {
        Verdict::Passes
    }
})
.terms(|criteria| Facts::new().with("limit", criteria.past_due_days))
.reason(|grounds| {
    let seen = &grounds.seen;
    Facts::new().with("days", seen.days_past_due()).with("limit", seen.criteria.past_due_days)
});
