//! The integration tests, in one binary because every binary links polars anew.

#![expect(clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

mod architecture;
mod calculators;
mod command_line;
mod evaluated;
mod golden;
mod guide;
mod ledger_files;
mod pages;
mod properties;
mod reference;
mod service;
mod words;

/// True if `tests/run` could not install what this part of the tests needs, and has said so.
fn is_without(part: &str) -> bool {
    let without = std::env::var("FACTORAGE_TEST_WITHOUT").unwrap_or_default();
    without.split_whitespace().any(|one| one == part)
}

/// True if snapshots are written instead of compared: `FACTORAGE_WRITE_SNAPSHOTS=1`.
fn writes_snapshots() -> bool {
    std::env::var("FACTORAGE_WRITE_SNAPSHOTS").is_ok_and(|write| write == "1")
}
