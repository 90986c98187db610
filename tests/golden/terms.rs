//! Terms that the policy solves for, and what happens when there are none.

use factorage::offer::Decision;
use factorage::policy::{Policy, Rule};

use crate::evaluated::{Desk, line, offer_text, only_part, priced_policy};

/// Two debtors that pay on time, half a year of history, four open invoices.
fn ledger() -> String {
    let debtors = ["Alder", "Birch", "Cedar", "Douglas"];
    let paid = (0..60).map(|n| {
        let (month, day, debtor) = (1 + n / 12, 1 + n % 12, debtors[n % 4]);
        let paid = month + 1;
        format!(
            "P-{n},{debtor},2026-0{month}-{day:02},2026-0{month}-28,USD,2000.00,2026-0{paid}-02"
        )
    });
    let open = debtors.iter().enumerate();
    let open =
        open.map(|(n, debtor)| format!("O-{n},{debtor},2026-06-2{n},2026-07-28,USD,5000.00,"));
    let header = "invoice_number,customer,invoice_date,due_date,currency,amount,paid_date";
    let rows: Vec<String> = std::iter::once(header.to_owned()).chain(paid).chain(open).collect();
    rows.join("\n")
}

fn desk(replaced: &[(&str, &str)]) -> Desk {
    Desk::with("ledger.csv", ledger()).at("2026-06-30").policy(priced_policy(replaced))
}

#[test]
fn the_price_is_the_smallest_step_that_meets_the_hurdle() {
    let evaluation = desk(&[]).evaluate();
    let part = only_part(&evaluation);
    let quoted = part.terms.return_percent.expect("a return").0;
    let asked = part.terms.hurdle_percent.expect("a hurdle").0;
    assert!(quoted >= asked, "{quoted} {asked}");
    // One step less is below it.
    let rate = part.terms.discount_rate_percent.percent();
    let less = (rate - rust_decimal::Decimal::new(5, 2)).to_string();
    let cheaper = desk(&[("price.lowest_percent", &less), ("price.highest_percent", &less)]);
    let evaluation = cheaper.evaluate();
    let less = only_part(&evaluation);
    assert!(
        less.decline.is_some() || less.terms.advance_rate_percent < part.terms.advance_rate_percent,
        "the same advance is not had for a step less"
    );
}

#[test]
fn less_is_advanced_where_no_price_reaches_the_hurdle_for_more() {
    let part_of = |highest: &str| {
        let evaluation = desk(&[("price.highest_percent", highest)]).evaluate();
        only_part(&evaluation).clone()
    };
    let (free, tight) = (part_of("6"), part_of("1.1"));
    assert!(tight.decline.is_none(), "{:?}", tight.decline);
    assert!(tight.terms.advance_rate_percent < free.terms.advance_rate_percent);
    assert!(tight.terms.return_percent >= tight.terms.hurdle_percent);
}

#[test]
fn charges_that_leave_nothing_of_the_advance_are_a_decline() {
    let charges = "{events = [{event = \"wire\", amount = 50000, per = \"funding\"}]}";
    let evaluation = desk(&[("charges", charges)]).evaluate();
    let decline = only_part(&evaluation).decline.clone().expect("a decline");
    assert_eq!(decline.code, "charges");
    assert!(
        decline.sentence.contains("50,000.00 USD, use up the largest possible advance, 17,000.00")
    );
}

#[test]
fn a_smaller_advance_is_another_point_of_the_frontier() {
    let mut asked = desk(&[]);
    asked.request.advance = Some(basics::Rate::from_percent(72.into()));
    let (evaluation, whole) = (asked.evaluate(), desk(&[]).evaluate());
    let (part, most) = (only_part(&evaluation), only_part(&whole));
    assert_eq!(part.terms.advance_rate_percent.percent().to_string(), "72");
    assert!(part.terms.discount_rate_percent <= most.terms.discount_rate_percent);
    let returned = part.menu[0].return_percent.expect("a return").0;
    assert!((returned - 12.0).abs() < 0.01, "{returned}");
}

