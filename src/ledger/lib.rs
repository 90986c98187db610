//! Ingestion: files of any layout become checked polars frames, rejects and a footing certificate.
//!
//! [`read`] is the way in. A file in the plain layout (one row per invoice, ISO dates, header in
//! the first line) is read in one pass on all cores; every other one becomes a sheet, in which a
//! table is found, in which the documents are. Every input row ends in exactly one place: an
//! invoice, a settlement, a classified row that is counted, or a [`Reject`]. Rows are put into one
//! canonical order (client, debtor, issue date, number, amount), so that nothing behind this room
//! can depend on the order of rows or files.
//!
//! ```
//! use factorage_ledger::{Guidance, IngestOptions, Source, read};
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
//! let read = read(&[Source::bytes("export.csv", text)], &options, &|_bytes| {})?;
//! // Every row is in one place: one invoice, and one reject that says why.
//! assert!(read.certificate.foots);
//! assert_eq!((read.invoices.height(), read.rejects.len()), (1, 1));
//! assert_eq!((read.rejects[0].line, read.rejects[0].value.as_str()), (3, "soon"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod as_of;
mod assemble;
mod batch;
mod blocks;
mod cell;
mod debtor_master;
mod debtor_merge;
mod debtor_table;
mod delimited;
mod documents;
mod error;
mod field;
mod footing;
mod foreign;
mod frames;
mod general;
mod guidance;
mod history;
mod layout;
mod link;
mod maybe_day;
mod name;
mod notation;
mod note;
mod own_output;
mod page;
mod parquet;
mod plain;
mod position;
mod rates;
mod reductions;
mod reject;
mod row;
mod sheet;
mod source;
mod standing;
mod table;
mod unit;
mod warnings;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Cursor, Seek};
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use polars::prelude::DataFrame;
use serde::Serialize;

use basics::{Currency, Day};

pub use as_of::{AsOf, AsOfReason};
pub use error::LedgerError;
pub use field::{Columns, Field};
pub use footing::{
    Assumptions, Classes, CurrencyTotals, FileFooting, FootingCertificate, RowCounts,
};
pub use foreign::plainly_other;
pub use guidance::{DebtorFile, Guidance};
pub use layout::{MappingError, layout_names};
pub use notation::{DateOrder, Decimal};
pub use note::{Note, reading, warning};
pub use page::{InvoiceEntry, InvoiceFilter, InvoiceOrder, invoice_page};
pub use parquet::is_decoding;
pub use position::{ClientPosition, CreditNoteAt, DebtorToldAt, InvoiceAt, LedgerColumns, Outcome};
pub use rates::{ConversionRate, ConversionRates, Converted};
pub use reject::{Reject, RejectCode};
pub use sheet::SheetError;
pub use source::Source;
pub use standing::Standing;
pub use table::Check;

use batch::Batch;
use debtor_master::DebtorMaster;
use debtor_table::Debtor;
use documents::Customer;

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
    /// Any other entry that lowers what is owed. Code 3 in frames.
    Adjustment,
}

impl SettlementKind {
    /// Number of kinds.
    pub(crate) const COUNT: usize = 4;

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
    /// What the user says about how the files are to be read.
    pub guidance: Guidance,
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
/// `debtors`: `client` (UInt32), `debtor_id`, `debtor_name`, `country` (String), and what the
/// user's debtor file says: `group` (String), `government`, `affiliate`, `insolvent`, `consumer`,
/// `progress_billing`, `non_assignable` (Boolean), `limit`, `payable` (String, major units); empty
/// or null where it says nothing.
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
    /// The date as of which a report says that it was made.
    pub stated_as_of: Option<NaiveDate>,
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

/// A file or folder that can be read more than once.
struct Input {
    /// As the user named it.
    name: Arc<str>,
    content: Content,
}

/// Where the bytes of an input are.
enum Content {
    Path(PathBuf),
    /// Those of a pipe, in a file without a name.
    Spool(File),
    /// In memory.
    Bytes(Arc<[u8]>),
}

impl Input {
    fn of(source: &Source) -> Result<Self, LedgerError> {
        let name: Arc<str> = source.name().into();
        let path = match source {
            Source::Path(path) => path,
            Source::Bytes { bytes, .. } => {
                let content = Content::Bytes(Arc::clone(bytes));
                return Ok(Self { name, content });
            }
        };
        let io = |source| LedgerError::Io { file: name.to_string(), source };
        let kind = std::fs::metadata(path).map_err(io)?;
        if kind.is_file() || kind.is_dir() {
            return Ok(Self { name, content: Content::Path(path.clone()) });
        }
        let mut pipe = File::open(path).map_err(io)?;
        let mut spool = scratch::spool().map_err(io)?;
        std::io::copy(&mut pipe, &mut spool).map_err(io)?;
        Ok(Self { name, content: Content::Spool(spool) })
    }

    /// The file from its first byte; of a pipe, no two at the same time.
    fn open(&self) -> std::io::Result<source::Seekable> {
        Ok(match &self.content {
            Content::Path(path) => Box::new(File::open(path)?),
            Content::Spool(spool) => {
                let mut file = spool.try_clone()?;
                file.rewind()?;
                Box::new(file)
            }
            Content::Bytes(bytes) => Box::new(Cursor::new(Arc::clone(bytes))),
        })
    }
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
    layout: String,
    layout_title: String,
    /// Whether the file holds documents, and not only payments or customers.
    is_ledger: bool,
    recognised: Vec<String>,
    ignored: Vec<String>,
    not_utf8: u64,
    customers: Vec<Customer>,
    notes: IntakeNotes,
}

impl FileRead {
    /// A file in the plain layout.
    fn plain(shards: Vec<Shard>, bytes: u64, sha256: String, columns: &Columns) -> Self {
        Self {
            shards,
            bytes,
            sha256,
            layout: "plain".to_owned(),
            layout_title: "one row per invoice".to_owned(),
            is_ledger: true,
            recognised: columns.recognised_headers(),
            ignored: columns.ignored(),
            not_utf8: 0,
            customers: Vec::new(),
            notes: IntakeNotes::default(),
        }
    }
}

/// What was found out about files beside their rows.
#[derive(Debug, Default)]
struct IntakeNotes {
    checks: Vec<Check>,
    readings: Vec<Note>,
    warnings: Vec<Note>,
    stated_as_of: Option<NaiveDate>,
}

impl IntakeNotes {
    fn add(&mut self, other: Self) {
        self.checks.extend(other.checks);
        self.readings.extend(other.readings);
        self.warnings.extend(other.warnings);
        self.stated_as_of = self.stated_as_of.max(other.stated_as_of);
    }
}

/// Reads files that together are one ledger.
///
/// # Errors
/// [`LedgerError`] when a file cannot be a ledger or nothing usable is left; a bad row is a reject
/// instead.
pub fn read(
    sources: &[Source],
    options: &IngestOptions,
    progress: Progress<'_>,
) -> Result<Ledger, LedgerError> {
    let master = match &options.guidance.debtors {
        Some(file) => DebtorMaster::read(file)?,
        None => DebtorMaster::default(),
    };
    let inputs = sources.iter().map(Input::of).collect::<Result<Vec<_>, _>>()?;
    let files = match plain::read(&inputs, options, progress)? {
        Some(files) => files,
        None => general::read(&inputs, options, progress)?,
    };
    assemble::assemble(files, options, &master)
}
