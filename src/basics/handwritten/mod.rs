//! Files that people write by hand, TOML or JSON: all of their faults at once, each with line, key,
//! value and what was expected, in our own words.
//!
//! The Rust type that a file becomes is the only list of its keys: `serde` reads it, and the JSON
//! schema that `schemars` derives from it says what each key may hold; ranges stand as `minimum`
//! and `maximum` beside the field. A file is read into a [`Tree`] that knows its lines, and walked
//! along the schema. The walk does not stop at a fault: it notes it, puts a value that fits in its
//! place and goes on, so that keys that have to go together are checked in the same run
//! ([`Reading::hold`]). `serde` reads what has been walked; should it still refuse, the fault names
//! the key with the schema's words. So no text of a parser reaches a user: they are not rewritten
//! but never asked for. Collecting serde's own errors one by one would need such rewriting, and a
//! hand-written table of keys would say every key twice.

mod expected;
mod fault;
mod json;
mod layer;
mod nearest;
mod reading;
mod schema;
#[cfg(test)]
mod tests;
mod tree;
mod walk;
mod written;

pub use fault::{Conflict, Fault, Faults, Place};
pub use json::from_program;
pub use nearest::nearest;
pub use reading::{Reading, first_fault, from_json, from_toml};
pub use tree::Tree;
