use std::collections::BTreeMap;

use basics::Money;

use super::super::concentration::beyond_limit;
use super::super::criteria::Criteria;
use super::super::limit_terms::LimitOrder;
use super::super::receivable::{DebtorAccount, Pool};

/// The orders in which the receivables of a pool lose parts, whatever of them is held: once for a
/// pool, because comparing numbers takes time.
pub struct Orders {
    /// Debtor by debtor, the earliest due first.
    due_first: Vec<usize>,
    /// Debtor by debtor, in the order in which limits are used up, if that is another one.
    in_order: Option<Vec<usize>>,
}

/// A question that a run of the rules answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The invoices to confirm, whatever a facility leaves: what is held is collateral only once it
    /// is confirmed, so that its room would decide what is held, and what is held its room.
    Holding,
    /// The purchase of today.
    Now,
    /// The purchase if all that is held is confirmed.
    OnceConfirmed,
}

/// A pool of which rules take parts: credits from the invoice due first, limits in the policy's
/// order.
pub struct Cutting<'a> {
    pub pool: &'a Pool,
    pub criteria: &'a Criteria,
    /// True for each receivable that is held: it gets what the others leave.
    pub held: &'a [bool],
    /// True if what is held is taken to be confirmed.
    pub confirmed: bool,
    /// The most that is bought under the availability of a facility, minor units, if that limits
    /// anything.
    pub room: Option<i64>,
    /// The amount bought now of each receivable, minor units, once that is known: if all is
    /// confirmed, no more is bought of what is not held.
    pub now: Option<&'a [i64]>,
    orders: Orders,
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

impl Orders {
    pub fn of(pool: &Pool, limits: LimitOrder) -> Self {
        let order = |order| {
            let mut all: Vec<usize> = (0..pool.receivables.len()).collect();
            by_debtor(&mut all, pool, |own| sort(own, pool, order));
            all
        };
        let in_order = (limits != LimitOrder::DueFirst).then(|| order(limits));
        Self { due_first: order(LimitOrder::DueFirst), in_order }
    }

    /// The cutting of the pool while these receivables are held.
    pub fn cutting<'a>(
        &self,
        pool: &'a Pool,
        criteria: &'a Criteria,
        held: &'a [bool],
        (stage, now): (Stage, Option<&'a [i64]>),
    ) -> Cutting<'a> {
        let settled = |order: &Vec<usize>| {
            let mut order = order.clone();
            by_debtor(&mut order, pool, |own| settle(own, pool, held));
            order
        };
        let (due_first, in_order) = (settled(&self.due_first), self.in_order.as_ref().map(settled));
        let room = pool.room.and_then(|room| {
            let funds = match stage {
                Stage::Holding => return None,
                Stage::Now => room.now,
                // What is held is collateral once it is confirmed, as what is bought is now.
                Stage::OnceConfirmed => room.once_confirmed,
            };
            Some(Criteria::at_advance(room.rate.unwrap_or(criteria.advance_cap), funds))
        });
        let confirmed = stage == Stage::OnceConfirmed;
        let orders = Self { due_first, in_order };
        Cutting { pool, criteria, held, confirmed, room, now, orders }
    }
}

impl Cutting<'_> {
    /// Takes what each debtor can set off from what is bought of it.
    pub fn set_off(&self, left: &mut Left, amount: impl Fn(&DebtorAccount) -> i64) {
        for (debtor, own) in self.of_debtors(&self.orders.due_first) {
            left.set_off(own, amount(&self.pool.debtors[debtor]));
        }
    }

    /// Returns each debtor that owes something, with its receivables in the order of use.
    pub fn debtors(&self) -> impl Iterator<Item = (usize, &[usize])> {
        self.of_debtors(self.orders.in_order.as_ref().unwrap_or(&self.orders.due_first))
    }

    fn of_debtors<'o>(&self, order: &'o [usize]) -> impl Iterator<Item = (usize, &'o [usize])> {
        let debtor = |at: usize| self.pool.receivables[at].debtor;
        let all = order.chunk_by(move |&a, &b| debtor(a) == debtor(b));
        // No group of `chunk_by` is empty.
        all.map(move |own| (debtor(own[0]), own))
    }

    /// Returns the receivables of each group of debtors, in the order of use.
    pub fn groups(&self) -> impl Iterator<Item = Vec<usize>> {
        let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (debtor, own) in self.debtors() {
            if let Some(group) = self.pool.group_of(debtor) {
                groups.entry(group).or_default().extend(own);
            }
        }
        groups.values_mut().for_each(|group| self.sort(group));
        groups.into_values()
    }

    /// Returns all receivables, in the order of use.
    pub fn all(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.pool.receivables.len()).collect();
        self.sort(&mut order);
        order
    }

    /// Sorts receivables of several debtors by the order of use.
    fn sort(&self, order: &mut [usize]) {
        sort(order, self.pool, self.criteria.limits.order);
        settle(order, self.pool, self.held);
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

    /// Leaves out what uses no limit because it is not bought: what an offer that is completed
    /// neither held nor bought, what it did not buy of what it bought, and, once all that is held
    /// is confirmed, what is not bought now of all else.
    pub fn leave_out(&mut self, cutting: &Cutting<'_>) {
        let all = cutting.pool.receivables.iter().zip(&mut self.bought);
        for (at, (receivable, bought)) in all.enumerate() {
            let offered = receivable.offered.map(Money::minor);
            let offered = offered.filter(|&most| receivable.funded || most == 0);
            let now = cutting.now.filter(|_| !cutting.held[at] && !receivable.funded);
            let most = [offered, now.map(|now| now[at])];
            *bought = most.into_iter().flatten().fold(*bought, i64::min);
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

/// Sorts the receivables of each debtor, which follow one another.
fn by_debtor(order: &mut [usize], pool: &Pool, sort: impl FnMut(&mut [usize])) {
    let debtor = |at: usize| pool.receivables[at].debtor;
    order.chunk_by_mut(|&a, &b| debtor(a) == debtor(b)).for_each(sort);
}

/// Puts what is bought already first, because it uses a limit, and what is held last, because it
/// gets what is left. What is equal stays in its order.
fn settle(order: &mut [usize], pool: &Pool, held: &[bool]) {
    order.sort_by_key(|&at| (!pool.receivables[at].funded, held[at]));
}

fn sort(indices: &mut [usize], pool: &Pool, order: LimitOrder) {
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
        (first(index), number(index), place)
    };
    indices.sort_unstable_by(|&a, &b| key(a).cmp(&key(b)));
}
