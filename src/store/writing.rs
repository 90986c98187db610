//! Transactions of either engine.

use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, OnceLock};

use chrono::TimeDelta;
use futures_util::TryStreamExt;
use sqlx::migrate::Migrator;
use sqlx::{Postgres, SqlSafeStr, Sqlite};
use tokio::sync::OwnedMutexGuard;

use super::clock::clock_sql;
use super::error::StoreError;
use super::keying::Chain;
use super::statement::{Readable, Value, bound, values};

/// A transaction; rolled back when dropped.
pub(super) enum Transaction {
    // In this order: when dropped, the rollback is on its way before the next writer has its turn.
    Sqlite(sqlx::Transaction<'static, Sqlite>, Option<OwnedMutexGuard<()>>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

/// A row that a transaction has written, by its table and the cells of its primary key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Touched {
    pub table: &'static str,
    pub key: Vec<String>,
}

/// The cells of a row's primary key, as texts.
pub(super) struct RowKey(Vec<String>);

impl From<&str> for RowKey {
    fn from(id: &str) -> Self {
        Self(vec![id.to_owned()])
    }
}

impl From<&String> for RowKey {
    fn from(id: &String) -> Self {
        Self(vec![id.clone()])
    }
}

impl<const N: usize> From<[&str; N]> for RowKey {
    fn from(cells: [&str; N]) -> Self {
        Self(cells.map(str::to_owned).to_vec())
    }
}

/// A transaction that writes, and reads as any other; rolled back when dropped.
pub(super) struct Writing {
    transaction: Transaction,
    chain: Arc<OnceLock<Chain>>,
    touched: BTreeSet<Touched>,
    read: BTreeSet<Touched>,
}

impl Transaction {
    /// Hands over every row that a statement without values yields, one by one.
    pub async fn each<T: Readable>(
        &mut self,
        sql: &'static str,
        mut take: impl FnMut(T),
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(it, _) => {
                let mut rows = sqlx::query_as(sql).fetch(&mut **it);
                while let Some(row) = rows.try_next().await? {
                    take(row);
                }
            }
            Self::Postgres(it) => {
                let mut rows = sqlx::query_as(sql).fetch(&mut **it);
                while let Some(row) = rows.try_next().await? {
                    take(row);
                }
            }
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

    pub async fn rows<T: Readable>(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<T>, StoreError> {
        Ok(match self {
            Self::Sqlite(it, _) => bound!(sqlx::query_as(sql), values).fetch_all(&mut **it).await?,
            Self::Postgres(it) => bound!(sqlx::query_as(sql), values).fetch_all(&mut **it).await?,
        })
    }
}

impl Deref for Writing {
    type Target = Transaction;

    fn deref(&self) -> &Transaction {
        &self.transaction
    }
}

impl DerefMut for Writing {
    fn deref_mut(&mut self) -> &mut Transaction {
        &mut self.transaction
    }
}

impl Writing {
    /// Returns the time by the database's clock, and that a while later: UTC, to the second.
    pub async fn clock(&mut self, later: TimeDelta) -> Result<(String, String), StoreError> {
        let is_server = matches!(self.transaction, Transaction::Postgres(_));
        let told = self.row(clock_sql(is_server), values![later.num_seconds()]).await?;
        told.ok_or(StoreError::Missing("clock"))
    }

    /// The transaction of a writer whose turn it is.
    pub fn new(transaction: Transaction, chain: Arc<OnceLock<Chain>>) -> Self {
        Self { transaction, chain, touched: BTreeSet::new(), read: BTreeSet::new() }
    }

    /// Notes a row that this transaction has added: its next row of the audit log seals it.
    pub fn adds(&mut self, table: &'static str, key: impl Into<RowKey>) {
        self.changes(table, key);
    }

    /// Notes a row that this transaction has changed: its next row of the audit log seals it.
    pub fn changes(&mut self, table: &'static str, key: impl Into<RowKey>) {
        self.touched.insert(Touched { table, key: key.into().0 });
    }

    /// Notes a row that this transaction rests on: its next row of the audit log says how it was,
    /// so that somebody who changes it for a moment cannot put it back unseen.
    pub fn reads(&mut self, table: &'static str, key: impl Into<RowKey>) {
        self.read.insert(Touched { table, key: key.into().0 });
    }

    /// Takes the rows that were read, but for those that are written as well.
    pub fn take_read(&mut self) -> BTreeSet<Touched> {
        let read = std::mem::take(&mut self.read);
        read.into_iter().filter(|own| !self.touched.contains(own)).collect()
    }

    /// Takes the rows that are not sealed yet.
    pub fn take_touched(&mut self) -> BTreeSet<Touched> {
        std::mem::take(&mut self.touched)
    }

    /// The chain that its changes are sealed in.
    pub fn chain(&self) -> Result<Chain, StoreError> {
        self.chain.get().cloned().ok_or(StoreError::Missing("audit key"))
    }

    /// Runs a statement; returns the number of rows that it changed.
    pub async fn run(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<u64, StoreError> {
        Ok(match &mut self.transaction {
            Transaction::Sqlite(it, _) => {
                bound!(sqlx::query(sql), values).execute(&mut **it).await?.rows_affected()
            }
            Transaction::Postgres(it) => {
                bound!(sqlx::query(sql), values).execute(&mut **it).await?.rows_affected()
            }
        })
    }

    /// Runs several statements that have no values.
    pub async fn script(&mut self, sql: &'static str) -> Result<(), StoreError> {
        match &mut self.transaction {
            Transaction::Sqlite(it, _) => sqlx::raw_sql(sql).execute(&mut **it).await.map(drop)?,
            Transaction::Postgres(it) => sqlx::raw_sql(sql).execute(&mut **it).await.map(drop)?,
        }
        Ok(())
    }

    /// Runs the migrations that the database lacks.
    pub async fn run_migrations(&mut self, migrator: &Migrator) -> Result<(), StoreError> {
        match &mut self.transaction {
            Transaction::Sqlite(it, _) => migrator.run(&mut **it).await?,
            Transaction::Postgres(it) => migrator.run(&mut **it).await?,
        }
        Ok(())
    }

    /// Records the migrations as run, and runs none.
    pub async fn skip_migrations(&mut self, migrator: &Migrator) -> Result<(), StoreError> {
        match &mut self.transaction {
            Transaction::Sqlite(it, _) => migrator.skip(&mut **it, None).await?,
            Transaction::Postgres(it) => migrator.skip(&mut **it, None).await?,
        }
        Ok(())
    }

    /// Runs a statement that was put together by this room, from names that are quoted.
    pub async fn run_own(&mut self, sql: String) -> Result<(), StoreError> {
        let sql = sqlx::AssertSqlSafe(sql).into_sql_str();
        match &mut self.transaction {
            Transaction::Sqlite(it, _) => sqlx::raw_sql(sql).execute(&mut **it).await.map(drop)?,
            Transaction::Postgres(it) => sqlx::raw_sql(sql).execute(&mut **it).await.map(drop)?,
        }
        Ok(())
    }

    /// Commits; refused while a row that was written is not sealed.
    pub async fn commit(self) -> Result<(), StoreError> {
        if let Some(Touched { table, key }) = self.touched.first() {
            return Err(StoreError::damaged(table, &key.join("/"), &"it was written unsealed"));
        }
        match self.transaction {
            Transaction::Sqlite(it, turn) => {
                it.commit().await?;
                // Held over the commit: SQLite is locked until then, and the next writer would have
                // to poll.
                drop(turn);
            }
            Transaction::Postgres(it) => it.commit().await?,
        }
        Ok(())
    }
}
