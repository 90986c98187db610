//! Advance, fee plans, settlement.

use serde_json::{Value, json};

use super::{calc, close, number, refusal, text};

fn staircase() -> Value {
    json!([{"kind": "tiered", "first_percent": 3, "first_days": 30, "step_percent": 1, "step_days": 10}])
}

fn wire() -> Value {
    json!({"events": [{"event": "wire", "amount": "25", "per": "funding"}]})
}

/// 10,000 at 90 % for a flat 3 %.
/// Factorflow, "Understanding Factoring Payment Structure", breakdown of a $10,000 invoice:
/// <https://www.factorflow.net/resources/payment-structure>.
#[test]
fn flat_fee() {
    let settled = calc(
        "settlement",
        &json!({"amount": "10000", "advance_percent": 90, "day": 30, "plan": [{"kind": "flat", "percent": 3}]}),
    );
    for (key, amount) in [
        ("advance", "9000.00"),
        ("reserve", "1000.00"),
        ("fee", "300.00"),
        ("rebate", "700.00"),
        ("total_to_client", "9700.00"),
    ] {
        assert_eq!(text(&settled, key), amount, "{key}");
    }
    let advance = calc("advance", &json!({"amount": "10000", "advance_percent": 90}));
    assert_eq!((text(&advance, "advance"), text(&advance, "reserve")), ("9000.00", "1000.00"));
}

/// 1.5 % for 30 days, 1.0 % for the second 30, as a staircase and as a table.
/// Gateway Commercial Finance on factoring rates, a $100 invoice paid after 60 days:
/// <https://gatewaycfs.com/factoringrates.php>.
#[test]
fn two_tiers() {
    let tiered = json!([{"kind": "tiered", "first_percent": 1.5, "first_days": 30, "step_percent": 1, "step_days": 30}]);
    let table = json!([{"kind": "periods", "after": "stop",
        "periods": [{"days": 30, "percent": 1.5}, {"days": 30, "percent": 1}]}]);
    for plan in [tiered, table] {
        let on = |day: u32| {
            let fee = calc("fee", &json!({"amount": "100", "day": day, "plan": plan}));
            text(&fee, "fee").to_owned()
        };
        assert_eq!([on(60), on(30), on(0), on(31)], ["2.50", "1.50", "1.50", "2.50"]);
    }
}

/// 50,000 at 85 %: the staircase with a wire out of the advance.
/// Figures: "Invoice factoring calculator: discount rate to real APR", its tests:
/// <https://github.com/aneeshkumarm2006-dotcom/clutch-for-payment-processors>,
/// tests/tools/batch-four/invoice-factoring-calculator.test.ts.
/// The rule is that of Gateway Commercial Finance, tiers of a discount:
/// <https://gatewaycfs.com/factoringrates.php>.
#[test]
fn staircase_with_a_wire() {
    for (day, fee, rebate, received, cost) in [
        (45, "2500.00", "5000.00", "47475.00", "2525.00"),
        (30, "1500.00", "6000.00", "48475.00", "1525.00"),
        (90, "4500.00", "3000.00", "45475.00", "4525.00"),
    ] {
        let settled = calc(
            "settlement",
            &json!({"amount": "50000", "advance_percent": 85, "day": day, "plan": staircase(), "charges": wire()}),
        );
        assert_eq!(text(&settled, "advance"), "42500.00");
        assert_eq!(text(&settled, "net_funded"), "42475.00");
        assert_eq!([text(&settled, "fee"), text(&settled, "rebate")], [fee, rebate]);
        assert_eq!(
            [text(&settled, "total_to_client"), text(&settled, "total_cost")],
            [received, cost]
        );
    }
}

/// 10.25 % on 42,500 for 45 days is 544.53, which is ACT/360; ACT/365 gives 537.07.
/// Figures: "Invoice factoring calculator: discount rate to real APR", its tests:
/// <https://github.com/aneeshkumarm2006-dotcom/clutch-for-payment-processors>,
/// tests/tools/batch-four/invoice-factoring-calculator.test.ts.
/// The rule is that of Gateway Commercial Finance, a discount plus prime:
/// <https://gatewaycfs.com/factoringrates.php>.
/// ACT/360 and ACT/365 are 2006 ISDA Definitions, section 4.16(e) and (d):
/// <https://www.fpml.org/coding-scheme/day-count-fraction-2-0.xml>.
#[test]
fn the_day_count_is_part_of_the_fee() {
    for (day_count, fee) in [("ACT/360", "544.53"), ("ACT/365F", "537.07")] {
        let plan = json!([{"kind": "prime_plus", "prime_percent": 6.75, "spread_percent": 3.5, "day_count": day_count}]);
        let found =
            calc("fee", &json!({"amount": "50000", "advance": "42500", "day": 45, "plan": plan}));
        assert_eq!(text(&found, "fee"), fee);
    }
    let plan = json!([{"kind": "prime_plus", "prime_percent": 6.75, "spread_percent": 3.5, "day_count": "ACT/360"}]);
    let missing = refusal("fee", &json!({"amount": "50000", "day": 45, "plan": plan}));
    assert!(missing.contains("advance = missing"), "{missing}");
}

