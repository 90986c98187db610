//! What is held beside a facility, beside what was bought, and beside what is yet to come.

use factorage::ledger::Source;
use factorage::policy::{Change, HoldReason, Rule};
use factorage::report::summary;

use super::confirmations::{LEDGER, desk, evaluated, lines};
use crate::evaluated::{Desk, line, only_part, policy};

/// With room enough, what is held without a facility is held with one, for the same amount.
#[test]
fn a_facility_with_room_takes_nothing_from_what_is_held() {
    let held = |facility: Option<&str>| {
        let mut desk = desk("");
        desk.request.facility = facility.map(|text| text.parse().expect("a facility"));
        let evaluation = desk.evaluate();
        let part = only_part(&evaluation);
        (part.totals.held.expect("something is held"), lines(&evaluation))
    };
    let bare = held(None);
    for text in ["currency = \"USD\"\n", "currency = \"USD\"\nline = 500000\noutstanding = 0\n"] {
        assert_eq!(held(Some(text)), bare, "{text}");
    }
    // 6,000.00 at 85 %: 5,100.00 is advanced once all is confirmed, and 4,000.00 is the line.
    let (total, lines) = held(Some("currency = \"USD\"\nline = 4000\n"));
    let bought = |lines: &[(Option<Rule>, String)]| {
        lines.iter().map(|(_, bought)| bought.clone()).collect::<Vec<_>>()
    };
    assert_eq!(bought(&lines), bought(&bare.1), "what is bought today stays");
    let cents = total.advance.minor();
    assert!((230_000 - 3..=230_000).contains(&cents), "1,700.00 is advanced today: {cents}");
}

/// The room of a facility counts what is bought as its collateral, so that it leaves nothing for
/// what is held. It decides no hold: what is large waits, and no part of it is bought unconfirmed.
#[test]
fn what_is_large_is_held_whatever_room_a_facility_leaves() {
    let judged = |facility: Option<&str>| {
        let mut own = desk("");
        own.request.facility = facility.map(|text| text.parse().expect("a facility"));
        own.request.policy = policy(&[
            ("eligibility.concentration.limit_percent", "100"),
            ("confirm.hold", "[\"large\"]"),
            ("confirm.from", "\"3000\""),
        ]);
        let evaluation = own.evaluate();
        let part = only_part(&evaluation);
        (line(part, "B-1").clone(), part.totals.amount_bought, part.totals.held)
    };
    let (_, bought, held) = judged(None);
    assert_eq!(held.expect("held").amount.to_string(), "3000.00");
    for text in ["line = 900000\n", "line = 900000\noutstanding = 100\n", "line = 3500\n"] {
        let (large, now, _) = judged(Some(&format!("currency = \"USD\"\n{text}")));
        assert_eq!(large.reason, Some(Rule::Unconfirmed), "{text}: {:?}", large.why);
        assert!(now.minor() <= bought.minor(), "{text}: {now}");
    }
    // Nothing is left for it once all else is bought.
    let (large, _, held) = judged(Some("currency = \"USD\"\nline = 1000\n"));
    assert_eq!((large.reason, held), (Some(Rule::FacilityLimit), None));
}

/// Alder's A-1 is bought; the same claim comes back as A-01X and is confirmed.
#[test]
fn a_copy_of_what_was_bought_stays_held_until_both_are_confirmed() {
    let held = |answers: &str| {
        let mut desk = desk(answers);
        let row = "A-1A,1,Alder,2026-06-10,2026-07-10,USD,2000.00,\n";
        desk.request.ledgers = vec![Source::bytes("ledger.csv", format!("{LEDGER}{row}"))];
        desk.request.policy = policy(&[
            ("eligibility.concentration.limit_percent", "100"),
            ("confirm.hold", "[\"near_duplicate\"]"),
        ]);
        let funded = "currency = \"USD\"\noutstanding = 1700\n\
                      [[funded]]\ninvoice = \"A-1\"\ndebtor = \"1\"\n";
        desk.request.facility = Some(funded.parse().expect("a facility"));
        let evaluation = desk.evaluate();
        line(only_part(&evaluation), "A-1A").reason == Some(Rule::Unconfirmed)
    };
    let answer =
        |invoice: &str| format!("Alder,{invoice},,confirmed,A. Reed,2026-06-29,telephone\n");
    assert!(held(""));
    assert!(held(&answer("A-1A")), "the debtor may mean A-1");
    assert!(!held(&format!("{}{}", answer("A-1"), answer("A-1A"))), "it owes both");
}

#[test]
fn what_is_yet_to_come_is_freed_by_its_receipt_alone() {
    let held = |how: &str| {
        let header = LEDGER.replacen("paid_date\n", "paid_date,delivery_date\n", 1);
        let rows = header.lines().enumerate().map(|(at, row)| match at {
            0 => format!("{row}\n"),
            _ if row.starts_with("A-1,") => format!("{row},2026-07-15\n"),
            _ => format!("{row},\n"),
        });
        let answer = format!("Alder,A-1,,confirmed,A. Reed,2026-06-29,{how}\n");
        let mut own: Desk = desk(&answer);
        own.request.ledgers = vec![Source::bytes("ledger.csv", rows.collect::<String>())];
        own.request.policy = policy(&[
            ("eligibility.concentration.limit_percent", "100"),
            ("confirm.hold", "[\"not_delivered\"]"),
        ]);
        let evaluation = own.evaluate();
        let holds = &line(only_part(&evaluation), "A-1").holds;
        holds.iter().any(|hold| hold.reason == HoldReason::NotDelivered)
    };
    assert!(held("telephone"), "an order is no debt");
    assert!(!held("goods_receipt"));
}

/// A debtor of which everything is held, and nothing past due, has no share that is.
#[test]
fn nothing_past_due_is_no_share_of_what_is_held() {
    let evaluation = evaluated("");
    let part = only_part(&evaluation);
    let birch = part.debtors.iter().find(|own| own.debtor_id == "2").expect("Birch");
    assert!(birch.past_due_share == 0.0, "{birch:?}");
}

/// What is held and cut by a limit is brought by its confirmation first, and the limit is that of
/// the day on which all is confirmed.
#[test]
fn what_is_held_in_part_says_that_a_confirmation_brings_it() {
    let mut own = desk("");
    own.request.policy = policy(&[
        ("eligibility.concentration.limit_percent", "60"),
        ("confirm.hold", "[\"new_debtor\"]"),
    ]);
    let evaluation = own.evaluate();
    let line = line(only_part(&evaluation), "B-2");
    assert_eq!(line.reason, Some(Rule::Unconfirmed));
    assert_eq!(line.also_fails, [Rule::Concentration]);
    let change = line.counterfactual.as_ref().expect("a change");
    assert_eq!(change.change, Change::Confirmed, "{change:?}");
    let why = line.why.as_deref().expect("why");
    assert!(why.contains("once all that is held is confirmed"), "{why}");
    let shown = summary(&evaluation);
    assert!(shown.contains("- New customer") && shown.contains("B-1, B-2"), "{shown}");
}
