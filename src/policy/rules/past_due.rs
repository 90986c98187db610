use basics::from_day_number;
use words::{Fact, Facts};

use super::clause::{Clause, Verdict};

/// It is more days past due than the policy allows: more for an invoice that has been bought, if
/// the policy says so. The client warrants a due date that was assumed and passes.
pub const CLAUSE: Clause = Clause::invoice(|seen| {
    if seen.days_past_due() > seen.criteria.past_due(seen.receivable.funded) {
        Verdict::Fails
    } else if seen.receivable.due_assumed {
        Verdict::Unknown
    } else {
        Verdict::Passes
    }
})
.terms(|criteria| {
    let stays = criteria.stays_past_due_days > criteria.past_due_days;
    let facts = Facts::new().with("limit", criteria.past_due_days);
    facts.with("stays", Fact::yes(stays)).with("later", criteria.stays_past_due_days)
})
.reason(|grounds| {
    let seen = &grounds.seen;
    let due = seen.receivable.counted_due();
    let by = if due < seen.receivable.due { "first" } else { "stated" };
    Facts::new()
        .with("days", seen.days_past_due())
        .with("limit", seen.criteria.past_due(seen.receivable.funded))
        .with("by", Fact::Variant(by))
        .with("due", from_day_number(due))
});
