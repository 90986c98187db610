//! Turns among servers: of equal requests to two servers on one database, one is carried out.

use sha2::{Digest, Sha256};
use sqlx::Connection;
use sqlx::postgres::{PgConnection, PgPool};

use scratch::Lock;

use super::{Store, StoreError};

/// The folder of locks, in the folder of files.
const TURNS: &str = "turns";

/// The number of the lock for a caller's idempotency key.
fn number(caller: &str, key: &str) -> i64 {
    let mut hash = Sha256::new();
    hash.update(caller.as_bytes());
    // Neither holds this byte, so both cannot run into each other.
    hash.update([0]);
    hash.update(key.as_bytes());
    let hash = hash.finalize();
    hash.iter().take(8).fold(0, |number, byte| (number << 8) | i64::from(*byte))
}

impl Store {
    /// Takes the turn of a caller's idempotency key; false if another server has it.
    ///
    /// # Errors
    /// If the database does not answer, or the folder of files has no locks.
    pub async fn take_turn(&self, caller: &str, key: &str) -> Result<bool, StoreError> {
        let number = number(caller, key);
        match self.engine.server() {
            Some(pool) => self.turn(pool, "SELECT pg_try_advisory_lock($1)", number).await,
            None => self.lock(number).await,
        }
    }

    /// Gives the turn of a caller's idempotency key back.
    ///
    /// # Errors
    /// If the database does not answer: then the turn is over as well, with its connection.
    pub async fn leave_turn(&self, caller: &str, key: &str) -> Result<(), StoreError> {
        let number = number(caller, key);
        let Some(pool) = self.engine.server() else {
            self.turns.locks.lock().await.remove(&number);
            return Ok(());
        };
        self.turn(pool, "SELECT pg_advisory_unlock($1)", number).await.map(drop)
    }

    /// Runs a statement on the connection that holds this server's turns.
    async fn turn(
        &self,
        pool: &PgPool,
        sql: &'static str,
        number: i64,
    ) -> Result<bool, StoreError> {
        let mut connection = self.turns.connection.lock().await;
        let open = match &mut *connection {
            Some(open) => open,
            none => none.insert(PgConnection::connect_with(&pool.connect_options()).await?),
        };
        let done = sqlx::query_as(sql).bind(number).fetch_one(open).await;
        if done.is_err() {
            *connection = None;
        }
        let (done,): (bool,) = done?;
        Ok(done)
    }

    /// Takes the lock of a turn, which all that use the folder of files share. SQLite has none that
    /// is not one on the whole database.
    async fn lock(&self, number: i64) -> Result<bool, StoreError> {
        let folder = self.files.join(TURNS);
        let taken = std::fs::create_dir_all(&folder)
            .and_then(|()| Lock::take(folder.join(format!("{number:016x}"))));
        let failed = |source| StoreError::File { file: folder.display().to_string(), source };
        let Some(lock) = taken.map_err(failed)? else { return Ok(false) };
        self.turns.locks.lock().await.insert(number, lock);
        Ok(true)
    }
}
