//! Good runs of `factorage evaluate`.

use std::fs;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::{contents, done, factorage, folder, refused};

const FILES: [&str; 7] = [
    "credit_memo.html",
    "footing.json",
    "invoices.csv",
    "invoices.parquet",
    "offer.json",
    "rejects.csv",
    "report.html",
];

#[test]
fn a_good_run_writes_exactly_these_files() {
    let folder = folder();
    let stdout = done(&folder, &["evaluate", "good.csv", "--out", "out"]);
    let written = contents(&folder.path().join("out"));
    assert_eq!(written.keys().map(String::as_str).collect::<Vec<_>>(), FILES);
    assert!(written.values().all(|bytes| !bytes.is_empty()));
    assert!(
        stdout.starts_with("As of 2026-06-08: the latest invoice or settlement date"),
        "{stdout}"
    );
    assert!(stdout.ends_with("Files written to out.\n"), "{stdout}");
    assert!(written["invoices.parquet"].starts_with(b"PAR1"));
    let report = String::from_utf8_lossy(&written["report.html"]);
    assert!(report.starts_with("<!DOCTYPE html>") && report.contains("South Mill"));
    let memo = String::from_utf8_lossy(&written["credit_memo.html"]);
    for part in
        ["Credit memo", "Decline. No price within the policy", "Underwriter ____", "Approved ____"]
    {
        assert!(memo.contains(part), "{part}: {memo}");
    }
    let footing: Value = serde_json::from_slice(&written["footing.json"]).expect("JSON");
    assert_eq!(footing["foots"], Value::Bool(true));
}

#[test]
fn json_on_stdout_is_offer_json() {
    let folder = folder();
    let stdout = done(&folder, &["evaluate", "good.csv", "--json", "--out", "out"]);
    let file = fs::read_to_string(folder.path().join("out/offer.json")).expect("offer.json");
    assert_eq!(stdout, file);
    let offer: Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!(offer["offer"]["parts"][0]["totals"]["gross"], "349.95");
    assert_eq!(offer["provenance"]["ledger_files"][0]["name"], "good.csv");
}

#[test]
fn the_issue_time_lands_in_the_envelope_and_nowhere_else() {
    let folder = folder();
    let at = "2026-06-30T09:00:00Z";
    let silent = done(&folder, &["evaluate", "good.csv", "--json"]);
    let stamped = done(&folder, &["evaluate", "good.csv", "--json", "--issued-at", at]);
    let [silent, mut stamped] =
        [silent, stamped].map(|text| serde_json::from_str::<Value>(&text).expect("JSON"));
    assert_eq!(silent["envelope"]["issued_at"], Value::Null);
    assert_eq!(stamped["envelope"]["issued_at"].take(), at);
    assert_eq!(stamped, silent);
}

#[test]
fn two_runs_write_the_same_bytes() {
    let folder = folder();
    for out in ["first", "second"] {
        done(&folder, &["evaluate", "good.csv", "--out", out]);
    }
    let [first, second] = ["first", "second"].map(|out| contents(&folder.path().join(out)));
    assert!(first == second, "files differ between two runs");
}

#[test]
fn a_second_run_replaces_the_files_of_the_first() {
    let folder = folder();
    done(&folder, &["evaluate", "good.csv", "--out", "out"]);
    let before = contents(&folder.path().join("out"));
    done(&folder, &["evaluate", "good.csv", "--as-of", "2026-06-01", "--out", "out"]);
    let after = contents(&folder.path().join("out"));
    assert_eq!(after.len(), FILES.len());
    assert_ne!(before["offer.json"], after["offer.json"]);
}

