//! The service's storage: metadata in SQL, and files beside the database under their content hash.
//!
//! Every change of state is written in one transaction with its row in the audit log. Times are RFC
//! 3339 texts that the caller passes in; no clock is read here.
//!
//! ```
//! use factorage_store::{Actor, Client, Keying, Location, Store};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! # let folder = tempfile::tempdir()?;
//! let database = Location::File(folder.path().join("factorage.sqlite"));
//! let at = "2026-06-30T09:00:00Z".to_owned();
//! // The key is kept outside the database; the bits become the key of a new one.
//! let keying = Keying {
//!     file: folder.path().join("factorage.audit-key"),
//!     fresh: [7; 32],
//!     database: [1; 16],
//!     at: at.clone(),
//! };
//! let store = Store::open(&database, None, &keying).await?;
//! let client = Client {
//!     id: "acme".to_owned(),
//!     name: "Acme Ltd".to_owned(),
//!     sector: String::new(),
//!     version: 1,
//!     created_at: at.clone(),
//! };
//! store.create_client(&client, &Actor { key: "fk_1a2b3c4d".to_owned(), at, answer: None }).await?;
//! // The change and its row in the audit log were written together, and nothing was altered since.
//! let verified = store.verify(None).await?;
//! assert_eq!((verified.rows, verified.sealed, verified.faults.len()), (2, 1, 0));
//! # Ok(())
//! # })
//! # }
//! ```

mod actor;
mod audit;
mod audit_start;
mod audit_walk;
mod books;
mod buying;
mod claims;
mod client_debtors;
mod clients;
mod clock;
mod collections;
mod confirmations;
mod debtor_links;
mod engine;
mod error;
mod files;
mod funding;
mod grounds;
mod handle;
mod heads;
mod idempotency;
mod jobs;
mod keying;
mod keys;
mod ledgers;
mod lines;
mod linked;
mod location;
mod migrations;
mod movements;
mod offers;
mod payees;
mod positions;
mod postings;
mod purchase;
mod quotes;
mod reports;
mod reversals;
mod roles;
mod sealed_table;
mod seals;
mod settlements;
mod statement;
mod texts;
mod turns;
mod verify;
mod writing;

use audit::AuditEntry;

pub use actor::{Actor, Answer};
pub use audit_walk::AuditFault;
pub use buying::{Accepted, Buying};
pub use client_debtors::{ClientDebtorRow, DebtorChange, DebtorOf};
pub use clients::{Client, ClientChange};
pub use confirmations::ConfirmationRow;
pub use error::StoreError;
pub use files::{Artefact, Receiving, StoredFile};
pub use funding::Funded;
pub use grounds::Grounds;
pub use handle::Store;
pub use heads::Head;
pub use idempotency::Remembered;
pub use jobs::{FinishedJob, JobFilter, JobKind, JobRow, Outcome};
pub use keying::Keying;
pub use keys::{ApiKey, Identity, NewKey, Role};
pub use ledgers::{LedgerRow, SentLedger};
pub use location::{Location, PATIENCE};
pub use migrations::Migrated;
pub use offers::{OfferChange, OfferHead, OfferRow};
pub use payees::PayeeOf;
pub use postings::Posting;
pub use purchase::PurchaseFilter;
pub use quotes::QuoteRow;
pub use reports::ReportRow;
pub use reversals::Reversing;
pub use texts::{NewText, TextKind, VersionedText};
pub use verify::Verified;
