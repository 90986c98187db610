//! The same invoices in two ledgers of a client.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::Hash;

use basics::Currency;

use super::shown_ledger::{ShownInvoice, ShownLedger};

/// The invoices of two ledgers, matched. Indices are those of the ledgers' own lists.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Matched {
    /// An invoice of the previous ledger and the same one of this ledger, in order of the second.
    pub pairs: Vec<(usize, usize)>,
    /// Invoices that only the previous ledger has.
    pub gone: Vec<usize>,
    /// Invoices that only this ledger has.
    pub new: Vec<usize>,
    /// The debtor of this ledger that each debtor of the previous one is, if any.
    pub debtors: Vec<Option<usize>>,
}

/// Matches the invoices of two ledgers: by debtor and number, then by number alone if amount or
/// dates agree, then by debtor, amount and dates alone, because a client may number anew.
///
/// Invoices that share debtor and number are matched by their dates and amount, then by their
/// amount; where that leaves several, it cannot be told which of them is which, and they are left
/// out altogether. Amounts in different currencies are those of different invoices.
pub(super) fn matched(before: &ShownLedger<'_>, now: &ShownLedger<'_>) -> Matched {
    let debtors = same_debtors(before, now);
    let mut matched = Matched::default();
    by_number(before, now, &debtors, &mut matched);
    let open = |at: &usize| before.invoices[*at].open > 0;
    // A later invoice may well have the number of another debtor's paid one.
    let is_other =
        |old: &ShownInvoice<'_>, new: &ShownInvoice<'_>| old.open == 0 && new.issue > before.day();
    matched.join(before, now, is_other, |i, _| (i.number, i.currency, [i.face, 0]));
    matched.join(before, now, is_other, |i, _| (i.number, i.currency, [i.issue, i.due]));
    let of_now = |side: Side, debtor: usize| match side {
        Side::Before => debtors[debtor].unwrap_or(usize::MAX - debtor),
        Side::Now => debtor,
    };
    let closed: Vec<usize> = matched.gone.iter().copied().filter(|at| !open(at)).collect();
    matched.gone.retain(open);
    matched.join(
        before,
        now,
        |_, _| false,
        |i, side| (of_now(side, i.debtor), i.currency, [i.face, i.issue.into(), i.due.into()]),
    );
    matched.gone.extend(closed);
    matched.gone.sort_unstable();
    matched.new.sort_unstable();
    matched.pairs.sort_unstable_by_key(|&(old, new)| (new, old));
    matched.debtors = debtors;
    matched
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Before,
    Now,
}

/// Returns the debtor of this ledger that each debtor of the previous one is: the one with its id,
/// else the only one with its name that the previous ledger does not have.
fn same_debtors(before: &ShownLedger<'_>, now: &ShownLedger<'_>) -> Vec<Option<usize>> {
    let ids: HashMap<&str, usize> =
        now.debtors.iter().enumerate().map(|(at, debtor)| (debtor.id, at)).collect();
    let mut same: Vec<Option<usize>> =
        before.debtors.iter().map(|debtor| ids.get(debtor.id).copied()).collect();
    let mut taken = vec![false; now.debtors.len()];
    same.iter().flatten().for_each(|&at| taken[at] = true);
    // `None` for a name that several have.
    let mut names: HashMap<&str, Option<usize>> = HashMap::new();
    for (at, debtor) in now.debtors.iter().enumerate().filter(|(at, _)| !taken[*at]) {
        names.entry(&debtor.spelled).and_modify(|one| *one = None).or_insert(Some(at));
    }
    let mut wanted: HashMap<&str, usize> = HashMap::new();
    for (debtor, same) in before.debtors.iter().zip(&same) {
        *wanted.entry(&debtor.spelled).or_default() += usize::from(same.is_none());
    }
    for (debtor, same) in before.debtors.iter().zip(&mut same) {
        let named = || names.get(&*debtor.spelled).copied().flatten();
        if same.is_none() && wanted[&*debtor.spelled] == 1 {
            *same = named();
        }
    }
    same
}

/// Returns true if an invoice only has the number of one that is closed: it is dated after the
/// previous ledger, for another amount.
fn reuses(ledger: &ShownLedger<'_>, old: &ShownInvoice<'_>, new: &ShownInvoice<'_>) -> bool {
    old.open == 0 && new.issue > ledger.day() && old.face != new.face
}

