//! TOML and JSON files that people write by hand: all faults are reported at once, each with its
//! line, key, value and what was expected, in our own words.
//!
//! The Rust type that a file becomes is the only list of its keys: `serde` reads it, and the JSON
//! schema that `schemars` derives from it says what each key may hold, with ranges as `minimum` and
//! `maximum` beside the field. A file is parsed into a [`Tree`] that knows its lines, and the tree
//! is walked along the schema. The walk does not stop at a fault: it notes the fault, puts an
//! allowed value in its place and goes on, so that keys that depend on each other are checked in
//! the same run ([`Reading::hold`]). `serde` then reads the walked tree; should it still refuse,
//! the fault names the key.
//!
//! No message of a parser ever reaches a user. Collecting serde's own errors one by one would mean
//! rewriting them, and a hand-written table of keys would repeat every key.

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
