//! Our readers of workbooks against calamine's, cell by cell, on every workbook of the other tests
//! and on a generated one with cells of every kind.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Cursor;

use calamine::{Data, DataType, Reader as _, open_workbook_auto_from_rs};
use factorage::sheet::{CellKind, FileError, Input, Reader, Source, open};
use rust_xlsxwriter::{Format, Formula, Workbook, XlsxError};

use super::{files_in, path};

/// Cells by worksheet, row and column from 0. Texts are in quotes, so that the text "7" is not the
/// number 7, and a formula without a value begins with an equals sign.
type Cells = BTreeMap<(String, u64, usize), String>;

/// Knows nothing of the meaning of cells, which no workbook depends on.
struct Ignorant;

impl Reader for Ignorant {
    fn columns_named(&self, _: &[Cow<'_, str>]) -> usize {
        0
    }

    fn refuses(&self, _: &str, _: &[(String, &str)]) -> Option<FileError> {
        None
    }
}

fn ours(name: &str, bytes: &[u8]) -> Cells {
    let input = Input::of(&Source::bytes(name, bytes)).expect("bytes");
    let (files, strays) = open(&input, &Ignorant).unwrap_or_else(|error| panic!("{error}"));
    assert!(strays.is_empty() && files.len() == 1, "{name}");
    let mut cells = Cells::new();
    for sheet in &files[0].sheets {
        for row in sheet.rows() {
            for (column, kind, text) in row.cells() {
                let shown = match kind {
                    CellKind::Text => format!("{text:?}"),
                    CellKind::Formula => format!("={text}"),
                    _ => text.to_owned(),
                };
                cells.insert((sheet.name.clone(), row.line - 1, column), shown);
            }
        }
    }
    cells
}

fn theirs(name: &str, bytes: &[u8]) -> Cells {
    let book = open_workbook_auto_from_rs(Cursor::new(bytes));
    let mut book = book.unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut cells = Cells::new();
    for sheet in book.sheet_names() {
        let range = book.worksheet_range(&sheet).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (first_row, first_column) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            let place =
                (sheet.clone(), u64::from(first_row) + row as u64, first_column as usize + column);
            cells.insert(place, shown(value));
        }
    }
    cells
}

fn shown(value: &Data) -> String {
    match value {
        Data::String(text) => format!("{text:?}"),
        Data::DateTime(time) if time.as_f64().fract() > 0.0 || time.is_duration() => {
            format!("{} as a time", time.as_f64())
        }
        Data::DateTime(_) => value.as_date().expect("a date").to_string(),
        other => other.to_string(),
    }
}

/// The differences, as `worksheet row column: calamine's cell, our cell`, rows and columns from 0.
fn differences(name: &str, bytes: &[u8]) -> Vec<String> {
    let (ours, theirs) = (ours(name, bytes), theirs(name, bytes));
    assert!(!ours.is_empty(), "{name}");
    let places: BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
    let cell = |cells: &Cells, at| cells.get(at).map_or("nothing", |text| text).to_owned();
    let each = places.into_iter().filter(|&at| ours.get(at) != theirs.get(at)).map(|at| {
        let (sheet, row, column) = at;
        format!("{sheet} {row} {column}: {}, {}", cell(&theirs, at), cell(&ours, at))
    });
    each.collect()
}

#[test]
fn every_workbook_has_the_cells_that_calamine_reads() {
    let is_workbook = |name: &String| {
        let (stem, ending) = name.rsplit_once('.').unwrap_or_default();
        // Both readers refuse these two; the tests of invalid files tell how.
        let is_one = stem != "truncated_workbook" && stem != "web_page_named_a_workbook";
        is_one && ["xlsx", "xls", "ods"].contains(&ending)
    };
    let names: Vec<String> = files_in("exports").into_iter().filter(is_workbook).collect();
    assert_eq!(names.len(), 10, "{names:?}");
    for name in names {
        let bytes = fs::read(path(&format!("exports/{name}"))).expect("a file");
        let expected: &[&str] = match name.as_str() {
            // The amount is missing, which must not pass for a blank cell.
            "xlsx_formula_without_value.xlsx" => &["Ledger 3 4: nothing, =100*3"],
            _ => &[],
        };
        assert_eq!(differences(&name, &bytes), expected, "{name}");
    }
}

/// A workbook with a cell of every kind in its first column.
fn cells_of_every_kind() -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Kinds")?;
    let numbers = [
        (0, 1250.0, "General"),
        (1, -349.95, "#,##0.00;[Red]-#,##0.00"),
        (2, 0.05, "0.0%"),
        (3, 12_345_678_901.0, "0"),
        (4, 46_146.0, "yyyy-mm-dd"),
        (5, 46_146.0, "d mmm yy;@"),
        (6, 46_146.0, "mmm-yy"),
        (7, 5.0, "\"day\" 0"),
        (8, 61.0, "dd/mm/yyyy"),
        (9, 1e-7, "General"),
        (20, 0.1 + 0.2, "General"),
        (21, 46_146.75, "yyyy-mm-dd hh:mm"),
        (22, 0.75, "hh:mm"),
        (23, 1.5, "[h]:mm"),
        (24, 60.0, "yyyy-mm-dd"),
        (25, 7.0, "yyyy-mm-dd"),
    ];
    for (row, number, format) in numbers {
        sheet.write_with_format(row, 0, number, &Format::new().set_num_format(format))?;
    }
    sheet.write(10, 0, "A&B <Trading> \u{20ac}")?;
    sheet.write(11, 0, "00123")?;
    sheet.write(12, 0, true)?;
    sheet.write(13, 0, Formula::new("=A1*2").set_result("2500"))?;
    sheet.write(14, 0, Formula::new("=A12&\"x\"").set_result("00123x"))?;
    sheet.write(15, 0, Formula::new("=1/0").set_result("#DIV/0!"))?;
    sheet.write(26, 0, "  padded ")?;
    sheet.write(27, 0, Formula::new("=A1+A2"))?;
    sheet.write(28, 0, "line\u{1}end")?;
    book.add_worksheet().set_name("Hidden")?.set_hidden(true).write(6, 3, "far")?;
    book.save_to_buffer()
}

#[test]
fn cells_of_every_kind_are_those_that_calamine_reads_but_for_these() {
    let bytes = cells_of_every_kind().expect("a workbook");
    let expected = [
        // Digits beyond the fifteen that a spreadsheet shows are artefacts of the double.
        "Kinds 20 0: 0.30000000000000004, 0.3",
        // A ledger has days; the time of day is left out.
        "Kinds 21 0: 46146.75 as a time, 2026-05-04",
        // A time without a day, and a duration, are not dates and stay numbers.
        "Kinds 22 0: 0.75 as a time, 0.75",
        "Kinds 23 0: 1.5 as a time, 1.5",
        // Day 60 is 29 February 1900, which never was: no date is made up for it.
        "Kinds 24 0: 1900-02-28, 60",
        // White space around a text is left out in every format.
        "Kinds 26 0: \"  padded \", \"padded\"",
        // The workbook asks for its formulas to be calculated, so the zero is a placeholder.
        "Kinds 27 0: 0, =A1+A2",
    ];
    assert_eq!(differences("kinds.xlsx", &bytes), expected);
}