/// Matches by debtor and number.
fn by_number(
    before: &ShownLedger<'_>,
    now: &ShownLedger<'_>,
    debtors: &[Option<usize>],
    matched: &mut Matched,
) {
    type Place<'a> = (usize, &'a str, Currency, Side, usize);
    let mut places: Vec<Place<'_>> = Vec::with_capacity(before.invoices.len());
    for (at, invoice) in before.invoices.iter().enumerate() {
        match debtors[invoice.debtor] {
            Some(debtor) => {
                places.push((debtor, invoice.number, invoice.currency, Side::Before, at));
            }
            None => matched.gone.push(at),
        }
    }
    let all = now.invoices.iter().enumerate();
    places.extend(all.map(|(at, i)| (i.debtor, i.number, i.currency, Side::Now, at)));
    places.sort_unstable();
    for same in places.chunk_by(|a, b| (a.0, a.1, a.2) == (b.0, b.1, b.2)) {
        let split = same.partition_point(|place| place.3 == Side::Before);
        let at = |places: &[Place<'_>]| places.iter().map(|place| place.4).collect::<Vec<_>>();
        let (old, new) = (at(&same[..split]), at(&same[split..]));
        match (&*old, &*new) {
            (_, []) => matched.gone.extend(old),
            ([], _) => matched.new.extend(new),
            ([one], [other]) if !reuses(before, &before.invoices[*one], &now.invoices[*other]) => {
                matched.pairs.push((*one, *other));
            }
            _ => several(before, now, (old, new), matched),
        }
    }
}

/// Matches invoices that share debtor and number.
fn several(
    before: &ShownLedger<'_>,
    now: &ShownLedger<'_>,
    (old, new): (Vec<usize>, Vec<usize>),
    matched: &mut Matched,
) {
    let dated = |i: &ShownInvoice<'_>| (i.issue, i.due, i.face);
    // Copies of one invoice are one: it was open if any of them was.
    let mut exact: HashMap<(i32, i32, i64), usize> = HashMap::new();
    for &at in &old {
        let copy = exact.entry(dated(&before.invoices[at])).or_insert(at);
        if before.invoices[at].open > before.invoices[*copy].open {
            *copy = at;
        }
    }
    let is_new = |at: &usize| !exact.contains_key(&dated(&now.invoices[*at]));
    let (mut later, same): (Vec<usize>, Vec<usize>) = new.into_iter().partition(is_new);
    let same = same.into_iter().map(|at| (exact[&dated(&now.invoices[at])], at));
    let same: Vec<(usize, usize)> = same.collect();
    let kept: HashSet<_> = same.iter().map(|(_, at)| dated(&now.invoices[*at])).collect();
    matched.pairs.extend(same);
    let mut earlier: Vec<usize> = exact.into_values().collect();
    earlier.retain(|&at| !kept.contains(&dated(&before.invoices[at])));
    let mut pair = |earlier: &mut Vec<usize>, later: &mut Vec<usize>, same_amount: bool| {
        earlier.sort_unstable_by_key(|&at| (before.invoices[at].face, dated(&before.invoices[at])));
        later.sort_unstable_by_key(|&at| (now.invoices[at].face, dated(&now.invoices[at]), at));
        let mut left = Vec::new();
        let mut others = std::mem::take(later).into_iter().peekable();
        for at in std::mem::take(earlier) {
            let one = &before.invoices[at];
            while let Some(less) =
                others.next_if(|&o| same_amount && now.invoices[o].face < one.face)
            {
                later.push(less);
            }
            let found = others.next_if(|&other| {
                let other = &now.invoices[other];
                (!same_amount || other.face == one.face) && !reuses(before, one, other)
            });
            match found {
                Some(other) => matched.pairs.push((at, other)),
                None => left.push(at),
            }
        }
        later.extend(others);
        *earlier = left;
    };
    pair(&mut earlier, &mut later, true);
    if let ([_], [_]) = (&*earlier, &*later) {
        pair(&mut earlier, &mut later, false);
    }
    // Of what is left on both sides it cannot be told which is which.
    let is_plain = earlier.is_empty() || later.is_empty();
    let reused = earlier.iter().all(|&at| before.invoices[at].open == 0);
    if is_plain || reused {
        matched.gone.extend(earlier);
        matched.new.extend(later);
    }
}

impl Matched {
    /// Joins what is gone with what is new if both have the same key, the first with the first.
    fn join<'a, K: Eq + Hash>(
        &mut self,
        before: &ShownLedger<'a>,
        now: &ShownLedger<'a>,
        is_other: impl Fn(&ShownInvoice<'_>, &ShownInvoice<'_>) -> bool,
        key: impl Fn(&ShownInvoice<'a>, Side) -> K,
    ) {
        if self.gone.is_empty() || self.new.is_empty() {
            return;
        }
        self.gone.sort_unstable();
        self.new.sort_unstable();
        let mut waiting: HashMap<K, VecDeque<usize>> = HashMap::new();
        for &at in &self.gone {
            waiting.entry(key(&before.invoices[at], Side::Before)).or_default().push_back(at);
        }
        let mut joined = Vec::new();
        self.new.retain(|&at| {
            let invoice = &now.invoices[at];
            let Some(same) = waiting.get_mut(&key(invoice, Side::Now)) else { return true };
            match same.front() {
                Some(&old) if !is_other(&before.invoices[old], invoice) => {
                    same.pop_front();
                    joined.push((old, at));
                    false
                }
                _ => true,
            }
        });
        let mut taken: Vec<usize> = joined.iter().map(|(old, _)| *old).collect();
        taken.sort_unstable();
        self.gone.retain(|at| taken.binary_search(at).is_err());
        self.pairs.extend(joined);
    }
}
