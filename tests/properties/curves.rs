//! Collection curves of any payment history.

use factorage::policy::Policy;
use factorage::scoring::{DebtorCurves, End, KaplanMeier, OWN_HISTORY, Spell};
use proptest::collection::vec;
use proptest::prelude::*;

use super::cases;

const DEBTORS: usize = 4;

fn spell() -> impl Strategy<Value = Spell> {
    let end = prop_oneof![Just(End::Open), Just(End::Collected), Just(End::Removed)];
    // Usual payments, and observations far beyond every table.
    let exit = prop_oneof![4 => -40..120, 1 => -500..1200];
    let entry = prop_oneof![4 => -90..=0, 1 => -500..900];
    (0..DEBTORS, entry, exit, end, 0..2000).prop_map(|(debtor, entry, exit, end, ago)| Spell {
        debtor,
        entry,
        exit,
        end,
        ago,
    })
}

fn fitted(spells: &[Spell]) -> KaplanMeier {
    let policy = Policy::standard().expect("the standard policy");
    KaplanMeier::fit(spells, DEBTORS, policy.prior())
}

/// Checks the curve of an invoice of this age, day by day.
fn is_a_curve(curves: &DebtorCurves, age: i32, horizon: usize) -> Result<(), TestCaseError> {
    let curve = curves.score(age);
    // A shorter curve would be the one that stands in for numbers that are none.
    prop_assert_eq!(curve.horizon(), horizon, "age {}", age);
    prop_assert!(curve.by(0).abs() < f64::EPSILON, "age {}", age);
    let mut previous = 0.0;
    for day in 0..=horizon {
        let by = curve.by(day);
        prop_assert!((previous..=1.0).contains(&by), "age {age} day {day}: {previous} {by}");
        previous = by;
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn a_curve_never_falls_and_stays_within_0_and_1(
        spells in vec(spell(), 0..200),
        debtor in 0..=DEBTORS,
    ) {
        let model = fitted(&spells);
        let curves = model.debtor(debtor, -400..=1000, 365);
        for age in -400..=1000 {
            is_a_curve(&curves, age, 365)?;
        }
        let paid = spells.iter().filter(|spell| spell.end == End::Collected).count();
        prop_assert_eq!(model.paid_invoices(), paid);
        let weight = (paid as f64 / OWN_HISTORY as f64).min(1.0);
        prop_assert!((model.own_weight() - weight).abs() < 1e-12);
    }

    #[test]
    fn the_order_of_the_history_changes_no_bit(
        (spells, shuffled) in vec(spell(), 0..120)
            .prop_flat_map(|spells| (Just(spells.clone()), Just(spells).prop_shuffle())),
        debtor in 0..=DEBTORS,
        age in -60..200,
    ) {
        let score = |spells: &[Spell]| fitted(spells).debtor(debtor, age..=age, 365).score(age);
        prop_assert_eq!(score(&spells), score(&shuffled));
    }

    #[test]
    fn other_invoices_scored_with_it_do_not_change_a_curve(
        spells in vec(spell(), 0..120),
        debtor in 0..=DEBTORS,
        age in -60..200,
        beside in -60..200,
    ) {
        let model = fitted(&spells);
        let alone = model.debtor(debtor, age..=age, 180).score(age);
        let ages = age.min(beside)..=age.max(beside);
        let together = model.debtor(debtor, ages, 180).score(age);
        for day in 0..=180 {
            let (alone, together) = (alone.by(day), together.by(day));
            prop_assert!((alone - together).abs() < 1e-9, "day {day}: {alone} {together}");
        }
    }
}
