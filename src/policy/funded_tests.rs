//! What has been bought uses up cap and limits before anything else is bought.

use basics::{Amount, Money};

use super::rules::tests::{AS_OF, pool, usd};
use super::{Policy, Pool, Rule, assess};

/// Of the first debtor 30,000.00 have been bought and 10,000.00 are new; each of four others owes
/// 20,000.00. A quarter of all is 30,000.00.
fn thirty_thousand_bought() -> Pool {
    let mut all = pool();
    all.receivables.iter_mut().for_each(|receivable| receivable.open = usd(1_000_000));
    all.receivables[0].open = usd(3_000_000);
    all.receivables[0].funded = true;
    // The new invoice is due first, and would use up the limits first.
    all.receivables[1].due = AS_OF + 1;
    all
}

/// The standard policy, but for these lines.
fn policy(changes: &str) -> Policy {
    let text = format!("extends = \"standard\"\nname = \"bought\"\nversion = \"1\"\n{changes}");
    text.parse().unwrap_or_else(|error| panic!("{changes}: {error}"))
}

/// The amount bought today of the first debtor's new invoice, and the rule that takes most of it.
fn new(pool: &Pool, policy: &Policy) -> (Money, Option<Rule>) {
    let found = assess(pool, policy).assessments[1];
    (found.bought, found.reason())
}

/// Debtors with an invoice past due are bought from, so that it alone leaves the pool.
const NO_CROSS_AGING: &str = "[eligibility]\ndebtor_rules = [\"insolvent\"]\n";

fn past_due(pool: &mut Pool) {
    pool.receivables[0].due = AS_OF - 61;
}

#[test]
fn the_cap_is_used_by_what_has_been_bought() {
    let excess = Some(Rule::Concentration);
    let mut pool = thirty_thousand_bought();
    assert_eq!(new(&pool, &policy("")), (usd(0), excess), "25 % of 120,000.00");
    pool.receivables[0].open = usd(2_500_000);
    // 25 % of 115,000.00, less 25,000.00.
    assert_eq!(new(&pool, &policy("")), (usd(375_000), excess));
    for denominator in ["gross_ledger", "eligible_before_cap", "fixpoint"] {
        let text = format!("[eligibility.concentration]\ndenominator = \"{denominator}\"\n");
        let pool = thirty_thousand_bought();
        assert_eq!(new(&pool, &policy(&text)), (usd(0), excess), "{denominator}");
    }
}

#[test]
fn the_cap_is_used_by_what_a_rule_excludes_by_now() {
    let mut pool = thirty_thousand_bought();
    past_due(&mut pool);
    assert_eq!(new(&pool, &policy("")), (usd(0), Some(Rule::CrossAged)), "half of it is late");
    // 25 % of the 90,000.00 that are left are 22,500.00: less than what has been bought.
    assert_eq!(new(&pool, &policy(NO_CROSS_AGING)), (usd(0), Some(Rule::Concentration)));
    pool.receivables[0].open = usd(2_000_000);
    // 22,500.00 less 20,000.00.
    assert_eq!(new(&pool, &policy(NO_CROSS_AGING)), (usd(250_000), Some(Rule::Concentration)));
    for exclude in [
        (|pool| pool.receivables[0].disputed = Some(true)) as fn(&mut Pool),
        |pool| pool.receivables[0].already_assigned = true,
        |pool| pool.receivables[0].issue = AS_OF - 91,
    ] {
        let mut pool = thirty_thousand_bought();
        exclude(&mut pool);
        assert_eq!(new(&pool, &policy("")), (usd(0), Some(Rule::Concentration)));
    }
}

#[test]
fn limits_are_used_by_what_has_been_bought_excluded_by_now_or_not() {
    let limits = "[eligibility.concentration]\nlimit_percent = 100\n";
    let own = |limit: i64, late: bool, more: &str| {
        let mut pool = thirty_thousand_bought();
        pool.debtors[0].facts.limit = Some(Amount(limit.into()));
        if late {
            past_due(&mut pool);
        }
        new(&pool, &policy(&format!("{NO_CROSS_AGING}{more}{limits}"))).0
    };
    let group = |limit: i64, late: bool| {
        let mut pool = thirty_thousand_bought();
        // What has been bought is another debtor's of the same group.
        let mills = || Some("Mills".to_owned());
        (pool.debtors[0].facts.group, pool.debtors[1].facts.group) = (mills(), mills());
        pool.receivables[2].due = AS_OF + 1;
        [1, 3].into_iter().for_each(|at| pool.receivables[at].disputed = Some(true));
        if late {
            past_due(&mut pool);
        }
        let text = format!("{NO_CROSS_AGING}[eligibility.limits]\ngroup = {limit}\n{limits}");
        assess(&pool, &policy(&text)).assessments[2].bought
    };
    for late in [false, true] {
        assert_eq!(own(30_000, late, ""), usd(0));
        assert_eq!(own(35_000, late, ""), usd(500_000));
        assert_eq!(own(40_000, late, ""), usd(1_000_000));
        assert_eq!(group(30_000, late), usd(0));
        assert_eq!(group(35_000, late), usd(500_000));
        assert_eq!(group(40_000, late), usd(1_000_000));
    }
}

/// The room of a facility is what the funds in use leave, so what has been bought counts once.
#[test]
fn the_room_of_a_facility_is_not_used_by_what_has_been_bought() {
    let limits = "[eligibility.concentration]\nlimit_percent = 100\n";
    let policy = policy(&format!("{NO_CROSS_AGING}{limits}"));
    for late in [false, true] {
        let mut pool = thirty_thousand_bought();
        // 8,500.00 are the advance on 10,000.00, those of the invoice that is due first.
        pool.room = Some(usd(850_000).into());
        if late {
            past_due(&mut pool);
        }
        assert_eq!(new(&pool, &policy), (usd(1_000_000), None), "{late}");
    }
}
