//! Ingestion: files in the plain layout (one row per invoice) become checked polars frames, rejects
//! and a footing certificate.
//!
//! [`read`] is the way in. Every input row ends in exactly one place: an invoice, a credit note
//! among the settlements, a blank row that is counted, or a [`Reject`]. Rows are put into one
//! canonical order (client, debtor, issue date, number, amount), so that nothing behind this room
//! can depend on the order of rows or files.

mod as_of;
mod assemble;
mod batch;
mod blocks;
mod cell;
mod debtor_table;
mod delimited;
mod error;
mod field;
mod footing;
mod frames;
mod history;
mod parquet;
mod position;
mod reductions;
mod reject;
mod row;
mod source;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use polars::prelude::DataFrame;
use serde::Serialize;

use crate::basics::{Currency, Day};

pub use as_of::{AsOf, AsOfReason, SetAside};
pub use error::LedgerError;
pub use field::{Columns, Field};
pub use footing::{Assumptions, CurrencyTotals, FileFooting, FootingCertificate, RowCounts};
pub use parquet::is_decoding;
pub use position::{ClientPosition, CreditNoteAt, InvoiceAt, LedgerColumns, Outcome};
pub use reject::{Reject, RejectCode};
pub use source::hex;

use batch::Batch;
use debtor_table::Debtor;
use source::Source;

/// What reduces an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SettlementKind {
    /// Cash. Code 0 in frames.
    Payment,
    /// Credit note: dilution. Code 1 in frames.
    CreditNote,
    /// Bad debt written off. Code 2 in frames.
    WriteOff,
}

impl SettlementKind {
    /// The code of the `kind` column.
    pub fn code(self) -> u32 {
        self as u32
    }
}

/// What to assume where a row is silent.
#[derive(Debug, Clone)]
pub struct IngestOptions {
    /// Currency of rows that name none.
    pub currency: Currency,
    /// Days from issue to due date where a row has only one of them.
    pub assumed_terms_days: u16,
    /// Client of rows that name none.
    pub client: String,
}

/// Told how many more bytes have been read.
pub type Progress<'a> = &'a (dyn Fn(u64) + Sync);

/// A checked ledger.
///
/// `invoices`: `client`, `debtor` (UInt32 codes: index into `clients`, row of `debtors`), `number`
/// (String), `issue_date`, `due_date` (Date), `currency` (UInt32: index into `currencies`), `face`
/// (Int64 minor units), `disputed` (Boolean, null = the ledger does not say), `disputed_date`
/// (Date), `duplicate_number`, `issue_assumed`, `due_assumed` (Boolean), `file`, `line` (UInt32),
/// and `po_number` (String) when a file has it.
///
/// `settlements`: `client`, `debtor`, `invoice` (UInt32 row of `invoices`, null = unapplied),
/// `date` (Date, null = the ledger gives none), `kind` (UInt32, [`SettlementKind::code`]), `amount`
/// (Int64 minor units, positive), `currency`, `used_up` (Date: an unapplied credit note was used by
/// then), `file`, `line`.
///
/// `debtors`: `client` (UInt32), `debtor_id`, `debtor_name`, `country` (String).
#[derive(Debug)]
pub struct Ledger {
    /// One row per invoice, in canonical order.
    pub invoices: DataFrame,
    /// One row per reduction, in the order of the invoices.
    pub settlements: DataFrame,
    /// One row per client and debtor, ordered by both.
    pub debtors: DataFrame,
    /// For debtors (by row of `debtors`) whose rows bear several names: the first issue date of
    /// each.
    pub several_names: BTreeMap<usize, Vec<(Day, String)>>,
    /// The clients in order of their id, each with its rows in the frames.
    pub clients: Vec<ClientRows>,
    /// The currencies of the ledger, ordered by code.
    pub currencies: Vec<Currency>,
    /// Rows kept out, ordered by file and line.
    pub rejects: Vec<Reject>,
    /// Proof that every row and every amount is accounted for.
    pub certificate: FootingCertificate,
}

/// One client's rows: ranges of the frames' row numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientRows {
    /// The client's id; empty when neither the ledger nor the user names one.
    pub id: String,
    /// Rows of `invoices`.
    pub invoices: std::ops::Range<usize>,
    /// Rows of `settlements`.
    pub settlements: std::ops::Range<usize>,
    /// Rows of `debtors`.
    pub debtors: std::ops::Range<usize>,
}

/// What one thread read of one file.
struct Shard {
    debtors: Vec<Debtor>,
    batches: Vec<Batch>,
}

/// One file, read.
struct FileRead {
    shards: Vec<Shard>,
    bytes: u64,
    sha256: String,
    columns: Columns,
}

/// Reads files that together are one ledger.
///
/// # Errors
/// [`LedgerError`] when a file cannot be a ledger or nothing usable is left; a bad row is a reject
/// instead.
pub fn read<P: AsRef<Path>>(
    paths: &[P],
    options: &IngestOptions,
    progress: Progress<'_>,
) -> Result<Ledger, LedgerError> {
    let mut files = Vec::with_capacity(paths.len());
    for (index, path) in paths.iter().enumerate() {
        let path = path.as_ref();
        let name: Arc<str> = path.display().to_string().into();
        let index = u16::try_from(index).unwrap_or(u16::MAX);
        let read = match source::open(path)? {
            Source::Delimited(input) => delimited::read(input, &name, index, options, progress)?,
            Source::Parquet(input) => parquet::read(input, &name, index, options, progress)?,
        };
        files.push((name, read));
    }
    assemble::assemble(files, options)
}

/// A day of a frame that may be absent.
type MaybeDay = Option<Day>;
