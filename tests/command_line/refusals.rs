//! Runs that cannot succeed: one sentence that names the thing, and nothing written.

use std::fs;

use tempfile::TempDir;

use super::{contents, folder, refused};
use crate::evaluated::policy_text;

/// Evaluates a file with these bytes and returns the sentence; nothing may be written.
#[track_caller]
fn refuse_ledger(name: &str, bytes: &[u8]) -> String {
    let folder = folder();
    fs::write(folder.path().join(name), bytes).expect("a file");
    refuse(&folder, &[name])
}

/// Evaluates with `--out` to a folder that holds an earlier offer, and to one that does not exist.
#[track_caller]
fn refuse(folder: &TempDir, args: &[&str]) -> String {
    let old = folder.path().join("old");
    fs::create_dir_all(&old).expect("a folder");
    fs::write(old.join("offer.json"), "earlier").expect("an earlier offer");
    let with_out = |out: &'static str| [&["evaluate"], args, &["--out", out]].concat();
    let sentence = refused(folder, &with_out("new"));
    assert_eq!(refused(folder, &with_out("old")), sentence);
    assert!(!folder.path().join("new").exists(), "{args:?} made the folder");
    let left = contents(&old);
    assert_eq!(left.len(), 1, "{args:?} left {:?}", left.keys());
    assert_eq!(left["offer.json"], b"earlier");
    sentence
}

#[test]
fn a_missing_file_is_named() {
    let expected = "factorage: missing.csv: there is no such file or folder";
    assert_eq!(refuse(&folder(), &["missing.csv"]), expected);
    assert_eq!(refuse(&folder(), &["good.csv", "missing.csv"]), expected);
}

