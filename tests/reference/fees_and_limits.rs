//! Examples of trade practice: advance, reserve, fees, limits, cross-aging.

use chrono::NaiveDate;
use factorage::basics::{Currency, DayCount, Money};
use factorage::policy::{
    Concentration, ConcentrationBy, DebtorAccount, Denominator, Pool, Receivable, Rule, UsualTerms,
    assess, beyond_limit, concentration_cap,
};
use factorage::pricing::{Benchmark, FeeBase, FeeComponent, FeePlan, average_advance_outstanding};

use super::{paid_on, percent, staircase, usd};
use crate::evaluated::policy;

/// 10,000 at 90 % for a flat 3 %.
/// Factorflow, "Understanding Factoring Payment Structure", breakdown of a $10,000 invoice:
/// <https://www.factorflow.net/resources/payment-structure>.
#[test]
fn advance_reserve_fee_and_rebate() {
    let price = paid_on(30, usd("10000"), "90", &staircase("3", 30, "0", 1));
    assert_eq!(price.advance, usd("9000"));
    assert_eq!(price.reserve, usd("1000"));
    assert_eq!(price.fee, usd("300"));
    assert_eq!(price.rebate, usd("700"));
    assert_eq!(sum(&[price.advance, price.rebate]), usd("9700"), "total to the client");
    // A = a F, R = F - A, rebate = F - A - f.
    assert_eq!(sum(&[price.advance, price.reserve]), usd("10000"));
    assert_eq!(sum(&[price.advance, price.fee, price.rebate]), usd("10000"));
}

/// 1.5 % for 30 days, 1.0 % for the second 30, paid on day 60.
/// Gateway Commercial Finance on factoring rates, a $100 invoice paid after 60 days:
/// <https://gatewaycfs.com/factoringrates.php>.
#[test]
fn two_tiers() {
    let plan = staircase("1.5", 30, "1.0", 30);
    assert_eq!(fee_on(60, &plan), usd("2.50"));
    assert_eq!(fee_on(30, &plan), usd("1.50"));
}

/// 50,000 at 85 %, 3 % to day 30, then 1 % for each started block of 10 days; a 25.00 wire leaves
/// the advance, and customers pay on day 45.
/// Figures: "Invoice factoring calculator: discount rate to real APR", its tests:
/// <https://github.com/aneeshkumarm2006-dotcom/clutch-for-payment-processors>,
/// tests/tools/batch-four/invoice-factoring-calculator.test.ts.
/// The rule is that of Gateway Commercial Finance, tiers of a discount:
/// <https://gatewaycfs.com/factoringrates.php>.
#[test]
fn staircase_with_wire_fee() {
    let wire = usd("25");
    let plan = staircase("3", 30, "1", 10);
    for (day, fee, rebate, cost) in
        [(30, "1500", "6000", "1525"), (45, "2500", "5000", "2525"), (90, "4500", "3000", "4525")]
    {
        let price = paid_on(day, usd("50000"), "85", &plan);
        assert_eq!(price.expected_day, day);
        assert_eq!((price.advance, price.reserve), (usd("42500"), usd("7500")));
        let at_purchase = price.advance.checked_sub(wire).expect("an amount");
        assert_eq!(at_purchase, usd("42475"));
        assert_eq!((price.fee, price.rebate), (usd(fee), usd(rebate)), "day {day}");
        let received = sum(&[at_purchase, price.rebate]);
        assert_eq!(usd("50000").checked_sub(received), Ok(usd(cost)), "day {day}");
        // f = [r1 + ceil(max(0, d - D1) / s) r2] F
        let blocks = f64::from(day - 30) / 10.0;
        let share = 0.03 + 0.01 * blocks.ceil();
        assert_eq!(price.fee.minor(), (share * 5_000_000.0).round() as i64);
    }
    let price = paid_on(45, usd("50000"), "85", &plan);
    let received = price.advance.checked_sub(wire).and_then(|a| a.checked_add(price.rebate));
    assert_eq!(received, Ok(usd("47475")));
    let on = |amount: &str| 100.0 * 2525.0 / usd(amount).minor() as f64 * 100.0;
    assert_eq!(super::printed(on("50000"), 2), "5.05", "percent of face");
    assert_eq!(super::printed(on("42500"), 2), "5.94", "percent of the advance");
}

