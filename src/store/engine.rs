//! The two engines behind the store. Every statement is written once, in SQL that both read, with
//! `$1`, `$2` for values. Only text and whole numbers are kept: both engines store and compare
//! these alike, which is not so for decimals, dates and booleans.

use std::path::Path;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use chrono::TimeDelta;
use sqlx::Connection;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions};
use tokio::sync::Mutex;

use scratch::create_private;

use super::clock::clock_sql;
use super::error::StoreError;
use super::keying::Chain;
use super::location::{Location, PATIENCE};
use super::statement::{Readable, Value, bound};

// Whoever writes begins here and needs both.
pub(super) use super::statement::values;
pub(super) use super::writing::{Transaction, Writing};

/// Largest number of connections to the database.
const CONNECTIONS: u32 = 8;

/// Time limit of the extra attempt that finds out why a server does not answer.
const LAST_ATTEMPT: Duration = Duration::from_secs(1);

/// Number of the lock by which writers on PostgreSQL take turns, as they do on SQLite: the audit
/// log is one chain, and each row needs the hash of the one before it.
// "fact" in ASCII. The number is shared by all that use the database, so a low one might be taken.
const WRITERS: i64 = 0x6661_6374;

/// Connections to one of the engines, and the chain that what is written through them is sealed in.
#[derive(Debug, Clone)]
pub(super) struct Engine {
    pools: Pools,
    /// Known once the database is open.
    chain: Arc<OnceLock<Chain>>,
}

/// Connections to one of the engines.
#[derive(Debug, Clone)]
enum Pools {
    /// With a queue for its writers: SQLite itself makes them poll, in which case one may starve.
    Sqlite(SqlitePool, Arc<Mutex<()>>),
    Postgres(PgPool),
}

impl Engine {
    fn of(pools: Pools) -> Self {
        Self { pools, chain: Arc::default() }
    }

    /// True for PostgreSQL, false for SQLite.
    pub fn is_server(&self) -> bool {
        self.server().is_some()
    }

    /// The connections to a server; none with SQLite.
    pub fn server(&self) -> Option<&PgPool> {
        match &self.pools {
            Pools::Sqlite(..) => None,
            Pools::Postgres(pool) => Some(pool),
        }
    }

    /// The chain that changes are sealed in.
    pub fn chain(&self) -> Result<&Chain, StoreError> {
        self.chain.get().ok_or(StoreError::Missing("audit key"))
    }

    /// Seals in this chain from now on.
    pub fn set_chain(&self, chain: Chain) {
        // A second chain of one database does not exist: the first stays.
        let _ = self.chain.set(chain);
    }

    /// Connects; creates an SQLite file if there is none.
    pub async fn connected(location: &Location) -> Result<Self, StoreError> {
        match location {
            Location::File(file) => {
                // SQLite gives its log the same mode. What keeps the file from being made keeps
                // SQLite from it, which says so.
                let _ = create_private(file);
                let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
                // With a write-ahead log readers wait for no writer, nor does it wait for them.
                Self::opened(file, options.journal_mode(SqliteJournalMode::Wal)).await
            }
            Location::Server(_) => Self::answering(location).await,
        }
    }

    /// Connects to an existing database and changes nothing about it, such as its journal mode.
    pub async fn existing(location: &Location) -> Result<Self, StoreError> {
        match location {
            Location::File(file) => {
                let options = SqliteConnectOptions::new().filename(file).create_if_missing(false);
                Self::opened(file, options).await
            }
            Location::Server(_) => Self::answering(location).await,
        }
    }

    async fn opened(file: &Path, options: SqliteConnectOptions) -> Result<Self, StoreError> {
        // SQLite checks references only if told to. Writers of other processes, such as `factorage
        // keys create`, are not in the queue: for them there is the timeout.
        let options = options.foreign_keys(true).busy_timeout(PATIENCE);
        let pool = SqlitePoolOptions::new().max_connections(CONNECTIONS);
        // A full disk makes SQLite roll back by itself. The rollback that follows fails, and the
        // connection counts as being in a transaction for good: it could not begin another one.
        let pool = pool.before_acquire(|connection, _| {
            Box::pin(std::future::ready(Ok(!connection.is_in_transaction())))
        });
        let pool = pool.acquire_timeout(PATIENCE).connect_with(options).await;
        let pool = pool.map_err(|error| StoreError::of_file(file, error))?;
        Ok(Self::of(Pools::Sqlite(pool, Arc::default())))
    }

