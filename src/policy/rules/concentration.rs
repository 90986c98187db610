use basics::Money;
use words::Facts;

use super::super::change::Change;
use super::super::concentration::{ConcentrationBy, cap};
use super::super::criteria::Criteria;
use super::clause::{Clause, Lever, Party, SharedLimit};
use super::cutting::{Cutting, Left};

/// This part is above the share of the pool that one debtor, or one debtor group, may have.
pub const CLAUSE: Clause = Clause::cut(take)
    .terms(|criteria| {
        let facts = Facts::new().with("order", criteria.limits.order.variant());
        of_rule(facts, criteria)
    })
    .reason(|grounds| {
        let facts = grounds.of_part().with("cap", grounds.concentration_cap);
        let facts = facts.with("held", if grounds.holds.is_empty() { "no" } else { "yes" });
        of_rule(facts, grounds.seen.criteria)
    })
    .lever(Lever::Shared(SharedLimit {
        change: Change::LimitRaised,
        party: |pool, criteria, debtor| {
            let group = match criteria.concentration.by {
                ConcentrationBy::Group => pool.group_of(debtor),
                ConcentrationBy::Debtor => None,
            };
            Some(group.map_or(Party::Debtor(debtor), Party::Group))
        },
        cap: |_, _, cap| Some(cap.minor()),
        raise: |_, excess, currency| Some(Money::from_minor(excess, currency)),
    }));

fn of_rule(facts: Facts, criteria: &Criteria) -> Facts {
    let rule = criteria.concentration;
    let facts = facts.with("limit", rule.limit_percent).with("by", rule.by.variant());
    facts.with("denominator", rule.denominator.variant())
}

fn take(cutting: &Cutting<'_>, left: &mut Left) {
    let rule = cutting.criteria.concentration;
    let debtors = || cutting.debtors();
    let parties: Vec<Vec<usize>> = match rule.by {
        ConcentrationBy::Debtor => debtors().map(|(_, own)| own.to_vec()).collect(),
        ConcentrationBy::Group => {
            let alone = debtors().filter(|(debtor, _)| cutting.pool.group_of(*debtor).is_none());
            alone.map(|(_, own)| own.to_vec()).chain(cutting.groups()).collect()
        }
    };
    let bought = |party: &Vec<usize>| -> i128 {
        party.iter().map(|&index| i128::from(left.bought[index])).sum()
    };
    let eligible: Vec<i128> = parties.iter().map(bought).collect();
    let cap = cap(rule, left.passing, &eligible);
    for party in &parties {
        left.hold(party, cap);
    }
    left.concentration_cap = cap;
}
