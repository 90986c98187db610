use std::collections::HashSet;

use super::super::super::{CellKind, MAX_CELLS, SheetError};
use super::super::grid::Grid;
use super::super::number::numeric;
use super::super::strings::SharedStrings;
use super::book::Book;
use super::record::{self, Record, Records, too_short, u16_at, u32_at};
use super::text::Reader;

/// The flag of a hidden row.
const HIDDEN: u8 = 0x20;

/// A cell as stored in a record.
struct Cell {
    row: u16,
    column: u16,
    style: u16,
    value: Value,
}

enum Value {
    Number(f64),
    /// The index of a shared string.
    Shared(u32),
    /// The index of a text of the worksheet.
    Own(u32),
    Empty,
    Bool(bool),
    Error(u8),
    /// A formula without a calculated value.
    Formula,
}

/// The content of all records of a worksheet.
#[derive(Default)]
struct Content {
    cells: Vec<Cell>,
    hidden: HashSet<u16>,
    texts: SharedStrings,
}

/// Reads the worksheet at the beginning of `stream` and returns its length in bytes.
///
/// # Errors
/// If records are damaged or a limit is exceeded.
pub(super) fn read(stream: &[u8], book: &Book, grid: &mut Grid<'_>) -> Result<usize, SheetError> {
    let mut records = Records::new(stream);
    if records.next()?.kind != record::BOF {
        return Err(SheetError::Damaged("a worksheet lacks its first record".to_owned()));
    }
    let mut content = Content::default();
    // Charts within the worksheet have records of their own between a BOF and an EOF.
    let mut depth = 1;
    while depth > 0 {
        let record = records.next()?;
        match record.kind {
            record::BOF => depth += 1,
            record::EOF => depth -= 1,
            _ if depth == 1 => {
                content.add(record, &mut records)?;
            }
            _ => {}
        }
    }
    content.put(book, grid)?;
    Ok(records.read_bytes())
}

