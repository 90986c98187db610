//! The open invoices from which the scores learn.
//!
//! The law: to add open invoices that are held or that a rule excludes never raises what is
//! advanced today and never lowers the rate. So those teach nothing, and the scores of all others
//! stay as they are to the last digit. Two things always teach:
//! - what is closed: it is history, whatever a rule would say of it now;
//! - what is past due by the date that counts: it is bad history, and to leave it out because it is
//!   disputed, looks wrong or is too far past due would help the debtor that does not pay.
//!
//! An invoice that only a limit or a credit cuts does teach, and so does one that is held because
//! it was drawn or is among the largest: a draw, or the sizes of others, must not move scores.

use super::confirm::ConfirmTerms;
use super::eligibility::Eligibility;
use super::hold::HoldReason;
use super::holding::is_of_new_size;
use super::policy::Policy;
use super::receivable::{Pool, Receivable};

/// Returns true for each receivable of a pool from which the scores may learn. `judged` is the
/// outcome of the whole of the rules: what is held must not cure the debtor of a cross-aged
/// invoice.
pub fn teaches(pool: &Pool, policy: &Policy, judged: &Eligibility) -> Vec<bool> {
    let confirmed = confirmed_debtors(pool);
    let waits = |at| policy.confirm().is_some_and(|terms| waits(pool, terms, &confirmed, at));
    let of = |(at, own): (usize, &Receivable)| {
        let is_excluded = judged.assessments[at].excluded_by.is_some();
        own.days_past_due(pool.as_of) > 0 || own.funded || !(is_excluded || waits(at))
    };
    pool.receivables.iter().enumerate().map(of).collect()
}

/// Returns true for each debtor of which an invoice is confirmed.
fn confirmed_debtors(pool: &Pool) -> Vec<bool> {
    let mut confirmed = vec![false; pool.debtors.len()];
    for own in &pool.receivables {
        confirmed[own.debtor] |= own.scrutiny.confirmed;
    }
    confirmed
}

/// Returns true if an invoice is held for its own sake: it looks wrong, it is large, or its debtor
/// is not known for one of its size. That others make its debtor new does not count: a large one
/// that somebody adds must not take the others out of what is learnt.
fn waits(pool: &Pool, terms: &ConfirmTerms, confirmed: &[bool], at: usize) -> bool {
    let own = &pool.receivables[at];
    let looks_wrong = || own.scrutiny.findings.iter().any(|found| terms.holds(found.reason));
    let is_new = || {
        terms.holds(HoldReason::NewDebtor)
            && !confirmed[own.debtor]
            && is_of_new_size(pool, terms, at)
    };
    let is_large = || {
        let from = pool.amount(terms.from).filter(|_| terms.holds(HoldReason::Large));
        from.is_some_and(|from| own.open.minor() >= from.minor())
    };
    !own.scrutiny.confirmed && (looks_wrong() || is_new() || is_large())
}

#[cfg(test)]
mod tests {
    use words::Facts;

    use super::super::rules::tests::{AS_OF, pool, usd};
    use super::*;
    use crate::{Acquaintance, Finding, assess};

    fn teaches(pool: &Pool, policy: &Policy) -> Vec<bool> {
        super::teaches(pool, policy, &assess(pool, policy))
    }

    fn policy(more: &str) -> Policy {
        let text = format!("extends = \"standard\"\nname = \"own\"\nversion = \"1\"\n{more}");
        text.parse().expect("a policy")
    }

    /// True for the first invoice if it teaches, and for the second, of the same debtor.
    fn after(change: impl Fn(&mut Receivable)) -> (bool, bool) {
        let mut pool = pool();
        change(&mut pool.receivables[0]);
        let all = teaches(&pool, &policy(""));
        assert!(all[2..].iter().all(|&teaches| teaches), "the other debtors");
        (all[0], all[1])
    }

    #[test]
    fn what_a_rule_excludes_teaches_nothing_before_it_is_past_due() {
        assert_eq!(after(|_| ()), (true, true));
        let excluding: [fn(&mut Receivable); 6] = [
            |own| own.disputed = Some(true),
            |own| own.already_assigned = true,
            |own| own.duplicate = true,
            |own| own.due = AS_OF + 330,
            |own| own.issue = AS_OF - 400,
            |own| own.open = usd(2_499),
        ];
        for (at, change) in excluding.into_iter().enumerate() {
            assert_eq!(after(change), (false, true), "{at}");
            let late = |own: &mut Receivable| {
                change(own);
                own.due = AS_OF - 1;
            };
            assert_eq!(after(late), (true, true), "{at} past due");
            let funded = |own: &mut Receivable| {
                change(own);
                own.funded = true;
            };
            assert_eq!(after(funded), (true, true), "{at} bought before");
        }
    }

    /// Far past due, it makes its debtor cross-aged: of that debtor nothing but this teaches.
    #[test]
    fn what_is_too_far_past_due_teaches_and_what_its_debtor_owes_beside_it_does_not() {
        assert_eq!(after(|own| own.due = AS_OF - 60), (true, true));
        assert_eq!(after(|own| own.due = AS_OF - 61), (true, false));
        let first_shown = |own: &mut Receivable| own.scrutiny.first_due = Some(AS_OF - 61);
        assert_eq!(after(first_shown), (true, false));
        let mut pool = pool();
        pool.debtors[0].facts.affiliate = Some(true);
        assert_eq!(teaches(&pool, &policy(""))[..3], [false, false, true]);
    }

    #[test]
    fn what_is_held_for_its_own_sake_teaches_nothing_until_it_is_confirmed() {
        let holding: [fn(&mut Receivable); 2] = [
            |own| own.scrutiny.findings.push(Finding::new(HoldReason::Reopened, Facts::new())),
            |own| own.open = usd(2_500_000),
        ];
        for (at, change) in holding.into_iter().enumerate() {
            assert_eq!(after(change), (false, true), "{at}");
            let confirmed = |own: &mut Receivable| {
                change(own);
                own.scrutiny.confirmed = true;
            };
            assert_eq!(after(confirmed), (true, true), "{at} confirmed");
            let late = |own: &mut Receivable| {
                change(own);
                own.due = AS_OF - 1;
            };
            assert_eq!(after(late), (true, true), "{at} past due");
        }
        let lax = policy("[confirm]\nhold = []\n");
        let mut pool = pool();
        pool.receivables.iter_mut().for_each(|own| holding[0](own));
        assert!(teaches(&pool, &lax).into_iter().all(|teaches| teaches));
    }

    /// 10 % of 1,000.00 make a debtor known, and a larger invoice beside does not undo it.
    #[test]
    fn what_a_debtor_is_not_known_for_teaches_nothing() {
        for (paid, teaches_it) in [(0, false), (9_999, false), (10_000, true)] {
            let mut pool = pool();
            pool.debtors[0].acquaintance = Acquaintance::Paid(usd(paid));
            assert_eq!(teaches(&pool, &policy(""))[..2], [teaches_it; 2], "{paid}");
            pool.receivables[0].open = usd(2_000_000);
            assert_eq!(teaches(&pool, &policy(""))[..2], [false, teaches_it], "{paid}");
            pool.receivables[1].scrutiny.confirmed = true;
            assert_eq!(teaches(&pool, &policy(""))[..2], [true; 2], "{paid}");
        }
    }
}
