//! The rules over pools drawn at random: every cent of the gross ledger is in exactly one column.

use factorage::basics::{Amount, Currency, DebtorFacts, Money};
use factorage::policy::{
    ConcentrationBy, DebtorAccount, LimitBasis, Policy, Pool, Receivable, Rule, UsualTerms, assess,
    counterfactuals,
};
use proptest::prelude::*;

use super::cases;
use crate::evaluated::policy;

const AS_OF: i32 = 20_000;

fn money(cents: i64) -> Money {
    Money::from_minor(cents, Currency::USD)
}

fn major(cents: i64) -> Amount {
    Amount(money(cents).to_decimal())
}

fn cents(amount: Amount) -> i64 {
    Money::from_major(amount.0, Currency::USD).expect("cents").minor()
}

/// (debtor, days to due, cents, flags).
type Drawn = (usize, i32, i64, u8);

fn receivables() -> impl Strategy<Value = Vec<Drawn>> {
    prop::collection::vec((0_usize..5, -200_i32..250, 1_i64..1_000_000, any::<u8>()), 0..40)
}

fn facts() -> impl Strategy<Value = DebtorFacts> {
    let flag = || prop::option::weighted(0.3, any::<bool>());
    let amount = || prop::option::weighted(0.3, 0_i64..1_000_000);
    (flag(), flag(), flag(), amount(), amount(), any::<bool>()).prop_map(
        |(government, affiliate, insolvent, limit, payable, home)| DebtorFacts {
            country: Some(if home { "US" } else { "DE" }.to_owned()),
            government,
            affiliate,
            insolvent,
            consumer: insolvent,
            progress_billing: affiliate,
            non_assignable: government,
            group: payable.map(|payable| if payable % 2 == 0 { "Even" } else { "odd" }.to_owned()),
            limit: limit.map(major),
            payable: payable.map(major),
            ..DebtorFacts::default()
        },
    )
}

fn pool() -> impl Strategy<Value = Pool> {
    let debtors = prop::collection::vec((facts(), 0_i64..500_000), 5);
    (receivables(), debtors).prop_map(|(mut drawn, debtors)| {
        drawn.sort_unstable();
        let of = |(number, (debtor, days, cents, flags)): (usize, Drawn)| Receivable {
            disputed: [None, Some(true), Some(false), Some(false)][usize::from(flags % 4)],
            already_assigned: flags & 0x70 == 0x70,
            duplicate: flags & 0x0C == 0x0C,
            funded: flags % 32 == 31,
            issue_assumed: flags > 240,
            due_assumed: flags > 250,
            ..Receivable::new(
                number.to_string(),
                debtor,
                (AS_OF + days - 30, AS_OF + days),
                money(cents),
            )
        };
        let debtors = debtors.into_iter().enumerate().map(|(id, (facts, credit))| DebtorAccount {
            unapplied_credit: money(if credit < 250_000 { 0 } else { credit }),
            facts,
            ..DebtorAccount::new(
                id.to_string(),
                format!("Debtor {id}"),
                UsualTerms::assumed(30),
                Currency::USD,
            )
        });
        let debtors: Vec<DebtorAccount> = debtors.collect();
        let room = debtors[0].unapplied_credit.minor() * 4;
        Pool {
            room: (room > 0).then(|| money(room).into()),
            selection_seed: None,
            currency: Currency::USD,
            as_of: AS_OF,
            receivables: drawn.into_iter().enumerate().map(of).collect(),
            debtors,
        }
    })
}

