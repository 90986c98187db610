#[cfg(test)]
mod tests;

use super::super::numbers::{Numbers, has_decimals};
use super::super::{CellKind, Sheet, SheetError};
use super::columns::{Columns, Leaves};
use super::cursor::{Cursor, damaged_at, offset, position};
use super::value::{cell, name_of};

/// The most objects around the array of records: API responses wrap it once or twice.
const MAX_WRAPPERS: usize = 3;

/// Reads JSON or NDJSON, told apart by content.
///
/// The records are the elements of an array of objects, which may be wrapped in up to three
/// objects; of several such arrays the longest counts. In NDJSON they are the objects of the text,
/// one after another; a lone object without any array is NDJSON too. The first row holds the keys
/// in order of first appearance, those of nested objects joined by dots down to a depth of four.
/// Nested arrays are kept only if all elements are scalars, joined by `"; "`. The line of a record
/// is its line in NDJSON, otherwise its position + 1. Numbers keep their digits; exponents are
/// expanded.
///
/// # Errors
/// If the text is not JSON, with line and column; if it has no array of objects; or if it exceeds
/// the limits of a sheet.
pub fn read_json(text: &str) -> Result<Sheet, SheetError> {
    // JSON forbids the mark, but programs on Windows write it.
    let source = text.strip_prefix('\u{feff}').unwrap_or(text);
    let records = Records::find(source)?;
    // Two passes: the header comes first, and a key may first appear in the last record.
    let mut columns = Columns::default();
    records.each(&mut |line, record| columns.collect(source, line, record))?;
    columns.settle();
    let mut sheet = Sheet::new("");
    sheet.start_row(1, false);
    for (index, name) in columns.names().into_iter().enumerate() {
        sheet.push(index, CellKind::Text, name)?;
    }
    let mut row = Row { values: vec![None; columns.len()], filled: Vec::new() };
    records.each(&mut |line, record| {
        row.fill(source, &columns, record)?;
        sheet.start_row(line, false);
        row.write(source, &mut sheet)
    })?;
    sheet.numbers = numbers(&sheet, columns.len());
    Ok(sheet)
}

/// The members of a JSON object, or of the first object in an array, with their values as written.
///
/// Empty for any other text.
pub fn members_of(text: &str) -> Vec<(String, &str)> {
    let source = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut found = Vec::new();
    let first = Cursor::new(source, source).value().ok().flatten();
    let object = match first {
        Some(array) if array.starts_with('[') => {
            Cursor::new(source, array).element().ok().flatten()
        }
        other => other,
    };
    if let Some(object) = object.filter(|object| object.starts_with('{')) {
        let mut members = Cursor::new(source, object);
        while let Ok(Some((key, value))) = members.member() {
            found.push((key.into(), value));
        }
    }
    found
}

/// For each column, what its numbers tell about their unit: JSON itself has only one type of
/// number.
fn numbers(sheet: &Sheet, width: usize) -> Vec<Numbers> {
    let mut found = vec![Numbers::Unsaid; width];
    for (column, kind, text) in sheet.rows().skip(1).flat_map(|row| row.cells()) {
        if kind != CellKind::Number {
            continue;
        }
        // Zeros are the same in major and minor units, so they tell nothing.
        if has_decimals(text) {
            found[column] = Numbers::Decimals;
        } else if found[column] == Numbers::Unsaid && !text.trim_matches(['-', '0', '.']).is_empty()
        {
            found[column] = Numbers::Whole;
        }
    }
    found
}

/// The place of the records in a text.
enum Records<'a> {
    /// The objects of the whole text, one after another.
    Lines { source: &'a str },
    /// The elements of `array`.
    Array { source: &'a str, array: &'a str },
}

impl<'a> Records<'a> {
    fn find(source: &'a str) -> Result<Self, SheetError> {
        let mut cursor = Cursor::new(source, source);
        let Some(first) = cursor.value()? else {
            return Err(no_table("an empty file"));
        };
        // A single object may be a record or a wrapper; only a second one shows NDJSON.
        let second = if first.starts_with('{') { cursor.value()? } else { None };
        if second.is_some() {
            return Ok(Self::Lines { source });
        }
        let mut search = Search { source, longest: None, arrays: 0 };
        search.visit(first, 0)?;
        // Behind an object nothing follows: `second` was looked for.
        if let (false, Some(trailing)) = (first.starts_with('{'), cursor.value()?) {
            return Err(damaged_at(source, trailing, "expected the end of the file"));
        }
        match search.longest {
            Some((_, array)) => Ok(Self::Array { source, array }),
            None if first.starts_with('{') && search.arrays == 0 => Ok(Self::Lines { source }),
            // `{"invoices": []}` is an answer without records and no record itself.
            None if first.starts_with('{') => Err(no_table("an object without one")),
            None => Err(not_objects(source, first)),
        }
    }

