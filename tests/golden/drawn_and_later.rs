//! Invoices that are drawn for confirmation, and what happens after an answer.

use factorage::app::EvaluateRequest;
use factorage::ledger::Source;
use factorage::policy::Channel;
use factorage::report::html::credit_memo;

use super::confirmations::{LEDGER, desk, evaluated, lines, verified, warned};
use crate::evaluated::{Desk, date, offer_text, only_part, policy};

#[test]
fn a_draw_is_repeated_from_the_seed_in_the_document() {
    let mut desk = desk("");
    desk.request.policy = policy(&[
        ("eligibility.concentration.limit_percent", "100"),
        ("confirm.hold", "[\"drawn\"]"),
        ("confirm.random_percent", "50"),
    ]);
    let said = desk.try_evaluate().expect_err("no seed").to_string();
    assert!(said.contains("--selection-seed"), "{said}");
    let held = |seed| {
        let mut desk = Desk { request: desk.request.clone() };
        desk.request.selection_seed = Some(seed);
        let evaluation = desk.evaluate();
        let held = lines(&evaluation).iter().filter(|line| line.1 == "0").count();
        (held, offer_text(&evaluation))
    };
    let all: Vec<_> = (0..64).map(held).collect();
    assert!((0..4).all(|count| all.iter().any(|(held, _)| *held == count)), "half of three");
    let (_, text) = &all[7];
    assert!(text.contains("\"selection_seed\": 7"), "{text}");
    assert_eq!(verified(text, desk.request.clone()).expect("verified").difference, None);
    let other = EvaluateRequest { selection_seed: Some(8), ..desk.request.clone() };
    let said = verified(text, other).expect_err("another seed").to_string();
    assert_eq!(said, "the offer was drawn with the selection seed 7, not 8");
    // A policy that draws nothing needs no seed, and records none.
    let mut plain = self::desk("");
    plain.request.selection_seed = Some(7);
    assert!(!offer_text(&plain.evaluate()).contains("selection_seed"));
}

/// Birch says on the 12th that it owes 2,500.00 of 3,000.00 and pays 400.00 later.
#[test]
fn what_is_paid_after_the_answer_is_taken_off_the_confirmed_amount() {
    let bought = |paid: &str| {
        let header = LEDGER.replacen("paid_date\n", "paid_date,paid_amount\n", 1);
        let old = "B-1,2,Birch,2026-06-10,2026-07-10,USD,3000.00,";
        let rows = header.replace(old, &format!("{old}{paid}"));
        let mut own = desk("Birch,B-1,2500.00,wrong_amount,A. Reed,2026-06-12,email\n");
        let text = rows.lines().map(|row| match row.matches(',').count() {
            7 => format!("{row},\n"),
            _ => format!("{row}\n"),
        });
        own.request.ledgers = vec![Source::bytes("ledger.csv", text.collect::<String>())];
        lines(&own.evaluate())[1].1.clone()
    };
    assert_eq!(bought("2026-06-20,400.00"), "2100.00");
    assert_eq!(bought("2026-06-12,400.00"), "2500.00");
    assert_eq!(bought("2026-06-11,400.00"), "2500.00");
}

#[test]
fn a_denial_of_a_debtor_that_owes_nothing_is_a_notice_about_the_client() {
    let said = |rows: &str| {
        let evaluation = evaluated(rows);
        let notices = &only_part(&evaluation).notices;
        let found = notices.iter().find(|notice| notice.code == "client_denied");
        found.map(|notice| notice.text.clone())
    };
    let denied = said("Cedar,X-1,,unknown_debtor,A. Reed,2026-06-20,telephone\n");
    assert!(denied.is_some_and(|text| text.contains("the client: Cedar.")));
    assert_eq!(said("Cedar,X-1,,no_answer,A. Reed,2026-06-20,telephone\n"), None);
}

/// Who confirmed an invoice stands on its line; of more than it was ever for, a warning.
#[test]
fn a_confirmed_invoice_says_who_asked_and_one_of_too_much_is_named() {
    let told = evaluated("2,B-1,3000.00,confirmed,A. Reed,2026-06-29,email\n");
    let lines = &only_part(&told).lines;
    let answer = lines[1].confirmed.as_ref().expect("an answer");
    assert_eq!(
        (answer.by.as_str(), answer.how, answer.on),
        ("A. Reed", Channel::Email, date("2026-06-29"))
    );
    assert_eq!((&lines[0].confirmed, &lines[2].confirmed), (&None, &None));
    let memo = credit_memo(&told);
    assert!(memo.contains("Confirmed by the customers") && memo.contains("by e-mail"), "{memo}");
    assert!(warned(&told, "answers_above").is_empty());
    let told = evaluated("2,B-1,3100.00,confirmed,A. Reed,2026-06-29,email\n");
    assert_eq!(only_part(&told).lines[1].confirmed, None, "it confirms nothing");
    let above = "answers.csv: 1 confirmation is of more than the original amount of its invoice: \
                 it is line 2, invoice B-1, of 2026-06-29; ask the debtor which invoice it meant";
    assert_eq!(warned(&told, "answers_above"), [above]);
}