/// Prime 6.75 % plus 3.5 % on 42,500 for 45 days is 544.53, which is ACT/360.
/// Figures: "Invoice factoring calculator: discount rate to real APR", its tests:
/// <https://github.com/aneeshkumarm2006-dotcom/clutch-for-payment-processors>,
/// tests/tools/batch-four/invoice-factoring-calculator.test.ts.
/// The rule is that of Gateway Commercial Finance, a discount plus prime:
/// <https://gatewaycfs.com/factoringrates.php>.
/// ACT/360 and ACT/365 are 2006 ISDA Definitions, section 4.16(e) and (d):
/// <https://www.fpml.org/coding-scheme/day-count-fraction-2-0.xml>.
#[test]
fn prime_plus_depends_on_its_day_count() {
    for (day_count, fee, basis) in
        [(DayCount::Actual360, "544.53", 360.0), (DayCount::Actual365Fixed, "537.07", 365.0)]
    {
        let plan = FeePlan::new(vec![FeeComponent::PrimePlus(Benchmark {
            prime_percent: percent("6.75"),
            spread_percent: percent("3.5"),
            day_count,
            minimum_days: 0,
            floor_percent: None,
            all_in_floor_percent: None,
            changes: vec![],
        })]);
        let base =
            FeeBase { amount: usd("50000"), advance: usd("42500"), purchase: NaiveDate::default() };
        let charged = plan.fee(base, 45).expect("a fee");
        assert_eq!(charged, usd(fee));
        // f = (B + m) A d / basis, in cents
        let equation = 0.1025 * 4_250_000.0 * 45.0 / basis;
        assert!((equation - charged.minor() as f64).abs() <= 0.5, "{equation}");
    }
}

/// The staircase above: a block counts from its first day.
/// Figures: "Invoice factoring calculator: discount rate to real APR", its tests:
/// <https://github.com/aneeshkumarm2006-dotcom/clutch-for-payment-processors>,
/// tests/tools/batch-four/invoice-factoring-calculator.test.ts.
#[test]
fn edges_of_the_staircase() {
    let plan = staircase("3", 30, "1", 10);
    for (day, fee) in [(0, 3), (30, 3), (31, 4), (40, 4), (41, 5), (50, 5), (51, 6)] {
        assert_eq!(fee_on(day, &plan), usd(&fee.to_string()), "day {day}");
    }
}

/// 150,000 of face a month at 85 % turning in 45 days: yearly face x advance rate x days / 365,
/// which is the days sales outstanding solved for the receivables.
/// Figures: "Invoice factoring calculator: discount rate to real APR", its tests:
/// <https://github.com/aneeshkumarm2006-dotcom/clutch-for-payment-processors>,
/// tests/tools/batch-four/invoice-factoring-calculator.test.ts.
/// Mesha, "The 2 DSO Calculation Formulas: Simple vs Countback Method Explained":
/// <https://trymesha.com/blog/the-2-dso-calculation-formulas-simple-vs-countback-method-explained/>.
#[test]
fn average_advance_outstanding_of_a_facility() {
    let average = average_advance_outstanding(usd("1800000"), percent("85"), 45);
    assert_eq!(average, Ok(usd("188630.14")));
    let equation = 180_000_000.0_f64 * 0.85 * 45.0 / 365.0;
    assert!((equation - 18_863_014.0).abs() <= 0.5);
}

/// Our computation: a cap of 25 %, two denominators, debtors of 400, 300, 135 and 60 thousand.
/// The definition of a cap: Alterest, Glossary, "Eligible Receivables", under "Concentration
/// Limit":
/// <https://alterest.co/resources/glossary/eligible-receivables>.
#[test]
fn the_denominator_decides_the_excess() {
    let debtors = [40_000_000, 30_000_000, 13_500_000, 6_000_000];
    let (gross, eligible) = (105_500_000, 89_500_000);
    for (denominator, base, excess) in [
        (Denominator::GrossLedger, gross, 17_250_000),
        (Denominator::EligibleBeforeCap, eligible, 25_250_000),
    ] {
        let rule = Concentration {
            limit_percent: percent("25"),
            denominator,
            by: ConcentrationBy::Debtor,
        };
        let cap = concentration_cap(rule, gross, &debtors.map(i128::from));
        assert_eq!(i128::from(cap) * 4, base, "a quarter of the {denominator:?}");
        let cut: i64 = debtors.iter().flat_map(|&debtor| beyond_limit(cap, [debtor])).sum();
        assert_eq!(cut, excess, "{denominator:?}");
        let equation: i64 = debtors.iter().map(|debtor| (debtor - cap).max(0)).sum();
        assert_eq!(cut, equation);
    }
}

