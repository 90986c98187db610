//! Electronic invoices in the syntaxes of EN 16931, UBL (as in Peppol BIS Billing) and CII (as in

mod document;
mod syntax;
mod text;
mod walk;

pub use walk::read_ubl;
