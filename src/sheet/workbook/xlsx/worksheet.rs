use std::io::Read;

use super::super::super::{CellKind, MAX_CELL_BYTES, MAX_COLUMNS, SheetError};
use super::super::grid::Grid;
use super::super::number::{is_number_text, iso_day, numeric};
use super::super::strings::SharedStrings;
use super::super::xml::{Node, Xml, attribute, count, flag};
use super::references::Shared;

/// The number of open elements around `sheetData`.
const SHEET_DATA: usize = 1;

/// Reads the part `sharedStrings.xml`.
///
/// # Errors
/// If the XML is damaged or a limit is exceeded.
pub(super) fn shared_strings<R: Read>(mut xml: Xml<R>) -> Result<SharedStrings, SheetError> {
    let mut strings = SharedStrings::default();
    let mut text = String::new();
    loop {
        match xml.next()? {
            Node::Open(element) if element.local_name().into_inner() == "si" => {
                text.clear();
                read_texts(&mut xml, &mut text, 0)?;
                strings.push(&unescape(&text))?;
            }
            Node::End => return Ok(strings),
            _ => {}
        }
    }
}

/// Reads the current element to its end and appends its plain and rich text, without phonetic
/// guides.
fn read_texts<R: Read>(xml: &mut Xml<R>, text: &mut String, line: u64) -> Result<(), SheetError> {
    let outside = xml.depth() - 1;
    let mut in_text = false;
    while xml.depth() > outside {
        match xml.next()? {
            Node::Open(element) => match element.local_name().into_inner() {
                "rPh" => xml.skip()?,
                name => in_text = name == "t",
            },
            Node::Close => in_text = false,
            Node::Text(piece) if in_text => append(text, &piece, line)?,
            _ => {}
        }
    }
    Ok(())
}

fn append(text: &mut String, piece: &str, line: u64) -> Result<(), SheetError> {
    text.push_str(piece);
    // Unescaping may still shrink the text to a seventh: `_x000D_` is one character.
    if text.len() > 7 * MAX_CELL_BYTES {
        return Err(SheetError::CellTooLong { line, bytes: text.len() });
    }
    Ok(())
}

/// Resolves escapes such as `_x000D_`, with which XLSX writes characters that XML does not allow.
fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        plain.push_str(&rest[..at]);
        let escape = rest.get(at + 2..at + 7).and_then(|code| code.strip_suffix('_'));
        let is_hex = |code: &&str| code.bytes().all(|byte| byte.is_ascii_hexdigit());
        let code = escape.filter(is_hex).and_then(|code| u32::from_str_radix(code, 16).ok());
        let (char, length) = match code.and_then(char::from_u32) {
            Some(char) => (char, 7),
            None => ('_', 1),
        };
        plain.push(char);
        rest = &rest[at + length..];
    }
    plain.push_str(rest);
    plain
}

/// A cell as far as its elements have been read.
#[derive(Default)]
struct Cell {
    kind: String,
    style: usize,
    column: usize,
    value: String,
    formula: Option<String>,
}

/// Reads the part of a worksheet.
///
/// # Errors
/// If the XML is damaged or inconsistent, or if a limit is exceeded.
pub(super) fn read<R: Read>(
    mut xml: Xml<R>,
    shared: &Shared,
    grid: &mut Grid<'_>,
) -> Result<(), SheetError> {
    let mut in_data = false;
    loop {
        let depth = xml.depth();
        match xml.next()? {
            Node::Open(element) if depth == SHEET_DATA => {
                in_data = element.local_name().into_inner() == "sheetData";
            }
            // Elsewhere in the part, drawings have rows of another kind.
            Node::Open(element) if in_data => match element.local_name().into_inner() {
                "row" if depth == SHEET_DATA + 1 => {
                    // The number is optional, of a row as of a cell, and some programs leave it
                    // out.
                    let number = count(&element, "r")?.unwrap_or(grid.line() + 1);
                    grid.row(number, flag(&element, "hidden")?)?;
                }
                "c" if depth == SHEET_DATA + 2 => {
                    let mut cell = Cell {
                        kind: attribute(&element, "t")?.unwrap_or_default().into_owned(),
                        style: count(&element, "s")?.unwrap_or(0) as usize,
                        column: match attribute(&element, "r")? {
                            Some(reference) => column(&reference, grid.line())?,
                            None => grid.next_column(),
                        },
                        ..Cell::default()
                    };
                    cell.read(&mut xml, grid.line())?;
                    cell.put(shared, grid)?;
                }
                _ => {}
            },
            Node::End => return Ok(()),
            _ => {}
        }
    }
}

