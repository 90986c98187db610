//! This ledger beside several that the client sent before.

use factorage::app::{EvaluateError, EvaluateRequest, Evaluation, VerifyError, verify};
use factorage::ledger::Source;
use factorage::offer::{ChangeKind, Decision};
use factorage::policy::HoldReason;

use crate::evaluated::{Desk, date, line, offer_text, only_part};

const HEADER: &str = "invoice_number,customer,invoice_date,due_date,currency,amount,paid_date\n";

/// What has been paid, and an invoice that may change.
fn ledger(rows: &str) -> String {
    format!("{HEADER}P-1,Alder,2026-01-05,2026-02-05,USD,9000.00,2026-02-07\n{rows}")
}

const FIRST: &str = "A-1,Alder,2026-04-01,2026-05-01,USD,2000.00,\n";
const LATER: &str = "A-1,Alder,2026-05-20,2026-06-19,USD,2000.00,\n";
const LAST: &str = "A-1,Alder,2026-06-10,2026-07-10,USD,2000.00,\n";

/// The rows as of the end of June, beside these ledgers.
fn desk(now: &str, before: &[(&str, &str)]) -> Desk {
    let mut desk = Desk::with("now.csv", ledger(now)).at("2026-06-30");
    let source = |&(name, rows): &(&str, &str)| Source::bytes(name, ledger(rows));
    desk.request.previous = before.iter().map(source).collect();
    desk
}

/// A row that says when a ledger was made.
fn made(day: &str) -> String {
    format!("L-{day},Birch,{day},{day},USD,10.00,{day}\n")
}

/// The reasons to hold an invoice, its days past due, and the kinds of its change.
fn told(evaluation: &Evaluation, number: &str) -> (Vec<HoldReason>, i32, Vec<ChangeKind>) {
    let part = only_part(evaluation);
    let line = line(part, number);
    let own = part.changes.iter().filter(|change| change.invoice_number == number);
    let changes: Vec<_> = own.collect();
    assert!(changes.len() <= 1, "each invoice is listed once: {changes:?}");
    let kinds = changes.iter().flat_map(|change| change.kinds()).collect();
    (line.holds.iter().map(|hold| hold.reason).collect(), line.days_past_due, kinds)
}

#[test]
fn of_several_ledgers_the_first_date_stands() {
    let re_dated = (vec![HoldReason::ReDated], 60, vec![ChangeKind::ReDated]);
    let (april, may) = (("april.csv", FIRST), ("may.csv", LATER));
    assert_eq!(told(&desk(LAST, &[april]).evaluate(), "A-1"), re_dated);
    assert_eq!(told(&desk(LAST, &[april, may]).evaluate(), "A-1"), re_dated);
    assert_eq!(told(&desk(LAST, &[may, april]).evaluate(), "A-1"), re_dated, "in any order");
    // The way round: the re-dated ledger is sent again, with another byte.
    let again = ("again.csv", LAST);
    assert_eq!(told(&desk(LAST, &[again]).evaluate(), "A-1").0, []);
    let evaluation = desk(LAST, &[april, again]).evaluate();
    assert_eq!(told(&evaluation, "A-1"), re_dated);
    let change = &only_part(&evaluation).changes[0];
    let before = change.before.expect("the first ledger");
    assert_eq!(before.due_date, date("2026-05-01"), "the ledger that shows the first date");
    let hold = &line(only_part(&evaluation), "A-1").holds[0];
    assert!(hold.why.contains("2026-05-01"), "{}", hold.why);
}

#[test]
fn findings_from_several_ledgers_unite() {
    let raised = "A-1,Alder,2026-05-20,2026-06-19,USD,2500.00,\n";
    let evaluation = desk(raised, &[("a.csv", FIRST), ("b.csv", LATER)]).evaluate();
    let (holds, _, kinds) = told(&evaluation, "A-1");
    assert_eq!(holds, [HoldReason::ReDated, HoldReason::AmountRaised]);
    assert_eq!(kinds, [ChangeKind::ReDated, ChangeKind::AmountChanged]);
    let closed = "A-1,Alder,2026-04-01,2026-05-01,USD,2000.00,2026-04-20\n";
    let evaluation = desk(LATER, &[("a.csv", closed), ("b.csv", LATER)]).evaluate();
    assert_eq!(told(&evaluation, "A-1").0, [HoldReason::ReDated, HoldReason::Reopened]);
}

#[test]
fn what_one_ledger_lacks_that_would_list_it_stays_backdated() {
    let (april, may) = (made("2026-04-30"), made("2026-05-31"));
    let with = |rows: &str| format!("{may}{rows}");
    let backdated = vec![HoldReason::Backdated];
    let of = |before: &[(&str, &str)]| told(&desk(&with(FIRST), before).evaluate(), "A-1").0;
    assert_eq!(of(&[("april.csv", &april)]), backdated);
    assert_eq!(of(&[("april.csv", &april), ("may.csv", &with(FIRST))]), backdated);
    let first = format!("{april}{FIRST}");
    assert_eq!(of(&[("april.csv", &first), ("may.csv", &may)]), [], "shown, and then left out");
}

