//! JSON and NDJSON as sheets: a header row of the records' keys, then a row for each record.
//!
//! All parsing is serde_json's. What is our own is the walk over its raw values, in place of a
//! `serde_json::Value` or the JSON reader of polars: a tree of values takes many times the memory
//! of the text, numbers would pass through a double and lose their digits, and records from
//! different programs do not have the one type for each column that a frame needs. Here a value
//! stays a slice of the text until it becomes a cell, and nesting, which a hostile file may take to
//! any depth, costs no stack.

mod columns;
mod cursor;
mod records;
mod value;

pub use records::{members_of, read_json};