/// A block counts from its first day.
/// Figures: "Invoice factoring calculator: discount rate to real APR", its tests:
/// <https://github.com/aneeshkumarm2006-dotcom/clutch-for-payment-processors>,
/// tests/tools/batch-four/invoice-factoring-calculator.test.ts.
#[test]
fn edges_of_the_staircase() {
    for (day, percent) in [(0, 3), (30, 3), (31, 4), (40, 4), (41, 5), (50, 5), (51, 6)] {
        let fee = calc("fee", &json!({"amount": "100", "day": day, "plan": staircase()}));
        close(number(&fee, "fee_percent"), f64::from(percent), 9);
    }
}

/// Yearly face x advance rate x days / 365, which is the days sales outstanding solved for the
/// receivables.
/// Figures: "Invoice factoring calculator: discount rate to real APR", its tests:
/// <https://github.com/aneeshkumarm2006-dotcom/clutch-for-payment-processors>,
/// tests/tools/batch-four/invoice-factoring-calculator.test.ts.
/// Mesha, "The 2 DSO Calculation Formulas: Simple vs Countback Method Explained":
/// <https://trymesha.com/blog/the-2-dso-calculation-formulas-simple-vs-countback-method-explained/>.
#[test]
fn average_advance_outstanding() {
    let found = calc(
        "average_advance",
        &json!({"yearly_face": "1800000", "advance_percent": 85, "turn_days": 45}),
    );
    assert_eq!(text(&found, "average_advance_outstanding"), "188630.14");
}

/// Our computation: a service charge on face with interest on the advance.
/// Creative Capital Associates, "Factoring Discount Rate", funds in use:
/// <https://www.ccassociates.com/factoring-discount-rate/>.
#[test]
fn two_components_limits_and_ends() {
    // A service charge of 0.5 % on face with 8.5 % on the advance, ACT/360, for 60 days.
    let plan = json!([
        {"kind": "service_charge", "percent": 0.5},
        {"kind": "prime_plus", "prime_percent": 5, "spread_percent": 3.5, "day_count": "ACT/360"}
    ]);
    let fee = |extra: Value| {
        let mut input = json!({"amount": "10000", "advance": "8000", "day": 60, "plan": plan});
        for (key, value) in extra.as_object().expect("an object") {
            input[key] = value.clone();
        }
        text(&calc("fee", &input), "fee").to_owned()
    };
    // 50 + 8,000 x 8.5 % x 60 / 360 = 50 + 113.33
    assert_eq!(fee(json!({})), "163.33");
    assert_eq!(fee(json!({"charges": {"minimum_per_invoice": "200"}})), "200.00");
    assert_eq!(fee(json!({"charges": {"maximum_per_invoice": "100.10"}})), "100.10");
    // Capped at 30 days, or ended by recourse then: 50 + 56.67.
    assert_eq!(fee(json!({"charges": {"maximum_days": 30}})), "106.67");
    assert_eq!(fee(json!({"recourse_day": 30})), "106.67");
    let verified = json!({"charges": {"events": [{"event": "verification", "amount": 12.5, "per": "invoice"}]}});
    assert_eq!(fee(verified), "175.83");
}

/// Our computation: 10,000 over a change of prime, its floors and a minimum of days.
/// Gateway Commercial Finance, a discount plus prime: <https://gatewaycfs.com/factoringrates.php>.
#[test]
fn a_benchmark_that_changes_is_charged_by_the_day() {
    // 10,000 from 1 January for 60 days: 31 days at 4 + 3 %, 29 days at 5 + 3 %, ACT/365.
    let plan = json!([{"kind": "prime_plus", "prime_percent": 4, "spread_percent": 3, "day_count": "ACT/365F",
        "changes": [{"from": "2026-02-01", "prime_percent": 5}]}]);
    let on = |plan: &Value, day: u32| {
        let input = json!({"amount": "10000", "advance": "10000", "day": day, "plan": plan, "purchase_date": "2026-01-01"});
        text(&calc("fee", &input), "fee").to_owned()
    };
    let expected = 10_000.0 * (0.07 * 31.0 + 0.08 * 29.0) / 365.0;
    assert_eq!(on(&plan, 60), format!("{expected:.2}"));
    // A floor of the benchmark, and one of both together.
    let mut floored = plan.clone();
    floored[0]["floor_percent"] = json!(5);
    assert_eq!(on(&floored, 60), format!("{:.2}", 10_000.0 * 0.08 * 60.0 / 365.0));
    floored[0]["all_in_floor_percent"] = json!(9);
    assert_eq!(on(&floored, 60), format!("{:.2}", 10_000.0 * 0.09 * 60.0 / 365.0));
    // At least 30 days; and the change on the very day of purchase counts from it.
    floored[0]["minimum_days"] = json!(30);
    assert_eq!(on(&floored, 3), format!("{:.2}", 10_000.0 * 0.09 * 30.0 / 365.0));
    let mut early = plan;
    early[0]["changes"][0]["from"] = json!("2026-01-01");
    assert_eq!(on(&early, 60), format!("{:.2}", 10_000.0 * 0.08 * 60.0 / 365.0));
}

