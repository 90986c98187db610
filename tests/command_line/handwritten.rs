//! Files that people write: policies that extend the standard one, and all faults at once.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use super::{done, folder, run};
use crate::evaluated::priced_policy_text;

const OWN: &str = "extends = \"standard\"\nname = \"mine\"\nversion = \"2\"\n\n\
                   [eligibility]\npast_due_days = 45\n";

#[track_caller]
fn write(folder: &TempDir, name: &str, text: &str) {
    fs::write(folder.path().join(name), text).expect("a file");
}

/// Runs the binary, demands failure and returns the lines of what it says.
#[track_caller]
fn told(folder: &TempDir, args: &[&str]) -> Vec<String> {
    let output = run(folder, args);
    assert!(!output.status.success(), "{args:?} succeeded");
    let stderr = String::from_utf8(output.stderr).expect("UTF-8");
    for raw in ["invalid type", "expected struct", "missing field", "unknown field", "variant"] {
        assert!(!stderr.contains(raw), "{stderr}");
    }
    stderr.lines().map(str::to_owned).collect()
}

fn offer(folder: &TempDir, policy: &str) -> Value {
    done(folder, &["evaluate", "good.csv", "--policy", policy, "--out", "out"]);
    let text = fs::read_to_string(folder.path().join("out/offer.json")).expect("an offer");
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn the_standard_policy_is_printed_to_start_from() {
    let folder = folder();
    let text = done(&folder, &["policy", "standard"]);
    assert_eq!(text, include_str!("../../data/policies/standard.toml"));
    write(&folder, "mine.toml", &text);
    assert!(done(&folder, &["policy", "check", "mine.toml"]).contains("standard, version 1"));
}

#[test]
fn an_offer_under_a_policy_that_extends_is_that_of_the_full_file() {
    let folder = folder();
    write(&folder, "mine.toml", OWN);
    let full = [("name", "\"mine\""), ("version", "\"2\""), ("eligibility.past_due_days", "45")];
    write(&folder, "full.toml", &priced_policy_text(&full));
    let mut full = offer(&folder, "full.toml");
    let mut own = offer(&folder, "mine.toml");
    let text = own["offer"]["policy"]["text"].as_str().expect("a text").to_owned();
    assert!(text.contains("past_due_days = 45") && text.contains("hurdle_percent = 12"), "{text}");
    // The offer needs no other file.
    done(&folder, &["verify", "out/offer.json", "good.csv"]);
    write(&folder, "text.toml", &text);
    assert_eq!(offer(&folder, "text.toml"), own);
    for offer in [&mut own, &mut full] {
        for member in ["text", "sha256"] {
            offer["offer"]["policy"][member] = Value::Null;
        }
    }
    assert_eq!(own["offer"], full["offer"]);
}

#[test]
fn eight_faults_of_a_policy_are_eight_lines() {
    let folder = folder();
    let standard = include_str!("../../data/policies/standard.toml");
    let wrong = standard
        .replace("past_due_days = 60", "past_due_days = \"sixty\"")
        .replace("valid_days = 14", "valid_dayz = 14")
        .replace("rate_percent = 85", "rate_percent = 8500")
        .replace("by = \"debtor\"", "by = 7")
        .replace("first_days = 30", "first_days = true")
        .replace("assumed_currency = \"USD\"", "assumed_currency = \"USX\"")
        .replace("lowest_percent = 0.5 ", "lowest_percent = 7 ")
        .replace("cost_percent = 8.0", "# cost_percent = 8.0");
    write(&folder, "wrong.toml", &wrong);
    let lines = told(&folder, &["policy", "check", "wrong.toml"]);
    assert_eq!(lines[0], "factorage: wrong.toml: 8 faults");
    assert_eq!(lines.len(), 9, "{lines:?}");
    assert!(lines[1..].iter().all(|line| line.starts_with("  line ")), "{lines:?}");
    let sixty =
        "  line 22: eligibility.past_due_days = \"sixty\": expected a whole number from 0 to 3650";
    assert!(lines.iter().any(|line| line == sixty), "{lines:?}");
}

#[test]
fn the_faults_of_every_other_file_are_told_at_once() {
    let folder = folder();
    write(
        &folder,
        "facility.toml",
        "currency = \"US\"\nline = -5\n[[funded]]\ninvoice = 7\n[declared]\nsale = 1\n",
    );
    let evaluate = ["evaluate", "good.csv", "--facility", "facility.toml"];
    assert_eq!(
        told(&folder, &evaluate),
        [
            "factorage: facility.toml: 4 faults",
            "  line 1: currency = \"US\": expected an ISO 4217 code such as \"USD\"",
            "  line 2: line = -5: expected an amount of 0 or more",
            "  line 4: funded.invoice = 7: expected a value in quotes",
            "  line 6: declared.sale: there is no such key; did you mean sales?",
        ]
    );
    write(&folder, "facility.toml", "currency = \"JPY\"\nline = \"5.5\"\n");
    assert_eq!(
        told(&folder, &evaluate),
        [
            "factorage: facility.toml: line 2: line = \"5.5\": expected an amount in JPY, with at most \
          0 decimals"
        ]
    );
    write(
        &folder,
        "m.toml",
        "table = \"invoice\"\n[columns]\ninvoice_numbr = \"Doc.\"\namount = 5\n",
    );
    assert_eq!(
        told(&folder, &["ingest", "good.csv", "--mapping", "m.toml"])
            .iter()
            .skip(1)
            .collect::<Vec<_>>(),
        [
            "  line 1: table = \"invoice\": expected one of invoices, lines, open_items, \
             invoice_payments, payments, entries, customers; did you mean invoices?",
            "  line 3: columns.invoice_numbr: there is no such key; did you mean invoice_number?",
            "  line 4: columns.amount = 5: expected a value in quotes, or a list, each a value in quotes",
        ]
    );
    write(&folder, "service.toml", "listen = \"here\"\njobs = -1\npolicy = 1\nmost = 2\n");
    let lines = told(&folder, &["serve", "--config", "service.toml"]);
    assert_eq!(lines.len(), 5, "{lines:?}");
    assert!(
        lines[1].ends_with("expected an address and port such as \"127.0.0.1:8080\""),
        "{lines:?}"
    );
}

#[test]
fn the_faults_of_a_portfolio_are_told_at_once() {
    let folder = folder();
    write(
        &folder,
        "portfolio.toml",
        "as_of = 2026-06-31\ndebtors = \"debtors.toml\"\n[[client]]\nid = \"a\"\n[[client]]\nid = \"a\"\n\
         ledger = \"good.csv\"\n",
    );
    let report = ["report", ".", "--out", "out"];
    // No such day: not even TOML.
    assert!(told(&folder, &report)[0].contains("line 1: 'as_of = 2026-06-31' is not TOML"));
    let text = fs::read_to_string(folder.path().join("portfolio.toml")).expect("it");
    write(&folder, "portfolio.toml", &text.replace("2026-06-31", "\"30.6.2026\""));
    let lines = told(&folder, &report);
    assert_eq!(
        lines[1..],
        [
            "  line 1: as_of = \"30.6.2026\": expected a date such as \"2026-05-31\"",
            "  line 3: client.ledger is missing: expected a value in quotes, or a list, each a value in quotes",
            "  line 6: client.id = \"a\": expected a name that no other client has",
        ]
    );
    write(
        &folder,
        "portfolio.toml",
        "debtors = \"debtors.toml\"\n[[client]]\nid = \"a\"\nledger = \"good.csv\"\n",
    );
    write(&folder, "debtors.toml", "[[debtor]]\nkey = 1\naccount = []\n");
    let lines = told(&folder, &report);
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[2].ends_with("debtor.account: there is no such key; did you mean accounts?"));
    fs::remove_file(folder.path().join("portfolio.toml")).expect("it is there");
    write(&folder, "s.toml", "[[scenario]]\nslower_days = -1\nworst_quarter = 1\n");
    let lines = told(&folder, &["report", "good.csv", "--scenarios", "s.toml", "--out", "out"]);
    assert_eq!(
        lines[1..],
        [
            "  line 2: scenario.slower_days = -1: expected a number from 0 to 365",
            "  line 3: scenario.worst_quarter = 1: expected true or false",
        ]
    );
}

