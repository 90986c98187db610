//! The integration tests, in one binary because every binary links polars anew.

mod architecture;
mod command_line;
mod evaluated;
mod golden;
mod ledger_files;
mod properties;
mod reference;
