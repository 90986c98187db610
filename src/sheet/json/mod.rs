//! JSON and NDJSON as sheets: a header row of the records' keys, then a row for each record.

mod columns;
mod cursor;
mod records;
mod value;

pub use records::{members_of, read_json};
