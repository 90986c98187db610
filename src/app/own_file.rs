use std::fs::File;
use std::io::Read;
use std::path::Path;

use zip::ZipArchive;

/// Tables written beside a document of this name.
const TABLES: [(&str, &[&str]); 2] = [
    (
        "footing.json",
        &[
            "invoices.csv",
            "invoices.parquet",
            "rejects.csv",
            "settlements.parquet",
            "debtors.parquet",
        ],
    ),
    ("backtest.json", &["predictions.csv"]),
];

/// The content security policy of every page. Nothing is loaded from anywhere, so that even a text
/// that slipped through the escaping could not call out.
pub const CONTENT_POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The beginnings of the titles of our workbooks.
pub const WORKBOOKS: [&str; 2] = ["Portfolio as of ", "Purchase offer as of "];

/// The bytes of a file that are looked at. A page has its content policy before its style.
const LOOKED_AT: u64 = 4096;

/// Describes a file that Factorage itself wrote, so that it is not read as a ledger: a document is
/// known by its content, a table by its name beside the document of the same run.
pub fn own_file(path: &Path) -> Option<&'static str> {
    let name = path.file_name()?.to_str()?;
    let beside = |document: &str| path.with_file_name(document).is_file();
    if TABLES.iter().any(|(document, tables)| tables.contains(&name) && beside(document)) {
        return Some("a table that Factorage wrote");
    }
    let mut head = Vec::new();
    File::open(path).ok()?.take(LOOKED_AT).read_to_end(&mut head).ok()?;
    if head.starts_with(b"PK\x03\x04") {
        let title = title(path)?;
        let is_ours = WORKBOOKS.iter().any(|begins| title.contains(begins));
        return is_ours.then_some("a workbook that Factorage wrote");
    }
    // Lossy, because the cut may go through a character.
    let text = String::from_utf8_lossy(&head);
    let says = |words: &[&str]| words.iter().all(|words| text.contains(words));
    if says(&["<!DOCTYPE html>", CONTENT_POLICY]) {
        return Some("a page that Factorage wrote");
    }
    let is_ours = text.starts_with('{')
        && (says(&["\"format\": \"factorage."])
            || says(&["\"envelope\"", "\"offer\""])
            || says(&["\"files\"", "\"holds_documents\"", "\"recognised_columns\""])
            || says(&["\"status\"", "\"layout\"", "\"counts\""]));
    is_ours.then_some("a document that Factorage wrote")
}

/// The title in the properties of a workbook.
fn title(path: &Path) -> Option<String> {
    let mut archive = ZipArchive::new(File::open(path).ok()?).ok()?;
    let properties = archive.by_name("docProps/core.xml").ok()?;
    let mut text = String::new();
    properties.take(LOOKED_AT).read_to_string(&mut text).ok()?;
    let (_, title) = text.split_once("<dc:title>")?;
    title.split_once("</dc:title>").map(|(title, _)| title.to_owned())
}
