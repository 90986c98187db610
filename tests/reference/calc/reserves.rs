//! Dilution, dynamic reserves, provisions.

use serde_json::json;

use super::{calc, close, number, refusal, text};

/// The dilution that a credit lag hides, with and without receivables over 90 days.
/// Benchaya and Anderson, "The True Face of Dilution", part III, example 3:
/// <https://www.abfjournal.com/articles/the-true-face-of-dilution-part-iii/>.
#[test]
fn credit_lag() {
    for (unissued, receivables, percent) in [(55, 150, 36.7), (15, 110, 13.6)] {
        let found =
            calc("dilution", &json!({"unissued_credits": unissued, "receivables": receivables}));
        close(number(&found, "effective_dilution_percent"), percent, 1);
    }
    let lag = calc("dilution", &json!({"credits_per_day": 100, "credit_lag_days": 120}));
    close(number(&lag, "credit_lag_ineligible"), 9_000.0, 9);
    let rate = calc("dilution", &json!({"credits": 96_000, "sales": 1_200_000}));
    close(number(&rate, "dilution_percent"), 8.0, 9);
    close(number(&rate, "reserve_percent"), 3.0, 9);
}

/// Our computation on the definitions of agreements; the floor binds.
/// Law Insider, "Dilution Volatility Ratio":
/// <https://www.lawinsider.com/dictionary/dilution-volatility-ratio>.
#[test]
fn dynamic_reserve_with_its_floor() {
    let input = json!({
        "stress_factor": 2.25, "expected_dilution_percent": 3, "dilution_spike_percent": 5,
        "dilution_horizon_ratio": 1.2, "default_ratio_percent": 1.8, "loss_horizon_ratio": 1.5,
        "base_rate_percent": 8, "dso": 45, "servicing_percent": 1, "concentration_floor_percent": 15
    });
    let found = calc("dynamic_reserve", &input);
    for (key, percent) in [
        ("dilution_reserve_percent", 12.10),
        ("loss_reserve_percent", 6.075),
        ("floor_percent", 18.60),
        ("yield_reserve_percent", 1.50),
        ("servicing_reserve_percent", 0.1875),
        ("total_reserve_percent", 20.2875),
        ("effective_advance_percent", 79.7125),
    ] {
        close(number(&found, key), percent, 9);
    }
    assert_eq!(found["floor_binds"], json!(true));
    let mut none = input.clone();
    none["expected_dilution_percent"] = json!(0);
    none["dilution_spike_percent"] = json!(0);
    close(number(&calc("dynamic_reserve", &none), "dilution_reserve_percent"), 0.0, 12);
    let mut crossed = input;
    crossed["dilution_spike_percent"] = json!(2);
    assert!(refusal("dynamic_reserve", &crossed).contains("at least the expected dilution, 3"));
}

/// Our computation: the dilution of a month over the sales of the month before.
/// Law Insider, "Dilution Volatility Ratio":
/// <https://www.lawinsider.com/dictionary/dilution-volatility-ratio>.
#[test]
fn ratios_from_months() {
    let months: Vec<_> =
        (0..13).map(|m| json!({"sales": 100, "dilutions": if m == 7 { 5 } else { 2 }})).collect();
    let found = calc(
        "dynamic_reserve",
        &json!({"months": months, "dilution_horizon_ratio": 1, "default_ratio_percent": 0, "loss_horizon_ratio": 1,
            "base_rate_percent": 0, "dso": 45, "concentration_floor_percent": 0}),
    );
    close(number(&found, "expected_dilution_percent"), (11.0 * 2.0 + 5.0) / 12.0, 9);
    close(number(&found, "dilution_spike_percent"), 5.0, 9);
}

/// IFRS 9, Illustrative Examples, Example 12 from IE74 on, in thousands; named in B5.5.35:
/// <https://sdv.com.mx/compendio/ifrs9-en/ifrs9-en-b5-5-35/>.
#[test]
fn provision_matrix() {
    let found = calc(
        "provision_matrix",
        &json!({"buckets": [
            {"balance": 15_000, "loss_percent": 0.3}, {"balance": 7_500, "loss_percent": 1.6},
            {"balance": 4_000, "loss_percent": 3.6}, {"balance": 2_500, "loss_percent": 6.6},
            {"balance": 1_000, "loss_percent": 10.6}
        ]}),
    );
    assert_eq!(text(&found, "provision"), "580.00");
    let each: Vec<&str> = found["buckets"]
        .as_array()
        .expect("buckets")
        .iter()
        .map(|b| text(b, "provision"))
        .collect();
    assert_eq!(each, ["45.00", "120.00", "144.00", "165.00", "106.00"]);
}

/// Unrounded rates give 27,567.39, printed as 27,567.
/// IFRScommunity, "IFRS 9 example: lifetime ECL for trade receivables using a provision matrix":
/// <https://www.scribd.com/document/727588826/Ifrs-9-Example-Lifetime-ECL-Trade-Receivables-Provision-Matrix-01>.
#[test]
fn provision_from_history() {
    let found = calc(
        "provision_from_history",
        &json!({"sales": 100_000, "paid": [50_000, 27_000, 15_000, 6_000],
            "balances": [300_000, 140_000, 60_000, 23_000, 5_000]}),
    );
    assert_eq!(text(&found, "provision"), "27567.39");
    close(number(&found["buckets"][2], "loss_percent"), 8.70, 2);
    let refused = refusal(
        "provision_from_history",
        &json!({"sales": 100, "paid": [60, 50], "balances": [1, 1, 1]}),
    );
    assert!(refused.contains("add up to at most sales, 100"), "{refused}");
}

/// ASC 326-20-55-37 to 55-40 (ASU 2016-13), Example 5: adjusted rates, each bucket rounded to whole
/// units. The rates before the adjustment are in Cohen & Co, "What Current Expected Credit Loss
/// (CECL) Means for Trade Receivables":
/// <https://cohencpa.com/knowledge-center/insights/december-2023/what-current-expected-credit-loss-cecl-means-for-trade-receivables>.
#[test]
fn adjusted_rates() {
    let found = calc(
        "provision_matrix",
        &json!({"adjustment": 0.9, "round_each": true, "whole_units": true, "buckets": [
            {"balance": 5_984_698, "loss_percent": 0.3}, {"balance": 8_272, "loss_percent": 8},
            {"balance": 2_882, "loss_percent": 26}, {"balance": 842, "loss_percent": 58},
            {"balance": 1_100, "loss_percent": 82}
        ]}),
    );
    let each: Vec<&str> = found["buckets"]
        .as_array()
        .expect("buckets")
        .iter()
        .map(|b| text(b, "provision"))
        .collect();
    assert_eq!(each, ["16159.00", "596.00", "674.00", "440.00", "812.00"]);
    assert_eq!(text(&found, "provision"), "18681.00");
}

/// 2,500 at 4.5 % is 112.50; the source prints 112.
/// faqIFRS, "Step 6 Apply the provision matrix":
/// <https://www.faqifrs.com/step-6-apply-the-provision-matrix/>.
#[test]
fn rounding_is_named() {
    let with = |rounding: &str| {
        let found = calc(
            "provision_matrix",
            &json!({"buckets": [{"balance": 2_500, "loss_percent": 4.5}], "whole_units": true, "rounding": rounding}),
        );
        text(&found, "provision").to_owned()
    };
    assert_eq!([with("half_up"), with("half_even"), with("down")], ["113.00", "112.00", "112.00"]);
}