#[test]
fn a_policy_that_nothing_meets_buys_nothing_and_says_why() {
    let evaluation = desk(&[("price.highest_percent", "0.5")]).evaluate();
    let part = only_part(&evaluation);
    assert_eq!(part.totals.amount_bought.minor(), 0);
    let told = line(part, "O-1");
    assert_eq!(
        (told.decision, told.reason.map(Rule::code)),
        (Decision::Exclude, Some("no_feasible_terms"))
    );
    assert!(told.why.as_deref().is_some_and(|why| why.starts_with("No price within the policy")));
    let last = part.waterfall.last().expect("steps");
    assert_eq!(
        (last.rule.code(), last.amount.to_string().as_str()),
        ("no_feasible_terms", "20000.00")
    );
    assert!(offer_text(&evaluation).contains("\"decline\""));
}

#[test]
fn a_reserve_that_is_never_large_enough_is_a_decline_with_its_bounds() {
    // A fee of more than half the face eats the reserve of every advance from 50 %.
    let dear = [
        ("fee.0.first_percent", "60"),
        ("price.lowest_percent", "60"),
        ("price.highest_percent", "60"),
    ];
    let evaluation = desk(&dear).evaluate();
    let decline = only_part(&evaluation).decline.clone().expect("a decline");
    assert_eq!(decline.code, "reserve");
    assert!(
        decline.sentence.contains("advance rate, 50 %,") && decline.sentence.contains("allows 5 %")
    );
}

#[test]
fn charges_at_the_purchase_are_part_of_the_cost() {
    let with_wire =
        desk(&[("charges", "{events = [{event = \"wire\", amount = 25, per = \"funding\"}]}")]);
    let evaluation = with_wire.evaluate();
    let totals = &only_part(&evaluation).totals;
    assert_eq!(totals.prepaid_charges.to_string(), "25.00");
    assert_eq!(totals.advance.checked_sub(totals.prepaid_charges), Ok(totals.net_funded));
    let day = only_part(&evaluation).if_paid_after[0].clone();
    // APR on pay day 15: (fee + 25) / (advance - 25) x 365 / 15.
    let cost = (day.fee.minor() + 2_500) as f64 / (totals.advance.minor() - 2_500) as f64;
    let apr = day.apr_percent.expect("an APR").0;
    assert!((apr - 100.0 * cost * 365.0 / 15.0).abs() < 1e-9, "{apr}");
}

#[test]
fn policies_that_cannot_be_are_refused_with_key_value_and_range() {
    for (key, value, said) in [
        (
            "advance.reserve.lowest_rate_percent",
            "90",
            "= 90: expected at most advance.rate_percent, 85",
        ),
        ("price.step_percent", "0", "price.step_percent = 0: expected a percent above 0"),
        ("price.lowest_percent", "7", "expected at most price.highest_percent, 6"),
        ("price.capital.confidence_percent", "100", "above 0 and below 100"),
        ("recourse.client_correlation_percent", "95", "a percent from 0 to 90"),
        (
            "funding.day_count",
            "\"30/360\"",
            "funding.day_count = \"30/360\": expected \"ACT/360\" or \"ACT/365F\"",
        ),
        ("fee.0.step_days", "0", "fee.step_days = 0: expected a whole number from 1 to 365"),
    ] {
        let text = crate::evaluated::priced_policy_text(&[(key, value)]);
        let refused = text.parse::<Policy>().expect_err(key).to_string();
        assert!(refused.contains(said), "{refused}");
    }
    let table = "[{kind = \"periods\", after = \"error\", periods = [{days = 60, percent = 2}]}]";
    let text = crate::evaluated::priced_policy_text(&[("fee", table)]);
    let refused = text.parse::<Policy>().expect_err("short").to_string();
    assert!(
        refused.contains("periods that end after 60 days: expected at least 270 days"),
        "{refused}"
    );
}