fn rules() -> impl Strategy<Value = Policy> {
    let invoice = prop::sample::subsequence(
        vec![
            "duplicate",
            "already_assigned",
            "consumer",
            "progress_billing",
            "non_assignable",
            "disputed",
            "future_dated",
            "past_due",
            "past_invoice_date",
            "long_dated",
            "minimum_size",
        ],
        0..=11,
    );
    let debtor = prop::sample::subsequence(
        vec!["affiliate", "government", "foreign", "insolvent", "credit_balance", "cross_aged"],
        0..=6,
    );
    let denominator = prop::sample::select(vec!["eligible_before_cap", "gross_ledger", "fixpoint"]);
    let order = vec!["due_first", "oldest_first", "number", "smallest_first", "largest_first"];
    let order = prop::sample::select(order);
    let basis = prop::sample::select(vec!["balance", "funded"]);
    let by = prop::sample::select(vec!["debtor", "group"]);
    let limits = (order, basis, by, 0_u32..20_000, 0_u32..40_000);
    let rules = (invoice.prop_shuffle(), debtor.prop_shuffle());
    (rules, 1_u32..=100, denominator, 1_u32..=100, limits).prop_map(
        |((invoice, debtor), limit, denominator, cross, (order, basis, by, pair, group))| {
            policy(&[
                ("eligibility.limits.order", &format!("\"{order}\"")),
                ("eligibility.limits.basis", &format!("\"{basis}\"")),
                ("eligibility.limits.pair", &format!("\"{pair}\"")),
                ("eligibility.limits.group", &format!("\"{group}\"")),
                ("eligibility.concentration.by", &format!("\"{by}\"")),
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
    // Each reads a policy of its own. PROPTEST_RNG_SEED draws others.
    #![proptest_config(cases(3_000))]

    #[test]
    fn the_columns_add_up_to_gross(pool in pool(), policy in rules()) {
        let judged = assess(&pool, &policy);
        let mut bought_of = [0_i64; 5];
        for (receivable, assessment) in pool.receivables.iter().zip(&judged.assessments) {
            let parts: i64 = assessment.parts().map(|(_, part)| part.minor()).sum();
            let open = receivable.open.minor();
            let excluded = if assessment.excluded_by.is_some() { open } else { 0 };
            prop_assert_eq!(excluded + parts + assessment.bought.minor(), open);
            prop_assert!(assessment.bought.minor() >= 0);
            let first = assessment.excluded_by;
            prop_assert!(first.is_none_or(|rule| assessment.failed.contains(rule)));
            bought_of[receivable.debtor] += assessment.bought.minor();
        }
        // A limit on funds holds for what may be advanced on what is bought.
        let rate = if policy.limits().basis == LimitBasis::Funded { 0.85 } else { 1.0 };
        for (bought, debtor) in bought_of.into_iter().zip(&pool.debtors) {
            prop_assert!(bought <= judged.concentration_cap.minor());
            let limit = debtor.facts.limit.map(cents).or(policy.limits().pair.map(cents));
            prop_assert!(limit.is_none_or(|limit| (bought as f64 * rate).floor() <= limit as f64));
        }
        for group in ["Even", "odd"] {
            let of_group = |debtor: &DebtorAccount| debtor.facts.group.as_deref() == Some(group);
            let all = bought_of.iter().zip(&pool.debtors);
            let bought: i64 = all.filter(|(_, debtor)| of_group(debtor)).map(|(b, _)| b).sum();
            let limit = policy.limits().group.map(cents);
            prop_assert!(limit.is_none_or(|limit| (bought as f64 * rate).floor() <= limit as f64));
            let capped = policy.concentration().by == ConcentrationBy::Group;
            prop_assert!(!capped || bought <= judged.concentration_cap.minor());
        }
        if let Some(room) = pool.room {
            let bought: i64 = bought_of.iter().sum();
            prop_assert!((bought as f64 * 0.85).floor() <= room.now.minor() as f64);
        }
        // The fixpoint's cap is its share of what it leaves, to the cent.
        let gross: i64 = pool.receivables.iter().map(|r| r.open.minor()).sum();
        prop_assert!(bought_of.iter().sum::<i64>() <= gross);
    }

    #[test]
    fn a_counterfactual_gains_what_the_rules_then_let_pass(pool in pool(), policy in rules()) {
        let judged = assess(&pool, &policy);
        let all = counterfactuals(&pool, &policy, &judged);
        prop_assert_eq!(all.len(), pool.receivables.len());
        for (index, found) in all.into_iter().enumerate() {
            let Some(found) = found else { continue };
            let assessment = &judged.assessments[index];
            prop_assert!(assessment.excluded_by.is_some() || assessment.parts().count() > 0);
            let open = pool.receivables[index].open.minor();
            prop_assert!((1..=open).contains(&found.gains.minor()));
            prop_assert!(found.amount.is_none_or(|amount| amount.minor() > 0));
            // Neither can be lifted: nothing becomes younger.
            let aged = [Some(Rule::PastDue), Some(Rule::PastInvoiceDate)];
            prop_assert!(!aged.contains(&assessment.excluded_by));
        }
    }
}
