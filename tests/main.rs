//! The integration tests, in one binary because every binary links polars anew.

#![expect(clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

mod architecture;
mod command_line;
mod evaluated;
mod golden;
mod ledger_files;
mod properties;
mod reference;
mod service;