#[test]
fn the_last_ledger_that_has_it_says_if_an_invoice_vanished() {
    let kinds = |before: &[(&str, &str)]| {
        let open = "B-1,Birch,2026-06-20,2026-07-20,USD,70.00,\n";
        vanished(&desk(open, before).evaluate())
    };
    let (april, may) = (made("2026-04-30"), made("2026-05-31"));
    let (open, gone) = (format!("{april}{FIRST}"), may.clone());
    let paid = format!("{may}A-1,Alder,2026-04-01,2026-05-01,USD,2000.00,2026-05-12\n");
    let still = format!("{may}{FIRST}");
    assert_eq!(kinds(&[("a.csv", &open)]), ["A-1"]);
    assert_eq!(kinds(&[("a.csv", &open), ("b.csv", &gone)]), ["A-1"], "gone since the first");
    assert_eq!(kinds(&[("a.csv", &open), ("b.csv", &still)]), ["A-1"], "once");
    assert_eq!(kinds(&[("a.csv", &open), ("b.csv", &paid)]), [] as [&str; 0], "it was paid");
}

/// The numbers of the vanished invoices.
fn vanished(evaluation: &Evaluation) -> Vec<String> {
    let changes = only_part(evaluation).changes.iter();
    let vanished = changes.filter(|change| change.change == ChangeKind::Vanished);
    vanished.map(|change| change.invoice_number.clone()).collect()
}

#[test]
fn what_vanished_and_is_billed_again_stays_as_old_as_the_first() {
    let (april, may) = (made("2026-04-30"), made("2026-05-31"));
    let again = "A-2,Alder,2026-05-15,2026-07-10,USD,2000.00,\n";
    let (open, gone) = (format!("{april}{FIRST}"), format!("{may}{again}"));
    let rebilled = vec![HoldReason::Rebilled];
    let of = |before: &[(&str, &str)]| {
        let (holds, days, _) = told(&desk(&gone, before).evaluate(), "A-2");
        (holds, days)
    };
    assert_eq!(of(&[("a.csv", &open)]), (rebilled.clone(), 60));
    let copy = format!("{gone}{}", made("2026-06-01"));
    assert_eq!(of(&[("b.csv", &copy)]), (vec![], -10), "alone it tells nothing");
    assert_eq!(of(&[("a.csv", &open), ("b.csv", &copy)]), (rebilled, 60));
}

#[test]
fn order_and_exact_copies_change_nothing_at_all() {
    let all = [("a.csv", FIRST), ("b.csv", LATER), ("c.csv", LAST)];
    let [a, b, c] = all;
    let made = offer_text(&desk(LAST, &all).evaluate());
    for other in [vec![c, a, b], vec![b, c, b, a, a], vec![a, a, a, b, c, c]] {
        assert_eq!(offer_text(&desk(LAST, &other).evaluate()), made);
    }
}

#[test]
fn any_ledger_from_after_the_as_of_date_is_refused() {
    let july = made("2026-07-01");
    let desk = desk(LAST, &[("july.csv", &july), ("april.csv", FIRST)]);
    let Err(EvaluateError::PreviousLater { previous, as_of }) = desk.try_evaluate() else {
        panic!("not refused")
    };
    assert_eq!((previous, as_of), (date("2026-07-01"), date("2026-06-30")));
}

#[test]
fn an_offer_is_verified_with_every_ledger_that_it_was_compared_with() {
    let desk = desk(LAST, &[("april.csv", FIRST), ("may.csv", LATER)]);
    let evaluation = desk.evaluate();
    let files = evaluation.provenance.previous_files.iter();
    let mut names: Vec<_> = files.map(|file| &*file.name).collect();
    // Both run to the same day.
    let listed = names.join(", ");
    names.sort_unstable();
    assert_eq!(names, ["april.csv", "may.csv"]);
    assert_eq!(line(only_part(&evaluation), "A-1").decision, Decision::Hold);
    let document = serde_json::from_str(&offer_text(&evaluation)).expect("JSON");
    let verified = |previous: Vec<Source>| {
        let request = EvaluateRequest { previous, ..desk.request.clone() };
        verify(&document, request, &|_| ())
    };
    let all = desk.request.previous.clone();
    let both = verified(all.iter().rev().cloned().collect()).expect("verified");
    assert_eq!((both.difference, both.other_files), (None, vec![]));
    for (at, missing) in [(0, "may.csv"), (1, "april.csv")] {
        let error = verified(vec![all[at].clone()]).expect_err("refused");
        assert!(matches!(error, VerifyError::Missing { .. }), "{error}");
        let error = error.to_string();
        assert!(error.ends_with(&format!("--previous LEDGER for {missing}")), "{error}");
    }
    let error = verified(Vec::new()).expect_err("refused").to_string();
    let made_with = format!("the offer was made with the ledgers {listed}");
    assert!(error.starts_with(&made_with), "{error}");
}
