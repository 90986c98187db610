//! Folders of ledgers in which other files lie.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use super::{GOOD, done, folder, refused, run, small};

const OTHER: &str = "\
invoice_number,debtor_id,debtor_name,invoice_date,due_date,currency,amount
7,10,Alder Mill,2026-04-01,2026-05-01,USD,700.00
";

/// A folder `book` of two ledgers.
fn book() -> TempDir {
    let folder = folder();
    let book = folder.path().join("book");
    fs::create_dir(&book).expect("a folder");
    fs::write(book.join("north.csv"), GOOD).expect("a ledger");
    fs::write(book.join("south.csv"), OTHER).expect("a ledger");
    folder
}

fn clients(folder: &TempDir) -> Vec<String> {
    let report: Value =
        serde_json::from_str(&done(folder, &["report", "book", "--json"])).expect("JSON");
    let rows = report["ageing"]["by_due_date"].as_array().expect("rows").clone();
    let names = rows.iter().filter_map(|row| row["client"].as_str());
    names.filter(|name| *name != "All clients").map(str::to_owned).collect()
}

#[test]
fn files_that_are_plainly_no_ledgers_are_left_out_and_named() {
    let folder = book();
    let book = folder.path().join("book");
    let files: [(&str, &[u8]); 8] = [
        ("README", b"The ledgers of the book.\n\nAsk for more, if need be.\n"),
        ("notes.md", b"# Notes, of all kinds\n"),
        ("scan.png", b"\x89PNG\r\n\x1a\n\0\0"),
        (".hidden", b"x"),
        ("generate.sh", b"#!/bin/sh\ndate\n"),
        ("debtors.csv", b"debtor,group,limit\n10,Mills,5000\n"),
        ("rates.csv", b"from,to,rate,date\nEUR,USD,1.08,2026-06-30\n"),
        ("debtors.toml", b"[[debtor]]\nkey = \"R\"\n"),
    ];
    for (name, bytes) in files {
        fs::write(book.join(name), bytes).expect("a file");
    }
    fs::create_dir(book.join("old")).expect("a folder");
    assert_eq!(clients(&folder), ["north", "south"]);
    let told = done(&folder, &["report", "book"]);
    let note = told.lines().find(|line| line.contains("left out")).unwrap_or(&told);
    for (name, _) in files {
        assert!(note.contains(name), "{name}: {note}");
    }
    for what in
        ["rates.csv (a file of conversion rates)", "scan.png (an image (PNG))", "old (a folder"]
    {
        assert!(note.contains(what), "{what}: {note}");
    }
}

#[test]
fn a_damaged_or_unknown_ledger_is_a_failure_and_never_left_out() {
    let columns = "Kundennr;Beleg;Tag\n1;2;3\n4;5;6\n";
    let cases: [(&str, &[u8]); 6] = [
        ("west.xlsx", b"PK\x03\x04\x14\0"),
        ("west.parquet", b"PAR1 and no more PAR1"),
        ("west.csv", columns.as_bytes()),
        ("west.json", b"[{\"number\": 1,"),
        ("west.pdf", b"%PDF-1.7\n"),
        ("west.txt", b""),
    ];
    for (name, bytes) in cases {
        let folder = book();
        fs::write(folder.path().join("book").join(name), bytes).expect("a file");
        let output = run(&folder, &["report", "book"]);
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(1), "{name}: {told}");
        assert!(told.contains("Not read: west: "), "{name}: {told}");
    }
}

#[test]
fn what_we_wrote_into_a_folder_of_ledgers_is_left_out() {
    let folder = book();
    fs::write(folder.path().join("sample.csv"), small(60)).expect("a ledger");
    for args in [
        &["report", "book", "--out", "book", "--letters", "book"][..],
        &["evaluate", "sample.csv", "--out", "book"],
        &["backtest", "sample.csv", "--origins", "2026-05-31", "--model", "km", "--out", "book"],
        &["train", "sample.csv", "--out", "book/model.json"],
        &["report", "book", "--out", "book", "--letters", "book"],
    ] {
        done(&folder, args);
    }
    assert_eq!(clients(&folder), ["north", "south"]);
    done(&folder, &["ingest", "sample.csv", "--out", "book"]);
    assert_eq!(clients(&folder), ["north", "south"]);
    let told = done(&folder, &["report", "book"]);
    assert!(told.contains("(a document that Factorage wrote)"), "{told}");
}

#[test]
fn two_ledgers_of_one_client_are_both_named() {
    let folder = book();
    fs::write(folder.path().join("book/north.txt"), OTHER).expect("a ledger");
    let expected = "factorage: book: north.csv and north.txt would both be the ledger of client \
                    'north'; rename one, or list the clients in a portfolio.toml";
    assert_eq!(refused(&folder, &["report", "book"]), expected);
    let empty = folder.path().join("none");
    fs::create_dir(&empty).expect("a folder");
    fs::write(empty.join("run.sh"), "#!/bin/sh\n").expect("a script");
    let expected = "factorage: none: contains no ledgers, only run.sh (a script)";
    assert_eq!(refused(&folder, &["report", "none"]), expected);
}

#[test]
fn rows_that_could_not_be_read_are_told_with_their_ledger() {
    let folder = book();
    let damaged = format!("{OTHER}8,10,Alder Mill,2026-04-01,2026-05-01,USD,abc\n");
    fs::write(folder.path().join("book/south.csv"), damaged).expect("a ledger");
    let told = done(&folder, &["report", "book"]);
    let note = "  Note: south: 1 row of 2 could not be read and is left out of all figures";
    assert!(told.contains(note), "{told}");
    let shown = done(&folder, &["report", "book", "--sections", "overview", "--json"]);
    assert!(shown.contains("south: 1 row of 2 could not be read"), "{shown}");
}