/// Our computation: why the cap is one pass. Repeated, it shrinks every debtor to the smallest.
/// The definition of a cap: Alterest, Glossary, "Eligible Receivables", under "Concentration
/// Limit":
/// <https://alterest.co/resources/glossary/eligible-receivables>.
#[test]
fn repeating_the_cap_would_shrink_every_debtor_to_the_smallest() {
    let denominator = Denominator::EligibleBeforeCap;
    let rule =
        Concentration { limit_percent: percent("25"), denominator, by: ConcentrationBy::Debtor };
    let mut debtors = [40_000_000_i64, 30_000_000, 13_500_000, 6_000_000];
    for _ in 0..200 {
        let cap = concentration_cap(rule, 0, &debtors.map(i128::from));
        debtors = debtors.map(|debtor| debtor - beyond_limit(cap, [debtor])[0]);
    }
    assert!(debtors.iter().all(|debtor| (5_999_990..=6_000_000).contains(debtor)), "{debtors:?}");
}

/// Our computation: 90,000 current and 10,000 over the limit is exactly 10 %.
/// eCapital, Financial Term Dictionary, "Cross-Aged Accounts (10% rule)": more than 10 %,
/// <https://ecapital.com/financial-term-dictionary/cross-aged-accounts-10-rule/>; in a later text
/// 10 % or more, <https://ecapital.com/financial-term/cross-aged-accounts-10-rule/>.
#[test]
fn exactly_ten_percent_is_not_above_ten_percent() {
    for (comparator, ineligible) in [("\">\"", "10000"), ("\">=\"", "100000")] {
        let policy = policy(&[
            ("eligibility.cross_aging.threshold_percent", "10"),
            ("eligibility.cross_aging.comparator", comparator),
            ("eligibility.past_due_days", "90"),
        ]);
        let pool = ten_percent_past_due();
        let judged = assess(&pool, &policy);
        let excluded = pool.receivables.iter().zip(&judged.assessments);
        let excluded: Vec<_> = excluded.filter(|(_, a)| a.excluded_by.is_some()).collect();
        let amounts: Vec<Money> = excluded.iter().map(|(receivable, _)| receivable.open).collect();
        assert_eq!(sum(&amounts), usd(ineligible), "comparator {comparator}");
        assert_eq!(judged.assessments[1].excluded_by, Some(Rule::PastDue));
        let debtor = judged.debtors[0];
        assert_eq!(debtor.past_due * 10, debtor.gross, "exactly 10 %");
    }
}

fn ten_percent_past_due() -> Pool {
    let currency: Currency = "USD".parse().expect("listed");
    let as_of = 20_000;
    let receivable =
        |number: &str, due, amount: &str| Receivable::new(number, 0, (due - 30, due), usd(amount));
    let receivables =
        vec![receivable("1", as_of + 10, "90000"), receivable("2", as_of - 91, "10000")];
    let debtors = vec![DebtorAccount::new("D", "Debtor", UsualTerms::assumed(30), currency)];
    Pool { currency, as_of, receivables, debtors, room: None, selection_seed: None }
}

fn fee_on(day: u32, plan: &FeePlan) -> Money {
    plan.fee(
        FeeBase { amount: usd("100"), advance: usd("85"), purchase: NaiveDate::default() },
        day,
    )
    .expect("a fee")
}

#[track_caller]
fn sum(amounts: &[Money]) -> Money {
    let add = |total: Money, amount: &Money| total.checked_add(*amount).expect("one currency");
    amounts.iter().fold(usd("0"), add)
}
