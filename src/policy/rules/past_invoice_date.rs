use basics::from_day_number;
use words::{Fact, Facts};

use super::super::criteria::Criteria;
use super::clause::{Clause, Seen, Verdict};

/// It is older than the policy allows and than the debtor's usual terms explain: a late due date is
/// easily written. The client warrants an invoice date that was assumed and passes.
pub const CLAUSE: Clause = Clause::invoice(|seen| {
    if age(seen) > limit(seen) {
        Verdict::Fails
    } else if seen.receivable.issue_assumed {
        Verdict::Unknown
    } else {
        Verdict::Passes
    }
})
.terms(|criteria| {
    let stays = criteria.stays_invoice_age_days > criteria.invoice_age_days;
    of_policy(criteria, false)
        .with("assumed", i32::from(criteria.assumed_terms_days))
        .with("stays", Fact::yes(stays))
        .with("later", criteria.stays_invoice_age_days)
})
.reason(|grounds| {
    let seen = &grounds.seen;
    let usual = seen.debtor.usual_terms;
    let issue = seen.receivable.counted_issue();
    let by = if issue < seen.receivable.issue { "first" } else { "stated" };
    of_policy(seen.criteria, seen.receivable.funded)
        .with("days", age(seen))
        .with("by", Fact::Variant(by))
        .with("issue", from_day_number(issue))
        .with("most", limit(seen))
        .with("usual", usual.days)
        .with("source", usual.source.variant())
});

fn of_policy(criteria: &Criteria, funded: bool) -> Facts {
    let facts = Facts::new().with("limit", criteria.invoice_age(funded));
    facts.with("past_due", criteria.past_due(funded))
}

fn age(seen: &Seen<'_>) -> i32 {
    seen.receivable.age(seen.pool.as_of)
}

fn limit(seen: &Seen<'_>) -> i32 {
    seen.criteria.most_age(seen.receivable.funded, seen.debtor.usual_terms.days)
}
