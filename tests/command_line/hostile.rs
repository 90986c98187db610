//! Files made to do harm: one clear sentence or a ledger, and never an abort. What they cost is in
//! `growth`.

use std::fmt::Write as _;
use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;

use serde_json::Value;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::{folder, run};

pub const HEADER: &str =
    "invoice_number,debtor_id,debtor_name,invoice_date,due_date,currency,amount\n";
const ROW: &str = "A-1,D1,North Mill,2026-05-04,2026-06-03,USD,1250.00\n";

/// The output of `ingest --json` for a file with these bytes; a refusal is one line on stderr.
#[track_caller]
fn ingested(name: &str, bytes: &[u8]) -> Value {
    let folder = folder();
    fs::write(folder.path().join(name), bytes).expect("a file");
    let output = run(&folder, &["ingest", name, "--json"]);
    let json: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{name}: {error}: {}", output.status));
    let stderr = String::from_utf8(output.stderr).expect("UTF-8");
    let refused = json["status"] == "refused";
    assert_eq!(output.status.code(), Some(i32::from(refused)), "{name}: {stderr}");
    assert_eq!(stderr.lines().count(), usize::from(refused), "{name}: {stderr}");
    assert!(stderr.chars().count() < 1000, "{name}: {stderr}");
    json
}

#[track_caller]
fn refused(name: &str, bytes: &[u8], code: &str) {
    let found = ingested(name, bytes);
    assert_eq!(found["code"], code, "{name}: {}", found["message"]);
}

/// The rows of a file that is read.
#[track_caller]
fn rows(name: &str, bytes: &[u8]) -> u64 {
    let found = ingested(name, bytes);
    assert_eq!(found["status"], "read", "{name}: {}", found["message"]);
    found["counts"]["rows"].as_u64().expect("a count")
}

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, SimpleFileOptions::default()).expect("a member");
        writer.write_all(content).expect("a member");
    }
    writer.finish().expect("an archive").into_inner()
}

/// The head and then a line for each number.
pub fn lines(head: &str, count: usize, line: impl Fn(usize) -> String) -> Vec<u8> {
    let all = (0..count).map(line);
    all.fold(head.to_owned(), |text, line| text + &line).into_bytes()
}

#[test]
fn archives_that_inflate_nest_or_hide_are_refused() {
    refused("bomb.zip", &archive(&[("a.csv", &vec![0; 11 << 20])]), "inflates_too_much");
    let mut nested = archive(&[("a.csv", [HEADER, ROW].concat().as_bytes())]);
    for _ in 0..6 {
        nested = archive(&[("a.zip", &nested)]);
    }
    refused("nested.zip", &nested, "no_table");
    let mut encrypted = archive(&[("a.csv", ROW.as_bytes())]);
    for (signature, flags) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let at = encrypted.windows(4).position(|bytes| bytes == signature).expect("a header");
        encrypted[at + flags] |= 1;
    }
    refused("encrypted.zip", &encrypted, "encrypted");
    refused("packed.csv.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03", "binary_file");
}

#[test]
fn a_sheet_that_spans_everything_costs_what_is_in_it() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ledger_files/exports/xlsx_plain.xlsx");
    let mut plain =
        zip::ZipArchive::new(fs::File::open(&path).expect("a workbook")).expect("a zip");
    let mut members = Vec::new();
    for index in 0..plain.len() {
        let mut member = plain.by_index(index).expect("a member");
        let name = member.name().expect("a name").into_owned();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut member, &mut text).expect("XML");
        let far = "<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row></sheetData>";
        members.push((name, text.replace("</sheetData>", far)));
    }
    let members: Vec<(&str, &[u8])> =
        members.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    let near = rows("near.xlsx", &fs::read(path).expect("a workbook"));
    assert_eq!(rows("far.xlsx", &archive(&members)), near + 1);
}

