//! Turnover: days sales outstanding, effectiveness, roll rates.

use serde_json::json;

use super::{calc, close, number, refusal};

/// Months of 30 days.
/// Benji Pays, "Mastering DSO Calculation: The Count-Back Method Explained":
/// <https://support.benjipays.com/support/solutions/articles/150000179580-mastering-dso-calculation-the-count-back-method-explained>.
#[test]
fn countback_by_months_of_thirty_days() {
    let months = json!([{"sales": 100_000}, {"sales": 80_000}, {"sales": 70_000}]);
    let found = calc("countback_dso", &json!({"receivables": 212_000, "months": months}));
    close(number(&found, "days"), 30.0 + 30.0 + 32.0 / 70.0 * 30.0, 9);
    close(number(&found, "days"), 73.71, 2);
    let refused = refusal("countback_dso", &json!({"receivables": 300_000, "months": months}));
    assert!(refused.contains("the months given, 250000"), "{refused}");
}

/// Our computation by days of the calendar.
/// The countback method: Upflow, "How does Upflow calculate your DSO":
/// <https://support.upflow.io/hc/en-us/articles/22462340504209-How-does-Upflow-calculate-your-DSO>.
#[test]
fn countback_by_the_calendar() {
    let months = json!([{"sales": 900_000, "days": 31}, {"sales": 800_000, "days": 28}, {"sales": 700_000, "days": 31}]);
    let found = calc("countback_dso", &json!({"receivables": 2_100_000, "months": months}));
    close(number(&found, "days"), 76.71, 2);
}

/// A year of 365 days.
/// Mesha, "The 2 DSO Calculation Formulas: Simple vs Countback Method Explained":
/// <https://trymesha.com/blog/the-2-dso-calculation-formulas-simple-vs-countback-method-explained/>.
#[test]
fn simple_dso() {
    let found = calc("dso", &json!({"receivables": 150_000, "sales": 1_800_000}));
    close(number(&found, "days"), 30.4, 1);
}

/// The index of the source, and our computations on its figures.
/// Wizedu, question 116374:
/// <https://wizedu.com/questions/116374/sales-on-credit-terms-ar-balance-current-31-60-61>.
/// Apruve, "What is Best Possible Days Sales Outstanding?":
/// <https://apruve.com/faq/what-is-best-possible-days-sales-outstanding>.
#[test]
fn effectiveness_and_the_rest() {
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
/// ListenData, "Roll Rate Analysis": <https://www.listendata.com/2019/09/roll-rate-analysis.html>.
#[test]
fn roll_rates() {
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
