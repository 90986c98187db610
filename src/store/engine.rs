//! The two engines behind the store. Every statement is written once, in SQL that both read, with
//! `$1`, `$2` for values. Only text and whole numbers are kept: both engines store and compare
//! these alike, which is not so for decimals, dates and booleans.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions, PgRow};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow,
};
use sqlx::{Connection, FromRow, Postgres, Sqlite};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::error::StoreError;
use super::location::{Location, PATIENCE};

/// Largest number of connections to the database.
const CONNECTIONS: u32 = 8;

/// Time limit of the extra attempt that finds out why a server does not answer.
const LAST_ATTEMPT: Duration = Duration::from_secs(1);

/// Number of the lock by which writers on PostgreSQL take turns, as they do on SQLite: the audit
/// log is one chain, and each row needs the hash of the one before it.
// "fact" in ASCII. The number is shared by all that use the database, so a low one might be taken.
const WRITERS: i64 = 0x6661_6374;

/// Connections to one of the engines.
#[derive(Debug, Clone)]
pub(super) enum Engine {
    /// With a queue for its writers: SQLite itself makes them poll, in which case one may starve.
    Sqlite(SqlitePool, Arc<Mutex<()>>),
    Postgres(PgPool),
}

/// A transaction that writes; rolled back when dropped.
pub(super) enum Writing {
    // In this order: when dropped, the rollback is on its way before the next writer has its turn.
    Sqlite(sqlx::Transaction<'static, Sqlite>, OwnedMutexGuard<()>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

/// A value of a statement.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value<'a> {
    Text(&'a str),
    MaybeText(Option<&'a str>),
    Whole(i64),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<Option<&'a str>> for Value<'a> {
    fn from(text: Option<&'a str>) -> Self {
        Self::MaybeText(text)
    }
}

impl<'a> From<&'a Option<String>> for Value<'a> {
    fn from(text: &'a Option<String>) -> Self {
        Self::MaybeText(text.as_deref())
    }
}

impl From<i64> for Value<'_> {
    fn from(whole: i64) -> Self {
        Self::Whole(whole)
    }
}

/// The values of a statement, in order.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::engine::Value::from($value)),*] };
}
pub(super) use values;

/// A type that is read from a row of either engine.
pub(super) trait Readable:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

impl<T> Readable for T where
    T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

/// Binds its values to a statement. A macro, because the queries of the engines are different types
/// with no trait for binding in common.
macro_rules! bound {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match *value {
                Value::Text(text) => query.bind(text),
                Value::MaybeText(text) => query.bind(text),
                Value::Whole(whole) => query.bind(whole),
            };
        }
        query
    }};
}

impl Engine {
    /// Connects; creates an SQLite file if there is none.
    pub async fn connected(location: &Location) -> Result<Self, StoreError> {
        match location {
            Location::File(file) => {
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
        let pool = pool.acquire_timeout(PATIENCE).connect_with(options).await;
        let pool = pool.map_err(|error| StoreError::of_file(file, error))?;
        Ok(Self::Sqlite(pool, Arc::default()))
    }

    async fn answering(location: &Location) -> Result<Self, StoreError> {
        let Location::Server(url) = location else { return Err(StoreError::Missing("server")) };
        let failed = |error| StoreError::of_server(location, error);
        let options = PgConnectOptions::from_str(url).map_err(failed)?;
        let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE);
        match pool.connect_with(options.clone()).await {
            Ok(pool) => Ok(Self::Postgres(pool)),
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
        match self {
            Self::Sqlite(pool, turn) => {
                // Before a connection is taken: those who wait for their turn leave the pool to the
                // readers.
                let turn = Arc::clone(turn).lock_owned().await;
                // Locked at once: a transaction that reads first fails if another process writes in
                // between, however long it is ready to wait.
                Ok(Writing::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?, turn))
            }
            Self::Postgres(pool) => {
                let mut transaction = pool.begin().await?;
                // Ends with the transaction, by a rollback or a lost connection too. What is read
                // from here on includes what the last writer committed (READ COMMITTED).
                sqlx::query("SELECT pg_advisory_xact_lock($1)")
                    .bind(WRITERS)
                    .execute(&mut *transaction)
                    .await?;
                Ok(Writing::Postgres(transaction))
            }
        }
    }

    // `'static`: no statement is ever put together from what a caller sent.
    pub async fn rows<T: Readable>(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<T>, StoreError> {
        Ok(match self {
            Self::Sqlite(pool, _) => bound!(sqlx::query_as(sql), values).fetch_all(pool).await?,
            Self::Postgres(pool) => bound!(sqlx::query_as(sql), values).fetch_all(pool).await?,
        })
    }

    pub async fn row<T: Readable>(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Option<T>, StoreError> {
        Ok(match self {
            Self::Sqlite(pool, _) => {
                bound!(sqlx::query_as(sql), values).fetch_optional(pool).await?
            }
            Self::Postgres(pool) => {
                bound!(sqlx::query_as(sql), values).fetch_optional(pool).await?
            }
        })
    }
}

impl Writing {
    /// Runs a statement; returns the number of rows that it changed.
    pub async fn run(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<u64, StoreError> {
        Ok(match self {
            Self::Sqlite(it, _) => {
                bound!(sqlx::query(sql), values).execute(&mut **it).await?.rows_affected()
            }
            Self::Postgres(it) => {
                bound!(sqlx::query(sql), values).execute(&mut **it).await?.rows_affected()
            }
        })
    }

    /// Runs several statements that have no values.
    pub async fn script(&mut self, sql: &'static str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(it, _) => sqlx::raw_sql(sql).execute(&mut **it).await.map(drop)?,
            Self::Postgres(it) => sqlx::raw_sql(sql).execute(&mut **it).await.map(drop)?,
        }
        Ok(())
    }

    /// Runs the migrations that the database lacks.
    pub async fn run_migrations(&mut self, migrator: &Migrator) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(it, _) => migrator.run(&mut **it).await?,
            Self::Postgres(it) => migrator.run(&mut **it).await?,
        }
        Ok(())
    }

    /// Records the migrations as run, and runs none.
    pub async fn skip_migrations(&mut self, migrator: &Migrator) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(it, _) => migrator.skip(&mut **it, None).await?,
            Self::Postgres(it) => migrator.skip(&mut **it, None).await?,
        }
        Ok(())
    }

    pub async fn row<T: Readable>(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Option<T>, StoreError> {
        Ok(match self {
            Self::Sqlite(it, _) => {
                bound!(sqlx::query_as(sql), values).fetch_optional(&mut **it).await?
            }
            Self::Postgres(it) => {
                bound!(sqlx::query_as(sql), values).fetch_optional(&mut **it).await?
            }
        })
    }

    pub async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(it, turn) => {
                it.commit().await?;
                // Held over the commit: SQLite is locked until then, and the next writer would have
                // to poll.
                drop(turn);
            }
            Self::Postgres(it) => it.commit().await?,
        }
        Ok(())
    }
}
