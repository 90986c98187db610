//! C1: turnover.

use serde_json::json;

use super::{calc, close, number, refusal};

/// benjipays, trymesha: months of 30 days.
#[test]
fn c1_1_countback() {
    let months = json!([{"sales": 100_000}, {"sales": 80_000}, {"sales": 70_000}]);
    let found = calc("countback_dso", &json!({"receivables": 212_000, "months": months}));
    close(number(&found, "days"), 30.0 + 30.0 + 32.0 / 70.0 * 30.0, 9);
    close(number(&found, "days"), 73.71, 2);
    let refused = refusal("countback_dso", &json!({"receivables": 300_000, "months": months}));
    assert!(refused.contains("the months given, 250000"), "{refused}");
}

/// The inputs of a source whose total is cut off, by days of the calendar.
#[test]
fn c1_2_countback_by_the_calendar() {
    let months = json!([{"sales": 900_000, "days": 31}, {"sales": 800_000, "days": 28}, {"sales": 700_000, "days": 31}]);
    let found = calc("countback_dso", &json!({"receivables": 2_100_000, "months": months}));
    close(number(&found, "days"), 76.71, 2);
}

/// trymesha.
#[test]
fn c1_3_simple() {
    let found = calc("dso", &json!({"receivables": 150_000, "sales": 1_800_000}));
    close(number(&found, "days"), 30.4, 1);
}

/// wizedu.com, question 116374, and our computations on its figures.
#[test]
fn c1_4_and_5_effectiveness_and_the_rest() {
    let cei = calc(
        "cei",
        &json!({"opening_receivables": 6200, "sales": 10890, "closing_receivables": 6340, "closing_current": 3590}),
    );
    close(number(&cei, "cei_percent"), 79.63, 2);
    let quarter =
        json!({"receivables": 6340, "current_receivables": 3590, "sales": 10890, "days": 90});
    close(number(&calc("average_days_delinquent", &quarter), "days"), 22.73, 2);
    let dso = calc("dso", &json!({"receivables": 6340, "sales": 10890, "days": 90}));
    close(number(&dso, "days"), 52.40, 2);
    let best = calc(
        "best_possible_dso",
        &json!({"current_receivables": 3590, "sales": 10890, "days": 90}),
    );
    close(number(&best, "days"), 29.67, 2);
    let turnover = calc(
        "turnover",
        &json!({"sales": 10890, "opening_receivables": 6200, "closing_receivables": 6340}),
    );
    close(number(&turnover, "turnover"), 1.7368, 4);
}

/// Our computation: the chain is the product of its rates.
#[test]
fn c1_6_roll_rates() {
    let found = calc(
        "roll_rates",
        &json!({"buckets": ["current", "1-30", "31-60", "61-90"],
            "periods": [[200_000, 40_000, 12_000, 0], [0, 40_000, 12_000, 6_000]]}),
    );
    for (index, (rate, chain)) in [(20.0, 3.0), (30.0, 15.0), (50.0, 50.0)].into_iter().enumerate()
    {
        close(number(&found["rates"][index], "rate_percent"), rate, 9);
        close(number(&found["rates"][index], "to_last_percent"), chain, 9);
    }
    let empty = calc("roll_rates", &json!({"buckets": ["a", "b"], "periods": [[0, 1], [0, 0]]}));
    assert!(empty["rates"][0]["rate_percent"].is_null());
}

#[test]
fn nothing_is_divided_by_zero() {
    for (name, input) in [
        ("dso", json!({"receivables": 1, "sales": 0})),
        (
            "cei",
            json!({"opening_receivables": 0, "sales": 5, "closing_receivables": 5, "closing_current": 5}),
        ),
        ("turnover", json!({"sales": 1, "opening_receivables": 0, "closing_receivables": 0})),
        ("hhi", json!({"balances": []})),
        ("hhi", json!({"balances": [1, -1]})),
    ] {
        let refused = refusal(name, &input);
        assert!(refused.contains("expected a number"), "{name}: {refused}");
    }
}
