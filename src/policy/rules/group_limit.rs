use basics::Money;
use words::Facts;

use super::super::change::Change;
use super::super::criteria::Criteria;
use super::super::receivable::Pool;
use super::clause::{Clause, Lever, Party, SharedLimit};

/// This part is above the limit on the debtor's group.
pub const CLAUSE: Clause = Clause::cut(|cutting, left| {
    let Some(limit) = limit(cutting.pool, cutting.criteria) else { return };
    for of_group in cutting.groups() {
        left.hold(&of_group, cutting.criteria.balance(limit));
    }
})
.terms(|criteria| Facts::new().and("group", criteria.limits.group.map(|group| group.0)))
.reason(|grounds| {
    let group = grounds.seen.debtor.facts.group.as_deref();
    grounds.of_part().with("group", group.unwrap_or_default())
})
.lever(Lever::Shared(SharedLimit {
    change: Change::GroupLimitRaised,
    party: |pool, _, debtor| pool.group_of(debtor).map(Party::Group),
    cap: |pool, criteria, _| limit(pool, criteria).map(|limit| criteria.balance(limit)),
    raise: |criteria, excess, currency| criteria.use_of_limit(excess, currency),
}));

/// Returns the limit on a group of debtors.
fn limit(pool: &Pool, criteria: &Criteria) -> Option<Money> {
    pool.amount(criteria.limits.group?)
}
