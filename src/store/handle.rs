use std::path::PathBuf;
use std::sync::Arc;

use sqlx::postgres::PgConnection;
use tokio::sync::Mutex;

use super::engine::Engine;
use super::error::StoreError;

/// The store: a database and a folder of files.
#[derive(Debug, Clone)]
pub struct Store {
    pub(super) engine: Engine,
    pub(super) files: PathBuf,
    /// The connection to a server that holds the turns of requests; none before the first.
    pub(super) turns: Arc<Mutex<Option<PgConnection>>>,
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
