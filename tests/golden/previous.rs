//! This ledger beside the client's previous one.

use chrono::NaiveDate;
use factorage::app::{EvaluateError, Evaluation, VerifyError, verify};
use factorage::ledger::Source;
use factorage::offer::{ChangeKind, Decision, OfferLine, OfferPart};
use factorage::policy::{Change, HoldReason, Policy, Rule};

use crate::evaluated::{Desk, date, line, offer_text, only_part, policy};

const HEADER: &str = "invoice_number,customer,invoice_date,due_date,currency,amount,paid_date,\
    credited_amount,credited_date\n";

const BEFORE: &str = "\
    1,Alder,2026-03-01,2026-03-31,USD,1000.00,,,\n\
    2,Alder,2026-04-01,2026-05-01,USD,2000.00,,,\n\
    3,Birch,2026-04-01,2026-05-01,USD,3000.00,2026-04-20,,\n\
    4,Birch,2026-04-01,2026-05-01,USD,4000.00,,,\n\
    5,Cedar,2026-04-01,2026-05-01,USD,5000.00,,,\n";

/// The same invoices two months later.
const NOW: &str = "\
    1,Alder,2026-05-20,2026-06-19,USD,1000.00,,,\n\
    2,Alder,2026-04-01,2026-05-01,USD,2500.00,,,\n\
    3,Birch,2026-04-01,2026-05-01,USD,3000.00,,,\n\
    5,Cedar,2026-04-01,2026-05-01,USD,5000.00,2026-05-10,,\n\
    6,Cedar,2026-06-01,2026-07-01,USD,6000.00,,,\n";

fn desk(now: &str, before: &str) -> Desk {
    let mut desk = Desk::with("now.csv", format!("{HEADER}{now}")).at("2026-06-30");
    if !before.is_empty() {
        desk.request.previous = vec![Source::bytes("before.csv", format!("{HEADER}{before}"))];
    }
    desk
}

/// Of one customer everything may be bought, and new customers are not held.
fn alone(now: &str, before: &str) -> Evaluation {
    desk(now, before).policy(unlimited(&[])).evaluate()
}

fn unlimited(more: &[(&str, &str)]) -> Policy {
    let mut all = vec![
        ("eligibility.concentration.limit_percent", "100"),
        (
            "confirm.hold",
            "[\"re_dated\", \"reopened\", \"backdated\", \"amount_raised\", \"debtor_changed\", \
             \"rebilled\"]",
        ),
    ];
    all.extend(more);
    policy(&all)
}

fn changes(now: &str, before: &str) -> Vec<(ChangeKind, String)> {
    let evaluation = desk(now, before).evaluate();
    let part = only_part(&evaluation);
    assert_eq!(offer_text(&evaluation).contains("\"changes\""), !part.changes.is_empty());
    part.changes.iter().map(|c| (c.change, c.invoice_number.clone())).collect()
}

#[test]
fn what_makes_a_ledger_look_better_is_named() {
    // 5 was paid and 6 is new, as it should be.
    let expected = [
        (ChangeKind::ReDated, "1"),
        (ChangeKind::AmountChanged, "2"),
        (ChangeKind::Reopened, "3"),
        (ChangeKind::Vanished, "4"),
    ];
    assert_eq!(changes(NOW, BEFORE), expected.map(|(kind, number)| (kind, number.to_owned())));
    let evaluation = desk(NOW, BEFORE).evaluate();
    let part = only_part(&evaluation);
    assert_eq!(part.previous_ledger, Some(date("2026-04-20")), "the payment is its last date");
    let notice = part.notices.iter().find(|notice| notice.code == "vanished").expect("a notice");
    assert!(notice.text.contains("1 invoice, of which"), "{}", notice.text);
    assert!(notice.text.contains("4,000.00 USD"), "{}", notice.text);
}

#[test]
fn a_ledger_beside_itself_has_nothing_odd() {
    assert_eq!(changes(NOW, NOW), []);
}

#[test]
fn what_is_gone_from_a_report_of_open_items_was_paid() {
    let open_only = "6,Cedar,2026-06-01,2026-07-01,USD,6000.00,,,\n\
        1,Alder,2026-03-01,2026-03-31,USD,400.00,,,\n";
    let before = "1,Alder,2026-03-01,2026-03-31,USD,1000.00,,,\n\
        4,Birch,2026-04-01,2026-05-01,USD,4000.00,,,\n";
    assert_eq!(changes(open_only, before), [], "600 of 1,000 was paid, and all of 4,000");
}

/// 2,000.00 due on the last of March, 91 days before the as-of date; 3,000.00 due in July, and
/// 5,000.00 of another customer.
fn two(first: &str) -> String {
    format!(
        "{first}B-1,Alder,2026-06-01,2026-07-01,USD,3000.00,,,\n\
         C-1,Cedar,2026-06-01,2026-07-01,USD,5000.00,,,\n"
    )
}

