use sha2::{Digest, Sha256};
use sqlx::FromRow;

use basics::hex;

use super::engine::{Writing, values};
use super::{Actor, Store, StoreError, idempotency};

/// The hash that the first row records as the one before it.
const START: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A row of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct AuditRow {
    /// From 1, without gaps.
    pub number: i64,
    /// Time of the change, RFC 3339.
    pub at: String,
    /// Prefix of the key that made the change.
    #[sqlx(rename = "key_prefix")]
    pub key: String,
    /// The action, such as `offer.accepted`.
    pub action: String,
    /// Id of what was changed.
    pub subject: String,
    /// Further facts, such as a digest, an envelope or a list of ids.
    pub detail: String,
    previous: String,
    hash: String,
}

/// The record of a change.
#[derive(Debug, Clone, Copy)]
pub(super) struct AuditEntry<'a> {
    /// The action, such as `offer.accepted`.
    pub action: &'a str,
    /// Id of what was changed.
    pub subject: &'a str,
    /// Further facts.
    pub detail: &'a str,
}

/// The first row at which the audit log is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Number of the row.
    pub number: i64,
    /// The fault, as the end of a sentence.
    pub reason: &'static str,
}

/// The hash of a row. Every member is preceded by its length, so that text cannot be moved from one
/// member into the next without changing the hash.
fn hash(number: i64, members: [&str; 6]) -> String {
    let mut hash = Sha256::new();
    hash.update(number.to_be_bytes());
    for member in members {
        hash.update((member.len() as u64).to_be_bytes());
        hash.update(member.as_bytes());
    }
    hex(&hash.finalize())
}

/// Appends a row within the transaction of the change that it records. The answer to a request with
/// an idempotency key is kept in the same transaction, so that the request is never carried out
/// twice.
pub(super) async fn append(
    writing: &mut Writing,
    actor: &Actor,
    AuditEntry { action, subject, detail }: AuditEntry<'_>,
) -> Result<(), StoreError> {
    // If the request was answered in the meantime, this fails and rolls the change back as well.
    if let Some(answer) = &actor.answer {
        idempotency::remember(writing, actor, answer).await?;
    }
    let last: Option<(i64, String)> =
        writing.row("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1", &[]).await?;
    let (number, previous) = last.unwrap_or((0, START.to_owned()));
    let number = number + 1;
    let row = hash(number, [&actor.at, &actor.key, action, subject, detail, &previous]);
    writing
        .run(
            "INSERT INTO audit (number, at, key_prefix, action, subject, detail, previous, hash) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            values![number, &actor.at, &actor.key, action, subject, detail, &previous, &row],
        )
        .await?;
    Ok(())
}

impl Store {
    /// Walks the audit log; returns its rows and the first one that is not as it was written.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn audit(&self) -> Result<(Vec<AuditRow>, Option<Broken>), StoreError> {
        let rows: Vec<AuditRow> =
            self.engine.rows("SELECT * FROM audit ORDER BY number", &[]).await?;
        let mut previous = START;
        for (row, number) in rows.iter().zip(1..) {
            let members =
                [&row.at, &row.key, &row.action, &row.subject, &row.detail, &row.previous];
            let reason = if row.number != number {
                Some("a row before it is missing")
            } else if row.previous != previous {
                // Its own hash fits, or it would have been named: it was written anew.
                Some("the row before it was changed")
            } else if row.hash != hash(row.number, members.map(String::as_str)) {
                Some("it was changed")
            } else {
                None
            };
            if let Some(reason) = reason {
                let number = row.number;
                return Ok((rows, Some(Broken { number, reason })));
            }
            previous = &row.hash;
        }
        Ok((rows, None))
    }
}
