use super::engine::{Writing, values};
use super::{Actor, Answer, Store, StoreError};

/// The earlier use of an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remembered {
    /// The key came with the same request, and this was the answer.
    Same {
        /// HTTP status of the answer.
        status: u16,
        /// Body of the answer.
        body: String,
    },
    /// The key came with another request.
    Other,
}

impl Store {
    /// Returns the earlier use of a caller's idempotency key; `None` if the key is new.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn remembered(
        &self,
        caller: &str,
        key: &str,
        request: &str,
    ) -> Result<Option<Remembered>, StoreError> {
        let found: Option<(String, i64, String)> = self
            .engine
            .row(
                "SELECT request_sha256, status, body FROM idempotency \
                 WHERE key_prefix = $1 AND idempotency_key = $2",
                values![caller, key],
            )
            .await?;
        Ok(found.map(|(known, status, body)| {
            // A key that is used again by mistake must not get the answer to another request.
            if known != request {
                return Remembered::Other;
            }
            Remembered::Same { status: u16::try_from(status).unwrap_or(500), body }
        }))
    }
}

/// Keeps an answer within the transaction of the change; fails if the key has been answered since.
pub(super) async fn remember(
    writing: &mut Writing,
    actor: &Actor,
    answer: &Answer,
) -> Result<(), StoreError> {
    let status = i64::from(answer.status);
    let added = writing
        .run(
            "INSERT INTO idempotency (key_prefix, idempotency_key, request_sha256, status, body, \
             created_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
            values![&actor.key, &answer.key, &answer.request, status, &answer.body, &actor.at],
        )
        .await?;
    if added == 0 { Err(StoreError::Answered) } else { Ok(()) }
}
