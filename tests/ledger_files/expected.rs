//! Exports of all kinds, each beside the certificate that was worked out for it by hand:
//! `NAME.ext` and `NAME.expect.json`.

use std::fs;
use std::path::{Path, PathBuf};

use factorage::app::{IngestRequest, ingest};
use factorage::ledger::{DateOrder, DebtorFile, Decimal};
use factorage::policy::Policy;
use factorage::report::intake::{intake_json, refusal_json};
use rayon::prelude::*;
use serde_json::Value;

use super::path;

/// The exports in a folder of `tests/ledger_files`, by stem.
fn exports(folder: &str) -> Vec<(PathBuf, Value)> {
    let mut names: Vec<PathBuf> = fs::read_dir(path(folder))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_file() && !path.to_string_lossy().ends_with(".expect.json"))
        .collect();
    names.sort();
    let expectation = |file: PathBuf| {
        let text = fs::read_to_string(file.with_extension("expect.json"))
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let expected = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        (file, expected)
    };
    names.into_iter().map(expectation).collect()
}

/// The request of an expectation: its options as the command line has them.
fn request(file: &Path, expected: &Value) -> IngestRequest {
    let folder = file.parent().expect("a folder");
    let texts = |name: &str| -> Vec<String> {
        let list = expected[name].as_array().cloned().unwrap_or_default();
        list.iter().map(|text| text.as_str().expect("a text").to_owned()).collect()
    };
    let mut ledgers = vec![file.to_owned()];
    ledgers.extend(texts("files").iter().map(|name| folder.join(name)));
    let mut request = IngestRequest::new(ledgers, Policy::standard().expect("the standard policy"));
    let guidance = &mut request.guidance;
    for pair in texts("options").chunks(2) {
        let [option, value] = pair else { panic!("{}: an option needs a value", file.display()) };
        match option.as_str() {
            "--as-of" => request.as_of = Some(value.parse().expect("a date")),
            "--currency" => guidance.currency = Some(value.parse().expect("listed")),
            "--client" => guidance.client = Some(value.clone()),
            "--layout" => guidance.layout = Some(value.clone()),
            "--rates" => request.rates = Some(folder.join(value)),
            "--mapping" => guidance.mapping = Some(folder.join(value)),
            "--debtors" => guidance.debtors = Some(DebtorFile::Own(folder.join(value))),
            "--decimal" if value == "comma" => guidance.decimal = Some(Decimal::Comma),
            "--decimal" => guidance.decimal = Some(Decimal::Point),
            "--date-order" if value == "dmy" => guidance.date_order = Some(DateOrder::Dmy),
            "--date-order" if value == "mdy" => guidance.date_order = Some(DateOrder::Mdy),
            other => panic!("{}: {other} is no option of these tests", file.display()),
        }
    }
    request
}

/// The output of `ingest --json`.
fn printed(request: &IngestRequest) -> Value {
    let mut out = Vec::new();
    match ingest(request, &|_| ()) {
        Ok(ingested) => intake_json(&ingested, &mut out).expect("JSON"),
        Err(error) => refusal_json(&error, &mut out).expect("JSON"),
    }
    serde_json::from_slice(&out).expect("JSON")
}

/// The differences between an expectation and the result of its export.
fn differences(expected: &Value, found: &Value) -> Vec<String> {
    let mut differences = Vec::new();
    let mut same = |what: &str, expected: &Value, found: &Value| {
        if expected != found {
            differences.push(format!("{what}: expected {expected}, found {found}"));
        }
    };
    for (name, wanted) in expected.as_object().expect("an object") {
        match name.as_str() {
            "options" | "files" => {}
            "counts" => {
                for (name, wanted) in wanted.as_object().expect("counts") {
                    let found = &found["counts"][name];
                    let found = if name == "classified" { &without_zeros(found) } else { found };
                    same(name, wanted, found);
                }
            }
            "warnings" => same(name, wanted, &codes(&found["warnings"])),
            "failing_checks" => same(name, wanted, &failing(&found["footing"]["checks"]).into()),
            "rejects" => same(name, wanted, &places(&found["rejects"])),
            _ => same(name, wanted, &found[name]),
        }
    }
    if found["status"] == "read" {
        same("the rows", &found["counts"]["rows"], &accounted_for(&found["counts"]).into());
    }
    differences
}

fn without_zeros(counts: &Value) -> Value {
    let counts = counts.as_object().cloned().unwrap_or_default();
    counts.into_iter().filter(|(_, count)| *count != 0).collect::<serde_json::Map<_, _>>().into()
}

/// The codes of warnings, each once, in order.
fn codes(warnings: &Value) -> Value {
    let mut codes: Vec<_> =
        warnings.as_array().into_iter().flatten().map(|w| w["code"].to_string()).collect();
    codes.sort();
    codes.dedup();
    codes.iter().map(|code| Value::from(code.trim_matches('"'))).collect()
}

fn failing(checks: &Value) -> usize {
    let zero = |check: &&Value| {
        let difference = check["difference"].as_str().expect("a decimal");
        difference.bytes().all(|byte| matches!(byte, b'0' | b'.' | b'-'))
    };
    checks.as_array().into_iter().flatten().filter(|check| !zero(check)).count()
}

fn places(rejects: &Value) -> Value {
    let place = |reject: &Value| {
        let cells = ["code", "row", "column", "value"];
        cells.map(|name| (name.to_owned(), reject[name].clone())).into_iter().collect()
    };
    rejects.as_array().into_iter().flatten().map(place).collect::<Vec<Value>>().into()
}

fn accounted_for(counts: &Value) -> u64 {
    let classified = counts["classified"].as_object().expect("classes").values();
    let count = |value: &Value| value.as_u64().expect("a count");
    count(&counts["invoices"]) + count(&counts["rejects"]) + classified.map(count).sum::<u64>()
}

#[track_caller]
fn read_as_expected(folder: &str, at_least: usize) {
    let exports = exports(folder);
    assert!(exports.len() >= at_least, "{} exports in {folder}", exports.len());
    let problems: Vec<String> = exports
        .par_iter()
        .flat_map_iter(|(file, expected)| {
            let found = printed(&request(file, expected));
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            differences(expected, &found).into_iter().map(move |text| format!("{name}: {text}"))
        })
        .collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn exports_with_one_trait_or_defect_give_their_certificates() {
    read_as_expected("exports", 100);
}

#[test]
fn every_layout_reads_its_sample() {
    read_as_expected("layouts", 40);
}

#[test]
fn every_layout_has_a_sample() {
    let samples = exports("layouts");
    let layouts = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/intake/layouts");
    for layout in fs::read_dir(layouts).expect("layouts") {
        let path = layout.expect("an entry").path();
        let name = path.file_stem().and_then(|stem| stem.to_str()).expect("a name");
        let of = |(_, expected): &&(PathBuf, Value)| expected["layout"] == name;
        let by_payments = name == "zoho_payments";
        assert!(by_payments || samples.iter().any(|sample| of(&sample)), "{name} has no sample");
    }
}
