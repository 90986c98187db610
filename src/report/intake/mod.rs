//! The result of reading a ledger as JSON, terminal text and files.

mod files;
mod json;
mod rejects;
mod text;

pub use files::{INTAKE_FILES, write_intake};
pub use json::{intake_json, refusal_json};
pub use rejects::{RejectEntry, rejects_page};
pub use text::intake_summary;
