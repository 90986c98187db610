use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use sqlx::postgres::PgConnection;
use tokio::sync::Mutex;

use scratch::Lock;

use super::engine::Engine;
use super::error::StoreError;

/// The store: a database and a folder of files.
#[derive(Debug, Clone)]
pub struct Store {
    pub(super) engine: Engine,
    pub(super) files: PathBuf,
    pub(super) turns: Arc<Turns>,
}

/// The turns of requests that this process holds. They end with it, which no crash can forget.
#[derive(Debug, Default)]
pub(super) struct Turns {
    /// The connection to a server; none before the first turn.
    pub connection: Mutex<Option<PgConnection>>,
    /// The locks of turns beside an SQLite file.
    pub locks: Mutex<HashMap<i64, Lock>>,
}

impl Store {
    /// Checks that the database answers.
    ///
    /// # Errors
    /// If it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        // A bare 1 is 32 bits wide on PostgreSQL and would not be read as an `i64`.
        self.engine.row::<(i64,)>("SELECT CAST(1 AS BIGINT)", &[]).await.map(drop)
    }
}
