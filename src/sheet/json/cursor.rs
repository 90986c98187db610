//! A walk through JSON text value by value, as slices of the text: nothing is built in memory, and
//! nesting costs a byte for each level instead of stack.

use std::borrow::Cow;

use serde_json::value::RawValue;
use serde_json::{Deserializer, Error};

use super::super::SheetError;

/// A position in `source`, with the rest of the value that is being walked.
pub(super) struct Cursor<'a> {
    source: &'a str,
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    /// Creates a cursor at the start of `rest`, a slice of `source`.
    pub fn new(source: &'a str, rest: &'a str) -> Self {
        Self { source, rest }
    }

    /// The next value; `None` at the end.
    ///
    /// # Errors
    /// If what follows is not a complete JSON value.
    pub fn value(&mut self) -> Result<Option<&'a str>, SheetError> {
        // A raw value has its syntax checked without anything being built, and the stream tells
        // where it ends.
        let mut values = Deserializer::from_str(self.rest).into_iter::<&'a RawValue>();
        let Some(value) = values.next() else {
            return Ok(None);
        };
        let value = value.map_err(|error| damaged(self.source, self.rest, &error))?.get();
        self.rest = &self.rest[values.byte_offset()..];
        Ok(Some(value))
    }

    /// The next element of the array at which the cursor was created.
    ///
    /// # Errors
    /// As [`Cursor::value`].
    pub fn element(&mut self) -> Result<Option<&'a str>, SheetError> {
        // Stray commas need no check: the array is part of a value that was parsed as a whole.
        self.skip(&['[', ',']);
        if self.rest.starts_with(']') { Ok(None) } else { self.value() }
    }

    /// The next key and value of the object at which the cursor was created.
    ///
    /// # Errors
    /// As [`Cursor::value`].
    pub fn member(&mut self) -> Result<Option<(Cow<'a, str>, &'a str)>, SheetError> {
        self.skip(&['{', ',']);
        if self.rest.starts_with('}') {
            return Ok(None);
        }
        let Some(key) = self.value()? else {
            return Ok(None);
        };
        self.skip(&[':']);
        let key = decode(self.source, key)?;
        Ok(self.value()?.map(|value| (key, value)))
    }

    /// Skips one of `marks` and the white space around it.
    fn skip(&mut self, marks: &[char]) {
        let is_space = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n');
        let rest = self.rest.trim_start_matches(is_space);
        // One mark only: a second `[` begins an element.
        self.rest = rest.strip_prefix(marks).unwrap_or(rest).trim_start_matches(is_space);
    }
}

/// Decodes a string value that is a slice of `source`.
///
/// # Errors
/// If it has an invalid escape.
pub(super) fn decode<'a>(source: &str, string: &'a str) -> Result<Cow<'a, str>, SheetError> {
    match string.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        // Few strings have escapes; the others are borrowed, without an allocation for each cell.
        Some(text) if !text.contains('\\') => Ok(Cow::Borrowed(text)),
        _ => serde_json::from_str::<String>(string)
            .map(Cow::Owned)
            .map_err(|error| damaged(source, string, &error)),
    }
}

/// The 1-based line and column, in characters, at which `slice` begins in `source`.
pub(super) fn position(source: &str, slice: &str) -> (u64, u64) {
    let before = &source[..offset(source, slice)];
    let line = before.rfind('\n').map_or(before, |end| &before[end + 1..]);
    (before.matches('\n').count() as u64 + 1, line.chars().count() as u64 + 1)
}

/// An error with `message` at the beginning of `slice`.
pub(super) fn damaged_at(source: &str, slice: &str, message: &str) -> SheetError {
    let (line, column) = position(source, slice);
    SheetError::Damaged(format!("line {line}, column {column}: {message}"))
}

/// Converts an error of the parser in `slice` to one with its position in `source`.
fn damaged(source: &str, slice: &str, error: &Error) -> SheetError {
    let line_start = match error.line() {
        0 | 1 => 0,
        // Lines are counted from 1, and line 2 begins after the line end of index 0.
        line => slice.match_indices('\n').nth(line - 2).map_or(0, |(end, _)| end + 1),
    };
    let at = (line_start + error.column().saturating_sub(1)).min(slice.len());
    let message = error.to_string();
    let message = if error.is_eof() {
        "the JSON ends before it is complete"
    } else {
        // The parser appends a position of its own, which is one within the slice.
        message.split(" at line ").next().unwrap_or_default()
    };
    damaged_at(source, &slice[slice.floor_char_boundary(at)..], message)
}

/// The offset of `slice`, which borrows from `source`, in bytes.
pub(super) fn offset(source: &str, slice: &str) -> usize {
    // Clamped: a slice of any other text gives a wrong place, but no panic.
    let offset = slice.as_ptr().addr().saturating_sub(source.as_ptr().addr());
    source.floor_char_boundary(offset)
}