#[test]
fn options_reach_the_offer() {
    let folder = folder();
    let bare = "number,customer,date,total\n7,Mill,2026-05-04,80000\n";
    fs::write(folder.path().join("bare.csv"), bare).expect("a ledger");
    let policy = crate::evaluated::policy_text(&[("name", "\"house\"")]);
    fs::write(folder.path().join("house.toml"), &policy).expect("a policy");
    let args = ["--currency", "jpy", "--client", "Mill & Co", "--as-of", "2026-05-31"];
    let policy_args = ["--policy", "house.toml", "--json"];
    let args = [["evaluate", "bare.csv"].as_slice(), &args, &policy_args].concat();
    let offer: Value = serde_json::from_str(&done(&folder, &args)).expect("JSON");
    let part = &offer["offer"]["parts"][0];
    assert_eq!((&part["client"], &part["currency"]), (&"Mill & Co".into(), &"JPY".into()));
    assert_eq!(part["lines"][0]["face"], "80000");
    assert_eq!(offer["offer"]["as_of"], "2026-05-31");
    assert_eq!(offer["offer"]["policy"]["name"], "house");
    assert_eq!(offer["offer"]["policy"]["text"], policy.as_str());
}

#[test]
fn a_bad_row_is_written_to_rejects_csv_and_the_run_succeeds() {
    let folder = folder();
    let ledger = "number,customer,date,total\n1,Mill,2026-05-04,100\n2,Mill,soon,100\n";
    fs::write(folder.path().join("l.csv"), ledger).expect("a ledger");
    done(&folder, &["evaluate", "l.csv", "--out", "out"]);
    let rejects = fs::read_to_string(folder.path().join("out/rejects.csv")).expect("rejects.csv");
    let expected = "file,line,column,value,code,message\nl.csv,3,date,soon,bad_date,";
    assert!(rejects.starts_with(expected), "{rejects}");
}

#[test]
fn a_failure_to_write_leaves_no_file_behind() {
    let folder = folder();
    fs::create_dir_all(folder.path().join("out/report.html/x")).expect("a folder in the way");
    let sentence = refused(&folder, &["evaluate", "good.csv", "--out", "out"]);
    assert!(sentence.contains("report.html"), "{sentence}");
    let left: Vec<String> = contents(&folder.path().join("out")).into_keys().collect();
    assert_eq!(left, ["report.html"]);
}

#[test]
fn a_hostile_name_stays_text_in_every_file() {
    let folder = folder();
    let ledger = "number,customer,date,total\n\
                  1,<script>alert(1)</script>,2026-05-04,100\n2,=1+1,2026-05-04,100\n";
    fs::write(folder.path().join("l.csv"), ledger).expect("a ledger");
    done(&folder, &["evaluate", "l.csv", "--out", "out"]);
    let written = contents(&folder.path().join("out"));
    let report = String::from_utf8_lossy(&written["report.html"]);
    assert!(report.contains("&lt;script&gt;alert(1)"), "the name is shown");
    assert!(!report.contains("<script>alert"), "the name is markup");
    let invoices = String::from_utf8_lossy(&written["invoices.csv"]);
    assert!(invoices.contains(",'=1+1,") && !invoices.contains(",=1+1,"), "{invoices}");
}

#[test]
fn a_name_from_a_ledger_cannot_steer_the_terminal() {
    let folder = folder();
    let ledger = "client_id,number,customer,date,total\n\u{1b}[2JMill,1,\u{7}A,2026-05-04,100\n";
    fs::write(folder.path().join("l.csv"), ledger).expect("a ledger");
    let summary = done(&folder, &["evaluate", "l.csv"]);
    assert!(summary.contains("Mill"), "{summary:?}");
    let steers = |c: char| c.is_control() && c != '\n';
    assert!(!summary.contains(steers), "{summary:?}");
}

#[test]
fn a_ledger_may_come_through_a_pipe() {
    let folder = folder();
    let ledger = fs::File::open(folder.path().join("good.csv")).expect("a ledger");
    let mut cat = Command::new("cat").stdin(ledger).stdout(Stdio::piped()).spawn().expect("cat");
    let pipe = cat.stdout.take().expect("a pipe");
    let mut command = factorage();
    let output = command.args(["evaluate", "/dev/stdin"]).stdin(pipe).output().expect("a run");
    assert!(cat.wait().is_ok_and(|status| status.success()));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let summary = String::from_utf8_lossy(&output.stdout);
    assert!(summary.contains("Ledger: 2 rows in = 2 invoices; it foots."), "{summary}");
}