/// The 0-based column of a reference such as `AB12`, which must name row `line`.
fn column(reference: &str, line: u64) -> Result<usize, SheetError> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (letters, row) = reference.split_at(letters);
    let value = |byte: u8| usize::from(byte.to_ascii_uppercase() - b'A' + 1);
    // Capped, so that a long reference does not overflow.
    let step = |column: usize, byte| (column * 26 + value(byte)).min(MAX_COLUMNS + 1);
    let column = letters.bytes().fold(0, step);
    if row.parse() != Ok(line) || column == 0 {
        let shown: String = reference.chars().take(20).collect();
        let problem = format!("row {line} contains a cell with the reference `{shown}`");
        return Err(SheetError::Damaged(problem));
    }
    Ok(column - 1)
}

impl Cell {
    /// Reads the cell to the end of its element.
    fn read<R: Read>(&mut self, xml: &mut Xml<R>, line: u64) -> Result<(), SheetError> {
        let outside = xml.depth() - 1;
        let mut field = Field::Other;
        while xml.depth() > outside {
            match xml.next()? {
                Node::Open(element) => {
                    field = match element.local_name().into_inner() {
                        "v" => Field::Value,
                        "f" => {
                            // All but the first cell of a shared formula have an `f` without text.
                            self.formula.get_or_insert_default();
                            Field::Formula
                        }
                        "is" => {
                            read_texts(xml, &mut self.value, line)?;
                            Field::Other
                        }
                        _ => Field::Other,
                    };
                }
                Node::Close => field = Field::Other,
                Node::Text(text) => match (&field, &mut self.formula) {
                    (Field::Value, _) => append(&mut self.value, &text, line)?,
                    (Field::Formula, Some(formula)) => append(formula, &text, line)?,
                    _ => {}
                },
                _ => {}
            }
        }
        Ok(())
    }

    fn put(&self, shared: &Shared, grid: &mut Grid<'_>) -> Result<(), SheetError> {
        let value = self.value.trim();
        if let Some(formula) = &self.formula
            && self.is_not_calculated(value, shared)
        {
            let formula = formula.trim().trim_start_matches('=');
            let text = if formula.is_empty() { "(shared formula)" } else { formula };
            return grid.cell(self.column, CellKind::Formula, text);
        }
        let column = self.column;
        match self.kind.as_str() {
            _ if value.is_empty() => grid.cell(column, CellKind::Text, ""),
            "s" => {
                let missing = || {
                    let problem = format!("row {} refers to shared string `{value}`", grid.line());
                    SheetError::Damaged(problem)
                };
                let index = value.parse().map_err(|_| missing())?;
                grid.cell(column, CellKind::Text, shared.strings.get(index, grid.line())?)
            }
            "str" | "inlineStr" => grid.cell(column, CellKind::Text, &unescape(value)),
            "b" => {
                let text = if value == "1" || value == "true" { "true" } else { "false" };
                grid.cell(column, CellKind::Bool, text)
            }
            "e" => grid.cell(column, CellKind::Error, value),
            "d" => match iso_day(value) {
                Some(day) => grid.cell(column, CellKind::Date, day),
                None => grid.cell(column, CellKind::Text, value),
            },
            _ => {
                let is_date = shared.dates.get(self.style).copied().unwrap_or(false);
                if !is_date && is_number_text(value) {
                    return grid.cell(column, CellKind::Number, value);
                }
                let number = value.parse().ok().filter(|number: &f64| number.is_finite());
                let (kind, text) = match number {
                    Some(number) => numeric(number, is_date, shared.book.calendar),
                    None => (CellKind::Text, value.to_owned()),
                };
                grid.cell(column, kind, &text)
            }
        }
    }

    /// Returns true if the calculated value of a formula is missing.
    ///
    /// An empty string is a value, an empty number is not.
    fn is_not_calculated(&self, value: &str, shared: &Shared) -> bool {
        let is_text = self.kind == "str";
        value.is_empty() && !is_text
            || shared.book.recalculates && !is_text && value.parse() == Ok(0.0_f64)
    }
}

/// The part of a cell to which text belongs.
enum Field {
    Value,
    Formula,
    Other,
}
