//! Completions of completions, and what becomes of what was bought before.

use factorage::app::Evaluation;
use factorage::basics::{Money, day_number};
use factorage::ledger::Source;
use factorage::offer::{NoticeCode, OfferLine, OfferPart, Offered};
use factorage::policy::{Change, Rule};

use super::completing::completed;
use super::confirmations::{LEDGER, desk, lines};
use crate::evaluated::{Desk, line, only_part, policy};

/// Alder and Birch with more rows, under a policy that differs from the sample's in these lines.
fn with(more: &str, changes: &[(&str, &str)], answers: &str) -> Desk {
    let mut desk = desk(answers);
    desk.request.ledgers = vec![Source::bytes("ledger.csv", format!("{LEDGER}{more}"))];
    desk.request.policy = policy(changes);
    desk
}

/// An amount below a million, as sentences write it.
fn grouped(amount: Money) -> String {
    let text = amount.to_string();
    let thousands = text.len() - "000.00".len();
    format!("{},{}", &text[..thousands], &text[thousands..])
}

fn completes(first: &Evaluation, later: Desk, day: &str) -> Evaluation {
    let mut later = later.at(day);
    later.request.completes = Some(completed(first));
    later.evaluate()
}

fn confirmed(debtor: &str, invoice: &str) -> String {
    format!("{debtor},{invoice},,confirmed,A. Reed,2026-07-01,telephone\n")
}

/// The numbers in the queue, each with its reasons.
fn queued(part: &OfferPart) -> Vec<(&str, Vec<&str>)> {
    let rows = part.verification_queue.iter();
    rows.map(|row| (row.invoice_number.as_str(), row.reasons.iter().map(AsRef::as_ref).collect()))
        .collect()
}

/// Of a pair of near copies one is bought. Whoever is confirmed first, the queue names the one that
/// is missing, and once both are confirmed both are bought.
#[test]
fn of_near_copies_the_queue_names_the_one_that_is_missing() {
    let pair = "INV-000299,1,Alder,2026-06-12,2026-07-12,USD,777.01,\n\
                INV-000299A,1,Alder,2026-06-12,2026-07-12,USD,777.01,\n";
    let changes = [
        ("eligibility.concentration.limit_percent", "100"),
        ("confirm.hold", "[\"near_duplicate\"]"),
    ];
    let pair = |answers: &str| with(pair, &changes, answers);
    let first = pair("").evaluate();
    let part = only_part(&first);
    let held: Vec<&str> = part
        .lines
        .iter()
        .filter(|line| line.once_confirmed.is_some())
        .map(|line| line.invoice_number.as_str())
        .collect();
    let [held] = held[..] else { panic!("{held:?}") };
    let bought = if held == "INV-000299" { "INV-000299A" } else { "INV-000299" };
    let asked = queued(part);
    assert_eq!((asked[0].0, asked[0].1[0]), (held, "near_duplicate"));
    assert!(
        asked.iter().any(|(number, codes)| *number == bought && codes[0] == "copy"),
        "{asked:?}"
    );

    let one = completes(&first, pair(&confirmed("Alder", held)), "2026-07-02");
    let part = only_part(&one);
    assert_eq!(part.totals.amount_bought.minor(), 0, "{:?}", lines(&one));
    assert!(queued(part).contains(&(bought, vec!["copy", "new_debtor"])), "{:?}", queued(part));
    assert!(queued(part).iter().all(|(number, _)| *number != held));
    let change = line(part, held).counterfactual.clone().expect("a change");
    assert_eq!(change.change, Change::CopyConfirmed);
    assert_eq!(
        change.sentence,
        format!("If the customer confirms invoice {bought} too, which is bought already.")
    );
    let other = completes(&first, pair(&confirmed("Alder", bought)), "2026-07-02");
    assert!(queued(only_part(&other)).iter().any(|(number, _)| *number == held));
    let change = line(only_part(&other), held).counterfactual.clone().expect("a change");
    assert_eq!(change.change, Change::Confirmed);
    let both = confirmed("Alder", held) + &confirmed("Alder", bought);
    let both = completes(&first, pair(&both), "2026-07-02");
    assert_eq!(only_part(&both).totals.amount_bought.to_string(), "777.01");
}

