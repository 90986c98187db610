//! Changes that would make the policy buy more, the borrowing base, and the order of confirmation.

use std::borrow::Cow;

use factorage::ledger::DebtorFile;
use factorage::policy::{Change, Rule};

use super::golden;
use crate::evaluated::{Desk, date, line, only_part, priced_policy};

#[test]
fn every_exclusion_that_a_change_could_lift_names_the_smallest_one() {
    let evaluation = golden();
    let part = only_part(&evaluation);
    for (number, change, amount, gains) in [
        ("A-2", Change::LimitRaised, Some("4537.50"), "4537.50"),
        ("B-1", Change::NumberExplained, None, "700.00"),
        ("C-1", Change::DisputeSettled, None, "1200.00"),
        ("C-3", Change::Time, None, "600.00"),
        // 1,000 of 4,000 is the 25 % that is enough to fail: a cent less is not.
        ("E-2", Change::PastDuePaid, Some("0.01"), "3000.00"),
        ("G-1", Change::CreditsUsed, Some("1600.00"), "500.00"),
        ("H-1", Change::CreditsUsed, Some("250.00"), "250.00"),
    ] {
        let found = line(part, number).counterfactual.clone().unwrap_or_else(|| panic!("{number}"));
        assert_eq!(found.change, change, "{number}");
        assert_eq!(found.amount.map(|amount| amount.to_string()).as_deref(), amount, "{number}");
        assert_eq!(found.gains.to_string(), gains, "{number}");
    }
    // Neither age nor size can be mended.
    for number in ["D-1", "E-1", "F-1"] {
        assert!(line(part, number).counterfactual.is_none(), "{number}");
    }
    let waits = line(part, "C-3").counterfactual.as_ref().map(|c| c.sentence.as_str());
    assert_eq!(waits, Some("In 19 days."), "199 days ahead, 180 are allowed");
}

/// 3 % to day 30 and 1 % for every 10 days after it.
#[test]
fn what_is_bought_tells_what_an_earlier_payment_saves() {
    let csv = "invoice_number,customer,invoice_date,due_date,currency,amount,paid_date\n\
        1,Alder,2026-06-30,2026-08-29,USD,10000.00,\n";
    let policy = crate::evaluated::policy(&[("eligibility.concentration.limit_percent", "100")]);
    let evaluation = Desk::with("ledger.csv", csv).at("2026-06-30").policy(policy).evaluate();
    let only = line(only_part(&evaluation), "1");
    let price = only.price.expect("bought");
    let blocks = (price.expected_day - 30).div_ceil(10);
    assert!(blocks > 1, "expected on day {}", price.expected_day);
    let found = only.counterfactual.clone().expect("a step");
    // One block fewer is 1 % of 10,000 less.
    let last_day = 30 + 10 * (blocks - 1);
    let by = date("2026-06-30") + chrono::Days::new(last_day.into());
    assert_eq!((found.change, found.by), (Change::PaidEarlier, Some(by)));
    assert_eq!((found.gains.to_string().as_str(), found.amount), ("100.00", None));
    assert!(found.sentence.contains("100.00 USD lower"), "{}", found.sentence);
}

pub(super) const LEDGER: &str = "invoice_number,customer,invoice_date,due_date,currency,amount,paid_date\n\
    1,Alder,2026-06-01,2026-07-01,USD,6000.00,\n2,Birch,2026-06-01,2026-07-01,USD,6000.00,\n\
    3,Cedar,2026-06-01,2026-07-01,USD,6000.00,\n4,Douglas,2026-06-01,2026-07-01,USD,6000.00,\n\
    5,Elder,2026-03-01,2026-03-31,USD,1000.00,\n";

