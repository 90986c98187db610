//! The annual percentage rate of disclosures.

use chrono::NaiveDate;
use factorage::basics::Money;
use factorage::pricing::{FeeBase, RepaymentFlow, effective_annual_rate, line_apr, pool_apr};
use proptest::prelude::*;

use super::{printed, staircase, usd};
use crate::evaluated::date;
use crate::properties::cases;

fn apr(charge: &str, financed: &str, days: u32) -> f64 {
    let apr = line_apr(usd(charge), usd(financed), days).expect("an APR");
    // Charge = financed x APR x days / 365
    let charged = usd(financed).minor() as f64 * apr.0 * f64::from(days) / 365.0;
    assert!((charged - usd(charge).minor() as f64).abs() < 1e-6, "put back: {charged}");
    apr.percent()
}

/// 1,000.00 on 3 January 1978, 1,080.00 on 15 September 1978.
/// 12 CFR 1026 (Regulation Z), Appendix J (c)(5)(i):
/// <https://www.consumerfinance.gov/rules-policy/regulations/1026/J/>.
#[test]
fn single_advance_single_payment() {
    let days = (date("1978-09-15") - date("1978-01-03")).num_days();
    assert_eq!(days, 255);
    let found = apr("80", "1000", 255);
    assert_eq!(printed(found, 2), "11.45");
    assert_eq!(printed(found, 5), "11.45098");
}

/// The staircase of `fees_and_limits` with its 25.00 wire as prepaid charge.
/// Figures: "Invoice factoring calculator: discount rate to real APR", its tests:
/// <https://github.com/aneeshkumarm2006-dotcom/clutch-for-payment-processors>,
/// tests/tools/batch-four/invoice-factoring-calculator.test.ts.
/// 12 CFR 1026, Appendix J (b)(5)(vii):
/// <https://www.consumerfinance.gov/rules-policy/regulations/1026/J/>.
#[test]
fn factoring_with_a_prepaid_charge() {
    let plan = staircase("3", 30, "1", 10);
    let base =
        FeeBase { amount: usd("50000"), advance: usd("42500"), purchase: NaiveDate::default() };
    for (day, charge, percent) in
        [(45, "2525", "48.22"), (30, "1525", "43.68"), (90, "4525", "43.21")]
    {
        let fee = plan.fee(base, day).expect("a fee");
        assert_eq!(fee.checked_add(usd("25")), Ok(usd(charge)), "day {day}");
        assert_eq!(printed(apr(charge, "42475", day), 2), percent, "day {day}");
    }
    assert_eq!(printed(apr("2525", "42475", 45), 4), "48.2179");
    assert_eq!(printed(apr("2525", "50000", 45), 2), "40.96", "on face");
    let effective = effective_annual_rate(usd("2525"), usd("42475"), 45).expect("a rate");
    assert_eq!(printed(100.0 * effective, 2), "59.74");
}

/// A fee on face at an advance of 85 %, no other charges.
/// Figures: "Invoice factoring calculator: discount rate to real APR", its tests:
/// <https://github.com/aneeshkumarm2006-dotcom/clutch-for-payment-processors>,
/// tests/tools/batch-four/invoice-factoring-calculator.test.ts.
/// 12 CFR 1026, Appendix J (b)(5)(vii):
/// <https://www.consumerfinance.gov/rules-policy/regulations/1026/J/>.
#[test]
fn table_of_fees_and_days() {
    for (fee, days, percent) in [
        ("300", 30, "42.94"),
        ("300", 45, "28.63"),
        ("300", 60, "21.47"),
        ("300", 90, "14.31"),
        ("150", 30, "21.47"),
        ("500", 30, "71.57"),
        ("300", 15, "85.88"),
    ] {
        assert_eq!(printed(apr(fee, "8500", days), 2), percent, "{fee} on 10,000 for {days} days");
    }
}

/// Our computation: the same sale when the return of the reserve is not reasonably anticipated.
/// California, 10 CCR 943(a)(3).
#[test]
fn the_reserve_as_finance_charge() {
    assert_eq!(printed(apr("7525", "42475", 45), 2), "143.70");
}

/// Finance charge / amount financed x 365 / days has no value without either.
/// 12 CFR 1026, Appendix J (b)(5)(vii):
/// <https://www.consumerfinance.gov/rules-policy/regulations/1026/J/>.
#[test]
fn an_apr_needs_money_and_time() {
    let nothing = line_apr(usd("1"), usd("0"), 30).map_err(|e| e.to_string());
    assert_eq!(nothing, Err("the amount financed is 0.00; an APR needs one above 0".to_owned()));
    let no_time = line_apr(usd("1"), usd("100"), 0).map_err(|e| e.to_string());
    let expected = "a payment on day 0 has no APR; the earliest day is 1";
    assert_eq!(no_time, Err(expected.to_owned()));
    let flow = RepaymentFlow { day: 30, amount: usd("99") };
    assert!(pool_apr(usd("100"), &[flow]).is_err(), "repayments below the advance");
    assert!(pool_apr(usd("0"), &[flow]).is_err());
    assert!(pool_apr(usd("90"), &[RepaymentFlow { day: 0, ..flow }]).is_err());
}

/// Day, principal and fee of one repayment.
fn repayment() -> impl Strategy<Value = (u32, i64, i64)> {
    (1_u32..=365, 1_i64..=100_000_000, 0_u32..=500)
        .prop_map(|(day, principal, share)| (day, principal, principal * i64::from(share) / 1000))
}

fn pool(repayments: &[(u32, i64, i64)]) -> (Money, Vec<RepaymentFlow>) {
    let currency = usd("0").currency();
    let money = |minor| Money::from_minor(minor, currency);
    let flows = repayments
        .iter()
        .map(|(day, principal, fee)| RepaymentFlow { day: *day, amount: money(principal + fee) });
    (money(repayments.iter().map(|(_, principal, _)| principal).sum()), flows.collect())
}

proptest! {
    #![proptest_config(cases(1_000))]

    /// The sum of P / (1 + r d / 365) is A: the general equation of 12 CFR 1026, Appendix J (b)(8),
    /// with a year as the unit-period, where (b)(4) takes the period that occurs most often.
    #[test]
    fn the_apr_of_a_pool_solves_its_equation(
        repayments in prop::collection::vec(repayment(), 1..40),
    ) {
        let (financed, flows) = pool(&repayments);
        let rate = pool_apr(financed, &flows).expect("repayments cover the advance").0;
        let financed = financed.minor() as f64;
        let present = flows.iter().map(|flow| {
            flow.amount.minor() as f64 / (1.0 + rate * f64::from(flow.day) / 365.0)
        });
        let value = present.sum::<f64>() / financed - 1.0;
        prop_assert!(value.abs() < 1e-9, "rate {rate} leaves {value}");
        prop_assert!(rate >= 0.0);
    }

    /// One payment is the case of 12 CFR 1026, Appendix J (b)(5)(vii).
    #[test]
    fn the_apr_of_one_repayment_is_that_of_its_line((day, principal, fee) in repayment()) {
        let (financed, flows) = pool(&[(day, principal, fee)]);
        let charge = Money::from_minor(fee, financed.currency());
        let line = line_apr(charge, financed, day).expect("an APR").0;
        let pool = pool_apr(financed, &flows).expect("an APR").0;
        prop_assert!((line - pool).abs() <= 1e-9 * (1.0 + line), "{line} {pool}");
    }
}
