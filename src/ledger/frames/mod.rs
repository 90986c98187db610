//! Rows in canonical order become the polars frames.

mod build;
mod columns;
mod invoices;
mod settlements;

pub use build::build;
