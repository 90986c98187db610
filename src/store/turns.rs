//! Turns among servers: of equal requests to two servers on one database, one is carried out.

use sha2::{Digest, Sha256};
use sqlx::Connection;
use sqlx::postgres::PgConnection;

use super::{Store, StoreError};

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
    /// Takes the turn of a caller's idempotency key; false if another server has it. On SQLite it
    /// is always free: what is served from one file is served by one process.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn take_turn(&self, caller: &str, key: &str) -> Result<bool, StoreError> {
        let taken = "SELECT pg_try_advisory_lock($1)";
        self.turn(taken, number(caller, key)).await.map(|taken| taken.unwrap_or(true))
    }

    /// Gives the turn of a caller's idempotency key back.
    ///
    /// # Errors
    /// If the database does not answer: then the turn is over as well, with its connection.
    pub async fn leave_turn(&self, caller: &str, key: &str) -> Result<(), StoreError> {
        self.turn("SELECT pg_advisory_unlock($1)", number(caller, key)).await.map(drop)
    }

    /// Runs a statement on the connection that holds this server's turns: were it lost, so would
    /// they be, which no crash can forget.
    async fn turn(&self, sql: &'static str, number: i64) -> Result<Option<bool>, StoreError> {
        let Some(pool) = self.engine.server() else { return Ok(None) };
        let mut turns = self.turns.lock().await;
        let connection = match &mut *turns {
            Some(connection) => connection,
            none => none.insert(PgConnection::connect_with(&pool.connect_options()).await?),
        };
        let done = sqlx::query_as(sql).bind(number).fetch_one(connection).await;
        if done.is_err() {
            *turns = None;
        }
        let (done,): (bool,) = done?;
        Ok(Some(done))
    }
}