impl Content {
    fn add<'a>(&mut self, record: Record<'a>, records: &mut Records<'a>) -> Result<(), SheetError> {
        let data = record.data;
        match record.kind {
            record::ROW if data.get(12).is_some_and(|flags| flags & HIDDEN > 0) => {
                self.hidden.extend(u16_at(data, 0));
            }
            record::NUMBER => {
                let value = f64_at(data, 6).ok_or_else(|| too_short("NUMBER"))?;
                self.push(data, Value::Number(value))?;
            }
            record::RK => {
                let value = u32_at(data, 6).ok_or_else(|| too_short("RK"))?;
                self.push(data, Value::Number(rk(value)))?;
            }
            record::MUL_RK => self.push_many(data)?,
            record::LABEL_SST => {
                let index = u32_at(data, 6).ok_or_else(|| too_short("LABELSST"))?;
                self.push(data, Value::Shared(index))?;
            }
            record::LABEL | record::RICH_LABEL => {
                let text = self.keep_text(records.continued(record)?, 6)?;
                self.push(data, text)?;
            }
            record::BOOL_ERR => {
                let (Some(&value), Some(&is_error)) = (data.get(6), data.get(7)) else {
                    return Err(too_short("BOOLERR"));
                };
                let value = if is_error > 0 { Value::Error(value) } else { Value::Bool(value > 0) };
                self.push(data, value)?;
            }
            record::FORMULA => {
                let result = data.get(6..14).ok_or_else(|| too_short("FORMULA"))?;
                self.push(data, formula_result(result, data))?;
            }
            record::STRING => {
                let text = self.keep_text(records.continued(record)?, 0)?;
                // This is the value of the formula in the record before.
                if let Some(cell) = self.cells.last_mut() {
                    cell.value = text;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Adds a cell from a record that begins with row, column and style.
    fn push(&mut self, data: &[u8], value: Value) -> Result<(), SheetError> {
        let [Some(row), Some(column), Some(style)] = [0, 2, 4].map(|at| u16_at(data, at)) else {
            return Err(too_short("cell"));
        };
        if self.cells.len() >= MAX_CELLS {
            return Err(SheetError::TooManyCells);
        }
        self.cells.push(Cell { row, column, style, value });
        Ok(())
    }

    /// Stores the text that begins at offset `start` of a record.
    fn keep_text(&mut self, pieces: Vec<&[u8]>, start: usize) -> Result<Value, SheetError> {
        let mut reader = Reader::new(pieces);
        reader.skip(start)?;
        self.texts.push(&reader.text()?).map(Value::Own)
    }

    /// Adds the cells of a record with several numbers: the row, the first column, a style and a
    /// number for each cell, and the last column.
    fn push_many(&mut self, data: &[u8]) -> Result<(), SheetError> {
        let [Some(row), Some(first)] = [0, 2].map(|at| u16_at(data, at)) else {
            return Err(too_short("MULRK"));
        };
        let pairs = data.get(4..data.len().saturating_sub(2)).unwrap_or(&[]);
        for (column, pair) in (first..).zip(pairs.chunks_exact(6)) {
            let (row, column) = (row.to_le_bytes(), column.to_le_bytes());
            let cell = [row[0], row[1], column[0], column[1], pair[0], pair[1]];
            let value = u32_at(pair, 2).unwrap_or(0);
            self.push(&cell, Value::Number(rk(value)))?;
        }
        Ok(())
    }

    /// Puts all cells into the grid.
    ///
    /// Some programs write cells in the order in which they were set. Records may therefore come in
    /// any order, and of several for one cell the last one counts.
    fn put(mut self, book: &Book, grid: &mut Grid<'_>) -> Result<(), SheetError> {
        if !self.cells.is_sorted_by_key(|cell| (cell.row, cell.column)) {
            // Stable, so that the last record of a cell stays the last.
            self.cells.sort_by_key(|cell| (cell.row, cell.column));
        }
        for (index, cell) in self.cells.iter().enumerate() {
            let place = (cell.row, cell.column);
            let next = self.cells.get(index + 1);
            if next.is_some_and(|next| (next.row, next.column) == place) {
                continue;
            }
            let line = u64::from(cell.row) + 1;
            if grid.line() < line {
                grid.row(line, self.hidden.contains(&cell.row))?;
            }
            cell.put(book, &self.texts, grid)?;
        }
        Ok(())
    }
}

impl Cell {
    fn put(
        &self,
        book: &Book,
        texts: &SharedStrings,
        grid: &mut Grid<'_>,
    ) -> Result<(), SheetError> {
        let column = usize::from(self.column);
        match &self.value {
            Value::Number(number) if number.is_finite() => {
                let (kind, text) = numeric(*number, book.is_date(self.style), book.calendar);
                grid.cell(column, kind, &text)
            }
            Value::Number(_) => grid.cell(column, CellKind::Error, "#NUM!"),
            Value::Shared(index) => {
                let text = book.strings.get(*index as usize, grid.line())?;
                grid.cell(column, CellKind::Text, text)
            }
            Value::Own(index) => {
                let text = texts.get(*index as usize, grid.line())?;
                grid.cell(column, CellKind::Text, text)
            }
            Value::Empty => grid.cell(column, CellKind::Text, ""),
            Value::Bool(value) => grid.cell(column, CellKind::Bool, &value.to_string()),
            Value::Error(code) => grid.cell(column, CellKind::Error, error_name(*code)),
            // The records hold formulas as tokens of a stack machine and not as text.
            Value::Formula => grid.cell(column, CellKind::Formula, "(formula)"),
        }
    }
}

/// The value of a formula: a number, or another type, given by the first byte, if the last two
/// bytes are set.
fn formula_result(result: &[u8], data: &[u8]) -> Value {
    let value = result.get(2).copied().unwrap_or(0);
    if !result.ends_with(&[0xFF, 0xFF]) {
        return Value::Number(f64_at(result, 0).unwrap_or(f64::NAN));
    }
    match result.first() {
        Some(1) => Value::Bool(value > 0),
        Some(2) => Value::Error(value),
        // The record with the text follows and replaces this value.
        Some(0) => Value::Formula,
        Some(3) if is_numeric(data.get(22..).unwrap_or(&[])) => Value::Formula,
        _ => Value::Empty,
    }
}

/// Returns true if the last step of a formula yields a number: an operation from `+` to `^`, a sum,
/// or a rounding.
///
/// An empty string cannot be the value of such a formula. Programs that do not calculate write it
/// as a placeholder.
fn is_numeric(steps: &[u8]) -> bool {
    // PtgAdd to PtgPower, PtgAttrSum, PtgFuncVar of SUM (4), PtgFunc of ROUND (27).
    matches!(
        steps,
        [.., 0x03..=0x07]
            | [.., 0x19, 0x10, _, _]
            | [.., 0x22 | 0x42 | 0x62, _, 4, 0]
            | [.., 0x21 | 0x41 | 0x61, 27, 0]
    )
}

/// Unpacks a number of 30 bits with a flag for whole numbers and one for hundredths.
fn rk(packed: u32) -> f64 {
    let value = if packed & 2 > 0 {
        f64::from(packed.cast_signed() >> 2)
    } else {
        // The upper 30 bits of a double, whose other bits are zero.
        f64::from_bits(u64::from(packed & !3) << 32)
    };
    if packed & 1 > 0 { value / 100.0 } else { value }
}

fn f64_at(bytes: &[u8], at: usize) -> Option<f64> {
    bytes.get(at..)?.first_chunk().map(|chunk| f64::from_le_bytes(*chunk))
}

fn error_name(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    }
}
