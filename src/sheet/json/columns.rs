//! The columns of a table of JSON records: the keys, those of nested objects joined by dots.

use std::collections::BTreeMap;

use super::super::{MAX_COLUMNS, SheetError};
use super::cursor::{Cursor, damaged_at};
use super::value::has_text;

/// The most objects around a value, its record included.
const MAX_DEPTH: usize = 4;

/// The longest name of a column, as many long names would fill memory.
const MAX_KEY_BYTES: usize = 1024;

struct Column {
    index: usize,
    /// True if a record has a value in the column.
    filled: bool,
}

/// The keys of all records, in order of first appearance.
#[derive(Default)]
pub(super) struct Columns {
    /// Sorted, so that the keys within an object follow its own.
    by_key: BTreeMap<String, Column>,
}

impl Columns {
    /// Adds the keys of one record.
    ///
    /// # Errors
    /// If there are too many columns or a key is too long.
    pub fn collect(&mut self, source: &str, line: u64, record: &str) -> Result<(), SheetError> {
        Leaves::new(source).visit(record, &mut |key, value| {
            let filled = has_text(source, value)?;
            // An array of objects never becomes a cell, so it needs no column.
            if value.starts_with('[') && !filled {
                return Ok(());
            }
            let index = self.by_key.len();
            match self.by_key.get_mut(key) {
                Some(column) => column.filled |= filled,
                None if index == MAX_COLUMNS => {
                    return Err(SheetError::TooManyColumns { line });
                }
                None => {
                    self.by_key.insert(key.to_owned(), Column { index, filled });
                }
            }
            Ok(())
        })
    }

    /// Removes keys that are an object in some records and null in the others, whose nested keys
    /// are columns already, and numbers the rest.
    pub fn settle(&mut self) {
        let is_object = |key: &str| {
            let prefix = format!("{key}.");
            let next = self.by_key.range(prefix.clone()..).next();
            next.is_some_and(|(next, _)| next.starts_with(&prefix))
        };
        let objects: Vec<String> = self
            .by_key
            .iter()
            .filter(|(key, column)| !column.filled && is_object(key))
            .map(|(key, _)| key.clone())
            .collect();
        for key in objects {
            self.by_key.remove(&key);
        }
        let mut columns: Vec<&mut Column> = self.by_key.values_mut().collect();
        columns.sort_unstable_by_key(|column| column.index);
        for (index, column) in columns.into_iter().enumerate() {
            column.index = index;
        }
    }

    /// The number of columns.
    pub fn len(&self) -> usize {
        self.by_key.len()
    }

    /// The column of `key`.
    pub fn index(&self, key: &str) -> Option<usize> {
        self.by_key.get(key).map(|column| column.index)
    }

    /// The keys in order of column.
    pub fn names(&self) -> Vec<&str> {
        let mut columns: Vec<_> =
            self.by_key.iter().map(|(key, column)| (column.index, key.as_str())).collect();
        columns.sort_unstable();
        columns.into_iter().map(|(_, key)| key).collect()
    }
}

/// A walk over the leaves of records: the values that are not objects.
pub(super) struct Leaves<'a> {
    source: &'a str,
    key: String,
    depth: usize,
}

impl<'a> Leaves<'a> {
    /// Creates a walk over records that are slices of `source`.
    pub fn new(source: &'a str) -> Self {
        Self { source, key: String::new(), depth: 0 }
    }

    /// Calls `take` with the dotted key and the value of every leaf of `object`, in order.
    ///
    /// Objects nested deeper than four are left out.
    ///
    /// # Errors
    /// If `take` fails or a key is too long or has an invalid escape.
    pub fn visit<F>(&mut self, object: &'a str, take: &mut F) -> Result<(), SheetError>
    where
        F: FnMut(&str, &'a str) -> Result<(), SheetError>,
    {
        self.depth += 1;
        let above = self.key.len();
        let mut members = Cursor::new(self.source, object);
        while let Some((key, value)) = members.member()? {
            if self.depth > 1 {
                self.key.push('.');
            }
            self.key.push_str(&key);
            self.check_key(value)?;
            if !value.starts_with('{') {
                take(&self.key, value)?;
            } else if self.depth < MAX_DEPTH {
                // The limit also bounds the recursion, whatever the nesting of the file.
                self.visit(value, take)?;
            }
            self.key.truncate(above);
        }
        self.depth -= 1;
        Ok(())
    }

    fn check_key(&self, value: &str) -> Result<(), SheetError> {
        let bytes = self.key.len();
        if bytes <= MAX_KEY_BYTES {
            return Ok(());
        }
        let message = format!("expected a key of at most {MAX_KEY_BYTES} bytes, found {bytes}");
        Err(damaged_at(self.source, value, &message))
    }
}
