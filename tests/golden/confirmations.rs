//! What debtors answered, as a file beside the ledger.

use factorage::app::{EvaluateRequest, Evaluation, ModelChoice, Verified, VerifyError, verify};
use factorage::ledger::Source;
use factorage::offer::OfferLine;
use factorage::policy::Rule;
use serde_json::Value;

use crate::evaluated::{Desk, offer_text, offer_without_provenance, only_part, policy};

/// Alder has paid before; Birch is new to the client, so its 4,000.00 are held.
pub(super) const LEDGER: &str = "\
invoice_number,debtor_id,debtor_name,invoice_date,due_date,currency,amount,paid_date
A-00,1,Alder,2026-02-01,2026-03-03,USD,2000.00,2026-03-06
A-01,1,Alder,2026-03-01,2026-03-31,USD,2000.00,2026-04-03
A-0,1,Alder,2026-04-01,2026-05-01,USD,2000.00,2026-05-06
A-1,1,Alder,2026-06-10,2026-07-10,USD,2000.00,
B-1,2,Birch,2026-06-10,2026-07-10,USD,3000.00,
B-2,2,Birch,2026-06-11,2026-07-11,USD,1000.00,
";

const HEADER: &str = "debtor,invoice,amount,outcome,by,at,how\n";

pub(super) fn desk(rows: &str) -> Desk {
    let mut desk = Desk::with("ledger.csv", LEDGER).at("2026-06-30");
    desk.request.policy = policy(&[
        ("eligibility.concentration.limit_percent", "100"),
        ("confirm.hold", "[\"new_debtor\", \"large\"]"),
    ]);
    desk.request.model = ModelChoice::Km;
    if !rows.is_empty() {
        desk.request.confirmations = Some(Source::bytes("answers.csv", format!("{HEADER}{rows}")));
    }
    desk
}

pub(super) fn evaluated(rows: &str) -> Evaluation {
    desk(rows).evaluate()
}

/// The reason and the amount bought of each open invoice, in the order of the ledger.
pub(super) fn lines(evaluation: &Evaluation) -> Vec<(Option<Rule>, String)> {
    let lines = only_part(evaluation).lines.iter();
    let bought = |line: &OfferLine| {
        line.price.map_or("0".to_owned(), |price| price.amount_bought.to_string())
    };
    lines.map(|line| (line.reason, bought(line))).collect()
}

#[track_caller]
fn is(rows: &str, expected: [(Option<Rule>, &str); 3]) -> Evaluation {
    let evaluation = evaluated(rows);
    assert_eq!(lines(&evaluation), expected.map(|(rule, bought)| (rule, bought.to_owned())));
    evaluation
}

const HELD: (Option<Rule>, &str) = (Some(Rule::Unconfirmed), "0");
const ALDER: (Option<Rule>, &str) = (None, "2000.00");

#[test]
fn what_debtors_answer_decides_what_is_bought() {
    is("", [ALDER, HELD, HELD]);
    // One confirmed invoice is enough to know Birch.
    let both = [ALDER, (None, "3000.00"), (None, "1000.00")];
    is("Birch,B-1,,confirmed,A. Reed,2026-06-29,telephone\n", both);
    let lower = (Some(Rule::ConfirmedAmount), "2500.00");
    let told = is(
        "2,B-1,2500.00,wrong_amount,A. Reed,2026-06-29,email\n",
        [ALDER, lower, (None, "1000.00")],
    );
    let why = only_part(&told).lines[1].why.as_deref().unwrap_or_default();
    let sentence = "500.00 USD is not bought: the customer says that it owes 2,500.00 on this \
                    invoice.";
    assert_eq!(why, sentence);
    let disputed = (Some(Rule::Disputed), "0");
    is("2,B-1,,disputed,A. Reed,2026-06-29,email\n", [ALDER, disputed, HELD]);
    let denied = (Some(Rule::UnconfirmedDebtor), "0");
    let told = is("2,B-2,,unknown_debtor,A. Reed,2026-06-29,email\n", [ALDER, denied, denied]);
    let notice = &only_part(&told).notices[0];
    assert_eq!(notice.code, "client_denied");
    assert!(notice.text.contains("A customer says that it does not know the client: Birch."));
    let told = is("2,B-1,,no_answer,A. Reed,2026-06-12,telephone\n", [ALDER, HELD, HELD]);
    let part = only_part(&told);
    let sentence = "The customer has not answered since 2026-06-12, 18 days.";
    assert!(part.lines[1].why.as_ref().is_some_and(|why| why.ends_with(sentence)));
    let queued = part.verification_queue.iter().filter(|own| own.why.ends_with(sentence));
    assert_eq!(queued.count(), 1);
}

