//! The service's storage: metadata in SQL, and files beside the database under their content hash.
//!
//! Every change of state is written in one transaction with its row in the audit log. Times are RFC
//! 3339 texts that the caller passes in; no clock is read here.
//!
//! ```
//! use factorage_store::{Actor, Client, Location, Store};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! # let folder = tempfile::tempdir()?;
//! let database = Location::File(folder.path().join("factorage.sqlite"));
//! let store = Store::open(&database, None).await?;
//! let at = "2026-06-30T09:00:00Z".to_owned();
//! let client = Client {
//!     id: "acme".to_owned(),
//!     name: "Acme Ltd".to_owned(),
//!     sector: String::new(),
//!     version: 1,
//!     created_at: at.clone(),
//! };
//! store.create_client(&client, &Actor { key: "fk_1a2b3c4d".to_owned(), at, answer: None }).await?;
//! // The change and its row in the audit log were written together, and the log is intact.
//! let (rows, broken) = store.audit().await?;
//! assert_eq!((rows.len(), broken.is_none()), (1, true));
//! # Ok(())
//! # })
//! # }
//! ```

mod actor;
mod audit;
mod clients;
mod collections;
mod confirmations;
mod engine;
mod error;
mod files;
mod handle;
mod idempotency;
mod jobs;
mod keys;
mod ledgers;
mod location;
mod migrations;
mod offers;
mod positions;
mod postings;
mod quotes;
mod reports;
mod settlements;
mod texts;

use audit::AuditEntry;

pub use actor::{Actor, Answer};
pub use audit::{AuditRow, Broken};
pub use clients::{Client, ClientChange};
pub use confirmations::ConfirmationRow;
pub use error::StoreError;
pub use files::{Artefact, Receiving, StoredFile};
pub use handle::Store;
pub use idempotency::Remembered;
pub use jobs::{FinishedJob, JobKind, JobRow, Outcome};
pub use keys::{ApiKey, Identity, NewKey, Role};
pub use ledgers::LedgerRow;
pub use location::{Location, PATIENCE};
pub use offers::{OfferChange, OfferRow};
pub use postings::Posting;
pub use quotes::QuoteRow;
pub use reports::ReportRow;
pub use texts::{NewText, TextKind, VersionedText};
