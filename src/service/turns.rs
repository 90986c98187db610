//! Turns of requests with an idempotency key: of equal requests one is carried out, and the others
//! wait for its answer.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use tokio::runtime::Handle;
use tracing::warn;

use store::Store;

use super::ServiceError;

/// The requests of this process whose turn it is, by caller and key.
#[derive(Debug, Default)]
pub(super) struct Turns(Mutex<HashSet<(String, String)>>);

/// The turn of a request among those of all servers; over when dropped.
#[derive(Debug)]
pub(super) struct HeldTurn {
    turns: Arc<Turns>,
    store: Store,
    own: (String, String),
    /// False if another server has the turn.
    is_held: bool,
}

impl Turns {
    /// Takes the turn of a caller's key; `None` if an equal request has it.
    pub async fn take(
        self: &Arc<Self>,
        store: &Store,
        caller: &str,
        key: &str,
    ) -> Result<Option<HeldTurn>, ServiceError> {
        let own = (caller.to_owned(), key.to_owned());
        let is_free = self.0.lock().map_err(ServiceError::internal)?.insert(own.clone());
        if !is_free {
            return Ok(None);
        }
        // Before the database is asked: a caller that hangs up in between leaves no turn behind.
        let mut turn =
            HeldTurn { turns: Arc::clone(self), store: store.clone(), own, is_held: true };
        turn.is_held = store.take_turn(caller, key).await?;
        Ok(turn.is_held.then_some(turn))
    }

    fn leave(&self, own: &(String, String)) {
        // A poisoned lock fails every later request with a key, and tells.
        if let Ok(mut turns) = self.0.lock() {
            turns.remove(own);
        }
    }
}

impl Drop for HeldTurn {
    fn drop(&mut self) {
        let (turns, store, own) = (Arc::clone(&self.turns), self.store.clone(), self.own.clone());
        match Handle::try_current() {
            Ok(runtime) if self.is_held => drop(runtime.spawn(async move {
                // In this order: the next one here does not share the lock of this one.
                if let Err(error) = store.leave_turn(&own.0, &own.1).await {
                    warn!(%error, "the turn of a request ended with its connection");
                }
                turns.leave(&own);
            })),
            _ => turns.leave(&own),
        }
    }
}
