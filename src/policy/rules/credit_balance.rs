use words::Facts;

use super::super::change::Change;
use super::clause::{Clause, Lever, Verdict};
use super::unapplied_credit::use_credits;

/// The debtor's credits equal or exceed what it owes.
pub const CLAUSE: Clause = Clause::debtor(|seen| {
    Verdict::of(seen.balance.credit > 0 && seen.balance.credit >= seen.balance.gross)
})
.reason(|grounds| {
    let credit = grounds.seen.debtor.unapplied_credit;
    Facts::new().with("credit", credit).with("currency", credit.currency())
})
.lever(Lever::Debtor(Change::CreditsUsed, |alone| Some(use_credits(alone))));