    async fn answering(location: &Location) -> Result<Self, StoreError> {
        let Location::Server(url) = location else { return Err(StoreError::Missing("server")) };
        let failed = |error| StoreError::of_server(location, error);
        let options = PgConnectOptions::from_str(url).map_err(failed)?;
        let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE);
        match pool.connect_with(options.clone()).await {
            Ok(pool) => Ok(Self::of(Pools::Postgres(pool))),
            // The pool retries until its time is up and does not say why; one more attempt does.
            Err(sqlx::Error::PoolTimedOut) => {
                let attempt = PgConnection::connect_with(&options);
                match tokio::time::timeout(LAST_ATTEMPT, attempt).await {
                    Ok(Err(error)) => Err(failed(error)),
                    _ => Err(failed(sqlx::Error::PoolTimedOut)),
                }
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// Starts a transaction that writes; other writers wait until it has ended.
    pub async fn writing(&self) -> Result<Writing, StoreError> {
        match &self.pools {
            Pools::Sqlite(pool, turn) => {
                // Before a connection is taken: those who wait for their turn leave the pool to the
                // readers.
                let turn = Arc::clone(turn).lock_owned().await;
                // Locked at once: a transaction that reads first fails if another process writes in
                // between, however long it is ready to wait.
                let begun = pool.begin_with("BEGIN IMMEDIATE").await?;
                Ok(self.written_by(Transaction::Sqlite(begun, Some(turn))))
            }
            Pools::Postgres(pool) => {
                let mut transaction = pool.begin().await?;
                // Ends with the transaction, by a rollback or a lost connection too. What is read
                // from here on includes what the last writer committed (READ COMMITTED).
                sqlx::query("SELECT pg_advisory_xact_lock($1)")
                    .bind(WRITERS)
                    .execute(&mut *transaction)
                    .await?;
                Ok(self.written_by(Transaction::Postgres(transaction)))
            }
        }
    }

    /// Commits a transaction that writes and changes nothing: it fails on a full disk, on a
    /// database that may only be read, and while another writer does not end.
    pub async fn write_nothing(&self) -> Result<(), StoreError> {
        let mut writing = self.writing().await?;
        // A page of SQLite, with a number that is of no use here. On PostgreSQL a statement that a
        // database for readers refuses, and a number, without which nothing would be logged.
        writing
            .script(if self.is_server() {
                "UPDATE client SET version = version WHERE FALSE; SELECT pg_current_xact_id()"
            } else {
                "PRAGMA user_version = 0"
            })
            .await?;
        writing.commit().await
    }

    /// Closes all connections. The last one of SQLite moves its log into the database.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite(pool, _) => pool.close().await,
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    /// Returns the time by the database's clock, and that a while later: UTC, to the second.
    pub async fn clock(&self, later: TimeDelta) -> Result<(String, String), StoreError> {
        let told = self.row(clock_sql(self.is_server()), values![later.num_seconds()]).await?;
        told.ok_or(StoreError::Missing("clock"))
    }

    fn written_by(&self, transaction: Transaction) -> Writing {
        Writing::new(transaction, Arc::clone(&self.chain))
    }

    /// Starts a transaction that reads: everything is as it was at its first statement.
    pub async fn reading(&self) -> Result<Transaction, StoreError> {
        Ok(match &self.pools {
            Pools::Sqlite(pool, _) => Transaction::Sqlite(pool.begin().await?, None),
            Pools::Postgres(pool) => {
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";
                Transaction::Postgres(pool.begin_with(begin).await?)
            }
        })
    }

    // `'static`: no statement is ever put together from what a caller sent.
    pub async fn rows<T: Readable>(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<T>, StoreError> {
        Ok(match &self.pools {
            Pools::Sqlite(pool, _) => bound!(sqlx::query_as(sql), values).fetch_all(pool).await?,
            Pools::Postgres(pool) => bound!(sqlx::query_as(sql), values).fetch_all(pool).await?,
        })
    }

    pub async fn row<T: Readable>(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Option<T>, StoreError> {
        Ok(match &self.pools {
            Pools::Sqlite(pool, _) => {
                bound!(sqlx::query_as(sql), values).fetch_optional(pool).await?
            }
            Pools::Postgres(pool) => {
                bound!(sqlx::query_as(sql), values).fetch_optional(pool).await?
            }
        })
    }
}
