//! Offers that complete an earlier one: what was held there, on the terms of then.

use factorage::app::{EvaluateError, EvaluateRequest, Evaluation, VerifyError, evaluate};
use factorage::ledger::Source;
use factorage::offer::{Completed, NoticeCode, OfferFile, Signed, Status, client_copy};
use factorage::policy::Rule;

use super::confirmations::{LEDGER, desk, evaluated, lines, verified};
use crate::evaluated::{Desk, date, offer_text, only_part, policy};

const CONFIRMED: &str = "Birch,B-1,,confirmed,A. Reed,2026-07-14,telephone\n";

pub(super) fn completed(first: &Evaluation) -> Completed {
    Completed::read(&offer_text(first)).expect("an offer that holds something")
}

/// The desk of the first offer, on 15 July, with its offer to be completed.
fn completing(first: &Evaluation, rows: &str) -> Desk {
    let mut desk = desk(rows).at("2026-07-15");
    desk.request.completes = Some(completed(first));
    desk
}

/// Alder's A-1 was bought for the first offer, Birch's B-1 and B-2 were held as those of a new
/// debtor; one that is confirmed is enough for both.
#[test]
fn what_was_held_and_is_confirmed_is_bought_on_the_terms_of_then() {
    let first = evaluated("");
    let held = only_part(&first).totals.held.expect("Birch is new");
    assert_eq!((held.invoices, held.amount.to_string().as_str()), (2, "4000.00"));
    let then = completing(&first, CONFIRMED).evaluate();
    let expected = [
        (Some(Rule::AlreadyFunded), "0".to_owned()),
        (None, "3000.00".to_owned()),
        (None, "1000.00".to_owned()),
    ];
    assert_eq!(lines(&then), expected);
    let (before, after) = (only_part(&first), only_part(&then));
    assert_eq!(after.terms.advance_rate_percent, before.terms.advance_rate_percent);
    assert_eq!(after.terms.fee_plan, before.terms.fee_plan);
    assert_eq!(after.totals.advance, held.advance, "up to so much was offered");
    assert!(after.menu.is_empty(), "there is nothing to choose from any more");
    // The fee runs from the day of this purchase: due 10 July, it is past due by 5 days.
    assert_eq!((then.offer.as_of, after.lines[1].days_past_due), (date("2026-07-15"), 5));
    let told = after.notices.iter().find(|notice| notice.is(NoticeCode::Completes));
    assert!(told.expect("a notice").text.contains("2026-06-30"));
    // Without an answer all of it stays held.
    let waiting = completing(&first, "").evaluate();
    assert_eq!(only_part(&waiting).totals.amount_bought.minor(), 0);
    assert_eq!(only_part(&waiting).totals.held.map(|held| held.amount), Some(held.amount));
}

/// Of a new evaluation the price is solved anew; an offer that completes keeps it, and buys nothing
/// that the first offer did not hold.
#[test]
fn nothing_else_is_bought_and_never_more() {
    let mut first = desk("");
    // Half of what Birch owes is above its limit, so 2,000.00 of 4,000.00 are held: all of B-1 but
    // a third, because what is due first comes first.
    first.request.policy = policy(&[
        ("eligibility.concentration.limit_percent", "50"),
        ("confirm.hold", "[\"new_debtor\", \"large\"]"),
    ]);
    let offer = first.evaluate();
    let held = only_part(&offer).totals.held.expect("held");
    assert!(held.amount.minor() < 400_000, "{held:?}");
    let mut later = completing(&offer, CONFIRMED);
    later.request.policy = first.request.policy.clone();
    let bought = only_part(&later.evaluate()).totals.amount_bought;
    assert!(bought.minor() > 0 && bought.minor() <= held.amount.minor(), "{bought}");
    // Alder's invoice was excluded by the first offer as disputed. It is no longer, but no part of
    // what was held.
    let disputed = |mut desk: Desk| {
        desk.request.confirmations = Some(Source::bytes(
            "answers.csv",
            "debtor,invoice,amount,outcome,by,at,how\n\
             Alder,A-1,,disputed,A. Reed,2026-06-29,telephone\n\
             Alder,A-1,,confirmed,A. Reed,2026-07-14,telephone\n",
        ));
        desk
    };
    let first = disputed(desk("")).evaluate();
    assert_eq!(lines(&first)[0].0, Some(Rule::Disputed));
    let then = disputed(completing(&first, "")).evaluate();
    assert_eq!(lines(&then)[0], (Some(Rule::NotOffered), "0".to_owned()));
    assert!(only_part(&then).lines[0].why.as_deref().is_some_and(|why| why.contains("not hold")));
}

