//! Idempotency: a request with an idempotency key is carried out once, however often it is sent.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;
use sha2::{Digest, Sha256};

use basics::hex;
use store::{Actor, Answer as Remembered, Remembered as Found};

use super::turns::HeldTurn;
use super::{Caller, Service, ServiceError};

/// Longest wait for the answer to an equal request.
const EQUAL_WAIT: Duration = Duration::from_secs(10);

/// Interval at which it is looked for.
const LOOK: Duration = Duration::from_millis(50);

/// The answer to a request. It is stored in the transaction of the change, so that a repeated
/// request gets the same answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub body: String,
    /// The place of what was made.
    pub location: Option<String>,
    /// The version of what was made or changed, as an ETag.
    pub etag: Option<String>,
    /// The job that was queued: a repeated request gets its state of then.
    pub job: Option<String>,
}

/// Turns a result into the answer to its request. It runs before the change is written, because
/// both are written together.
pub type Answer<T> = fn(&T) -> Result<Reply, ServiceError>;

/// A request to carry out once.
#[derive(Debug, Clone)]
pub struct Once {
    caller: String,
    key: Option<String>,
    request: String,
    at: String,
    /// Held until the request is answered.
    _turn: Option<Arc<HeldTurn>>,
}

/// A request as received.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The caller.
    pub caller: &'a Caller,
    /// Idempotency key, if the caller sent one.
    pub key: Option<&'a str>,
    /// Method and path.
    pub route: &'a str,
    /// Body.
    pub body: &'a [u8],
}

/// The next step for a request.
#[derive(Debug)]
pub enum Turn {
    /// Repeat the answer that it got before.
    Answered(Reply),
    /// Carry it out.
    New(Once),
}

