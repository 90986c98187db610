//! The rules over pools drawn at random: every cent of the gross ledger is in exactly one column.

use factorage::basics::{Currency, Money};
use factorage::underwriting::{
    DebtorAccount, DebtorTold, Policy, Pool, Receivable, Rule, assess, counterfactuals,
};
use proptest::prelude::*;

use super::cases;
use crate::evaluated::policy;

const AS_OF: i32 = 20_000;

fn money(cents: i64) -> Money {
    Money::from_minor(cents, Currency::USD)
}

/// (debtor, days to due, cents, flags).
type Drawn = (usize, i32, i64, u8);

fn receivables() -> impl Strategy<Value = Vec<Drawn>> {
    prop::collection::vec((0_usize..5, -200_i32..250, 1_i64..1_000_000, any::<u8>()), 0..40)
}

fn told() -> impl Strategy<Value = DebtorTold> {
    let flag = || prop::option::weighted(0.3, any::<bool>());
    let amount = || prop::option::weighted(0.3, 0_i64..1_000_000);
    (flag(), flag(), flag(), amount(), amount(), any::<bool>()).prop_map(
        |(government, affiliate, insolvent, limit, payable, home)| DebtorTold {
            country: Some(if home { "US" } else { "DE" }.to_owned()),
            government,
            affiliate,
            insolvent,
            limit: limit.map(money),
            payable: payable.map(money),
        },
    )
}

fn pool() -> impl Strategy<Value = Pool> {
    let debtors = prop::collection::vec((told(), 0_i64..500_000), 5);
    (receivables(), debtors).prop_map(|(mut drawn, debtors)| {
        drawn.sort_unstable();
        let of = |(number, (debtor, days, cents, flags)): (usize, Drawn)| Receivable {
            number: number.to_string(),
            debtor,
            issue: AS_OF + days - 30,
            due: AS_OF + days,
            face: money(cents),
            open: money(cents),
            disputed: [None, Some(true), Some(false), Some(false)][usize::from(flags % 4)],
            already_assigned: flags & 0x70 == 0x70,
            duplicate: flags & 0x0C == 0x0C,
            issue_assumed: flags > 240,
            due_assumed: flags > 250,
        };
        let debtors = debtors.into_iter().enumerate().map(|(id, (told, credit))| DebtorAccount {
            id: id.to_string(),
            name: format!("Debtor {id}"),
            unapplied_credit: money(if credit < 250_000 { 0 } else { credit }),
            told,
        });
        Pool {
            currency: Currency::USD,
            as_of: AS_OF,
            receivables: drawn.into_iter().enumerate().map(of).collect(),
            debtors: debtors.collect(),
        }
    })
}

fn rules() -> impl Strategy<Value = Policy> {
    let invoice = prop::sample::subsequence(
        vec![
            "duplicate",
            "already_assigned",
            "disputed",
            "future_dated",
            "past_due",
            "long_dated",
            "minimum_size",
        ],
        0..=7,
    );
    let debtor = prop::sample::subsequence(
        vec!["affiliate", "government", "foreign", "insolvent", "credit_balance", "cross_aged"],
        0..=6,
    );
    let denominator = prop::sample::select(vec!["eligible_before_cap", "gross_ledger", "fixpoint"]);
    (invoice.prop_shuffle(), debtor.prop_shuffle(), 1_u32..=100, denominator, 1_u32..=100).prop_map(
        |(invoice, debtor, limit, denominator, cross)| {
            policy(&[
                ("eligibility.invoice_rules", &format!("{invoice:?}")),
                ("eligibility.debtor_rules", &format!("{debtor:?}")),
                ("eligibility.home_country", "\"US\""),
                ("eligibility.concentration.limit_percent", &limit.to_string()),
                ("eligibility.concentration.denominator", &format!("\"{denominator}\"")),
                ("eligibility.cross_aging.threshold_percent", &cross.to_string()),
            ])
        },
    )
}

proptest! {
    #![proptest_config(cases(10_000))]

    #[test]
    fn the_columns_add_up_to_gross(pool in pool(), policy in rules()) {
        let judged = assess(&pool, &policy);
        let mut bought_of = [0_i64; 5];
        for (receivable, assessment) in pool.receivables.iter().zip(&judged.assessments) {
            let parts: i64 = assessment.parts().iter().map(|(_, part)| part.minor()).sum();
            let open = receivable.open.minor();
            let excluded = if assessment.excluded_by.is_some() { open } else { 0 };
            prop_assert_eq!(excluded + parts + assessment.bought.minor(), open);
            prop_assert!(assessment.parts().iter().all(|(_, part)| part.minor() >= 0));
            prop_assert!(assessment.bought.minor() >= 0);
            let first = assessment.excluded_by;
            prop_assert!(first.is_none_or(|rule| assessment.failed.contains(rule)));
            bought_of[receivable.debtor] += assessment.bought.minor();
        }
        for (bought, debtor) in bought_of.into_iter().zip(&pool.debtors) {
            prop_assert!(bought <= judged.concentration_cap.minor());
            prop_assert!(debtor.told.limit.is_none_or(|limit| bought <= limit.minor()));
        }
        // The fixpoint's cap is its share of what it leaves, to the cent.
        let gross: i64 = pool.receivables.iter().map(|r| r.open.minor()).sum();
        prop_assert!(bought_of.iter().sum::<i64>() <= gross);
    }

    #[test]
    fn a_counterfactual_gains_what_the_rules_then_let_pass(pool in pool(), policy in rules()) {
        let judged = assess(&pool, &policy);
        let mut start = 0;
        for own in pool.receivables.chunk_by(|a, b| a.debtor == b.debtor) {
            let range = start..start + own.len();
            start = range.end;
            let all = counterfactuals(&pool, &policy, &judged, range.clone());
            for (index, found) in range.zip(all) {
                let Some(found) = found else { continue };
                let assessment = &judged.assessments[index];
                let cut = assessment.parts().iter().any(|(_, part)| part.minor() > 0);
                prop_assert!(assessment.excluded_by.is_some() || cut);
                let open = pool.receivables[index].open.minor();
                prop_assert!((1..=open).contains(&found.gains.minor()));
                prop_assert!(found.amount.is_none_or(|amount| amount.minor() > 0));
                prop_assert!(assessment.excluded_by != Some(Rule::PastDue));
            }
        }
    }
}
