//! Turns rows of cells into checked rows: finds the table of a sheet, the meaning of its columns,
//! the notation of its dates and amounts, and the kind of each row.
//!
//! [`read()`] is the entry point. A file in the plain layout (one row per invoice, ISO dates,
//! header in the first line) is read in one pass on all cores; any other file becomes a sheet, in
//! which a table and its documents are found. Every row of a file ends in exactly one place: an
//! invoice, a reduction, a classified row that is counted, or a [`Reject`]. To support another
//! export, add a file to `layouts/`.
//!
//! ```
//! use factorage_intake::{Guidance, IngestOptions, read};
//! use sheet::Source;
//!
//! let text = "Invoice No;Customer;Date;Due;Amount\n\
//!             A-1;Acme Ltd;20.05.2026;19.06.2026;1.200,50\n\
//!             A-2;Bolt Inc;10.06.2026;10.07.2026;soon\n";
//! let options = IngestOptions {
//!     currency: "EUR".parse()?,
//!     assumed_terms_days: 30,
//!     client: String::new(),
//!     guidance: Guidance::default(),
//! };
//! let files = read(&[Source::bytes("export.csv", text)], &options, &|_bytes| {})?;
//! let (_, file) = &files[0];
//! let batch = &file.shards[0].batches[0];
//! assert_eq!(batch.rows[0].face, 120_050);
//! assert_eq!((batch.rejects[0].line, batch.rejects[0].value.as_str()), (3, "soon"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod batch;
mod cell;
mod classes;
mod columns_shown;
mod confirmation_columns;
mod confirmation_table;
mod debtor_master;
mod debtor_table;
mod delimited;
mod documents;
mod error;
mod field;
mod file_read;
mod general;
mod guidance;
mod known_columns;
mod layout;
mod maybe_day;
mod minor_name;
mod notation;
mod note;
mod options;
mod own_column;
mod own_output;
mod own_table;
mod parquet;
mod plain;
mod read;
mod reduction_kind;
mod reductions;
mod reject;
mod row;
mod row_cells;
mod shown;
mod table;
mod unit;

pub use batch::{Batch, Counts, Loose, Place, RejectedTotals, Row};
pub use cell::LAST_DAY;
pub use classes::Classes;
pub use confirmation_columns::CONFIRMATION_COLUMNS;
pub use confirmation_table::confirmation_table;
pub use debtor_master::DebtorMaster;
pub use debtor_table::Debtor;
pub use documents::Customer;
pub use error::IntakeError;
pub use field::{Columns, Field, bare};
pub use file_read::{FileRead, IntakeNotes, Shard};
pub use guidance::{DebtorFile, Guidance};
pub use known_columns::read_text;
pub use layout::{MappingError, layout_names};
pub use maybe_day::MaybeDay;
pub use notation::{Ambiguous, DateOrder, Decimal};
pub use note::{Note, reading, warning};
pub use options::IngestOptions;
pub use own_column::OwnColumn;
pub use own_table::{OwnRow, OwnTable};
pub use read::read;
pub use reduction_kind::ReductionKind;
pub use reductions::Reduction;
pub use reject::{Reject, RejectCode};
pub use table::{Check, texts};
