//! A client's ledger: checked rows become polars frames, rejects and a footing certificate.
//!
//! [`read()`] is the entry point. It takes the checked rows and rejects of [`intake`], puts them
//! into one canonical order (client, debtor, issue date, number, amount), so that no later room can
//! depend on the order of rows or files, links reductions to their invoices, and proves that every
//! row is in exactly one place. A [`Ledger`] gives the position at the end of any day.
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
mod beside;
mod certificate;
mod debtor_merge;
mod error;
mod footing;
mod frames;
mod gathered;
mod history;
mod ledger;
mod link;
mod page;
mod position;
mod rates;
mod read;
mod standing;
mod warnings;

pub use as_of::{AsOf, AsOfReason};
pub use beside::plainly_other;
pub use certificate::{Assumptions, CurrencyTotals, FileFooting, FootingCertificate, RowCounts};
pub use error::LedgerError;
pub use history::Outcome;
pub use ledger::{ClientRows, Ledger};
pub use page::{InvoiceEntry, InvoiceFilter, InvoiceOrder, invoice_page};
pub use position::{ClientPosition, CreditNoteAt, InvoiceAt, LedgerColumns};
pub use rates::{ConversionRate, ConversionRates, Converted};
pub use read::read;
pub use standing::Standing;

// Re-exported so that a user of this room need not depend on the rooms that it is built on.
pub use intake::{
    CONFIRMATION_COLUMNS, Check, Classes, Columns, DateOrder, DebtorFile, Decimal, Field, Guidance,
    IngestOptions, LAST_DAY, MappingError, Note, OwnRow, OwnTable, ReductionKind, Reject,
    RejectCode, confirmation_table, layout_names, reading, warning,
};
pub use sheet::{FileError, Progress, SheetError, Source, is_decoding};
