use basics::{Amount, Money};
use words::Fact;

use super::super::change::Change;
use super::super::criteria::Criteria;
use super::super::receivable::Pool;
use super::clause::{Alone, Clause, Lever};

/// This part is above the debtor's own limit or, without one, the policy's limit for any debtor.
pub const CLAUSE: Clause = Clause::cut(|cutting, left| {
    for (debtor, own) in cutting.debtors() {
        if let Some(limit) = limit(cutting.pool, cutting.criteria, debtor) {
            left.hold(own, cutting.criteria.balance(limit));
        }
    }
})
.terms(|criteria| {
    let limits = criteria.limits;
    let facts = words::Facts::new().with("order", limits.order.variant());
    let facts = facts.with("basis", limits.basis.variant());
    facts
        .with("has_pair", Fact::yes(limits.pair.is_some()))
        .and("pair", limits.pair.map(|pair| pair.0))
})
.reason(|grounds| {
    let own = grounds.seen.debtor.facts.limit.and_then(|limit| grounds.seen.pool.amount(limit));
    grounds.of_part().with("own", Fact::yes(own.is_some())).and("limit", own)
})
.lever(Lever::Debtor(Change::LimitRaised, raise));

/// Returns the limit on a debtor of the pool.
fn limit(pool: &Pool, criteria: &Criteria, debtor: usize) -> Option<Money> {
    let own = pool.debtors[debtor].facts.limit.and_then(|limit| pool.amount(limit));
    own.or_else(|| pool.amount(criteria.limits.pair?))
}

/// Raises the limit by the whole excess over it.
fn raise(alone: &mut Alone<'_>) -> Option<Money> {
    let more = alone.criteria.use_of_limit(alone.taken, alone.pool.currency)?;
    let limit = limit(alone.pool, alone.criteria, 0)?.checked_add(more).ok()?;
    alone.pool.debtors[0].facts.limit = Some(Amount(limit.to_decimal()));
    Some(more)
}
