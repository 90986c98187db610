//! Files that are made to hurt: each is refused in one sentence, with its code.

use std::fs;
use std::io::Write as _;

use serde_json::Value;

use super::{folder, run};

/// The code with which `ingest --json` refuses a file.
#[track_caller]
fn code_of(name: &str, bytes: &[u8]) -> String {
    let folder = folder();
    fs::write(folder.path().join(name), bytes).expect("a file");
    let output = run(&folder, &["ingest", name, "--json"]);
    assert_eq!(output.status.code(), Some(1), "{name} was read");
    let stderr = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(stderr.lines().count(), 1, "{name}: {stderr}");
    let refusal: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    refusal["code"].as_str().expect("a code").to_owned()
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a member");
        zip.write_all(bytes).expect("its bytes");
    }
    zip.finish().expect("a zip").into_inner()
}

#[test]
fn a_zip_bomb_is_not_inflated() {
    let bomb = zipped(&[("ledger.csv", &vec![b'0'; 48 << 20])]);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(code_of("bomb.zip", &bomb), "inflates_too_much");
}

#[test]
fn entities_and_document_types_are_refused() {
    let laughs =
        b"<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><l>&b;</l>";
    assert_eq!(code_of("laughs.xml", laughs), "document_type_declared");
    let outside = b"<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><l>&a;</l>";
    assert_eq!(code_of("outside.xml", outside), "document_type_declared");
}

#[test]
fn too_many_columns_and_too_long_cells_are_refused() {
    let header = "invoice_number,customer,invoice_date,open balance";
    let wide =
        format!("{header}{}\n1,Mill,2026-05-04,5{}\n", ",x".repeat(20_000), ",y".repeat(20_000));
    assert_eq!(code_of("wide.csv", wide.as_bytes()), "too_many_columns");
    let long = format!("{header}\n1,{},2026-05-04,5\n", "M".repeat(3 << 20));
    assert_eq!(code_of("long.csv", long.as_bytes()), "cell_too_long");
}

#[test]
fn json_that_nests_without_end_is_refused() {
    let deep = "[".repeat(1_000_000);
    assert_eq!(code_of("deep.json", deep.as_bytes()), "damaged_file");
}

#[test]
fn truncated_workbooks_are_refused() {
    let sheet = b"<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData></worksheet>";
    let whole = zipped(&[("xl/workbook.xml", b"<workbook/>"), ("xl/worksheets/sheet1.xml", sheet)]);
    assert_eq!(code_of("cut.xlsx", &whole[..whole.len() / 2]), "damaged_file");
}