#[test]
fn wide_rows_are_read_up_to_the_columns_of_a_worksheet() {
    let wide = |columns: usize| {
        let more: String = (0..columns - 7).fold(String::new(), |mut text, at| {
            let _ = write!(text, ",c{at}");
            text
        });
        [HEADER.trim(), &more, "\n", ROW.trim(), &",1".repeat(columns - 7), "\n"].concat()
    };
    assert_eq!(rows("wide.csv", wide(10_000).as_bytes()), 1);
    refused("wider.csv", wide(17_000).as_bytes(), "too_many_columns");
    refused("commas.csv", &b",".repeat(20 << 20), "row_too_long");
}

#[test]
fn cells_and_rows_without_an_end_are_refused() {
    let general = "Report\n\nInv No;Customer;Date;Amount\n1;";
    let cell = |size: usize| [general, &"x".repeat(size), ";2026-05-04;5\n"].concat();
    refused("cell.csv", cell(2 << 20).as_bytes(), "cell_too_long");
    refused("row.csv", cell(20 << 20).as_bytes(), "row_too_long");
    refused("line.csv", "x".repeat(20 << 20).as_bytes(), "row_too_long");
    let quoted = [HEADER, ROW, "\"", &"x\n".repeat(10 << 20)].concat();
    refused("quoted.csv", quoted.as_bytes(), "unclosed_quote");
    refused("quotes.csv", &b"\"".repeat((1 << 20) + 1), "unclosed_quote");
    refused("lines.csv", &b"\n".repeat(1 << 20), "empty");
}

#[test]
fn entities_and_depth_are_refused() {
    let root = "<Invoice xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2\"><ID>";
    let laughs = "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
    let outside = "<!DOCTYPE l [<!ENTITY a SYSTEM \"file:///etc/hostname\">]>";
    for kind in [laughs, outside] {
        let text = format!("<?xml version=\"1.0\"?>{kind}{root}&a;</ID></Invoice>");
        refused("entities.xml", text.as_bytes(), "document_type_declared");
    }
    refused("deep.xml", [root, &"<a>".repeat(1 << 20)].concat().as_bytes(), "damaged_file");
    refused("deep.json", "[".repeat(1 << 20).as_bytes(), "damaged_file");
    refused("deeper.json", "{\"a\":".repeat(1 << 20).as_bytes(), "damaged_file");
}

#[test]
fn encodings_that_break_are_read_or_refused() {
    refused("zeros.csv", &[HEADER.as_bytes(), &[0; 5000]].concat(), "binary_file");
    let wrong = [HEADER.as_bytes(), b"A-1,D1,M\xFFl\xC3,2026-05-04,,USD,5\n"].concat();
    assert_eq!(rows("wrong.csv", &wrong), 1);
    let tabs = [HEADER, ROW].concat().replace(',', "\t");
    let mut wide: Vec<u8> = tabs.encode_utf16().flat_map(u16::to_le_bytes).collect();
    wide.splice(0..0, *b"\xFF\xFE");
    wide.push(b'x');
    assert!(rows("odd.txt", &wide) >= 1);
}

#[test]
fn lines_that_end_in_a_carriage_return_alone_are_lines_however_many() {
    let row = |at: usize| format!("A-{at},D1,Mill,2026-05-04,,USD,{}.00\r", at + 1);
    let whole = lines(&HEADER.replace('\n', "\r"), 80_000, row);
    assert!(whole.len() > 2 << 20);
    assert_eq!(rows("mac.csv", &whole), 80_000);
}

#[test]
fn truncated_files_are_refused_as_damaged() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ledger_files");
    for name in [
        "exports/xlsx_plain.xlsx",
        "exports/ods_plain.ods",
        "exports/xls_plain.xls",
        "parquet/timestamp.parquet",
    ] {
        let whole = fs::read(folder.join(name)).expect("a file");
        for percent in [10, 50, 90] {
            let cut = &whole[..whole.len() * percent / 100];
            refused(name.rsplit('/').next().expect("a name"), cut, "damaged_file");
        }
    }
}
