use super::super::super::SheetError;
use super::super::{is_workbook, read_workbook};
use super::builder::{ods, package};
use super::{read_one, shown};

fn rows_of(rows: &str) -> Vec<String> {
    let table = format!(r#"<table:table table:name="S">{rows}</table:table>"#);
    shown(&read_one(&ods(&table)).unwrap())
}

/// XML with `<c …>` for a cell, `<r …>` for a row, and the usual prefixes left out.
fn rows_of_short(rows: &str) -> Vec<String> {
    let long = [
        ("<c", "<table:table-cell"),
        ("</c", "</table:table-cell"),
        ("<r", "<table:table-row"),
        ("</r", "</table:table-row"),
        (" type=", " office:value-type="),
        (" value=", " office:value="),
        (" formula=", " table:formula="),
        (" columns=", " table:number-columns-repeated="),
        (" rows=", " table:number-rows-repeated="),
        ("<p>", "<text:p>"),
        ("</p>", "</text:p>"),
    ];
    rows_of(&long.iter().fold(rows.to_owned(), |xml, (from, to)| xml.replace(from, to)))
}

#[test]
fn every_type_of_value_has_its_kind() {
    let rows = rows_of_short(
        r#"<r><c type="float" value="0.30000000000000004"><p>0,30</p></c>
        <c type="currency" value="-12.50"><p>x</p></c><c type="percentage" value="0.19"/>
        <c type="date" office:date-value="2024-01-31T12:00:00"><p>31.1.</p></c>
        <c type="boolean" office:boolean-value="true"/><c type="time"><p>12:30</p></c>
        <c type="string"><p>two</p><p>lines<text:s text:c="2"/><text:span>x</text:span></p></c>
        <c type="string" office:string-value="given"><p>shown</p></c>
        <c type="string" formula="of:=1/0"><p>#DIV/0!</p></c></r>"#,
    );
    let expected = "1|0 Number 0.3|1 Number -12.5|2 Number 0.19|3 Date 2024-01-31|4 Bool true\
        |5 Text 12:30|6 Text two lines  x|7 Text given|8 Error #DIV/0!";
    assert_eq!(rows, [expected]);
}

#[test]
fn a_formula_without_value_stays_a_formula() {
    let rows = rows_of_short(
        r#"<r><c formula="of:=SUM([.A1])"/><c formula="of:=2" type="float" value="2"/>
        <c formula="of:=&quot;&quot;" type="string"/><c formula="of:=3" type="float"/></r>"#,
    );
    assert_eq!(rows, ["1|0 Formula SUM([.A1])|1 Number 2|3 Formula 3"]);
}

#[test]
fn repeated_cells_and_rows_are_expanded_where_they_hold_text() {
    let rows = rows_of_short(
        r#"<r rows="2"><c columns="3"/><c type="string" columns="2"><p>a</p></c></r>
        <r rows="3"><c columns="16384"/></r>
        <r table:visibility="collapse"><c type="string"><p>b</p></c></r>
        <r rows="1048000"><c columns="16384"/></r>"#,
    );
    let a = |line| format!("{line}|3 Text a|4 Text a");
    let expected = [&a(1), &a(2), "3", "4", "5", "6 hidden|0 Text b"];
    assert_eq!(rows, expected);
}

#[test]
fn covered_cells_notes_and_shapes_are_left_out() {
    let rows = rows_of_short(
        r#"<table:shapes><r><c type="string"><p>shape</p></c></r></table:shapes><r>
        <c type="string"><office:annotation><p>note</p></office:annotation><p>a</p></c>
        <table:covered-table-cell columns="2"><p>covered</p></table:covered-table-cell>
        <c type="string"><p>b</p></c></r>"#,
    );
    assert_eq!(rows, ["1|0 Text a|3 Text b"]);
}

#[test]
fn rows_in_headers_and_groups_are_rows() {
    let rows = rows_of_short(
        r#"<table:table-header-rows><r><c type="string"><p>a</p></c></r></table:table-header-rows>
        <table:table-row-group><r><c type="string"><p>b</p></c></r></table:table-row-group>"#,
    );
    assert_eq!(rows, ["1|0 Text a", "2|0 Text b"]);
}

#[test]
fn a_table_whose_style_is_not_displayed_is_hidden() {
    let content = r#"<a><style:style style:name="t"><style:table-properties table:display="false"/>
        </style:style><office:spreadsheet><table:table table:name="1" table:style-name="t"/>
        <table:table table:name="2"/></office:spreadsheet></a>"#;
    let sheets = read_workbook(&package(&[("content.xml", content)])).unwrap();
    let hidden: Vec<_> = sheets.iter().map(|sheet| (sheet.name.as_str(), sheet.hidden)).collect();
    assert_eq!(hidden, [("1", true), ("2", false)]);
}

#[test]
fn an_encrypted_document_says_so() {
    let manifest = "<m:manifest><m:encryption-data/></m:manifest>";
    let parts = [("content.xml", "no XML"), ("META-INF/manifest.xml", manifest)];
    assert_eq!(read_workbook(&package(&parts)).unwrap_err(), SheetError::Encrypted);
    let whole = package(&[("encrypted-package", "")]);
    assert!(is_workbook(&whole));
    assert_eq!(read_workbook(&whole).unwrap_err(), SheetError::Encrypted);
}

#[test]
fn a_document_of_another_kind_holds_no_table() {
    let text = "<a><office:text><table:table/></office:text></a>";
    let error = read_workbook(&package(&[("content.xml", text)])).unwrap_err();
    assert!(matches!(error, SheetError::NoTable(_)), "{error}");
}
