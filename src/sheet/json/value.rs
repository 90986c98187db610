//! Conversion of a JSON value to a cell.

use std::borrow::Cow;

use super::super::{CellKind, SheetError, decimal};
use super::cursor::{Cursor, decode};

/// The kind and text of a value that is a slice of `source`.
///
/// The text is empty for null, for objects and for arrays that contain more than scalars.
///
/// # Errors
/// If a string has an invalid escape.
pub(super) fn cell<'a>(
    source: &str,
    value: &'a str,
) -> Result<(CellKind, Cow<'a, str>), SheetError> {
    let cell = match value.as_bytes().first() {
        Some(b'"') => (CellKind::Text, decode(source, value)?),
        Some(b't' | b'f') => (CellKind::Bool, Cow::Borrowed(value)),
        Some(b'-' | b'0'..=b'9') => match decimal::expand(value) {
            Some(number) => (CellKind::Number, number),
            // Not dropped: as text it meets the checks of every other cell and is shown in the
            // reject.
            None => (CellKind::Text, Cow::Borrowed(value)),
        },
        Some(b'[') => (CellKind::Text, Cow::Owned(list(source, value)?)),
        _ => (CellKind::Text, Cow::Borrowed("")),
    };
    Ok(cell)
}

/// Returns true if a value becomes a cell, as far as can be told without decoding strings.
///
/// # Errors
/// As [`cell`].
pub(super) fn has_text(source: &str, value: &str) -> Result<bool, SheetError> {
    match value.as_bytes().first() {
        Some(b'[') => Ok(!list(source, value)?.is_empty()),
        Some(b'{' | b'n') | None => Ok(false),
        Some(_) => Ok(value != "\"\""),
    }
}

/// The name of a value's type, for messages.
pub(super) fn name_of(value: &str) -> &'static str {
    match value.as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a Boolean",
        Some(b'n') => "null",
        _ => "a number",
    }
}

/// The scalars of an array joined by `"; "`; empty if it contains an object or array.
fn list(source: &str, array: &str) -> Result<String, SheetError> {
    let mut joined = String::new();
    let mut elements = Cursor::new(source, array);
    while let Some(element) = elements.element()? {
        if element.starts_with(['{', '[']) {
            return Ok(String::new());
        }
        let (_, text) = cell(source, element)?;
        if !text.is_empty() {
            joined.push_str(if joined.is_empty() { "" } else { "; " });
            joined.push_str(&text);
        }
    }
    Ok(joined)
}