    /// Calls `take` with the line and the text of each record, in order.
    fn each<F>(&self, take: &mut F) -> Result<(), SheetError>
    where
        F: FnMut(u64, &'a str) -> Result<(), SheetError>,
    {
        match *self {
            Self::Array { source, array } => {
                let mut elements = Cursor::new(source, array);
                let mut line = 1;
                while let Some(record) = elements.element()? {
                    line += 1;
                    take(line, record)?;
                }
            }
            Self::Lines { source } => {
                let mut values = Cursor::new(source, source);
                let (mut line, mut counted) = (1, 0);
                while let Some(record) = values.value()? {
                    let start = offset(source, record);
                    // On from the record before: counting from the start takes quadratic time.
                    line += source[counted..start].matches('\n').count() as u64;
                    counted = start;
                    if !record.starts_with('{') {
                        let message = format!("expected an object, found {}", name_of(record));
                        return Err(damaged_at(source, record, &message));
                    }
                    take(line, record)?;
                }
            }
        }
        Ok(())
    }
}

/// The search for the longest array of objects.
struct Search<'a> {
    source: &'a str,
    longest: Option<(usize, &'a str)>,
    arrays: usize,
}

impl<'a> Search<'a> {
    fn visit(&mut self, value: &'a str, depth: usize) -> Result<(), SheetError> {
        // The records are not searched in turn: an invoice may have more lines than there are
        // invoices.
        if value.starts_with('[') {
            self.arrays += 1;
            let count = count_objects(self.source, value)?;
            if count > self.longest.map_or(0, |(count, _)| count) {
                self.longest = Some((count, value));
            }
        } else if value.starts_with('{') && depth < MAX_WRAPPERS {
            let mut members = Cursor::new(self.source, value);
            while let Some((_, value)) = members.member()? {
                self.visit(value, depth + 1)?;
            }
        }
        Ok(())
    }
}

/// The number of objects in an array; 0 if it contains anything else.
fn count_objects(source: &str, array: &str) -> Result<usize, SheetError> {
    let mut elements = Cursor::new(source, array);
    let mut count = 0;
    while let Some(element) = elements.element()? {
        if !element.starts_with('{') {
            return Ok(0);
        }
        count += 1;
    }
    Ok(count)
}

/// The error for a text whose first value is not an array of objects.
fn not_objects(source: &str, first: &str) -> SheetError {
    if !first.starts_with('[') {
        return no_table(name_of(first));
    }
    let mut elements = Cursor::new(source, first);
    while let Ok(Some(element)) = elements.element() {
        if !element.starts_with('{') {
            let (line, column) = position(source, element);
            let name = name_of(element);
            return no_table(&format!("an array with {name} at line {line}, column {column}"));
        }
    }
    no_table("an empty array")
}

fn no_table(found: &str) -> SheetError {
    SheetError::NoTable(format!("expected an array of objects, found {found}"))
}

/// The values of one record by column; if a key repeats, its last value counts.
struct Row<'a> {
    values: Vec<Option<&'a str>>,
    filled: Vec<usize>,
}

impl<'a> Row<'a> {
    fn fill(&mut self, source: &'a str, keys: &Columns, record: &'a str) -> Result<(), SheetError> {
        Leaves::new(source).visit(record, &mut |key, value| {
            if let Some(index) = keys.index(key)
                && self.values[index].replace(value).is_none()
            {
                self.filled.push(index);
            }
            Ok(())
        })
    }

    fn write(&mut self, source: &str, sheet: &mut Sheet) -> Result<(), SheetError> {
        self.filled.sort_unstable();
        for index in self.filled.drain(..) {
            if let Some(value) = self.values[index].take() {
                let (kind, text) = cell(source, value)?;
                sheet.push(index, kind, &text)?;
            }
        }
        Ok(())
    }
}