const FIRST: &str = "A-1,Alder,2026-03-01,2026-03-31,USD,2000.00,,,\n";

fn bought(part: &OfferPart) -> String {
    part.totals.amount_bought.to_string()
}

#[test]
fn a_re_dated_invoice_stays_as_old_as_it_was_shown_first() {
    let later = "A-1,Alder,2026-06-10,2026-07-10,USD,2000.00,,,\n";
    let (honest, later) = (alone(&two(FIRST), ""), alone(&two(later), &two(FIRST)));
    let (honest, later) = (only_part(&honest), only_part(&later));
    // 91 days past due, and two fifths of what the customer owes: it ages the rest with it.
    for part in [honest, later] {
        assert_eq!(bought(part), "5000.00");
        assert_eq!(line(part, "A-1").reason, Some(Rule::PastDue));
        assert_eq!(line(part, "B-1").reason, Some(Rule::CrossAged));
    }
    let (a, b) = (line(honest, "A-1"), line(later, "A-1"));
    assert_eq!((a.days_past_due, b.days_past_due), (91, 91));
    assert_eq!(b.due_date, date("2026-07-10"), "the line shows the date of its ledger");
    let curve = |part: &OfferPart| {
        let of = |l: &OfferLine| [l.collected_30, l.collected_60, l.collected_90];
        part.lines.iter().map(of).collect::<Vec<_>>()
    };
    let (mut one, mut other) = (curve(honest), curve(later));
    one.sort_by(|a, b| a.partial_cmp(b).expect("numbers"));
    other.sort_by(|a, b| a.partial_cmp(b).expect("numbers"));
    assert_eq!(one, other, "the curves are those of its real age");
    assert_eq!(later.ageing, honest.ageing);
    let change = b.counterfactual.as_ref().expect("a way");
    assert_eq!((change.change, change.gains.to_string().as_str()), (Change::Confirmed, "2000.00"));
    let first = &later.verification_queue[0];
    assert_eq!((first.invoice_number.as_str(), first.reasons[0].as_ref()), ("A-1", "re_dated"));
}

/// The one reason for which the first invoice of `now` is held, and what is bought of the other.
fn held(now: &str, before: &str) -> (HoldReason, String) {
    let evaluation = alone(now, before);
    let part = only_part(&evaluation);
    let held: Vec<_> = part.lines.iter().filter(|line| line.decision == Decision::Hold).collect();
    assert_eq!(held.len(), 1, "{:?}", part.lines);
    assert_eq!(held[0].holds.len(), 1);
    let queue: Vec<&str> =
        part.verification_queue.iter().map(|next| next.invoice_number.as_str()).collect();
    assert_eq!(queue[0], held[0].invoice_number);
    (held[0].holds[0].reason, bought(part))
}

#[test]
fn what_changed_is_bought_once_it_is_confirmed() {
    let paid = "P-1,Alder,2026-03-01,2026-03-31,USD,9000.00,2026-04-02,,\n\
        P-2,Birch,2026-03-01,2026-03-31,USD,9000.00,2026-04-02,,\n\
        B-1,Birch,2026-05-01,2026-07-01,USD,3000.00,,,\n";
    let with = |row: &str| format!("{paid}{row}");
    let of = |now: &str, before: &str| held(&with(now), &with(before));
    let a_1 = "A-1,Alder,2026-05-01,2026-06-01,USD,2000.00,,,\n";
    let rest = |reason| (reason, "3000.00".to_owned());
    let later = "A-1,Alder,2026-05-01,2026-06-15,USD,2000.00,,,\n";
    assert_eq!(of(later, a_1), rest(HoldReason::ReDated));
    let raised = "A-1,Alder,2026-05-01,2026-06-01,USD,2000.01,,,\n";
    assert_eq!(of(raised, a_1), rest(HoldReason::AmountRaised));
    let closed = "A-1,Alder,2026-05-01,2026-06-01,USD,2000.00,2026-05-20,,\n";
    assert_eq!(of(a_1, closed), rest(HoldReason::Reopened));
    let credited = "A-1,Alder,2026-05-01,2026-06-01,USD,2000.00,,2000.00,2026-05-20\n";
    assert_eq!(of(a_1, credited), rest(HoldReason::Reopened));
    let moved = "A-1,Birch,2026-05-01,2026-06-01,USD,2000.00,,,\n";
    assert_eq!(of(moved, a_1), rest(HoldReason::DebtorChanged));
    let last = "L-1,Alder,2026-05-31,2026-06-30,USD,10.00,2026-05-31,,\n";
    let backdated = format!("{last}{a_1}");
    assert_eq!(of(&backdated, last), rest(HoldReason::Backdated));
    let rebilled = format!("{credited}A-2,Alder,2026-05-25,2026-06-25,USD,2000.00,,,\n");
    assert_eq!(of(&rebilled, credited), rest(HoldReason::Rebilled));
    assert_eq!(held(&with(&rebilled), ""), rest(HoldReason::Rebilled), "without a previous one");
}

