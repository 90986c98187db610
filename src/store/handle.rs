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
        self.engine.row::<(i64,)>("SELECT CAST(1 AS BIGINT)", &[]).await.map(drop)
    }
}
