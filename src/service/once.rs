//! Idempotency: a request with an idempotency key is carried out once, however often it is sent.

use serde::Serialize;
use sha2::{Digest, Sha256};

use basics::hex;
use store::{Actor, Answer as Remembered, Remembered as Found};

use super::{Caller, Service, ServiceError};

/// The answer to a request. It is stored in the transaction of the change, so that a repeated
/// request gets the same answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub body: String,
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
    /// Looks up the answer to a request by its idempotency key.
    ///
    /// # Errors
    /// [`ServiceError::KeyReused`] if the caller used the key for another request.
    pub async fn once(&self, asked: Asked<'_>) -> Result<Turn, ServiceError> {
        let caller = asked.caller.key();
        let mut hash = Sha256::new();
        hash.update(asked.route.as_bytes());
        // No path holds this byte, so route and body cannot run into each other.
        hash.update([0]);
        hash.update(asked.body);
        let request = hex(&hash.finalize());
        if let Some(key) = asked.key
            && let Some(found) = self.store.remembered(caller, key, &request).await?
        {
            return match found {
                Found::Same { status, body } => Ok(Turn::Answered(Reply { status, body })),
                Found::Other => Err(ServiceError::KeyReused),
            };
        }
        // Nothing is reserved: of two at the same time, the store lets the first to commit win.
        let (caller, key) = (caller.to_owned(), asked.key.map(str::to_owned));
        Ok(Turn::New(Once { caller, key, request, at: self.now() }))
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
        });
        Actor { key: self.caller.clone(), at: self.at.clone(), answer }
    }

    /// Time at which it was received.
    pub(super) fn at(&self) -> &str {
        &self.at
    }
}

impl Reply {
    /// Returns an answer with a value as JSON.
    ///
    /// # Errors
    /// [`ServiceError::Internal`] if JSON cannot represent the value.
    pub fn json(status: u16, value: &impl Serialize) -> Result<Self, ServiceError> {
        Ok(Self { status, body: text(value)? })
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
            let answer = |_: &_| Ok(Reply { status: 201, body: "made".into() });
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
    fn of_two_that_are_carried_out_at_once_the_later_one_changes_nothing() {
        run(async {
            let desk = Desk::new().await;
            let first = desk.turn(Some("k"), "POST /v1/clients").await.expect("its turn");
            let second = desk.turn(Some("k"), "POST /v1/clients").await.expect("its turn");
            let new =
                |id: &str| NewClient { id: id.into(), name: "B".into(), sector: String::new() };
            let answer = |client: &store::Client| Reply::json(201, &client.id);
            desk.service.create_client(&staff(), new("b"), &first, answer).await.expect("made");
            let late = desk.service.create_client(&staff(), new("c"), &second, answer).await;
            assert_eq!(late, Err(ServiceError::Answered));
            let there = desk.service.client(&by(Role::Admin), "c").await;
            assert_eq!(there, Err(ServiceError::Missing("client")));
        });
    }
}
