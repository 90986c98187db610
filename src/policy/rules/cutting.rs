use std::collections::BTreeMap;

use super::super::concentration::beyond_limit;
use super::super::criteria::Criteria;
use super::super::limit_terms::LimitOrder;
use super::super::receivable::{DebtorAccount, Pool};

/// A pool of which rules take parts: credits from the invoice due first, limits in the policy's
/// order.
pub struct Cutting<'a> {
    pub pool: &'a Pool,
    pub criteria: &'a Criteria,
    /// True for each receivable that is held: it gets what the others leave.
    pub held: &'a [bool],
    /// True if what is held is taken to be confirmed.
    pub confirmed: bool,
    /// Receivables of each debtor, the earliest due first.
    due_first: Vec<Vec<usize>>,
    /// The same in the order in which limits are used up, if that is another one.
    in_order: Option<Vec<Vec<usize>>>,
}

/// The balances that the rules have left so far.
pub struct Left {
    /// The amount bought of each receivable, minor units.
    pub bought: Vec<i64>,
    /// The amount by which each uses up limits although it is not bought, minor units: what was
    /// bought of it before, if a rule excludes it by now.
    pub uses: Vec<i64>,
    /// The balance that the invoice and debtor rules leave beyond each debtor's credits, minor
    /// units.
    pub passing: i128,
    /// The most of one debtor that is bought, minor units, once that is known.
    pub concentration_cap: i64,
}

impl<'a> Cutting<'a> {
    pub fn of(pool: &'a Pool, criteria: &'a Criteria, held: &'a [bool], confirmed: bool) -> Self {
        let due_first = by_debtor(pool, held, LimitOrder::DueFirst);
        let in_order = match criteria.limits.order {
            LimitOrder::DueFirst => None,
            order => Some(by_debtor(pool, held, order)),
        };
        Self { pool, criteria, held, confirmed, due_first, in_order }
    }

    /// Takes what each debtor can set off from what is bought of it.
    pub fn set_off(&self, left: &mut Left, amount: impl Fn(&DebtorAccount) -> i64) {
        for of_debtor in &self.due_first {
            // Debtors are chunks of the pool, and chunks are never empty.
            let debtor = &self.pool.debtors[self.pool.receivables[of_debtor[0]].debtor];
            left.set_off(of_debtor, amount(debtor));
        }
    }

    /// Returns each debtor that owes something, with its receivables in the order of use.
    pub fn debtors(&self) -> impl Iterator<Item = (usize, &[usize])> {
        let of_debtor = self.in_order.as_ref().unwrap_or(&self.due_first);
        of_debtor.iter().map(|own| (self.pool.receivables[own[0]].debtor, own.as_slice()))
    }

    /// Returns the receivables of each group of debtors, in the order of use.
    pub fn groups(&self) -> impl Iterator<Item = Vec<usize>> {
        let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (debtor, own) in self.debtors() {
            if let Some(group) = self.pool.group_of(debtor) {
                groups.entry(group).or_default().extend(own);
            }
        }
        let order = self.criteria.limits.order;
        groups.values_mut().for_each(|group| sort(group, self.pool, self.held, order));
        groups.into_values()
    }

    /// Returns all receivables, in the order of use.
    pub fn all(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.pool.receivables.len()).collect();
        sort(&mut order, self.pool, self.held, self.criteria.limits.order);
        order
    }
}

impl Left {
    /// Takes the excess over a limit that these use up in this order.
    pub fn hold(&mut self, order: &[usize], limit: i64) {
        let amounts = order.iter().map(|&index| self.bought[index].max(self.uses[index]));
        let beyond = beyond_limit(limit, amounts.collect::<Vec<_>>());
        for (&index, excess) in order.iter().zip(beyond) {
            self.bought[index] = (self.bought[index] - excess).max(0);
        }
    }

    /// Takes an amount from these in this order.
    fn set_off(&mut self, order: &[usize], amount: i64) {
        let mut left = amount;
        for &index in order {
            if left <= 0 {
                return;
            }
            let taken = left.min(self.bought[index]);
            left -= taken;
            self.bought[index] -= taken;
        }
    }
}

/// Returns the receivables of each debtor, in the order in which they use up a limit.
fn by_debtor(pool: &Pool, held: &[bool], order: LimitOrder) -> Vec<Vec<usize>> {
    let all: Vec<usize> = (0..pool.receivables.len()).collect();
    let same = |&a: &usize, &b: &usize| pool.receivables[a].debtor == pool.receivables[b].debtor;
    let mut debtors: Vec<Vec<usize>> = all.chunk_by(same).map(<[usize]>::to_vec).collect();
    debtors.iter_mut().for_each(|of_debtor| sort(of_debtor, pool, held, order));
    debtors
}

fn sort(indices: &mut [usize], pool: &Pool, held: &[bool], order: LimitOrder) {
    let first = |index: usize| {
        let r = &pool.receivables[index];
        match order {
            LimitOrder::DueFirst | LimitOrder::Number => 0,
            LimitOrder::OldestFirst => i64::from(r.counted_issue()),
            LimitOrder::SmallestFirst => r.open.minor(),
            LimitOrder::LargestFirst => -r.open.minor(),
        }
    };
    let number = |index: usize| match order {
        LimitOrder::Number => pool.receivables[index].number.as_str(),
        _ => "",
    };
    // The index alone would make the result depend on the order of the rows in the file.
    let key = |index: usize| {
        let r = &pool.receivables[index];
        let dates = (r.counted_due(), r.counted_issue());
        let place = (dates, r.number.as_str(), r.open.minor(), r.face.minor(), index);
        // What is bought already uses a limit first, and what is held gets what is left.
        (!pool.receivables[index].funded, held[index], first(index), number(index), place)
    };
    indices.sort_unstable_by(|&a, &b| key(a).cmp(&key(b)));
}
