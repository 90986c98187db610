//! Rows in canonical order become the polars frames.

mod build;
mod columns;
mod invoices;
mod reductions;

pub use build::build;
