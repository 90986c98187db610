use std::path::PathBuf;

use super::engine::Engine;
use super::error::StoreError;

/// The store: a database and a folder of files.
#[derive(Debug, Clone)]
pub struct Store {
    pub(super) engine: Engine,
    pub(super) files: PathBuf,
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
