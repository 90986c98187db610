//! The differences of an invoice from the ledgers that showed it before.

use std::collections::{BTreeMap, BTreeSet};

use basics::{Currency, Day, day_number};

use super::comparing::Comparing;
use super::ledger_change::{ChangeKind, LedgerChange};
use super::pair::Pair;
use super::shown_ledger::ShownDebtor;
use super::told::{Changed, Told};

/// An invoice as an earlier ledger shows it beside this one.
struct Shown<'a> {
    pair: Pair<'a>,
    kinds: Vec<ChangeKind>,
    /// The day of that ledger.
    on: Day,
    debtor_before: &'a ShownDebtor<'a>,
}

impl Shown<'_> {
    /// The dates that it shows, or those of this ledger if they are earlier.
    fn first(&self) -> (Day, Day) {
        let (due, issue) = (self.pair.now.due, self.pair.now.issue);
        (self.pair.first_due().unwrap_or(due), self.pair.first_issue().unwrap_or(issue))
    }
}

/// Tells how the invoices of a ledger differ from the earlier ledgers that have them, in order of
/// their dates.
pub(super) fn changed(all: &[Comparing<'_>]) -> Vec<Changed> {
    let mut of_invoice: BTreeMap<usize, Vec<Shown<'_>>> = BTreeMap::new();
    for Comparing { before: earlier, now: ledger, matched } in all {
        for &(old, new) in &matched.pairs {
            let (before, now) = (&earlier.invoices[old], &ledger.invoices[new]);
            let is_moved = matched.debtors[before.debtor] != Some(now.debtor);
            let pair = Pair { before, now, is_moved };
            let kinds = pair.kinds();
            if kinds.is_empty() && pair.first_issue().is_none() && pair.first_due().is_none() {
                continue;
            }
            let on = day_number(earlier.date);
            let debtor_before = &earlier.debtors[before.debtor];
            of_invoice.entry(new).or_default().push(Shown { pair, kinds, on, debtor_before });
        }
    }
    let mut found = Vec::with_capacity(of_invoice.len());
    for mut shown in of_invoice.into_values() {
        // The dates that count stand in what is told of them; else the ledger that came first.
        shown.sort_by_key(Shown::first);
        let now = shown[0].pair.now;
        let debtor = &all[0].now.debtors[now.debtor];
        let told = if now.open > 0 { told(&shown) } else { Told::default() };
        found.push(Changed { place: now.place, told, change: change(&shown, debtor) });
    }
    found
}

/// The kinds of difference from any of the ledgers, in their order.
fn kinds(shown: &[Shown<'_>]) -> Vec<ChangeKind> {
    let kinds: BTreeSet<_> = shown.iter().flat_map(|own| own.kinds.iter().copied()).collect();
    kinds.into_iter().collect()
}

fn told(shown: &[Shown<'_>]) -> Told {
    let finding = |kind: ChangeKind| {
        let mut own = shown.iter().filter(|own| own.kinds.contains(&kind));
        own.find_map(|own| own.pair.finding(kind, own.debtor_before.name))
    };
    Told {
        first_issue: shown.iter().filter_map(|own| own.pair.first_issue()).min(),
        first_due: shown.iter().filter_map(|own| own.pair.first_due()).min(),
        shown_until: shown.iter().map(|own| own.on).max(),
        findings: kinds(shown).into_iter().filter_map(finding).collect(),
    }
}

fn change(shown: &[Shown<'_>], debtor: &ShownDebtor<'_>) -> Option<(Currency, LedgerChange)> {
    let kinds = kinds(shown);
    let (first, also) = kinds.split_first()?;
    let Pair { before, now, .. } = shown.iter().find(|own| own.kinds.contains(first))?.pair;
    let moved = shown.iter().find(|own| own.pair.is_moved);
    let change = LedgerChange {
        also: also.to_vec(),
        replaces: (before.number != now.number).then(|| before.number.to_owned()),
        debtor_before: moved.map(|own| own.debtor_before.name.to_owned()),
        before: Some(before.facts()),
        now: Some(now.facts()),
        ..now.change(*first, debtor)
    };
    Some((now.currency, change))
}
