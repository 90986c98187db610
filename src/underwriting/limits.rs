//! Limits on one debtor, one group of debtors, one debtor's share of the pool, and what the
//! facility leaves.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, prelude::ToPrimitive};

use basics::{Amount, Money};

use super::assessment::{Assessment, cut_beyond};
use super::concentration::cap;
use super::limit_terms::{LimitBasis, LimitOrder, LimitTerms};
use super::{ConcentrationBy, Policy, Pool, Rule};

/// The limits of a policy over a pool.
pub(super) struct Limits<'a> {
    pool: &'a Pool,
    policy: &'a Policy,
    terms: LimitTerms,
    by_debtor: Vec<Vec<usize>>,
}

impl<'a> Limits<'a> {
    pub fn of(pool: &'a Pool, policy: &'a Policy) -> Self {
        let terms = policy.limits();
        Self { pool, policy, terms, by_debtor: by_debtor(pool, terms.order) }
    }

    /// Debtors, then groups.
    pub fn run(&self, assessments: &mut [Assessment]) {
        for of_debtor in &self.by_debtor {
            let debtor = self.pool.receivables[of_debtor[0]].debtor;
            if let Some(limit) = debtor_limit(self.pool, self.policy, debtor) {
                let most = self.balance(limit);
                cut_beyond(assessments, of_debtor, most, Rule::DebtorLimit);
            }
        }
        let Some(limit) = group_limit(self.pool, self.policy) else { return };
        for of_group in self.by_group().values() {
            cut_beyond(assessments, of_group, self.balance(limit), Rule::GroupLimit);
        }
    }

    /// Cuts what is above the concentration cap, which it returns.
    pub fn concentration(&self, assessments: &mut [Assessment], gross: i128) -> i64 {
        let rule = self.policy.concentration();
        let parties = match rule.by {
            ConcentrationBy::Debtor => self.by_debtor.clone(),
            ConcentrationBy::Group => {
                let alone = |of_debtor: &&Vec<usize>| {
                    group_of(self.pool, self.pool.receivables[of_debtor[0]].debtor).is_none()
                };
                let alone = self.by_debtor.iter().filter(alone).cloned();
                alone.chain(self.by_group().into_values()).collect()
            }
        };
        let bought = |party: &Vec<usize>| -> i128 {
            party.iter().map(|&index| i128::from(assessments[index].bought.minor())).sum()
        };
        let eligible: Vec<i128> = parties.iter().map(bought).collect();
        let cap = cap(rule, gross, &eligible);
        for (party, eligible) in parties.iter().zip(eligible) {
            if eligible > i128::from(cap) {
                cut_beyond(assessments, party, cap, Rule::Concentration);
            }
        }
        cap
    }

    /// Cuts what is above the room that the facility leaves, at the policy's largest advance.
    pub fn facility(&self, assessments: &mut [Assessment]) {
        let Some(room) = self.pool.room else { return };
        let mut order: Vec<usize> = (0..self.pool.receivables.len()).collect();
        sort(&mut order, self.pool, self.terms.order);
        let most = at_largest_advance(room, self.policy);
        cut_beyond(assessments, &order, most, Rule::FacilityLimit);
    }

    /// Receivables of each group of debtors, in order of use.
    fn by_group(&self) -> BTreeMap<String, Vec<usize>> {
        let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for of_debtor in &self.by_debtor {
            if let Some(group) = group_of(self.pool, self.pool.receivables[of_debtor[0]].debtor) {
                groups.entry(group).or_default().extend(of_debtor);
            }
        }
        groups.values_mut().for_each(|group| sort(group, self.pool, self.terms.order));
        groups
    }

    /// The balance that a limit allows, minor units.
    fn balance(&self, limit: Money) -> i64 {
        match self.terms.basis {
            LimitBasis::Balance => limit.minor(),
            LimitBasis::Funded => at_largest_advance(limit, self.policy),
        }
    }
}

/// The limit of a debtor of the pool: its own, else the policy's.
pub(super) fn debtor_limit(pool: &Pool, policy: &Policy, debtor: usize) -> Option<Money> {
    let own = pool.debtors[debtor].told.limit;
    own.or_else(|| money(policy.limits().pair?, pool))
}

/// The limit of a group of debtors.
pub(super) fn group_limit(pool: &Pool, policy: &Policy) -> Option<Money> {
    money(policy.limits().group?, pool)
}

/// The balance that the limit of a group allows, minor units.
pub(super) fn limit_on_balance(pool: &Pool, policy: &Policy) -> Option<i64> {
    let limits = Limits { pool, policy, terms: policy.limits(), by_debtor: Vec::new() };
    group_limit(pool, policy).map(|limit| limits.balance(limit))
}

/// The group of a debtor of the pool, in one spelling.
pub(super) fn group_of(pool: &Pool, debtor: usize) -> Option<String> {
    pool.debtors[debtor].told.group.as_deref().map(|group| group.trim().to_lowercase())
}

/// The most that may be bought so that what is advanced on it at the policy's largest rate, rounded
/// down, is no more than `funds`: the largest b with b x rate < funds + 1, in minor units.
fn at_largest_advance(funds: Money, policy: &Policy) -> i64 {
    let rate = policy.advance_cap().fraction();
    let above = Decimal::from(funds.minor()).checked_add(Decimal::ONE);
    let bought = above.and_then(|above| above.checked_div(rate));
    // Nothing advanced uses up no funds.
    let below = |bought: Decimal| (bought.ceil() - Decimal::ONE).to_i64();
    bought.and_then(below).unwrap_or(i64::MAX)
}

/// An amount of the policy in the pool's currency; one that it cannot hold limits nothing.
fn money(amount: Amount, pool: &Pool) -> Option<Money> {
    Money::round(amount.0, pool.currency, basics::Rounding::Down).ok()
}

/// Receivables of each debtor, in the order in which they use up a limit.
pub(super) fn by_debtor(pool: &Pool, order: LimitOrder) -> Vec<Vec<usize>> {
    let all: Vec<usize> = (0..pool.receivables.len()).collect();
    let same = |&a: &usize, &b: &usize| pool.receivables[a].debtor == pool.receivables[b].debtor;
    let mut debtors: Vec<Vec<usize>> = all.chunk_by(same).map(<[usize]>::to_vec).collect();
    debtors.iter_mut().for_each(|of_debtor| sort(of_debtor, pool, order));
    debtors
}

fn sort(indices: &mut [usize], pool: &Pool, order: LimitOrder) {
    let first = |index: usize| {
        let r = &pool.receivables[index];
        match order {
            LimitOrder::DueFirst | LimitOrder::Number => 0,
            LimitOrder::OldestFirst => i64::from(r.issue),
            LimitOrder::SmallestFirst => r.open.minor(),
            LimitOrder::LargestFirst => -r.open.minor(),
        }
    };
    let number = |index: usize| match order {
        LimitOrder::Number => pool.receivables[index].number.as_str(),
        _ => "",
    };
    let key = |index: usize| {
        let r = &pool.receivables[index];
        let place = (r.due, r.issue, r.number.as_str(), r.open.minor(), r.face.minor(), index);
        (first(index), number(index), place)
    };
    indices.sort_unstable_by(|&a, &b| key(a).cmp(&key(b)));
}
