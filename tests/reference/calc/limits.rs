//! Concentration, cross-aging, the borrowing base.

use serde_json::{Value, json};

use super::{calc, close, number, text};

/// Our computation: a cap of 25 % on four debtors, three denominators.
/// The definition of a cap: Alterest, Glossary, "Eligible Receivables", under "Concentration
/// Limit":
/// <https://alterest.co/resources/glossary/eligible-receivables>.
#[test]
fn the_denominator_decides() {
    for (denominator, excess) in [
        ("gross_ledger", "172500.00"),
        ("eligible_before_cap", "252500.00"),
        ("fixpoint", "655000.00"),
    ] {
        let found = calc(
            "concentration",
            &json!({"balances": [400_000, 300_000, 135_000, 60_000], "gross_ledger": 1_055_000,
                "limit_percent": 25, "denominator": denominator}),
        );
        assert_eq!(text(&found, "total_excess"), excess, "{denominator}");
        if denominator == "fixpoint" {
            assert_eq!(text(&found, "cap"), "60000.00", "every debtor shrinks to the smallest");
        }
    }
}

/// Our computation: exactly 10 %.
/// eCapital, Financial Term Dictionary, "Cross-Aged Accounts (10% rule)": more than 10 %,
/// <https://ecapital.com/financial-term-dictionary/cross-aged-accounts-10-rule/>; in a later text
/// 10 % or more, <https://ecapital.com/financial-term/cross-aged-accounts-10-rule/>.
#[test]
fn exactly_ten_percent() {
    for (comparator, ineligible) in [(">", "10000.00"), (">=", "100000.00")] {
        let found = calc(
            "cross_aging",
            &json!({"balance": 100_000, "past_due": 10_000, "threshold_percent": 10, "comparator": comparator}),
        );
        assert_eq!(text(&found, "ineligible"), ineligible);
        close(number(&found, "past_due_percent"), 10.0, 12);
    }
    // Net of 1,000 of credits it is above 10 %.
    let net = calc(
        "cross_aging",
        &json!({"balance": 100_000, "past_due": 10_000, "credits": 1000, "comparator": ">", "base": "net"}),
    );
    assert_eq!(net["cross_aged"], json!(true));
}

fn golden(outstanding: u32) -> Value {
    json!({
        "debtors": [
            {"name": "A", "current": 400_000}, {"name": "B", "current": 300_000, "past_due": 20_000},
            {"name": "C", "current": 150_000, "contra": 15_000},
            {"name": "D", "current": 90_000, "past_due": 10_000},
            {"name": "E", "current": 60_000}, {"name": "F", "past_due": 25_000}
        ],
        "cross_aging_percent": 10, "cross_aging_comparator": ">=", "concentration_percent": 25,
        "advance_percent": 85, "dilution_percent": 8, "outstanding": outstanding
    })
}

/// Our computation: each rule takes from what the rules before it have left.
/// Don Clarke, "Asset Based Lending Ineligible Calculations", the eight steps:
/// <https://www.donclarkeenterprises.com/blog/asset-based-lending-ineligible-calculations-cross-aging-borrowing-base/>.
#[test]
fn borrowing_base_of_six_debtors() {
    let found = calc("borrowing_base", &golden(350_000));
    let takes: Vec<&str> = found["ineligible"]
        .as_array()
        .expect("rules")
        .iter()
        .map(|rule| text(rule, "amount"))
        .collect();
    assert_eq!(takes, ["55000.00", "0.00", "90000.00", "0.00", "15000.00", "252500.00"]);
    for (key, amount) in [
        ("gross", "1055000.00"),
        ("eligible", "642500.00"),
        ("gross_availability", "546125.00"),
        ("dilution_reserve", "19275.00"),
        ("borrowing_base", "526850.00"),
        ("excess", "176850.00"),
    ] {
        assert_eq!(text(&found, key), amount, "{key}");
    }
    let over = calc("borrowing_base", &golden(600_000));
    assert_eq!(text(&over, "excess"), "-73150.00");
    assert!(over["warnings"].to_string().contains("overadvance"));
    let mut lined = golden(350_000);
    lined["line"] = json!(400_000);
    assert_eq!(text(&calc("borrowing_base", &lined), "excess"), "50000.00");
}

/// 200 less 30 past due, 10 foreign, 20 disputed.
/// Benchaya and Anderson, "The True Face of Dilution", part I, table 1:
/// <https://www.abfjournal.com/articles/the-true-face-of-dilution-part-i/>.
#[test]
fn ineligibles_add_up() {
    let found = calc(
        "borrowing_base",
        &json!({"debtors": [{"name": "all", "current": 170, "past_due": 30, "other_ineligible": 30}],
            "cross_aging_percent": 50, "concentration_percent": 100, "advance_percent": 85}),
    );
    assert_eq!([text(&found, "total_ineligible"), text(&found, "eligible")], ["60.00", "140.00"]);
}

/// Our computation.
/// CFA Study Guide, "Herfindahl-Hirschman Index (HHI)":
/// <https://cfastudyguide.com/herfindahl-hirschman-index-hhi/>.
#[test]
fn hhi_and_effective_number() {
    let found = calc("hhi", &json!({"balances": [0.3, 0.2, 0.15, 0.1, 0.1, 0.05, 0.05, 0.05]}));
    close(number(&found, "hhi"), 0.18, 12);
    close(number(&found, "effective_number"), 5.556, 3);
}
