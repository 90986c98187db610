use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};

use basics::Money;
use words::{Fact, Facts};

use super::super::change::Change;
use super::super::criteria::Criteria;
use super::super::cross_aging::Comparator;
use super::clause::{Alone, Clause, Lever, Verdict};

/// Too much of the debtor's balance is past due: the rest will probably be late too.
pub const CLAUSE: Clause = Clause::debtor(|seen| {
    let funded = seen.receivable.funded;
    Verdict::of(seen.balance.is_cross_aged(seen.criteria, funded))
})
.terms(|criteria| {
    let rule = criteria.cross_aging;
    facts(criteria, false)
        .with("comparator", rule.comparator.variant())
        .with("base", rule.base.variant())
})
.reason(|grounds| {
    let (balance, criteria) = (grounds.seen.balance, grounds.seen.criteria);
    let funded = grounds.seen.receivable.funded;
    let share = balance.share(criteria.cross_aging.base, funded);
    facts(criteria, funded).with("share", Fact::Share(share))
})
.lever(Lever::Debtor(Change::PastDuePaid, pay_past_due));

fn facts(criteria: &Criteria, funded: bool) -> Facts {
    let threshold = criteria.cross_aging.threshold_percent;
    Facts::new().with("limit", criteria.past_due(funded)).with("threshold", threshold)
}

/// Pays the smallest amount x of what is past due, the oldest first, that ends cross-aging: the one
/// at which (past due - x) / (balance - x) comes to the threshold.
fn pay_past_due(alone: &mut Alone<'_>) -> Option<Money> {
    let (pool, criteria) = (&mut *alone.pool, alone.criteria);
    let rule = criteria.cross_aging;
    let decimal = |minor: i128| Decimal::try_from_i128_with_scale(minor, 0).ok();
    let (balance, past_due) = (alone.balance.of(rule.base, false), alone.balance.past_due);
    let share = rule.threshold_percent.fraction();
    let above = decimal(past_due)?.checked_sub(decimal(balance)?.checked_mul(share)?)?;
    // At a threshold of 100 % no payment of a part helps: the division by 0 says so.
    let needed = above.checked_div(Decimal::ONE.checked_sub(share)?)?;
    let ceiling = needed.round_dp_with_strategy(0, RoundingStrategy::ToPositiveInfinity);
    // Where reaching the threshold is enough to fail, one more cent.
    let exact = ceiling == needed && rule.comparator == Comparator::AtLeast;
    let needed = ceiling.to_i64()?.checked_add(i64::from(exact))?.max(1);
    let mut left = needed;
    let mut order: Vec<usize> = (0..pool.receivables.len()).collect();
    order.sort_by_key(|&index| pool.receivables[index].counted_due());
    for index in order {
        let receivable = &mut pool.receivables[index];
        if receivable.days_past_due(pool.as_of) <= criteria.past_due_days {
            break;
        }
        let paid = receivable.open.minor().min(left);
        receivable.open = Money::from_minor(receivable.open.minor() - paid, pool.currency);
        left -= paid;
    }
    pool.receivables.iter_mut().for_each(|receivable| {
        // Paid in full, it must not count as past due when the rules run again.
        if receivable.open.minor() == 0 {
            receivable.due = pool.as_of;
            receivable.scrutiny.first_due = None;
        }
    });
    (left == 0).then(|| Money::from_minor(needed, pool.currency))
}
