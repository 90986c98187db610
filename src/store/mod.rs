//! What the service keeps: metadata in SQL, files beside the database by their content hash.
//!
//! Every change of state and its row in the audit log are one transaction. Times are RFC 3339 texts
//! that the caller passes down; no clock is read here.

mod audit;
mod clients;
mod error;
mod files;
mod idempotency;
mod keys;
mod ledgers;
mod offers;
mod quotes;

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions};

pub use audit::{AuditRow, Broken};
pub use clients::Client;
pub use error::StoreError;
pub use files::{Receiving, StoredFile};
pub use idempotency::{Answer, Remembered};
pub use keys::{ApiKey, Identity, NewKey, Role};
pub use ledgers::LedgerRow;
pub use offers::OfferRow;
pub use quotes::QuoteRow;

/// Connections to the database.
const CONNECTIONS: u32 = 8;

/// How long a writer waits for another.
const BUSY: Duration = Duration::from_secs(10);

/// The migrations, in order; each is run once.
const MIGRATIONS: [(&str, &str); 1] = [("0001_start", include_str!("migrations/0001_start.sql"))];

/// The store: an SQLite database and a folder of files beside it.
#[derive(Debug, Clone)]
pub struct Store {
    pool: SqlitePool,
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
    /// Opens the database file, which is made when missing, and the folder `NAME.files` beside it.
    /// Runs the migrations of a new database, and refuses one that lacks some.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open(database: &Path) -> Result<Self, StoreError> {
        let store = Self::connected(database).await?;
        match store.missing().await?.as_slice() {
            [] => Ok(store),
            missing if missing.len() == MIGRATIONS.len() => {
                store.migrate().await?;
                Ok(store)
            }
            [first, ..] => Err(StoreError::NotMigrated(first)),
        }
    }

    /// Opens the database and runs the migrations that it lacks; returns their names.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn migrated(database: &Path) -> Result<(Self, Vec<&'static str>), StoreError> {
        let store = Self::connected(database).await?;
        let run = store.migrate().await?;
        Ok((store, run))
    }

    async fn connected(database: &Path) -> Result<Self, StoreError> {
        let files = database.with_extension("files");
        std::fs::create_dir_all(&files)
            .map_err(|source| StoreError::File { file: files.display().to_string(), source })?;
        let options = SqliteConnectOptions::new()
            .filename(database)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .foreign_keys(true)
            .busy_timeout(BUSY);
        let pool = SqlitePoolOptions::new().max_connections(CONNECTIONS);
        Ok(Self { pool: pool.connect_with(options).await?, files })
    }

    /// Migrations that have not been run.
    async fn missing(&self) -> Result<Vec<&'static str>, StoreError> {
        sqlx::query("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY)")
            .execute(&self.pool)
            .await?;
        let done: Vec<String> =
            sqlx::query_scalar("SELECT name FROM migration").fetch_all(&self.pool).await?;
        let names = MIGRATIONS.iter().map(|(name, _)| *name);
        Ok(names.filter(|name| !done.iter().any(|done| done == name)).collect())
    }

    async fn migrate(&self) -> Result<Vec<&'static str>, StoreError> {
        let missing = self.missing().await?;
        for (name, text) in MIGRATIONS.iter().filter(|(name, _)| missing.contains(name)) {
            let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
            sqlx::raw_sql(*text).execute(&mut *transaction).await?;
            sqlx::query("INSERT INTO migration (name) VALUES ($1)")
                .bind(*name)
                .execute(&mut *transaction)
                .await?;
            transaction.commit().await?;
        }
        Ok(missing)
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`StoreError`] when it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }
}
