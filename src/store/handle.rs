use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use sqlx::postgres::PgConnection;
use tokio::sync::Mutex;

use scratch::Lock;

use super::engine::Engine;
use super::error::StoreError;

/// Size of the file that is written to find out if the disk has room for one, in bytes.
const PAGE: usize = 4096;

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
    /// Checks that the database and the folder of files can be written, by writing to both: a disk
    /// that is full or a lock that is held does not show in what is read.
    ///
    /// # Errors
    /// If either cannot be written.
    pub async fn check_writable(&self) -> Result<(), StoreError> {
        self.engine.write_nothing().await?;
        let store = self.clone();
        let written = tokio::task::spawn_blocking(move || store.receive()?.write(&[0; PAGE])).await;
        written.map_err(|error| StoreError::damaged("upload", "", &error))?
    }

    /// Ends all connections to the database.
    pub async fn close(&self) {
        self.engine.close().await;
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;
    use crate::{Keying, Location};

    impl Store {
        /// A store on a new SQLite file in a folder.
        pub(crate) async fn sample(folder: &Path) -> Self {
            let location = Location::File(folder.join("factorage.sqlite"));
            Self::open(&location, None, &Keying::sample(folder)).await.expect("a database")
        }
    }

    /// A limit of its pages is to SQLite what a full disk is: the same error, the same rollback.
    #[tokio::test]
    async fn what_could_not_be_written_for_want_of_room_keeps_nobody_from_writing_later() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::sample(folder.path()).await;
        for _ in 0..20 {
            let mut writing = store.engine.writing().await.expect("a turn");
            let full = "PRAGMA max_page_count = 1; CREATE TABLE filler (bytes BLOB); \
                            INSERT INTO filler VALUES (zeroblob(1000000))";
            let error = writing.script(full).await.expect_err("no room");
            assert!(error.to_string().contains("full"), "{error}");
            drop(writing);
            store.check_writable().await.expect("room again");
        }
    }

    #[tokio::test]
    async fn a_store_that_another_writes_to_or_without_its_folder_is_not_writable() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::sample(folder.path()).await;
        store.check_writable().await.expect("writable");
        let writing = store.engine.writing().await.expect("a turn");
        let soon = Duration::from_millis(200);
        assert!(timeout(soon, store.check_writable()).await.is_err());
        drop(writing);
        store.check_writable().await.expect("writable");
        std::fs::remove_dir_all(&store.files).expect("a folder");
        let error = store.check_writable().await.expect_err("no folder");
        assert!(matches!(error, StoreError::File { .. }), "{error}");
    }

    #[tokio::test]
    #[cfg(unix)]
    async fn its_files_are_for_their_owner_alone_and_a_stop_leaves_one() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::sample(folder.path()).await;
        store.check_writable().await.expect("writable");
        let file = |name| folder.path().join(name);
        let log = file("factorage.sqlite-wal");
        for own in [&file("factorage.sqlite"), &log] {
            let mode = std::fs::metadata(own).expect("a file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", own.display());
        }
        store.close().await;
        assert!(!log.exists(), "the log is part of the database");
    }
}