#[test]
fn a_file_without_a_ledger_is_named_with_what_it_is() {
    let empty = "is empty, expected a header row and one row per invoice";
    let binary = "is not a supported file format";
    let formats = "supported formats are CSV and other delimited text, XLSX, XLS, ODS, Parquet, JSON \
                   and UBL";
    let export = "export the report as XLSX or CSV instead";
    let nothing = "contains no table: the archive contains no files";
    for (name, bytes, says) in [
        ("empty.csv", b"".as_slice(), empty),
        ("blank.csv", b"\r\n\n  \n", empty),
        ("mark.csv", b"\xEF\xBB\xBF", empty),
        ("zeros.csv", &[0; 5000], &format!("{binary}: it contains NUL bytes")),
        (
            "scan.png",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\0",
            &format!("is not a ledger but an image (PNG); {formats}"),
        ),
        (
            "book.xlsx",
            b"PK\x03\x04\x14\0",
            "is damaged: the zip archive is incomplete or inconsistent",
        ),
        (
            "page.xls",
            b"<html><table></table></html>",
            "is not a supported file format: it is a web page; open it in a spreadsheet program and \
             save it as XLSX",
        ),
        (
            "report.pdf",
            b"%PDF-1.7\n%\xE2\xE3",
            &format!("{binary}: it is a PDF document; {export}"),
        ),
        (
            "l.csv.gz",
            b"\x1F\x8B\x08\0",
            &format!("{binary}: it is compressed (gzip); unpack it first"),
        ),
        (
            "Cargo.toml",
            b"[package]\nname = \"x\"\nversion = \"1\"\n",
            &format!("is not a ledger but a TOML file; {formats}"),
        ),
        ("run.sh", b"#!/bin/sh\ndate\n", &format!("is not a ledger but a script; {formats}")),
        (
            "note.txt",
            b"Please call me back.\n",
            "is text without columns (it begins 'Please call me back.'); expected a header row and one \
             row per invoice",
        ),
        ("nothing.zip", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", nothing),
    ] {
        assert_eq!(refuse_ledger(name, bytes), format!("factorage: {name}: {says}"));
    }
}

#[test]
fn an_empty_folder_is_no_ledger() {
    let folder = folder();
    fs::create_dir(folder.path().join("ledgers")).expect("a folder");
    let expected = "factorage: ledgers: contains no files";
    assert_eq!(refuse(&folder, &["ledgers"]), expected);
}

#[test]
fn missing_columns_are_named_beside_those_found() {
    let expected = "factorage: l.csv: no column for debtor_id or debtor_name, invoice_date or due_date, \
                    amount (the header row has: number, colour); name the columns in a mapping \
                    file (--mapping)";
    assert_eq!(refuse_ledger("l.csv", b"number,colour\n1,red\n"), expected);
}

#[test]
fn a_file_of_bad_rows_alone_is_refused_with_the_first_fault() {
    let rows = b"number,customer,date,amount\n1,Mill,2026-05-04,x\n2,Mill,soon,5\n";
    let expected = "factorage: no usable invoices in l.csv: 2 rows read, 2 rejected; first reject, \
                    line 2: expected a number such as 1234.56 or 1,234.56 (found 'x')";
    assert_eq!(refuse_ledger("l.csv", rows), expected);
    let header = refuse_ledger("h.csv", b"number,customer,date,amount\n");
    let expected = "factorage: h.csv: has a header row but no rows below it; expected one row per \
                    invoice";
    assert_eq!(header, expected);
}

#[test]
fn an_unclosed_quote_is_named_by_its_line() {
    let rows = b"number,customer,date,amount\n1,Mill,2026-05-04,5\n2,\"Mill,2026-05-04,5\n3,Mill,2026-05-04,5\n";
    let expected = "factorage: l.csv, line 3: a quoted cell opens here and never closes";
    assert_eq!(refuse_ledger("l.csv", rows), expected);
}

/// Evaluates the good ledger under a policy with this text and returns the sentence.
#[track_caller]
fn refuse_policy(text: &str) -> String {
    let folder = folder();
    fs::write(folder.path().join("house.toml"), text).expect("a policy");
    refuse(&folder, &["good.csv", "--policy", "house.toml"])
}

#[test]
fn an_advance_rate_of_8500_percent_is_refused() {
    let text = policy_text(&[("advance.rate_percent", "8500")]);
    let line = 1 + text.lines().position(|line| line == "rate_percent = 8500").expect("it");
    let expected = format!(
        "factorage: house.toml: line {line}: advance.rate_percent = 8500: expected a percent from 0 \
         to 100"
    );
    assert_eq!(refuse_policy(&text), expected);
}

#[test]
fn a_key_that_no_policy_has_is_named_in_one_sentence() {
    let text = policy_text(&[]).replacen("valid_days", "valid_dayz", 1);
    let sentence = refuse_policy(&text);
    assert!(sentence.starts_with("factorage: house.toml: "), "{sentence}");
    assert!(sentence.contains("valid_dayz") && sentence.contains("valid_days"), "{sentence}");
}

#[test]
fn a_policy_that_is_not_toml_is_refused_in_one_sentence() {
    let sentence = refuse_policy("Dear factor, buy everything.");
    assert!(sentence.starts_with("factorage: house.toml: "), "{sentence}");
    assert!(sentence.contains("line 1"), "{sentence}");
}

#[test]
fn a_missing_policy_is_named() {
    let expected = "factorage: house.toml: there is no such file or folder";
    assert_eq!(refuse(&folder(), &["good.csv", "--policy", "house.toml"]), expected);
}

#[test]
fn an_as_of_date_before_every_invoice_is_refused() {
    let expected = "factorage: no invoice was issued by 2026-05-03; the ledger's invoices and \
                    settlements date from 2026-05-04 to 2026-06-08";
    assert_eq!(refuse(&folder(), &["good.csv", "--as-of", "2026-05-03"]), expected);
}

#[test]
fn a_bad_as_of_date_is_named_in_one_sentence() {
    for bad in ["2026-02-30", "30.06.2026", "today"] {
        let sentence = refuse(&folder(), &["good.csv", "--as-of", bad]);
        assert!(sentence.contains(bad) && sentence.contains("--as-of"), "{sentence}");
        assert!(sentence.contains("YYYY-MM-DD"), "{sentence}");
    }
}

#[test]
fn a_bad_currency_is_named_in_one_sentence() {
    for bad in ["USX", "dollars"] {
        let sentence = refuse(&folder(), &["good.csv", "--currency", bad]);
        assert!(sentence.contains(bad) && sentence.contains("ISO 4217"), "{sentence}");
    }
}

#[test]
fn a_bad_issue_time_is_named_in_one_sentence() {
    let sentence = refuse(&folder(), &["good.csv", "--issued-at", "noon"]);
    assert!(sentence.contains("noon") && sentence.contains("2026-06-30T09:00:00Z"), "{sentence}");
}

#[test]
fn two_columns_for_one_field_are_named() {
    let rows = b"number,invoice no,customer,date,amount\n1,1,Mill,2026-05-04,5\n";
    let expected = "factorage: l.csv: columns 'number' and 'invoice no' both look like \
                    invoice_number; rename one, or choose one in a mapping file (--mapping)";
    assert_eq!(refuse_ledger("l.csv", rows), expected);
}

#[test]
fn a_damaged_parquet_file_is_refused_in_one_sentence() {
    let sentence = refuse_ledger("l.parquet", b"PAR1 and then nothing of the kind PAR1");
    assert!(sentence.starts_with("factorage: l.parquet: "), "{sentence}");
}