#[test]
fn the_faults_of_a_calculators_input_are_told_at_once() {
    let folder = folder();
    write(&folder, "in.json", "{\n \"sales\": [1],\n \"receivable\": 5\n}\n");
    let lines = told(&folder, &["calc", "dso", "in.json"]);
    assert!(lines.len() > 2, "{lines:?}");
    assert!(lines[1..].iter().all(|line| line.starts_with("  ")), "{lines:?}");
    write(&folder, "in.json", "{\n \"sales\": ,}\n");
    let lines = told(&folder, &["calc", "dso", "in.json"]);
    assert!(lines[0].ends_with("line 2: invalid JSON at column 11"), "{lines:?}");
}

#[test]
fn an_offer_or_model_that_is_none_is_refused_in_our_words() {
    let folder = folder();
    for (text, says) in [
        ("{\"offer\": ", "the JSON ends here before it is complete"),
        ("Dear factor", "invalid JSON at column 1"),
        ("", "it is empty: expected JSON"),
    ] {
        write(&folder, "offer.json", text);
        for args in [
            ["verify", "offer.json", "good.csv"].as_slice(),
            &["decide", "status", "offer.json", "--on", "2026-06-30"],
            &["evaluate", "good.csv", "--model", "offer.json"],
        ] {
            let lines = told(&folder, args);
            assert!(lines.len() == 1 && lines[0].contains(says), "{args:?}: {lines:?}");
        }
    }
}
