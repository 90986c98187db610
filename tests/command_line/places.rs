//! Where results are written, and databases are looked for.

use std::fs;
use std::time::{Duration, Instant};

use super::{contents, done, folder, refused, run, small};

#[test]
fn a_file_where_a_folder_is_needed_is_named() {
    let folder = folder();
    for command in [
        &["evaluate", "good.csv", "--out"][..],
        &["ingest", "good.csv", "--out"],
        &["report", "good.csv", "--out"],
        &["report", "good.csv", "--letters"],
        &["backtest", "good.csv", "--origins", "2026-05-31", "--out"],
    ] {
        for out in ["good.csv", "good.csv/below/it"] {
            let sentence = refused(&folder, &[command, &[out]].concat());
            assert!(sentence.contains("good.csv: this is a file"), "{command:?} {out}: {sentence}");
            assert!(sentence.contains("folder"), "{command:?} {out}: {sentence}");
        }
    }
    assert_eq!(contents(folder.path()).len(), 1, "something was written");
}

#[test]
fn a_folder_where_a_file_is_needed_is_named() {
    let folder = folder();
    fs::create_dir(folder.path().join("there")).expect("a folder");
    fs::write(folder.path().join("small.csv"), small(60)).expect("a ledger");
    let backtest = ["backtest", "good.csv", "--origins", "2026-05-31", "--predictions", "there"];
    for command in [&["train", "small.csv", "--out", "there"][..], &backtest] {
        let sentence = refused(&folder, command);
        assert!(sentence.contains("there: this is a folder"), "{command:?}: {sentence}");
    }
}

#[test]
fn only_who_needs_a_database_makes_one() {
    let folder = folder();
    for command in [&["keys", "list"][..], &["keys", "revoke", "fk_1a2b3c4d"], &["audit", "verify"]]
    {
        let sentence = refused(&folder, command);
        assert!(sentence.contains("factorage.sqlite: no Factorage database found"), "{sentence}");
        assert_eq!(contents(folder.path()).len(), 1, "{command:?} made something");
    }
    done(&folder, &["keys", "create", "--role", "admin"]);
    assert!(done(&folder, &["keys", "list"]).contains("admin"));
    assert!(done(&folder, &["audit", "verify"]).contains("none altered"));
}

#[test]
fn a_server_that_does_not_answer_is_named_at_once_and_at_the_end() {
    let folder = folder();
    let url = "postgres://factor:secret@127.0.0.1:9/book";
    let start = Instant::now();
    let output = run(&folder, &["keys", "list", "--database", url]);
    assert!(start.elapsed() < Duration::from_secs(30));
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    let lines: Vec<&str> = said.lines().collect();
    let place = "PostgreSQL at 127.0.0.1:9, database book";
    assert_eq!(lines.len(), 2, "{said}");
    assert!(lines[0].starts_with(&format!("factorage: waiting for {place} until ")), "{said}");
    assert!(lines[1].starts_with(&format!("factorage: {place}: ")), "{said}");
    assert!(lines[1].contains("connection refused") && !said.contains("secret"), "{said}");
    let nowhere = "postgres://factor:secret@no-such-host.invalid/book";
    let sentence = run(&folder, &["audit", "verify", "--database", nowhere]).stderr;
    let sentence = String::from_utf8(sentence).expect("UTF-8");
    assert!(sentence.contains("no-such-host.invalid:5432"), "{sentence}");
    assert!(!sentence.contains("secret") && !sentence.contains("os error"), "{sentence}");
}

#[test]
fn a_model_that_is_not_kept_is_said_to_be_lost() {
    let folder = folder();
    fs::write(folder.path().join("small.csv"), small(60)).expect("a ledger");
    let told = done(&folder, &["train", "small.csv"]);
    assert!(told.ends_with("The model was not saved; use --out FILE to save it.\n"), "{told}");
    let told = done(&folder, &["train", "small.csv", "--out", "model.json"]);
    assert!(told.ends_with("Model written to model.json.\n"), "{told}");
}

#[test]
fn where_nothing_is_bought_no_offer_stands() {
    let folder = folder();
    let paid = "number,customer,date,due,currency,amount,paid_date\n\
                1,Mill,2026-05-04,2026-06-03,USD,5.00,2026-06-08\n";
    fs::write(folder.path().join("paid.csv"), paid).expect("a ledger");
    let told = done(&folder, &["evaluate", "paid.csv", "--out", "out"]);
    assert!(told.contains("There is no offer: no invoice is open."), "{told}");
    let late = "number,customer,date,due,currency,amount\n\
                1,Mill,2025-05-04,2025-06-03,USD,500.00\n2,Mill,2026-05-04,2027-06-03,USD,500.00\n";
    fs::write(folder.path().join("late.csv"), late).expect("a ledger");
    for ledger in ["paid.csv", "late.csv"] {
        let told = done(&folder, &["evaluate", ledger, "--out", "out"]);
        assert!(told.contains("There is no offer: "), "{told}");
        assert!(!told.contains("stands until"), "{told}");
        for page in ["report.html", "credit_memo.html"] {
            let page = fs::read_to_string(folder.path().join("out").join(page)).expect("a page");
            assert!(!page.contains("stands until") && !page.contains("Valid until"), "{ledger}");
        }
    }
}

#[test]
fn evaluate_shows_the_warnings_of_ingest() {
    let folder = folder();
    let other = "invoice_number,debtor_id,debtor_name,invoice_date,due_date,currency,amount\n\
                 1,12,East Mill,2026-06-04,2026-06-03,USD,10.00\n";
    fs::create_dir(folder.path().join("ledger")).expect("a folder");
    fs::write(folder.path().join("ledger/a.csv"), super::GOOD).expect("a ledger");
    fs::write(folder.path().join("ledger/b.csv"), other).expect("a ledger");
    fs::write(folder.path().join("ledger/README.md"), "# Ledgers\n").expect("a text");
    let ingested = done(&folder, &["ingest", "ledger"]);
    let evaluated = done(&folder, &["evaluate", "ledger"]);
    for code in ["ignored_sheet", "due_before_issue", "shared_number"] {
        let line = |told: &str| -> Option<String> {
            told.lines().find(|line| line.trim_start().starts_with(code)).map(str::to_owned)
        };
        assert!(line(&ingested).is_some(), "{code}: {ingested}");
        assert_eq!(line(&evaluated), line(&ingested), "{evaluated}");
    }
}