/// What the first offer bought is in use, whatever is known of it now; staff learn of what is not
/// eligible any more, and the owner does not read that it stays theirs.
#[test]
fn what_was_bought_and_is_disputed_since_stays_bought_and_is_named() {
    let changes =
        [("eligibility.concentration.limit_percent", "100"), ("confirm.hold", "[\"new_debtor\"]")];
    let first = with("", &changes, "").evaluate();
    let disputed = "Alder,A-1,,disputed,A. Reed,2026-07-01,telephone\n".to_owned();
    let answers = disputed + &confirmed("Birch", "B-1");
    let then = completes(&first, with("", &changes, &answers), "2026-07-02");
    let (before, part) = (only_part(&first), only_part(&then));
    let alder = line(part, "A-1");
    assert_eq!(
        (alder.reason, alder.already_bought),
        (Some(Rule::Disputed), Some(before.totals.amount_bought))
    );
    let base = &part.borrowing_base.base;
    assert_eq!(base.outstanding, before.totals.advance, "funds in use without a facility");
    assert_eq!(base.excess, base.borrowing_base.checked_sub(base.outstanding).expect("an amount"));
    let told = part.notices.iter().find(|notice| notice.is(NoticeCode::BoughtIneligible));
    let told = &told.expect("a notice").text;
    assert!(told.contains("2,000.00 USD: A-1"), "{told}");
    let told = part.notices.iter().find(|notice| notice.is(NoticeCode::Completes));
    let [bought, advance] = [before.totals.amount_bought, before.totals.advance].map(grouped);
    let said = format!("{bought} for {advance} USD");
    assert!(told.expect("a notice").text.contains(&said), "{told:?}");
}

/// What a limit leaves nothing of in one step is to be had in the next, when more is confirmed; and
/// all steps together bring no more than was offered.
#[test]
fn what_a_limit_leaves_nothing_of_is_still_offered() {
    let changes =
        [("eligibility.concentration.limit_percent", "40"), ("confirm.hold", "[\"new_debtor\"]")];
    let more = "D-1,4,Dogwood,2026-06-12,2026-07-12,USD,4000.00,\n";
    let limited = |answers: &str| with(more, &changes, answers);
    let first = limited("").evaluate();
    let held = only_part(&first).totals.held.expect("two are new").amount;
    // 40 % of 800.00 of Alder's, 4,000.00 and 4,000.00 leave 3,520.00 each; of 4,800.00, 1,920.00.
    assert_eq!(held.to_string(), "7040.00");
    let birch = confirmed("Birch", "B-1");
    let second = completes(&first, limited(&birch), "2026-07-02");
    let bought = |of: &Evaluation| only_part(of).totals.amount_bought;
    assert_eq!(bought(&second).to_string(), "1920.00");
    let left = line(only_part(&second), "B-2").left_over.clone().expect("nothing of it is bought");
    assert_eq!(left.amount.to_string(), "520.00");
    let again = completed(&second);
    let part = again.part("", bought(&second).currency()).expect("a part");
    let issue = day_number(line(only_part(&second), "B-2").invoice_date);
    assert!(matches!(part.offered("2", "B-2", issue), Some(Offered::Held(..))));
    let third = completes(&second, limited(&(birch + &confirmed("Dogwood", "D-1"))), "2026-07-03");
    assert_eq!(line(only_part(&third), "B-2").price.map(|p| p.amount_bought), Some(left.amount));
    let all = bought(&second).checked_add(bought(&third)).expect("a sum");
    assert!(all.minor() <= held.minor(), "{all}");
}

/// What a limit cuts off today of what is not held leaves its room to what is: the offer holds as
/// much as is bought once it is confirmed, now or in a completion.
#[test]
fn what_is_neither_bought_nor_held_uses_no_limit() {
    let changes = [
        ("eligibility.concentration.limit_percent", "30"),
        ("confirm.hold", "[\"large\"]"),
        ("confirm.from", "\"5000\""),
    ];
    let rows = "C-1,3,Cedar,2026-06-02,2026-07-02,USD,9000.00,\n\
                C-2,3,Cedar,2026-06-12,2026-07-12,USD,3100.00,\n\
                C-3,3,Cedar,2026-06-13,2026-07-13,USD,3200.00,\n\
                E-1,5,Elm,2026-06-12,2026-07-12,USD,3300.00,\n\
                F-1,6,Fir,2026-06-12,2026-07-12,USD,3400.00,\n";
    let own = |answers: &str| with(rows, &changes, answers);
    let first = own("").evaluate();
    let of_cedar = |of: &Evaluation, later: bool| -> i64 {
        let lines = only_part(of).lines.iter().filter(|line| line.debtor_name == "Cedar");
        let price = |line: &OfferLine| if later { line.once_confirmed } else { line.price };
        lines.filter_map(price).map(|price| price.amount_bought.minor()).sum()
    };
    let (now, held) = (of_cedar(&first, false), of_cedar(&first, true));
    assert!(now > 0 && now < 630_000, "the limit cuts what is not held: {now}");
    // 30 % of 12,700.00 of the others, of 9,000.00, and of the 5,700.00 that are bought.
    assert_eq!((now, held), (570_000, 252_000));
    let answer = confirmed("Cedar", "C-1").replace("2026-07-01", "2026-06-29");
    let whole = of_cedar(&own(&answer).evaluate(), false);
    assert!(now + held <= whole, "no more than if it had been confirmed at first: {whole}");
    let then = completes(&first, own(&answer), "2026-07-02");
    assert_eq!(of_cedar(&then, false), held, "{:?}", lines(&then));
}
