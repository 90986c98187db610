//! `factorage generate`.

use std::fs;

use super::{contents, done, folder, refused};

const OPTIONS: [&str; 7] = ["generate", "--invoices", "200", "--debtors", "12", "--clients", "2"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [OPTIONS.as_slice(), more].concat()
}

#[test]
fn the_same_seed_writes_the_same_bytes() {
    let folder = folder();
    for (out, seed) in [("a.csv", "7"), ("b.csv", "7"), ("c.csv", "8")] {
        done(&folder, &with(&["--seed", seed, "--out", out]));
    }
    let files = contents(folder.path());
    assert_eq!(files["a.csv"], files["b.csv"]);
    assert_ne!(files["a.csv"], files["c.csv"]);
    assert_eq!(files.len(), 4, "good.csv and three ledgers");
}

#[test]
fn a_generated_ledger_is_evaluated_without_a_reject() {
    let folder = folder();
    let told = done(&folder, &with(&["--out", "l.csv"]));
    assert!(told.starts_with("l.csv: 200 rows ("), "{told}");
    let text = fs::read_to_string(folder.path().join("l.csv")).expect("a ledger");
    assert_eq!(text.lines().count(), 201);
    let summary = done(&folder, &["evaluate", "l.csv"]);
    assert!(
        summary.contains("Ledger: 200 rows in = ") && summary.contains("it foots"),
        "{summary}"
    );
    assert!(!summary.contains("reject"), "{summary}");
}

#[test]
fn options_out_of_range_are_refused_in_one_sentence_and_write_nothing() {
    let folder = folder();
    for (option, value, says) in [
        ("--invoices", "0", "the number of invoices is 0; it must be between 1 and 20000000"),
        ("--debtors", "201", "the number of debtors is 201; it must be between 1 and 200"),
        ("--clients", "13", "the number of clients is 13; it must be between 1 and 12"),
        ("--months", "121", "the number of months is 121; it must be between 1 and 120"),
        (
            "--end",
            "1800-01-01",
            "the end date is 1800-01-01; its year must be between 1990 and 2199",
        ),
        (
            "--currency",
            "JPY",
            "the currency is \"JPY\"; it must be the ISO 4217 code, in capitals, of \
                               a currency with two decimals, such as USD",
        ),
    ] {
        let mut args = with(&["--out", "l.csv"]);
        if let Some(at) = args.iter().position(|arg| *arg == option) {
            args[at + 1] = value;
        } else {
            args.extend([option, value]);
        }
        let said = refused(&folder, &args);
        assert_eq!(said, format!("factorage: {says} (see factorage generate --help)"));
        assert_eq!(contents(folder.path()).len(), 1, "{args:?} wrote a file");
    }
}

#[test]
fn a_folder_that_does_not_exist_is_named_without_our_temporary_file() {
    let folder = folder();
    let sentence = refused(&folder, &with(&["--out", "nowhere/l.csv"]));
    let expected = "factorage: nowhere/l.csv: the folder nowhere does not exist; create it first";
    assert_eq!(sentence, expected);
    assert!(!sentence.contains(".tmp"), "{sentence}");
}