impl Service {
    /// Looks up the answer to a request by its idempotency key. While an equal request is carried
    /// out, here or by another server, its answer is awaited.
    ///
    /// # Errors
    /// [`ServiceError::KeyReused`] if the caller used the key for another request,
    /// [`ServiceError::StillRunning`] if an equal request takes too long.
    pub async fn once(&self, asked: Asked<'_>) -> Result<Turn, ServiceError> {
        let caller = asked.caller.key();
        let mut hash = Sha256::new();
        hash.update(asked.route.as_bytes());
        // No path holds this byte, so route and body cannot run into each other.
        hash.update([0]);
        hash.update(asked.body);
        let request = hex(&hash.finalize());
        let Some(key) = asked.key else { return Ok(self.turn(caller, None, request, None)) };
        let start = Instant::now();
        loop {
            if let Some(reply) = self.replied(caller, key, &request).await? {
                return Ok(Turn::Answered(reply));
            }
            if let Some(held) = self.turns.take(&self.store, caller, key).await? {
                // Asked again: it may have been answered just before.
                return Ok(match self.replied(caller, key, &request).await? {
                    Some(reply) => Turn::Answered(reply),
                    None => self.turn(caller, Some(key), request, Some(held)),
                });
            }
            if start.elapsed() > EQUAL_WAIT {
                return Err(ServiceError::StillRunning);
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// The answer that was given to a request; `None` if it is new.
    async fn replied(
        &self,
        caller: &str,
        key: &str,
        request: &str,
    ) -> Result<Option<Reply>, ServiceError> {
        match self.store.remembered(caller, key, request).await? {
            None => Ok(None),
            Some(Found::Other) => Err(ServiceError::KeyReused),
            Some(Found::Same(Remembered { status, body, location, etag, job, .. })) => {
                Ok(Some(Reply { status, body, location, etag, job }))
            }
        }
    }

    fn turn(
        &self,
        caller: &str,
        key: Option<&str>,
        request: String,
        turn: Option<HeldTurn>,
    ) -> Turn {
        let (caller, key) = (caller.to_owned(), key.map(str::to_owned));
        Turn::New(Once { caller, key, request, at: self.now(), _turn: turn.map(Arc::new) })
    }
}

#[cfg(test)]
impl Once {
    /// The same at another time.
    pub(super) fn dated(self, at: &str) -> Self {
        Self { at: at.to_owned(), ..self }
    }
}

impl Once {
    /// The caller, the time and the answer to keep.
    pub(super) fn actor(&self, reply: &Reply) -> Actor {
        let answer = self.key.as_ref().map(|key| Remembered {
            key: key.clone(),
            request: self.request.clone(),
            status: reply.status,
            body: reply.body.clone(),
            location: reply.location.clone(),
            etag: reply.etag.clone(),
            job: reply.job.clone(),
        });
        Actor { key: self.caller.clone(), at: self.at.clone(), answer }
    }

    /// Time at which it was received.
    pub(super) fn at(&self) -> &str {
        &self.at
    }
}

impl Reply {
    /// Returns an answer with a body.
    pub fn new(status: u16, body: String) -> Self {
        Self { status, body, location: None, etag: None, job: None }
    }

    /// Adds the place of what was made.
    #[must_use]
    pub fn at(self, location: String) -> Self {
        Self { location: Some(location), ..self }
    }

    /// Adds the version of what was made or changed.
    #[must_use]
    pub fn tagged(self, version: i64) -> Self {
        Self { etag: Some(format!("\"{version}\"")), ..self }
    }

    /// Adds the job that was queued.
    #[must_use]
    pub fn of_job(self, id: &str) -> Self {
        Self { job: Some(id.to_owned()), ..self }
    }

    /// Returns an answer with a value as JSON.
    ///
    /// # Errors
    /// [`ServiceError::Internal`] if JSON cannot represent the value.
    pub fn json(status: u16, value: &impl Serialize) -> Result<Self, ServiceError> {
        Ok(Self::new(status, text(value)?))
    }
}

/// Returns a value as JSON text.
///
/// # Errors
/// [`ServiceError::Internal`] if JSON cannot represent the value.
pub fn text(value: &impl Serialize) -> Result<String, ServiceError> {
    serde_json::to_string(value).map_err(ServiceError::internal)
}

#[cfg(test)]
mod tests {
    use store::Role;

    use super::super::samples::{Desk, by, run, staff};
    use super::*;
    use crate::NewClient;

    #[test]
    fn the_same_request_gets_the_same_answer_and_is_carried_out_once() {
        run(async {
            let desk = Desk::new().await;
            let once = desk.turn(Some("k"), "POST /v1/clients").await.expect("its turn");
            let new = NewClient { id: "b".into(), name: "B".into(), sector: String::new() };
            let answer = |_: &_| Ok(Reply::new(201, "made".into()).at("/made".into()).tagged(1));
            let made = desk.service.create_client(&staff(), new, &once, answer).await;
            assert_eq!(made.expect("made").body, "made");
            let again = desk.turn(Some("k"), "POST /v1/clients").await;
            assert_eq!(again.expect_err("answered"), ServiceError::Invalid("made".into()));
            let other = desk.turn(Some("k"), "POST /v1/positions").await;
            assert_eq!(other.expect_err("another request"), ServiceError::KeyReused);
            desk.turn(Some("l"), "POST /v1/clients").await.expect("another key");
            // Another caller's key of the same name is its own.
            let caller: Caller = by(Role::Admin);
            let asked = Asked { caller: &caller, key: Some("k"), route: "x", body: b"" };
            assert!(matches!(desk.service.once(asked).await, Ok(Turn::New(_))));
        });
    }

    #[test]
    fn an_equal_request_waits_for_the_first_and_gets_its_answer() {
        run(async {
            let desk = Desk::new().await;
            let first = desk.turn(Some("k"), "POST /v1/clients").await.expect("its turn");
            let new = NewClient { id: "b".into(), name: "B".into(), sector: String::new() };
            let answer = |_: &_| Ok(Reply::new(201, "made".into()).at("/made".into()).tagged(1));
            let (second, made) = tokio::join!(desk.turn(Some("k"), "POST /v1/clients"), async {
                tokio::time::sleep(LOOK * 2).await;
                let made = desk.service.create_client(&staff(), new, &first, answer).await;
                drop(first);
                made
            });
            assert_eq!(second.expect_err("answered"), ServiceError::Invalid("made".into()));
            assert_eq!(made.expect("made").etag.as_deref(), Some("\"1\""));
            let caller: Caller = by(Role::Underwriter);
            let asked =
                Asked { caller: &caller, key: Some("k"), route: "POST /v1/clients", body: b"{}" };
            let Ok(Turn::Answered(reply)) = desk.service.once(asked).await else { panic!("new") };
            assert_eq!((reply.status, reply.location.as_deref()), (201, Some("/made")));
            assert_eq!(reply.etag.as_deref(), Some("\"1\""));
        });
    }

    #[test]
    fn a_request_whose_first_failed_has_its_turn() {
        run(async {
            let desk = Desk::new().await;
            let first = desk.turn(Some("k"), "POST /v1/clients").await.expect("its turn");
            let (second, ()) = tokio::join!(desk.turn(Some("k"), "POST /v1/clients"), async {
                tokio::time::sleep(LOOK * 2).await;
                drop(first);
            });
            second.expect("its turn");
        });
    }
}
