use sqlx::FromRow;

use super::engine::{Writing, values};
use super::{Actor, Answer, Store, StoreError};

/// The earlier use of an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remembered {
    /// The key came with the same request, and this was the answer.
    Same(Answer),
    /// The key came with another request.
    Other,
}

/// An answer as stored.
#[derive(Debug, FromRow)]
struct AnswerRow {
    request_sha256: String,
    status: i64,
    body: String,
    location: Option<String>,
    etag: Option<String>,
    job_id: Option<String>,
}

impl AnswerRow {
    fn answer(self, key: &str) -> Answer {
        Answer {
            key: key.to_owned(),
            request: self.request_sha256,
            status: u16::try_from(self.status).unwrap_or(500),
            body: self.body,
            location: self.location,
            etag: self.etag,
            job: self.job_id,
        }
    }
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
        let found: Option<AnswerRow> = self
            .engine
            .row(
                "SELECT request_sha256, status, body, location, etag, job_id FROM idempotency \
                 WHERE key_prefix = $1 AND idempotency_key = $2",
                values![caller, key],
            )
            .await?;
        Ok(found.map(|row| {
            // A key that is used again by mistake must not get the answer to another request.
            if row.request_sha256 == request {
                Remembered::Same(row.answer(key))
            } else {
                Remembered::Other
            }
        }))
    }

    /// Forgets the answers from before a time; returns their number.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn forget_answers(&self, before: &str) -> Result<u64, StoreError> {
        const OLD: &str = "SELECT created_at FROM idempotency WHERE created_at < $1 LIMIT 1";
        // Without the writers' lock, as there is nothing to forget most of the time.
        if self.engine.row::<(String,)>(OLD, values![before]).await?.is_none() {
            return Ok(0);
        }
        let mut writing = self.engine.writing().await?;
        let forget = "DELETE FROM idempotency WHERE created_at < $1";
        let forgotten = writing.run(forget, values![before]).await?;
        writing.commit().await?;
        Ok(forgotten)
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
             created_at, location, etag, job_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
             ON CONFLICT DO NOTHING",
            values![
                &actor.key,
                &answer.key,
                &answer.request,
                status,
                &answer.body,
                &actor.at,
                &answer.location,
                &answer.etag,
                &answer.job
            ],
        )
        .await?;
    if added == 0 {
        return Err(StoreError::Answered);
    }
    writing.adds("idempotency", [actor.key.as_str(), &answer.key]);
    Ok(())
}
