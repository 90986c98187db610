//! Answers that are about something else: of before a change, of before the delivery, or of more
//! than was billed.

use factorage::ledger::Source;
use factorage::policy::{Change, HoldReason, Rule};

use super::confirmations::{LEDGER, desk};
use crate::evaluated::{Desk, line, only_part, policy};

fn with(ledger: String, holds: &str, answer: &str) -> Desk {
    let mut own = desk(answer);
    own.request.ledgers = vec![Source::bytes("ledger.csv", ledger)];
    own.request.policy =
        policy(&[("eligibility.concentration.limit_percent", "100"), ("confirm.hold", holds)]);
    own
}

/// The reasons for which A-1 is held.
fn held(own: &Desk) -> Vec<HoldReason> {
    let evaluation = own.evaluate();
    line(only_part(&evaluation), "A-1").holds.iter().map(|hold| hold.reason).collect()
}

/// The ledger of 15 June shows A-1 with 1,500.00, or due earlier; now it is 2,000.00, due 10 July.
#[test]
fn an_answer_from_before_a_change_does_not_confirm_what_was_changed() {
    let before = |amount: &str, due: &str| {
        let ledger = LEDGER.replace(
            "2026-06-10,2026-07-10,USD,2000.00,",
            &format!("2026-06-10,{due},USD,{amount},"),
        );
        let paid = "Z-1,9,Zelkova,2026-05-01,2026-06-10,USD,700.00,2026-06-15\n";
        format!("{ledger}{paid}")
    };
    for (amount, due, reason) in [
        ("1500.00", "2026-07-10", HoldReason::AmountRaised),
        ("2000.00", "2026-06-20", HoldReason::ReDated),
    ] {
        let held = |answered: &str| {
            let answer = match answered {
                "" => String::new(),
                day => format!("Alder,A-1,,confirmed,A. Reed,{day},telephone\n"),
            };
            let mut own = with(LEDGER.to_owned(), "[\"re_dated\", \"amount_raised\"]", &answer);
            own.request.previous = vec![Source::bytes("before.csv", before(amount, due))];
            let part = own.evaluate();
            let row = only_part(&part).verification_queue.first().map(|row| row.why.clone());
            (held(&own), row.unwrap_or_default())
        };
        assert_eq!(held("").0, [reason]);
        let (old, why) = held("2026-06-12");
        assert_eq!(old, [reason], "{why}");
        assert!(why.contains("The confirmation of 2026-06-12 does not count"), "{why}");
        assert_eq!(held("2026-06-14").0, [reason], "the ledger of the next day still shows it");
        assert_eq!(held("2026-06-20").0, []);
    }
}

/// Who says that it owes more than was billed means another invoice.
#[test]
fn an_answer_above_the_amount_billed_confirms_nothing() {
    let held = |amount: &str, outcome: &str| {
        let answer = format!("Alder,A-1,{amount},{outcome},A. Reed,2026-06-29,telephone\n");
        let mut own = with(LEDGER.to_owned(), "[\"large\"]", &answer);
        own.request.policy = policy(&[
            ("eligibility.concentration.limit_percent", "100"),
            ("confirm.hold", "[\"large\"]"),
            ("confirm.from", "\"2000\""),
        ]);
        held(&own)
    };
    for outcome in ["confirmed", "wrong_amount"] {
        assert_eq!(held("2000.01", outcome), [HoldReason::Large], "{outcome}");
        assert_eq!(held("2000.00", outcome), [], "{outcome}");
    }
}

/// A-1 is delivered on 5 July and was confirmed before; on 8 July that still is an order.
#[test]
fn a_call_before_the_delivery_confirms_an_order() {
    let ledger = LEDGER.replacen("paid_date\n", "paid_date,delivery_date\n", 1);
    let row = |row: &str| match row {
        row if row.starts_with("invoice_number") => format!("{row}\n"),
        row if row.starts_with("A-1,") => format!("{row},2026-07-05\n"),
        row => format!("{row},\n"),
    };
    let ledger: String = ledger.lines().map(row).collect();
    let desk = |answer: &str| with(ledger.clone(), "[\"not_delivered\"]", answer).at("2026-07-08");
    let answer = |day: &str, how: &str| format!("Alder,A-1,,confirmed,A. Reed,{day},{how}\n");
    let waiting = desk(&answer("2026-07-02", "telephone"));
    assert_eq!(held(&waiting), [HoldReason::NotDelivered]);
    let evaluation = waiting.evaluate();
    let line = line(only_part(&evaluation), "A-1");
    assert_eq!(line.reason, Some(Rule::Unconfirmed));
    let change = line.counterfactual.as_ref().expect("a change");
    assert_eq!(change.change, Change::ReceiptConfirmed, "{change:?}");
    assert_eq!(held(&desk(&answer("2026-07-06", "telephone"))), []);
    assert_eq!(held(&desk(&answer("2026-07-02", "goods_receipt"))), []);
}
