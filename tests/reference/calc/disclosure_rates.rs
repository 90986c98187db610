//! D2 to D4 and C6: rates.

use serde_json::json;

use super::{calc, close, number, refusal, text};

/// Regulation Z, Appendix J (c)(5)(i).
#[test]
fn d4_1_single_advance_single_payment() {
    let found = calc(
        "apr",
        &json!({"finance_charge": "80", "amount_financed": "1000", "purchase_date": "1978-01-03", "payment_date": "1978-09-15"}),
    );
    assert_eq!((found["days"].as_u64(), text(&found, "disclosed_form")), (Some(255), "11.45%"));
    close(number(&found, "apr_percent"), 11.45098, 5);
}

/// A public factoring cost calculator, and the whole-month option beside it.
#[test]
fn d4_2_factoring() {
    for (fee, days, percent) in [("2500", 45, 48.22), ("1500", 30, 43.68), ("4500", 90, 43.21)] {
        let found =
            calc("apr", &json!({"advance": "42500", "fee": fee, "prepaid": "25", "days": days}));
        close(number(&found, "apr_percent"), percent, 2);
    }
    let found =
        calc("apr", &json!({"advance": "42500", "fee": "2500", "prepaid": "25", "days": 45}));
    close(number(&found, "apr_percent"), 48.2179, 4);
    close(number(&found, "effective_annual_percent"), 59.74, 2);
    assert_eq!(
        [text(&found, "finance_charge"), text(&found, "amount_financed")],
        ["2525.00", "42475.00"]
    );
    assert!(found["trace"].to_string().contains("2525.00 / 42475.00 x 365 / 45"), "{found}");
    let on_face =
        calc("apr", &json!({"finance_charge": "2525", "amount_financed": "50000", "days": 45}));
    close(number(&on_face, "apr_percent"), 40.96, 2);
    let months = calc(
        "apr",
        &json!({"advance": "42500", "fee": "1500", "prepaid": "25", "whole_months": 1}),
    );
    close(number(&months, "apr_percent"), 1_525.0 / 42_475.0 * 1_200.0, 9);
    let effective =
        calc("effective_yield", &json!({"charge": "2525", "financed": "42475", "days": 45}));
    close(number(&effective, "effective_annual_percent"), 59.74, 2);
}

/// The same page's table: a fee on 10,000 advanced at 85 %.
#[test]
fn d4_3_table() {
    for (fee, days, percent) in [
        ("300", 30, 42.94),
        ("300", 45, 28.63),
        ("300", 60, 21.47),
        ("300", 90, 14.31),
        ("150", 30, 21.47),
        ("500", 30, 71.57),
        ("300", 15, 85.88),
    ] {
        let found = calc("apr", &json!({"advance": "8500", "fee": fee, "days": days}));
        close(number(&found, "apr_percent"), percent, 2);
    }
}

/// One boolean: the reserve is not reasonably anticipated to be returned.
#[test]
fn d4_4_the_reserve_question() {
    let input = |anticipated: bool| {
        json!({"face": "50000", "advance": "42500", "fee": "2500", "prepaid": "25", "days": 45,
            "reserve_return_anticipated": anticipated})
    };
    close(number(&calc("apr", &input(false)), "apr_percent"), 143.70, 2);
    assert_eq!(text(&calc("apr", &input(false)), "finance_charge"), "7525.00");
    close(number(&calc("apr", &input(true)), "apr_percent"), 48.22, 2);
}

/// Tolerance at a true 48.22 %: an overstated rate is always inside.
#[test]
fn d4_5_tolerance() {
    let with = |disclosed: f64| {
        calc(
            "apr",
            &json!({"advance": "42500", "fee": "2500", "prepaid": "25", "days": 45, "disclosed_percent": disclosed}),
        )
    };
    let found = with(48.22);
    close(number(&found["tolerance"], "lowest_regular_percent"), 48.095, 2);
    close(number(&found["tolerance"], "lowest_irregular_percent"), 47.97, 2);
    close(number(&found["tolerance"], "lowest_relative_percent"), 47.04, 2);
    let within = |disclosed| with(disclosed)["within_tolerance"].as_bool();
    assert_eq!([within(60.0), within(47.05), within(47.0)], [Some(true), Some(true), Some(false)]);
}

