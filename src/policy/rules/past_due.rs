use words::Facts;

use super::clause::{Clause, Verdict};

/// It is more days past due than the policy allows. The client warrants a due date that was assumed
/// and passes.
pub const CLAUSE: Clause = Clause::invoice(|seen| {
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
