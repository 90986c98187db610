//! What the service keeps: metadata in SQL, files beside the database by their content hash.
//!
//! Every change of state and its row in the audit log are one transaction. Times are RFC 3339 texts
//! that the caller passes down; no clock is read here.
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
//! // The change and its row in the audit log are there together, and the log is whole.
//! let (rows, broken) = store.audit().await?;
//! assert_eq!((rows.len(), broken.is_none()), (1, true));
//! # Ok(())
//! # })
//! # }
//! ```

mod audit;
mod clients;
mod collections;
mod engine;
mod error;
mod files;
mod idempotency;
mod jobs;
mod keys;
mod ledgers;
mod location;
mod migrations;
mod offers;
mod positions;
mod quotes;
mod reports;
mod written;

use std::path::PathBuf;

pub use audit::{AuditRow, Broken};
pub use clients::Client;
pub use collections::{CollectionRow, Posted, SettlementRow};
use engine::Engine;
pub use error::StoreError;
pub use files::{Artefact, Receiving, StoredFile};
pub use idempotency::{Answer, Remembered};
pub use jobs::{JobKind, JobRow, Outcome};
pub use keys::{ApiKey, Identity, NewKey, Role};
pub use ledgers::LedgerRow;
pub use location::{Location, PATIENCE};
pub use offers::OfferRow;
pub use positions::PositionRow;
pub use quotes::QuoteRow;
pub use reports::ReportRow;
pub use written::{Kind, Written};

/// The store: a database and a folder of files.
#[derive(Debug, Clone)]
pub struct Store {
    engine: Engine,
    files: PathBuf,
}

/// Who does something, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Prefix of the key.
    pub key: String,
    /// RFC 3339.
    pub at: String,
    /// What it is answered, where it asked that the same request is not carried out twice.
    pub answer: Option<Answer>,
}

impl Store {
    /// Whether the database answers.
    ///
    /// # Errors
    /// [`StoreError`] when it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.engine.row::<(i64,)>("SELECT CAST(1 AS BIGINT)", &[]).await.map(drop)
    }
}
