//! The law that what is not bought helps nothing, over offers on pools drawn at random.

use proptest::prelude::*;

use basics::{Currency, Day};
use policy::{Finding, HoldReason, Policy, Pool, Receivable};
use words::Facts;

use super::samples::{input, listed, policy, pool_of, usd};
use super::{OfferPart, PartInput, TrailingSales};

/// The index of a debtor that is a consumer, after those of the pool.
const CONSUMER: usize = 4;

/// An open invoice: (debtor, days to the due date, cents).
type Drawn = (usize, Day, i64);

fn drawn(cents: std::ops::Range<i64>) -> impl Strategy<Value = Drawn> {
    (0..CONSUMER, -60_i32..120, cents)
}

/// Invoices that are bought, unless their debtor is above the cap, and one that a consumer owes.
fn pools() -> impl Strategy<Value = Pool> {
    prop::collection::vec(drawn(10_000..2_400_000), 4..12).prop_map(|mut drawn| {
        // A pool has no debtors but those that owe something.
        drawn.extend((0..=CONSUMER).map(|debtor| (debtor, 20, 50_000)));
        drawn.sort_unstable();
        let mut pool = pool_of(Currency::USD, &drawn);
        pool.debtors[CONSUMER].facts.consumer = Some(true);
        // 30 days of terms, so that nothing is too old.
        pool.receivables.iter_mut().for_each(|own| own.issue = own.due.min(pool.as_of) - 30);
        pool
    })
}

/// Adds an invoice that a rule excludes or that is held, and is not past due.
fn add(pool: &mut Pool, why: u8, (debtor, days, cents): Drawn) {
    let days = days.abs();
    let mut own: Receivable =
        pool_of(Currency::USD, &[(debtor, days, cents)]).receivables.remove(0);
    own.number = format!("more-{}", pool.receivables.len());
    own.issue = pool.as_of - 10;
    match why % 8 {
        0 => own.disputed = Some(true),
        1 => own.due = pool.as_of + 181 + days,
        2 => own.already_assigned = true,
        3 => own.issue = pool.as_of + 1,
        4 => own.debtor = CONSUMER,
        5 => own.duplicate = true,
        6 => own.issue = pool.as_of - 200,
        _ => own.scrutiny.findings.push(Finding::new(HoldReason::Reopened, Facts::new())),
    }
    let at = pool.receivables.partition_point(|other| other.debtor <= own.debtor);
    pool.receivables.insert(at, own);
}

/// Policies that solve for the price, with each denominator of the cap, and one with listed rates.
fn policies() -> Vec<Policy> {
    let capped = |denominator| {
        policy(&format!(
            "[eligibility.concentration]\nlimit_percent = 40\ndenominator = \"{denominator}\"\n"
        ))
    };
    let mut all = vec![listed()];
    all.extend(["eligible_before_cap", "gross_ledger", "fixpoint"].map(capped));
    all
}

fn part(policy: &Policy, pool: &Pool, sales: TrailingSales) -> OfferPart {
    PartInput { sales, ..input(policy, pool.clone()) }.part().expect("a part")
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(150)
    })]

    #[test]
    fn what_is_excluded_or_held_makes_no_term_of_today_s_purchase_better(
        pool in pools(),
        more in prop::collection::vec((any::<u8>(), drawn(10_000..60_000_000)), 1..6),
        (closed, diluted) in (0_i64..20_000_000, 0_i64..3_000_000),
    ) {
        let sales = TrailingSales { closed: closed.into(), credits: diluted.into() };
        let mut larger = pool.clone();
        more.into_iter().for_each(|(why, drawn)| add(&mut larger, why, drawn));
        for policy in policies() {
            let (before, after) = (part(&policy, &pool, sales), part(&policy, &larger, sales));
            let bought = [&before, &after].map(|part| part.totals.amount_bought.minor());
            prop_assert!(bought[1] <= bought[0], "{bought:?}");
            // Terms of nothing, or those of what is held alone, are no terms of a purchase.
            if bought[1] > 0 {
                let (before, after) = (&before.terms, &after.terms);
                prop_assert!(after.advance_rate_percent <= before.advance_rate_percent);
                prop_assert!(after.advance_cap_percent <= before.advance_cap_percent);
                prop_assert!(after.discount_rate_percent >= before.discount_rate_percent);
            }
        }
    }
}

/// 825.00 of credits on 10,000.00 are 8.25 %: 3.25 points above the threshold. Ten disputed
/// invoices of 62,000.00 would make that 0.14 % of 630,000.00, and the cap 80 %.
#[test]
fn ten_disputed_invoices_raise_no_advance() {
    let sales = TrailingSales { closed: 249_950, credits: 82_500 };
    let mut pool = super::samples::pool();
    let rate = |pool: &Pool| part(&listed(), pool, sales).terms.advance_rate_percent.to_string();
    assert_eq!(rate(&pool), "76.75 %");
    for (why, name) in [(0, "disputed"), (2, "assigned"), (3, "dated later"), (7, "held")] {
        for _ in 0..10 {
            add(&mut pool, why, (1, 40, 6_200_000));
        }
        assert_eq!(rate(&pool), "76.75 %", "{name}");
    }
    assert_eq!(pool.receivables[40].open, usd(6_200_000));
}
