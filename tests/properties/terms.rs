//! Laws of the terms that are solved for: they solve their equations, and risk costs.

use chrono::NaiveDate;
use factorage::basics::{CollectionCurve, Currency, Money, Rate};
use factorage::offer::Percent;
use factorage::pricing::{
    AdequacyTerms, CapitalTerms, DebtorDilution, Equal, FeeComponent, FeePlan, LossTerms, OpenPlan,
    PoolLine, PoolOutlook, PoolTerms, PriceTerms, Quotable, Recourse,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::cases;
use super::ledgers::{desk, realistic};
use crate::evaluated::priced_policy;

/// A pool of invoices as (amount in cents, day of payment, share never collected).
type Drawn = Vec<(i64, usize, f64)>;

fn drawn() -> impl Strategy<Value = Drawn> {
    prop::collection::vec((10_000_i64..5_000_000, 5_usize..90, 0.0_f64..0.1), 1..12)
}

fn curves(pool: &Drawn) -> Vec<CollectionCurve> {
    let curve = |&(_, day, never): &(i64, usize, f64)| {
        let by = |d: usize| {
            let ramp = (d as f64 / day as f64).min(1.0);
            (1.0 - never) * ramp * ramp
        };
        CollectionCurve::new((0..=180).map(by).collect()).expect("a curve")
    };
    pool.iter().map(curve).collect()
}

fn lines<'a>(pool: &Drawn, curves: &'a [CollectionCurve]) -> Vec<PoolLine<'a>> {
    let all = pool.iter().zip(curves).enumerate();
    all.map(|(index, (&(cents, ..), curve))| PoolLine {
        amount: Money::from_minor(cents, Currency::USD),
        debtor: index / 2,
        curve,
        recourse_day: 120,
        equal: Equal::ONE,
    })
    .collect()
}

fn percent(bps: i64) -> Rate {
    Rate::from_bps(Decimal::from(bps))
}

fn plan() -> FeePlan {
    FeePlan::new(vec![FeeComponent::Tiered {
        first_percent: percent(300),
        first_days: 30,
        step_percent: percent(100),
        step_days: 10,
        prorated: false,
    }])
}

/// The values drawn beside the pool.
#[derive(Debug, Clone, Copy)]
struct Setting {
    hurdle: f64,
    dilution: f64,
    spread: f64,
    tolerance: f64,
    lgd: f64,
}

fn setting() -> impl Strategy<Value = Setting> {
    (0.02_f64..0.4, 0.0_f64..0.2, 0.001_f64..0.2, 0.001_f64..0.2, 0.1_f64..0.9).prop_map(
        |(hurdle, dilution, spread, tolerance, lgd)| Setting {
            hurdle,
            dilution,
            spread,
            tolerance,
            lgd,
        },
    )
}

