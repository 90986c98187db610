//! Builds the polars frames from rows in canonical order.

mod build;
mod columns;
mod invoices;
mod reductions;

pub use build::build;
