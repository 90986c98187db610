//! Tables that follow from the code or from records of measurements.

use std::fs;

use factorage::policy::Rule;
use serde_json::Value;

use super::page::Page;
use crate::architecture::source::Source;

/// Compares each marked table of a page, or writes it.
pub fn check(page: &mut Page) {
    for (name, place) in page.tables() {
        let expected = match name.as_str() {
            "layouts" => layouts(),
            "reject_codes" => reject_codes(),
            "rules" => rules(),
            "routes" => routes(),
            "measured" => records("measured", &["what", "figure", "command"]),
            "calibration" => records(
                "calibration",
                &["business", "slope, 50 paid", "500", "50,000", "Brier, 500 paid", "50,000 paid"],
            ),
            other => panic!("{}: nothing makes a table {other:?}", page.path),
        };
        if page.part(&place) == expected {
            continue;
        }
        let hint = "FACTORAGE_WRITE_SNAPSHOTS=1 cargo test --test main guide writes it";
        assert!(
            crate::writes_snapshots(),
            "{}: the table {name} is not as the code says; {hint}",
            page.path
        );
        page.replace(place, expected);
    }
}

/// A table with a blank line before and after it.
fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let head: Vec<String> = head.iter().map(|cell| (*cell).to_owned()).collect();
    let rule = vec!["---".to_owned(); head.len()];
    let rows = rows.iter().map(|row| {
        // Nothing in a cell may end it.
        line(
            &row.iter()
                .map(|cell| cell.replace('|', "\\|").replace('[', "\\["))
                .collect::<Vec<_>>(),
        )
    });
    format!("\n{}|{}|\n{}\n", line(&head), rule.join("|"), rows.collect::<String>())
}

fn layouts() -> String {
    let mut rows: Vec<Vec<String>> = fs::read_dir("src/intake/layouts")
        .expect("layouts")
        .flatten()
        .map(|file| {
            let text = fs::read_to_string(file.path()).expect("a layout");
            let layout: toml::Table = text.parse().expect("TOML");
            let member = |key: &str| layout[key].as_str().expect("text").to_owned();
            vec![member("title"), format!("`{}`", member("name"))]
        })
        .collect();
    // The order of a folder's entries differs between file systems.
    rows.sort();
    table(&["export", "layout"], &rows)
}

/// The codes with what the documentation of each says.
fn reject_codes() -> String {
    let path = "src/intake/reject.rs";
    let source = Source::parse(path, &fs::read_to_string(path).expect("the codes"));
    let codes = source.syntax.items.iter().find_map(|item| match item {
        syn::Item::Enum(codes) if codes.ident == "RejectCode" => Some(codes),
        _ => None,
    });
    let row = |variant: &syn::Variant| {
        let said = variant.attrs.iter().filter_map(|attribute| match &attribute.meta {
            syn::Meta::NameValue(syn::MetaNameValue {
                value: syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }),
                ..
            }) => Some(text.value().trim().to_owned()),
            _ => None,
        });
        let mut code = String::new();
        for letter in variant.ident.to_string().chars() {
            if letter.is_uppercase() && !code.is_empty() {
                code.push('_');
            }
            code.extend(letter.to_lowercase());
        }
        vec![format!("`{code}`"), said.collect::<Vec<_>>().join(" ")]
    };
    let rows: Vec<_> = codes.expect("RejectCode").variants.iter().map(row).collect();
    table(&["code", "the row"], &rows)
}

fn rules() -> String {
    let row = |rule: Rule| {
        let kind = match () {
            () if rule.is_invoice_rule() => "invoice",
            () if rule.is_debtor_rule() => "debtor",
            () => "takes a part",
        };
        vec![format!("`{}`", rule.code()), rule.title().to_owned(), kind.to_owned()]
    };
    let rows: Vec<_> = Rule::ALL.into_iter().map(row).collect();
    table(&["code", "in the waterfall", "rule about"], &rows)
}

fn routes() -> String {
    let document = fs::read_to_string("tests/service/openapi.json").expect("the document");
    let document: Value = serde_json::from_str(&document).expect("JSON");
    let mut rows = Vec::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let summary = operation["summary"].as_str().expect("a summary").to_owned();
            rows.push(vec![format!("`{} {path}`", method.to_uppercase()), summary]);
        }
    }
    table(&["route", ""], &rows)
}

/// A table of `tests/bench/measured.toml`, whose rows a person copies from what the commands print.
fn records(name: &str, head: &[&str]) -> String {
    let text = fs::read_to_string("tests/bench/measured.toml").expect("the records");
    let records: toml::Table = text.parse().expect("TOML");
    let row = |record: &toml::Value| {
        let cells = record.as_array().expect("a row").iter();
        cells.map(|cell| cell.as_str().expect("text").to_owned()).collect()
    };
    let rows: Vec<Vec<String>> = records[name].as_array().expect("rows").iter().map(row).collect();
    table(head, &rows)
}