#[test]
fn large_invoices_are_confirmed_first_and_then_where_it_saves_most() {
    let csv = LEDGER.replace(
        "Birch,2026-06-01,2026-07-01,USD,6000.00",
        "Birch,2026-06-01,2026-07-01,USD,5000.00",
    );
    let policy = priced_policy(&[
        ("confirm.from", "\"6000\""),
        ("confirm.most", "1"),
        ("eligibility.concentration.limit_percent", "100"),
    ]);
    let evaluation = Desk::with("ledger.csv", csv).at("2026-06-30").policy(policy).evaluate();
    let queue = &only_part(&evaluation).verification_queue;
    let told: Vec<_> = queue.iter().map(|l| (l.debtor_name.as_str(), l.reasons.clone())).collect();
    let first: Vec<Cow<'_, str>> = vec!["large".into(), "new_debtor".into()];
    assert_eq!(told[..3], [("Alder", first.clone()), ("Cedar", first.clone()), ("Douglas", first)]);
    assert!(queue[..3].iter().all(|row| row.held) && !queue[3].held);
    // Advance x 0.5 % x 5 x 95 % of loss: 5,100 x 0.025 x 0.95.
    let advance = 6_000.0 * part_rate(&evaluation);
    let saved = queue[0].expected_loss_avoided.to_f64();
    assert!((saved - advance * 0.025 * 0.95).abs() < 0.01, "{saved}");
}

fn part_rate(evaluation: &app::Evaluation) -> f64 {
    only_part(evaluation).terms.advance_rate_percent.to_f64()
}

#[test]
fn what_a_debtor_file_says_is_held_against_the_rules() {
    let debtors = "debtor,country,government,affiliate,insolvent,limit,payable\n\
        Alder,DE,no,no,no,,\nBirch,US,yes,no,no,,\nCedar,US,no,no,yes,,\n\
        Douglas,US,no,no,no,4000,1500\nElder,US,no,yes,no,,\n";
    let rules = "[\"affiliate\", \"government\", \"foreign\", \"insolvent\"]";
    let policy = crate::evaluated::policy(&[
        ("eligibility.home_country", "\"US|USA\""),
        ("eligibility.debtor_rules", rules),
        ("eligibility.past_due_days", "365"),
        ("eligibility.concentration.limit_percent", "100"),
    ]);
    let mut desk = Desk::with("ledger.csv", LEDGER).at("2026-06-30").policy(policy);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("debtors.csv");
    std::fs::write(&file, debtors).expect("a debtor file");
    desk.request.guidance.debtors = Some(DebtorFile::Own(file));
    let evaluation = desk.evaluate();
    let part = only_part(&evaluation);
    let reason = |number| line(part, number).reason.map(Rule::code);
    let reasons = ["1", "2", "3", "4", "5"].map(reason);
    // Of 6,000 the client's own debt of 1,500 comes off first, then what is above 4,000.
    let expected = ["foreign", "government", "insolvent", "contra", "affiliate"].map(Some);
    assert_eq!(reasons, expected);
    assert_eq!(part.totals.amount_bought.to_string(), "4000.00");
    let taken = |code: &str| {
        let step = part.waterfall.iter().find(|step| step.rule.code() == code);
        step.expect("a step").amount.to_string()
    };
    assert_eq!([taken("contra"), taken("debtor_limit")], ["1500.00", "500.00"]);
    let why = line(part, "4").why.clone().expect("a reason");
    assert!(why.contains("the client owes the customer") && why.contains("limit of 4,000.00"));
    let untold = [Rule::Consumer, Rule::ProgressBilling, Rule::NonAssignable, Rule::Disputed];
    let conditions: Vec<Rule> = part.conditions.iter().map(|c| c.rule).collect();
    assert_eq!(conditions, untold, "all debtors are told of the others");
}

#[test]
fn foreign_needs_a_home() {
    let text = crate::evaluated::policy_text(&[("eligibility.debtor_rules", "[\"foreign\"]")]);
    let refused = text.parse::<policy::Policy>().expect_err("refused").to_string();
    assert!(refused.starts_with("eligibility.home_country = missing"), "{refused}");
}
