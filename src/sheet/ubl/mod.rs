//! Electronic invoices in the two syntaxes of EN 16931: UBL (as in Peppol BIS Billing) and CII (as
//! in ZUGFeRD and Factur-X).
//!
//! quick-xml does the parsing, event by event; the walk over its events is our own, in place of
//! Rust types generated from the schemas. A ledger needs two dozen values out of thousands of
//! elements, invoices in use deviate from their schemas in what a ledger does not need, and a file
//! may hold any number of documents. Events also keep a hostile file harmless: a document type is
//! refused, no entity is expanded but the five of XML itself, and nesting is limited.

mod document;
mod syntax;
mod text;
mod walk;

pub use walk::read_ubl;