#[test]
fn it_is_of_the_same_ledger_policy_and_terms_and_of_no_earlier_day() {
    let first = evaluated("");
    let refused = |change: &dyn Fn(&mut EvaluateRequest)| {
        let mut desk = completing(&first, CONFIRMED);
        change(&mut desk.request);
        match evaluate(&desk.request, &|_| ()) {
            Err(EvaluateError::Completing(error)) => error.to_string(),
            other => panic!("{other:?}"),
        }
    };
    let said = refused(&|request| request.as_of = Some(date("2026-06-29")));
    assert_eq!(said, "the offer is of 2026-06-30, which is after the as-of date, 2026-06-29");
    let other = LEDGER.replace("4000", "5000").replace("3000.00", "3100.00");
    let said = refused(&|request| {
        request.ledgers = vec![Source::bytes("ledger.csv", other.clone())];
    });
    assert!(said.contains("other ledger files"), "{said}");
    let said = refused(&|request| request.previous = vec![Source::bytes("may.csv", LEDGER)]);
    assert!(said.contains("0 earlier ledger files"), "{said}");
    assert!(refused(&|request| request.policy = policy(&[])).contains("another policy"));
    let rate = only_part(&first).terms.advance_rate_percent;
    assert!(refused(&|request| request.advance = Some(rate)).contains("no other advance"));
    // A changed offer is none, and one that holds nothing leaves nothing to complete.
    let text = offer_text(&first);
    let changed = text.replacen("\"3000.00\"", "\"9000.00\"", 1);
    let said = Completed::read(&changed).expect_err("changed").to_string();
    assert!(said.contains("it was changed"), "{said}");
    let whole = evaluated("Birch,B-1,,confirmed,A. Reed,2026-06-29,telephone\n");
    let said = Completed::read(&offer_text(&whole)).expect_err("nothing held").to_string();
    assert!(said.contains("holds no invoice"), "{said}");
}

#[test]
fn it_is_verified_with_the_offer_that_it_completes() {
    let first = evaluated("");
    let desk = completing(&first, CONFIRMED);
    let text = offer_text(&desk.evaluate());
    assert_eq!(verified(&text, desk.request.clone()).expect("verified").difference, None);
    let without = EvaluateRequest { completes: None, ..desk.request };
    match verified(&text, without) {
        Err(VerifyError::Missing { missing, .. }) => assert_eq!(missing, "--completes OFFER"),
        other => panic!("{other:?}"),
    }
}