/// Solves a pool: the advance rate and the discount rate, unrounded; `None` without terms.
fn solved(pool: &Drawn, set: Setting) -> Option<(f64, f64, f64, f64)> {
    let curves = curves(pool);
    let lines = lines(pool, &curves);
    let loss = LossTerms {
        recourse: Recourse::NonRecourse,
        loss_given_default: set.lgd,
        credit_share: 0.5,
        client_default: 0.05,
        client_correlation: 0.3,
    };
    let capital = CapitalTerms { confidence: 0.99, correlation: 0.2, cost: 0.12 };
    let outlook = PoolOutlook::new(&lines, &loss, &capital);
    let debtors = pool.chunks(2).map(|own| DebtorDilution {
        amount: own.iter().map(|(cents, ..)| *cents as f64 / 100.0).sum(),
        expected: set.dilution,
        spread: set.spread,
        debtors: 1,
    });
    let debtors: Vec<DebtorDilution> = debtors.collect();
    let (plan, step) = (plan(), percent(1));
    let terms = PoolTerms {
        outlook: &outlook,
        dilution: &debtors,
        adequacy: AdequacyTerms { tolerance: set.tolerance, correlation: 0.2, shortfall: None },
        price: PriceTerms { hurdle: set.hurdle, cost_of_funds: 0.08, operating_cost: 5.0, capital },
        advances: Quotable { lowest: percent(4000), highest: percent(9500), step },
        discounts: Quotable { lowest: percent(10), highest: percent(2000), step },
        plan: OpenPlan::new(
            &outlook,
            &plan,
            NaiveDate::from_ymd_opt(2026, 6, 30).expect("a date"),
            120,
        ),
        prepaid: 0.0,
    };
    let advance = terms.advance().expect("arithmetic").ok()?;
    let discount = terms.discount(advance).expect("arithmetic").ok()?;
    let returned = terms.result(advance, discount).return_on_funds().expect("funds are out");
    Some((advance, discount, returned, terms.shortfall_probability(advance, discount)))
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn advance_and_discount_solve_their_equations(pool in drawn(), set in setting()) {
        let Some((advance, discount, returned, shortfall)) = solved(&pool, set) else {
            return Ok(());
        };
        prop_assert!((0.4..=0.95).contains(&advance) && (0.001..=0.2).contains(&discount));
        // The return is the hurdle unless the lowest price is already above it.
        prop_assert!(returned >= set.hurdle - 1e-9, "{returned} below {}", set.hurdle);
        prop_assert!((returned - set.hurdle).abs() < 1e-9 || discount <= 0.001);
        // The tolerance is met, and used up unless the advance is the cap's or the reserve jumps.
        prop_assert!(shortfall <= set.tolerance + 1e-9, "{shortfall} above {}", set.tolerance);
        if advance < 0.95 - 1e-9 {
            prop_assert!((shortfall - set.tolerance).abs() < 1e-9, "{shortfall} {}", set.tolerance);
        }
    }

    #[test]
    fn the_advance_does_not_rise_and_the_price_does_not_fall_with_risk(
        pool in drawn(),
        set in setting(),
        more in 0.0_f64..0.1,
    ) {
        let Some((advance, discount, ..)) = solved(&pool, set) else { return Ok(()) };
        let diluted = Setting { dilution: set.dilution + more, spread: set.spread + more, ..set };
        if let Some((less, ..)) = solved(&pool, diluted) {
            prop_assert!(less <= advance + 1e-9, "{advance} rose to {less} with dilution");
        }
        let dearer = Setting { lgd: (set.lgd + more).min(1.0), ..set };
        if let Some((less, dearer, ..)) = solved(&pool, dearer) {
            prop_assert!(less <= advance + 1e-9, "{advance} rose to {less} with loss");
            // At one advance rate; a smaller advance alone may cost less.
            if (less - advance).abs() < 1e-9 {
                prop_assert!(dearer >= discount - 1e-9, "{discount} fell to {dearer} with loss");
            }
        }
    }

    #[test]
    fn a_plan_does_not_fall_with_days(
        first in 0_i64..1000,
        step in 0_i64..300,
        days in 1_u32..60,
        blocks in 1_u32..30,
        prorated in any::<bool>(),
        cents in 1_i64..100_000_000,
    ) {
        let plan = FeePlan::new(vec![FeeComponent::Tiered {
            first_percent: percent(first),
            first_days: days,
            step_percent: percent(step),
            step_days: blocks,
            prorated,
        }]);
        let amount = Money::from_minor(cents, Currency::USD);
        let purchase = NaiveDate::from_ymd_opt(2026, 6, 30).expect("a date");
        let base = pricing::FeeBase { amount, advance: amount, purchase };
        let fees: Vec<i64> =
            (0..200).map(|day| plan.fee(base, day).expect("a fee").minor()).collect();
        prop_assert!(fees.is_sorted());
    }
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn every_offer_of_the_menu_returns_the_same(rows in realistic(80)) {
        let evaluation = desk(&rows).policy(priced_policy(&[])).evaluate();
        for part in &evaluation.offer.parts {
            prop_assert_eq!(part.decline.is_some(), part.totals.advance.minor() == 0
                && part.waterfall.iter().any(|step| step.rule.code() == "no_feasible_terms"));
            let returns: Vec<f64> =
                part.menu.iter().filter_map(|o| o.return_percent).map(|Percent(p)| p).collect();
            let lowest = |offer: &offer::MenuOffer| {
                offer.discount_rate_percent == percent(50)
            };
            for (offer, found) in part.menu.iter().zip(&returns) {
                // To a basis point, unless the lowest price is above the hurdle.
                prop_assert!((found - 12.0).abs() < 0.01 || lowest(offer), "{found}");
                prop_assert!(offer.return_as_quoted_percent >= offer.return_percent);
                prop_assert!(offer.net_funded.minor() <= offer.advance.minor());
            }
            if let Some(first) = part.menu.first() {
                prop_assert_eq!(first.advance, part.totals.advance);
                prop_assert_eq!(first.fee, part.totals.fee);
                prop_assert_eq!(first.apr_percent, part.totals.apr_percent);
            }
        }
    }
}
