//! The structure of an export: the place of its header, the rows that are documents, and the rows
//! that only name or total them.

mod bucket;
mod grouping;
mod groups;
mod header;
mod nesting;
mod notation;
mod plausible;
mod running;
mod sections;
mod shape;
mod structure;
mod totals;

pub use bucket::has_buckets;
pub use groups::{Classified, classify};
pub use header::{Recognised, recognise, texts};
pub use nesting::Names;
pub use notation::Notation;
pub use running::has_running_balance;
pub use sections::sections;
pub use structure::{RowKind, Table};
pub use totals::Check;