/// Our computation: a table of any number of terms.
/// WinFactor, "WinFactor Makes it Easy", Fee Calculations:
/// <https://www.winfactor.com/features/winfactor-makes-it-easy/>.
#[test]
fn tables_stop_repeat_or_refuse_behind_their_last_period() {
    let on = |after: &str, day: u32| {
        let plan = json!([{"kind": "periods", "after": after,
            "periods": [{"days": 10, "percent": 1}, {"days": 5, "percent": 0.5}]}]);
        json!({"amount": "1000", "day": day, "plan": plan})
    };
    let fee = |after: &str, day: u32| text(&calc("fee", &on(after, day)), "fee").to_owned();
    assert_eq!([fee("stop", 10), fee("stop", 11), fee("stop", 99)], ["10.00", "15.00", "15.00"]);
    assert_eq!(
        [fee("repeat", 15), fee("repeat", 16), fee("repeat", 21)],
        ["15.00", "20.00", "25.00"]
    );
    assert_eq!(fee("error", 15), "15.00");
    let refused = refusal("fee", &on("error", 16));
    assert_eq!(refused, "the fee table ends on day 15; it sets no fee for day 16");
}

/// Our computation: bracket proration, a minimum of days, a minimum of the month.
/// WinFactor, "WinFactor Makes it Easy", Fee Calculations:
/// <https://www.winfactor.com/features/winfactor-makes-it-easy/>.
#[test]
fn proration_per_diem_and_the_month() {
    let mut plan = staircase();
    plan[0]["prorated"] = json!(true);
    let fee = calc("fee", &json!({"amount": "1000", "day": 33, "plan": plan}));
    // 3 % and 3 of 10 days of the next 1 %.
    assert_eq!(text(&fee, "fee"), "33.00");
    let daily = json!([{"kind": "per_diem", "percent_per_day": 0.05, "minimum_days": 15}]);
    let on = |day: u32| calc("fee", &json!({"amount": "1000", "day": day, "plan": daily}));
    assert_eq!([text(&on(3), "fee"), text(&on(40), "fee")], ["7.50", "20.00"]);
    for (kind, adds) in [("floor", "170.00"), ("add_on", "200.00")] {
        let charges = json!({"minimum_per_month": {"amount": "200", "kind": kind}});
        let fee = calc(
            "fee",
            &json!({"amount": "1000", "day": 20, "plan": daily, "charges": charges, "other_fees_of_month": "20"}),
        );
        assert_eq!(text(&fee, "minimum_of_month_adds"), adds);
    }
    let even = json!({"amount": "0.5", "day": 10, "plan": [{"kind": "flat", "percent": 1}], "rounding": "half_even"});
    assert_eq!(text(&calc("fee", &even), "fee"), "0.00");
}

/// Our computation: who bears what is not collected. 1,000 at 80 %, a flat fee of 2 %, 500
/// collected.
/// Zolvo, Glossary, "Recourse vs Non-Recourse Factoring":
/// <https://zolvo.com/glossary/recourse-vs-non-recourse-factoring>.
#[test]
fn recourse_looks_at_the_cause() {
    let settled = |recourse: &str, cause: &str, approved: bool| {
        let found = calc(
            "settlement",
            &json!({"amount": "1000", "advance_percent": 80, "day": 90, "plan": [{"kind": "flat", "percent": 2}],
                "collected": "500", "cause": cause, "recourse": recourse, "credit_approved": approved}),
        );
        [text(&found, "factor_loss").to_owned(), text(&found, "rebate").to_owned()]
    };
    // The advance of 800 and the fee of 20 are 320 more than what was collected.
    let (client, factor) = (["0.00", "-320.00"], ["320.00", "0.00"]);
    assert_eq!(settled("full", "credit", true), client);
    assert_eq!(settled("non_recourse", "credit", false), factor);
    assert_eq!(settled("non_recourse", "dilution", true), client);
    assert_eq!(settled("non_recourse", "not_valid", true), client);
    assert_eq!(settled("modified", "credit", true), factor);
    assert_eq!(settled("modified", "credit", false), client);
    // A fee above the reserve is no loss of the factor's: the client owes it.
    let dear = calc(
        "settlement",
        &json!({"amount": "1000", "advance_percent": 80, "day": 90, "plan": [{"kind": "flat", "percent": 30}],
            "collected": "990", "cause": "credit", "recourse": "non_recourse"}),
    );
    assert_eq!([text(&dear, "factor_loss"), text(&dear, "rebate")], ["10.00", "-100.00"]);
    let missing = json!({"amount": "1000", "day": 90, "plan": [{"kind": "flat", "percent": 2}], "collected": "500"});
    assert!(refusal("settlement", &missing).starts_with("cause = missing"));
}