#[test]
fn an_answer_of_a_later_day_and_the_order_of_rows_change_nothing() {
    let rows =
        "2,B-1,,confirmed,A. Reed,2026-06-29,email\n1,A-1,,disputed,A. Reed,2026-06-28,email\n";
    let reversed: Vec<&str> = rows.lines().rev().collect();
    let later =
        "2,B-2,,disputed,A. Reed,2026-07-01,email\n9,X,,disputed,A. Reed,2026-07-01,email\n";
    let expected = evaluated(rows);
    for other in [format!("{}\n", reversed.join("\n")), format!("{rows}{later}")] {
        let other = evaluated(&other);
        assert_eq!(offer_without_provenance(&other), offer_without_provenance(&expected));
        let told = |own: &Evaluation| {
            let mut all = own.warnings.clone();
            all.retain(|note| note.code != "answers_later");
            all
        };
        assert_eq!(told(&other), expected.warnings);
    }
}

/// The messages of this code.
pub(super) fn warned<'a>(evaluation: &'a Evaluation, code: &str) -> Vec<&'a str> {
    let own = evaluation.warnings.iter().filter(|note| note.code == code);
    own.map(|note| note.message.as_str()).collect()
}

#[test]
fn answers_that_do_not_count_are_named() {
    let held = [ALDER, HELD, HELD];
    let told = is(
        "2,B-1,,confirmed,A. Reed,2026-07-02,telephone\n\
         2,B-2,,disputed,A. Reed,2026-07-01,telephone\n\
         1,A-1,,unknown_debtor,A. Reed,2026-07-01,telephone\n",
        held,
    );
    let later = "answers.csv: 2 adverse answers (1 disputed, 1 unknown_debtor) would count at a \
                 later date; 3 answers are dated after the as-of date, 2026-06-30, and do not \
                 count: the first is line 3, invoice B-2, of 2026-07-01; with --as-of 2026-07-02 \
                 or later, all of them count";
    assert_eq!(warned(&told, "answers_later"), [later]);
    // B-1 is of 10 June.
    let told = is("2,B-1,,confirmed,A. Reed,2026-06-09,telephone\n", held);
    let early = "answers.csv: 1 confirmation is dated before its invoice was issued and frees \
                 nothing: it is line 2, invoice B-1, of 2026-06-09, issued on 2026-06-10; before \
                 the invoice only a goods_receipt confirms it";
    assert_eq!(warned(&told, "answers_early"), [early]);
    let both = [ALDER, (None, "3000.00"), (None, "1000.00")];
    for row in [
        "2,B-1,,confirmed,A. Reed,2026-06-09,goods_receipt\n",
        "2,B-1,,confirmed,A. Reed,2026-06-10,telephone\n",
        "2,B-1,,confirmed,A. Reed,2026-06-09,email\n2,B-1,,confirmed,A. Reed,2026-06-29,email\n",
    ] {
        assert!(warned(&is(row, both), "answers_early").is_empty(), "{row}");
    }
    // Under the policy a confirmation counts for 60 days, here for 5.
    let expired = |rows: &str| {
        let mut own = desk(rows);
        own.request.policy = policy(&[
            ("eligibility.concentration.limit_percent", "100"),
            ("confirm.valid_days", "5"),
        ]);
        let evaluation = own.evaluate();
        let all = warned(&evaluation, "answers_expired");
        all.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let old = "2,B-1,,confirmed,A. Reed,2026-06-24,email\n";
    let expected = "answers.csv: 1 confirmation of an open invoice is more than 5 days old on \
                    2026-06-30 (confirm.valid_days) and frees nothing any more: it is line 2, \
                    invoice B-1, of 2026-06-24; ask the debtor again";
    assert_eq!(expired(old), [expected]);
    // What was said again since, what is paid, and what speaks against an invoice has not expired.
    assert!(expired(&format!("{old}2,B-1,,confirmed,A. Reed,2026-06-25,email\n")).is_empty());
    assert!(expired("1,A-0,,confirmed,A. Reed,2026-05-01,email\n").is_empty());
    assert!(expired("2,B-1,,disputed,A. Reed,2026-06-20,email\n").is_empty());
}

#[test]
fn the_case_of_a_number_does_not_matter_unless_nothing_else_tells_two_apart() {
    let both = [ALDER, (None, "3000.00"), (None, "1000.00")];
    for row in ["birch,b-1", "BIRCH,B-1", "2, b-1 "] {
        let told = is(&format!("{row},,confirmed,A. Reed,2026-06-29,telephone\n"), both);
        assert!(warned(&told, "unknown_invoice").is_empty(), "{row}");
    }
    // Punctuation matters.
    let told = is("2,B1,,confirmed,A. Reed,2026-06-29,telephone\n", [ALDER, HELD, HELD]);
    assert_eq!(warned(&told, "unknown_invoice").len(), 1);
    // Two invoices of Birch that differ in case: each spelling is about its own, another of none.
    let of = |number: &str| {
        let mut own = desk(&format!("2,{number},,disputed,A. Reed,2026-06-29,telephone\n"));
        let ledger = LEDGER.replace("B-2,", "b-1,");
        own.request.ledgers = vec![Source::bytes("ledger.csv", ledger)];
        let evaluation = own.evaluate();
        let disputed = only_part(&evaluation).lines.iter();
        let disputed = disputed.filter(|line| line.reason == Some(Rule::Disputed)).count();
        (disputed, warned(&evaluation, "unknown_invoice").len())
    };
    assert_eq!([of("B-1"), of("b-1")], [(1, 0), (1, 0)]);
}

#[test]
fn an_answer_about_an_unknown_invoice_is_named_and_the_others_count() {
    let rows = "2,B-1,,confirmed,A. Reed,2026-06-29,email\n\
                Birch,B-9,,confirmed,A. Reed,2026-06-29,email\n\
                1,A-0,,confirmed,A. Reed,2026-05-01,email\n\
                1,B-1,,confirmed,A. Reed,2026-06-29,email\n";
    let told = is(rows, [ALDER, (None, "3000.00"), (None, "1000.00")]);
    let warnings = told.warnings.iter().filter(|note| note.code == "unknown_invoice");
    let warnings: Vec<&str> = warnings.map(|note| note.message.as_str()).collect();
    let expected = [
        "answers.csv, line 3: the ledger has no invoice B-9 owed by Birch",
        "answers.csv, line 5: the ledger has no invoice B-1 owed by 1",
    ];
    assert_eq!(warnings, expected);
}

#[test]
fn a_file_that_cannot_be_used_is_refused() {
    let refused = |desk: &Desk| desk.try_evaluate().expect_err("a fault").to_string();
    let said = refused(&desk("2,B-1,,yes,A. Reed,today,email\n"));
    assert!(said.starts_with("answers.csv: 2 faults\n  line 2: outcome = 'yes'"), "{said}");
    let answer = "2,B-1,,confirmed,A. Reed,2026-06-29,email\n";
    let mut without = desk(answer);
    let text = "extends = \"standard\"\nname = \"own\"\nversion = \"1\"\nwithout = [\"confirm\"]\n";
    without.request.policy = text.parse().expect("a policy");
    assert!(refused(&without).contains("the policy has no section confirm"));
    // Which of two clients is meant?
    let mut two = desk(answer);
    let header = "client,number,customer,date,due,currency,amount\n";
    let rows =
        "a,1,Alder,2026-06-10,2026-07-10,USD,2000.00\nb,1,Alder,2026-06-10,2026-07-10,USD,9.00\n";
    two.request.ledgers = vec![Source::bytes("two.csv", format!("{header}{rows}"))];
    let said = refused(&two);
    assert_eq!(said, "answers.csv: line 2: client is empty, but the ledger has several clients");
    let file = "client,debtor,invoice,outcome,by,at,how\n\
                b,Alder,1,disputed,A. Reed,2026-06-29,email\n";
    two.request.confirmations = Some(Source::bytes("answers.csv", file));
    let told = two.evaluate();
    let reasons = told.offer.parts.iter().map(|part| part.lines[0].reason == Some(Rule::Disputed));
    assert_eq!(reasons.collect::<Vec<_>>(), [false, true]);
}

const ANSWER: &str = "2,B-1,,confirmed,A. Reed,2026-06-29,email\n";

pub(super) fn verified(document: &str, request: EvaluateRequest) -> Result<Verified, VerifyError> {
    let document: Value = serde_json::from_str(document).expect("JSON");
    verify(&document, request, &|_| ())
}

#[test]
fn an_offer_is_verified_with_all_that_it_was_made_with() {
    let plain = offer_text(&evaluated(""));
    for name in ["facility_sha256", "previous_files", "\"answers\"", "selection_seed"] {
        assert!(!plain.contains(name), "{name}");
    }
    let mut desk = desk(ANSWER);
    let facility = "currency = \"USD\"\nline = \"500000.00\"\n";
    desk.request.facility = Some(facility.parse().expect("a facility"));
    desk.request.previous = vec![Source::bytes("may.csv", LEDGER)];
    let text = offer_text(&desk.evaluate());
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let answers = &document["provenance"]["confirmations"];
    assert_eq!((&answers["name"], &answers["answers"]), (&"answers.csv".into(), &1.into()));
    assert_eq!(verified(&text, desk.request.clone()).expect("verified").difference, None);
    let without = |change: &dyn Fn(&mut EvaluateRequest)| {
        let mut request = desk.request.clone();
        change(&mut request);
        verified(&text, request)
    };
    let said = |result: Result<Verified, VerifyError>| result.expect_err("missing").to_string();
    let made_with = "the offer was made with a facility, the previous ledger may.csv and the \
                     confirmations answers.csv; not given again: ";
    let missing = said(without(&|request| request.confirmations = None));
    assert_eq!(missing, format!("{made_with}--confirmations FILE"));
    let missing = said(without(&|request| {
        request.facility = None;
        request.previous.clear();
    }));
    assert_eq!(missing, format!("{made_with}--facility FILE and --previous LEDGER"));
    // A file that says the same in other bytes is named; one that says something else differs.
    let other = |rows: &str| {
        let file = Source::bytes("answers.csv", format!("{HEADER}{rows}"));
        without(&|request| request.confirmations = Some(file.clone())).expect("recomputed")
    };
    let same = other(&format!("{ANSWER}\n"));
    assert_eq!((same.difference, same.other_files), (None, vec!["answers.csv".to_owned()]));
    let differs = other(&ANSWER.replace("confirmed", "disputed"));
    assert!(differs.difference.is_some() && differs.not_then.is_empty());
    let given = self::desk(ANSWER).request;
    assert_eq!(verified(&plain, given).expect("recomputed").not_then, ["the confirmations"]);
}