#[test]
fn recourse_runs_from_the_due_date_shown_first() {
    // Bought at once: this policy holds nothing. Due on the first of June, then a month later.
    let nothing = unlimited(&[("confirm.hold", "[]")]);
    let row = |due: &str| format!("A-1,Alder,2026-05-02,{due},USD,2000.00,,,\n");
    let (first, later) = (row("2026-06-01"), row("2026-07-01"));
    let price = |now: &str, before: &str| {
        let evaluation = desk(now, before).policy(nothing.clone()).evaluate();
        let price = only_part(&evaluation).lines[0].price.expect("a price");
        (price.fee, price.expected_day, price.expected_loss, price.apr_percent.map(|apr| apr.0))
    };
    let (honest, re_dated) = (price(&first, ""), price(&later, &first));
    assert_eq!(honest, re_dated);
    assert_ne!(honest, price(&later, ""), "the later date is another invoice to the eye");
}

#[test]
fn a_number_that_two_invoices_share_is_not_re_dated() {
    let first = "INV-1,Alder,2026-05-01,2026-06-01,USD,2000.00,,,\n";
    let second = "INV-1,Alder,2026-06-01,2026-07-01,USD,2000.00,,,\n";
    assert_eq!(changes(&format!("{first}{second}"), first), []);
    assert_eq!(changes(&format!("{second}{first}"), first), []);
    assert_eq!(changes(second, first), [(ChangeKind::ReDated, "INV-1".to_owned())]);
}

#[test]
fn a_customer_that_has_paid_in_either_ledger_is_known() {
    let policy = unlimited(&[("confirm.hold", "[\"new_debtor\"]")]);
    let open = "A-1,Alder,2026-06-01,2026-07-01,USD,2000.00,,,\n";
    let paid = "P-1,Alder,2026-03-01,2026-03-31,USD,500.00,2026-04-02,,\n";
    let other = "P-2,Birch,2026-03-01,2026-03-31,USD,500.00,2026-04-02,,\n\
                 P-3,Birch,2026-03-02,2026-04-01,USD,500.00,2026-04-02,,\n\
                 P-4,Birch,2026-03-03,2026-04-02,USD,500.00,2026-04-03,,\n";
    let decision = |now: &str, before: &str| {
        let evaluation = desk(now, before).policy(policy.clone()).evaluate();
        line(only_part(&evaluation), "A-1").decision
    };
    assert_eq!(decision(open, ""), Decision::Buy, "nobody can be told to be new");
    assert_eq!(decision(&format!("{open}{other}"), ""), Decision::Hold);
    assert_eq!(decision(open, other), Decision::Hold, "the last ledger shows who pays");
    assert_eq!(decision(open, paid), Decision::Buy);
    assert_eq!(decision(&format!("{open}{other}"), paid), Decision::Buy);
}

#[test]
fn a_previous_ledger_from_after_the_as_of_date_is_refused() {
    let earlier = desk(NOW, BEFORE).at("2026-04-19");
    let Err(EvaluateError::PreviousLater { previous, as_of }) = earlier.try_evaluate() else {
        panic!("not refused")
    };
    assert_eq!((previous, as_of), (date("2026-04-20"), date("2026-04-19")));
    let error = earlier.try_evaluate().expect_err("refused").to_string();
    assert!(error.contains("2026-04-20") && error.contains("2026-04-19"), "{error}");
    assert!(desk(NOW, BEFORE).at("2026-04-20").try_evaluate().is_ok(), "of the same day");
}

#[test]
fn a_client_that_the_previous_ledger_lacks_is_told() {
    let now = "client_id,invoice_number,customer,invoice_date,due_date,currency,amount\n\
        C1,1,Alder,2026-06-01,2026-07-01,USD,1000.00\n";
    let before = now.replace("C1,", "C2,");
    let mut desk = Desk::with("now.csv", now).at("2026-06-30");
    desk.request.previous = vec![Source::bytes("before.csv", before)];
    let evaluation = desk.evaluate();
    let part = only_part(&evaluation);
    assert_eq!((part.previous_ledger, part.changes.len()), (None::<NaiveDate>, 0));
    assert!(part.notices.iter().any(|notice| notice.code == "previous_unknown"));
}

#[test]
fn an_offer_is_verified_with_the_ledger_that_it_was_compared_with() {
    let desk = desk(NOW, BEFORE);
    let evaluation = desk.evaluate();
    assert_eq!(evaluation.provenance.previous_files.len(), 1);
    let document = serde_json::from_str(&offer_text(&evaluation)).expect("JSON");
    let verified = verify(&document, desk.request.clone(), &|_| ()).expect("verified");
    assert_eq!(verified.difference, None);
    let mut without = desk.request;
    without.previous.clear();
    let error = verify(&document, without, &|_| ()).expect_err("refused");
    assert!(matches!(error, VerifyError::Missing { .. }), "{error}");
    assert!(error.to_string().contains("--previous"), "{error}");
}
