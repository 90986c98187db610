//! Rates of disclosures, XIRR and early payment.

use serde_json::json;

use super::{calc, close, number, refusal, text};

/// 1,000.00 on 3 January 1978, 1,080.00 on 15 September 1978.
/// 12 CFR 1026 (Regulation Z), Appendix J (c)(5)(i):
/// <https://www.consumerfinance.gov/rules-policy/regulations/1026/J/>.
#[test]
fn single_advance_single_payment() {
    let found = calc(
        "apr",
        &json!({"finance_charge": "80", "amount_financed": "1000", "purchase_date": "1978-01-03", "payment_date": "1978-09-15"}),
    );
    assert_eq!((found["days"].as_u64(), text(&found, "disclosed_form")), (Some(255), "11.45%"));
    close(number(&found, "apr_percent"), 11.45098, 5);
}

/// The staircase with its wire; the whole-month option of (b)(5)(vi) is our computation.
/// Figures: "Invoice factoring calculator: discount rate to real APR", its tests:
/// <https://github.com/aneeshkumarm2006-dotcom/clutch-for-payment-processors>,
/// tests/tools/batch-four/invoice-factoring-calculator.test.ts.
/// 12 CFR 1026, Appendix J (b)(5)(vii):
/// <https://www.consumerfinance.gov/rules-policy/regulations/1026/J/>.
#[test]
fn factoring_with_a_prepaid_charge() {
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

/// A fee on 10,000 advanced at 85 %.
/// Figures: "Invoice factoring calculator: discount rate to real APR", its tests:
/// <https://github.com/aneeshkumarm2006-dotcom/clutch-for-payment-processors>,
/// tests/tools/batch-four/invoice-factoring-calculator.test.ts.
/// 12 CFR 1026, Appendix J (b)(5)(vii):
/// <https://www.consumerfinance.gov/rules-policy/regulations/1026/J/>.
#[test]
fn table_of_fees_and_days() {
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

/// Our computation: one boolean, whether the reserve is reasonably anticipated to be returned.
/// California, 10 CCR 943(a)(3).
#[test]
fn the_reserve_question() {
    let input = |anticipated: bool| {
        json!({"face": "50000", "advance": "42500", "fee": "2500", "prepaid": "25", "days": 45,
            "reserve_return_anticipated": anticipated})
    };
    close(number(&calc("apr", &input(false)), "apr_percent"), 143.70, 2);
    assert_eq!(text(&calc("apr", &input(false)), "finance_charge"), "7525.00");
    close(number(&calc("apr", &input(true)), "apr_percent"), 48.22, 2);
}

/// Our computation at a true 48.22 %: an overstated rate is always inside.
/// California, 10 CCR 955(a):
/// <https://regulations.justia.com/states/california/title-10/chapter-3/subchapter-3/section-955>.
#[test]
fn tolerance_of_a_disclosed_rate() {
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

/// Taken literally, payment = purchase price less charge, 806(c) gives a negative rate. It is not
/// used: a negative charge has no APR here.
/// New York, FSL 806(c): <https://www.nysenate.gov/legislation/laws/FIS/806>.
#[test]
fn the_literal_reading_of_new_york_is_refused() {
    let literal: f64 = ((42_500.0 - 2_525.0) / 42_500.0 - 1.0) * 365.0 / 45.0 * 100.0;
    assert_eq!(format!("{literal:.2}"), "-48.19");
    let refused =
        refusal("apr", &json!({"finance_charge": "-2525", "amount_financed": "42500", "days": 45}));
    assert_eq!(refused, "the finance charge is -2525.00; a negative charge has no APR");
}

/// Finance charge / amount financed x 365 / days has no value without either.
/// 12 CFR 1026, Appendix J (b)(5)(vii):
/// <https://www.consumerfinance.gov/rules-policy/regulations/1026/J/>.
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

/// Five payments over fifteen months.
/// Microsoft Support, "XIRR function", Example:
/// <https://support.microsoft.com/en-us/office/xirr-function-de1242ec-6477-445b-b11b-a303ad9adc9d>.
/// The same payments, of 1992 and 1993, are in Knowledge Base article Q116041:
/// <https://library.thedatadungeon.com/msdn-2000-04/kboffice/Source/excel/q116041.content.htm>.
#[test]
fn xirr_of_irregular_payments() {
    let flows = json!([
        {"date": "2008-01-01", "amount": -10000}, {"date": "2008-03-01", "amount": 2750},
        {"date": "2008-10-30", "amount": 4250}, {"date": "2009-02-15", "amount": 3250},
        {"date": "2009-04-01", "amount": 2750}
    ]);
    let found = calc("xirr", &json!({"flows": flows}));
    assert!((number(&found, "rate") - 0.373_362_535).abs() < 1e-8);
}

/// Our computation: -100, +230 and -132 have the rates 10 % and 20 %.
/// The function: Microsoft Support, "XIRR function",
/// <https://support.microsoft.com/en-us/office/xirr-function-de1242ec-6477-445b-b11b-a303ad9adc9d>.
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

/// Our computation, put back into the equation of Microsoft Support, "XIRR function",
/// <https://support.microsoft.com/en-us/office/xirr-function-de1242ec-6477-445b-b11b-a303ad9adc9d>.
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

/// Terms 2/10 net 30, by days of 365.
/// Bizfluent, "How to Calculate the Rate of Forgoing a Cash Discount":
/// <https://bizfluent.com/how-8698897-calculate-rate-forgoing-cash-discount.html>.
#[test]
fn early_payment_discount() {
    let found = calc(
        "early_pay_discount",
        &json!({"discount_percent": 2, "discount_days": 10, "net_days": 30}),
    );
    close(number(&found, "simple_percent"), 37.24, 2);
    close(number(&found, "compounded_percent"), 44.59, 2);
}
