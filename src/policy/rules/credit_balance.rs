use words::Facts;

use super::super::change::Change;
use super::super::cross_aging::CrossAgeBase;
use super::clause::{Clause, Lever, Verdict};
use super::unapplied_credit::use_credits;

/// The debtor's credits equal or exceed what it owes.
pub const CLAUSE: Clause = Clause::debtor(|seen| {
    // Of what may be bought or is past due: an invoice that is excluded must not lift this rule.
    let owed = seen.balance.of(CrossAgeBase::Gross, seen.receivable.funded);
    Verdict::of(seen.balance.credit > 0 && seen.balance.credit >= owed)
})
.reason(|grounds| {
    let credit = grounds.seen.debtor.unapplied_credit;
    Facts::new().with("credit", credit).with("currency", credit.currency())
})
.lever(Lever::Debtor(Change::CreditsUsed, |alone| Some(use_credits(alone))));