/// New York 806(c) taken literally, payment = purchase price less charge, is a negative rate. It is
/// not used: a negative charge has no APR here.
#[test]
fn d2_the_literal_reading_of_new_york_is_refused() {
    let literal: f64 = ((42_500.0 - 2_525.0) / 42_500.0 - 1.0) * 365.0 / 45.0 * 100.0;
    assert_eq!(format!("{literal:.2}"), "-48.19");
    let refused =
        refusal("apr", &json!({"finance_charge": "-2525", "amount_financed": "42500", "days": 45}));
    assert_eq!(refused, "the finance charge is -2525.00; a negative charge has no APR");
}

#[test]
fn day_zero_and_missing_facts_are_errors() {
    let zero = refusal("apr", &json!({"advance": "100", "fee": "1", "days": 0}));
    assert!(zero.contains("the earliest day is 1"), "{zero}");
    let missing = refusal(
        "apr",
        &json!({"advance": "100", "fee": "1", "days": 10, "reserve_return_anticipated": false}),
    );
    assert!(missing.starts_with("face = missing"), "{missing}");
    assert!(refusal("apr", &json!({"advance": "100", "days": 10})).starts_with("fee = missing"));
    assert!(
        refusal("apr", &json!({"advance": "25", "fee": "1", "prepaid": "25", "days": 10}))
            .contains("0.00")
    );
}

/// Microsoft, XIRR.
#[test]
fn c6_1_xirr() {
    let flows = json!([
        {"date": "2008-01-01", "amount": -10000}, {"date": "2008-03-01", "amount": 2750},
        {"date": "2008-10-30", "amount": 4250}, {"date": "2009-02-15", "amount": 3250},
        {"date": "2009-04-01", "amount": 2750}
    ]);
    let found = calc("xirr", &json!({"flows": flows}));
    assert!((number(&found, "rate") - 0.373_362_535).abs() < 1e-8);
}

#[test]
fn no_rate_and_several_rates_say_so() {
    let none = refusal(
        "xirr",
        &json!({"flows": [{"date": "2026-01-01", "amount": 100}, {"date": "2026-02-01", "amount": 5}]}),
    );
    assert!(none.starts_with("no rate between"), "{none}");
    // -100, +230 after a year, -132 after two: 10 % and 20 %.
    let several = refusal(
        "xirr",
        &json!({"flows": [{"date": "2025-01-01", "amount": -100}, {"date": "2026-01-01", "amount": 230}, {"date": "2027-01-01", "amount": -132}]}),
    );
    assert!(several.contains("several solutions (0.100000, 0.200000)"), "{several}");
}

#[test]
fn roots_are_found_over_sixty_years() {
    let found = calc(
        "xirr",
        &json!({"flows": [{"date": "1960-01-01", "amount": -100}, {"date": "1961-01-01", "amount": 230},
            {"date": "2015-12-31", "amount": -1}, {"date": "2020-12-31", "amount": 5}]}),
    );
    let (rate, days) = (number(&found, "rate"), [0.0, 366.0, 20453.0, 22280.0]);
    let value: f64 = days
        .iter()
        .zip([-100.0, 230.0, -1.0, 5.0])
        .map(|(day, flow)| flow * (1.0 + rate).powf(-day / 365.0))
        .sum();
    assert!(value.abs() < 1e-9, "{rate} leaves {value}");
}

/// Textbook terms 2/10 net 30.
#[test]
fn c6_early_payment_discount() {
    let found = calc(
        "early_pay_discount",
        &json!({"discount_percent": 2, "discount_days": 10, "net_days": 30}),
    );
    close(number(&found, "simple_percent"), 37.24, 2);
    close(number(&found, "compounded_percent"), 44.59, 2);
}