/// Two large invoices of Alder; once Cedar's are disputed, the limit leaves less of them than
/// `large` holds. They stay held until their customer confirms them.
#[test]
fn what_was_held_waits_for_its_answer_whatever_is_left_of_it() {
    let large = |rows: &str| {
        let mut desk = desk(rows);
        let row = |at: usize| format!("L-{at},1,Alder,2026-06-1{at},2026-07-1{at},USD,9000.00,\n");
        let other = |at: usize| {
            format!("C-{at},3,Cedar,2026-06-1{at},2026-07-1{at},USD,{}00.00,\n", 67 + at)
        };
        let paid = "C-0,3,Cedar,2026-04-01,2026-05-01,USD,7000.00,2026-05-06\n";
        let cedar: String = (1..=4).map(other).collect();
        let ledger = format!("{LEDGER}{}{}{paid}{cedar}", row(1), row(2));
        desk.request.ledgers = vec![Source::bytes("ledger.csv", ledger)];
        desk.request.policy = policy(&[
            ("eligibility.concentration.limit_percent", "50"),
            ("confirm.hold", "[\"new_debtor\", \"large\"]"),
            ("confirm.from", "\"8000\""),
        ]);
        desk
    };
    let first = large("").evaluate();
    let held = only_part(&first).lines.iter().filter(|line| line.once_confirmed.is_some());
    let held: Vec<&str> = held.map(|line| line.invoice_number.as_str()).collect();
    assert_eq!(held, ["L-1", "L-2", "B-1", "B-2"]);
    let disputed = |at: usize| format!("Cedar,C-{at},,disputed,A. Reed,2026-07-01,telephone\n");
    let all_of_cedar: String = (1..=4).map(disputed).collect();
    for (answers, day) in [
        ("", "2026-07-25"),
        ("", "2026-09-12"),
        (all_of_cedar.as_str(), "2026-07-05"),
        ("Alder,L-1,,disputed,A. Reed,2026-07-01,telephone\n", "2026-07-05"),
        ("Birch,B-1,0.00,wrong_amount,A. Reed,2026-07-01,telephone\n", "2026-07-05"),
        ("Birch,B-1,,unknown_debtor,A. Reed,2026-07-01,telephone\n", "2026-07-05"),
    ] {
        let mut later = large(answers).at(day);
        later.request.completes = Some(completed(&first));
        let then = later.evaluate();
        let bought = only_part(&then).totals.amount_bought;
        assert_eq!(bought.minor(), 0, "{answers} {day}: {:?}", lines(&then));
    }
}

/// What the first offer bought is bought for that amount, in what completes it and in what
/// completes that.
#[test]
fn what_was_bought_stays_bought_for_its_amount() {
    let capped = |rows: &str| {
        let mut desk = desk(rows);
        desk.request.policy = policy(&[
            ("eligibility.concentration.limit_percent", "60"),
            ("confirm.hold", "[\"new_debtor\"]"),
        ]);
        desk
    };
    let first = capped("").evaluate();
    let bought = only_part(&first).totals.amount_bought;
    assert_eq!(bought.to_string(), "1200.00", "60 % of Alder's 2,000.00");
    let mut second = capped(CONFIRMED).at("2026-07-15");
    second.request.completes = Some(completed(&first));
    let second = second.evaluate();
    let before = |offer: &Evaluation| only_part(offer).lines[0].already_bought;
    assert_eq!(before(&second), Some(bought));
    assert!(only_part(&second).totals.amount_bought.minor() > 0);
    let mut waiting = capped("").at("2026-07-15");
    waiting.request.completes = Some(completed(&first));
    let waiting = waiting.evaluate();
    let mut third = capped(CONFIRMED).at("2026-07-16");
    third.request.completes = Some(completed(&waiting));
    assert_eq!(before(&third.evaluate()), Some(bought));
}

#[test]
fn an_offer_that_was_declined_and_a_clients_copy_are_not_completed() {
    let first = evaluated("");
    let text = offer_text(&first);
    let mut file = OfferFile::read(&text).expect("an offer");
    let signed = Signed {
        at: "2026-07-01T09:00:00Z".to_owned(),
        by: "A. Reed".to_owned(),
        reason: Some("No.".to_owned()),
        key: None,
    };
    file.change(Status::Declined, signed).expect("declined");
    let said = Completed::read(&file.to_text().expect("text")).expect_err("declined").to_string();
    assert!(said.contains("was declined"), "{said}");
    let copy = Completed::read(&client_copy(&text).expect("a copy")).expect_err("changed");
    assert!(!copy.to_string().is_empty());
    let mut desk = completing(&first, CONFIRMED);
    desk.request.guidance.client = Some("zeta".to_owned());
    assert!(desk.try_evaluate().expect_err("another").to_string().contains("any client"));
}
