use sha2::{Digest, Sha256};
use sqlx::FromRow;

use basics::hex;

use super::engine::{Writing, values};
use super::keying::Chain;
use super::seals::{Seals, of_touched};
use super::{Actor, StoreError, idempotency};

/// The hash that the first row records as the one before it.
pub(super) const START: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A row of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub(super) struct AuditRow {
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
    /// The seals of what was written with it, JSON; empty if nothing was.
    pub seals: String,
    /// Hash of the row before it.
    pub previous: String,
    /// Its own hash: keyed, unless the row is older than the key.
    pub hash: String,
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

impl AuditRow {
    /// The hash that the row should have.
    pub fn own_hash(&self, chain: &Chain) -> String {
        let Self { at, key, action, subject, detail, seals, previous, .. } = self;
        if self.number < chain.first {
            return plain_hash(self.number, [at, key, action, subject, detail, previous]);
        }
        let (database, number) = (&chain.database, &self.number.to_string());
        let members = [database, number, at, key, action, subject, detail, seals, previous];
        chain.key.seal("audit", members.map(String::as_str))
    }
}

/// The hash of a row from before there were keys. Every member is preceded by its length, so that
/// text cannot be moved from one member into the next without changing the hash.
fn plain_hash(number: i64, members: [&String; 6]) -> String {
    let mut hash = Sha256::new();
    hash.update(number.to_be_bytes());
    for member in members {
        hash.update((member.len() as u64).to_be_bytes());
        hash.update(member.as_bytes());
    }
    hex(&hash.finalize())
}

/// Appends a row within the transaction of the change that it records, with the seals of what the
/// transaction wrote and rests on. The answer to a request with an idempotency key is kept in the
/// same transaction, so that the request is never carried out twice.
pub(super) async fn append(
    writing: &mut Writing,
    actor: &Actor,
    entry: AuditEntry<'_>,
) -> Result<(), StoreError> {
    // If the request was answered in the meantime, this fails and rolls the change back as well.
    if let Some(answer) = &actor.answer {
        idempotency::remember(writing, actor, answer).await?;
    }
    let chain = writing.chain()?;
    let seals = of_touched(writing, &chain.key).await?;
    append_sealed(writing, actor, entry, seals).await
}

/// Appends a row with seals.
pub(super) async fn append_sealed(
    writing: &mut Writing,
    actor: &Actor,
    AuditEntry { action, subject, detail }: AuditEntry<'_>,
    seals: Seals,
) -> Result<(), StoreError> {
    let chain = writing.chain()?;
    let last: Option<(i64, String)> =
        writing.row("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1", &[]).await?;
    let (number, previous) = last.unwrap_or((0, START.to_owned()));
    let seals = if seals.is_empty() {
        String::new()
    } else {
        serde_json::to_string(&seals)
            .map_err(|error| StoreError::damaged("audit", action, &error))?
    };
    let mut row = AuditRow {
        number: number + 1,
        at: actor.at.clone(),
        key: actor.key.clone(),
        action: action.to_owned(),
        subject: subject.to_owned(),
        detail: detail.to_owned(),
        seals,
        previous,
        hash: String::new(),
    };
    row.hash = row.own_hash(&chain);
    let AuditRow { number, at, key, seals, previous, hash, .. } = &row;
    writing
        .run(
            "INSERT INTO audit (number, at, key_prefix, action, subject, detail, seals, previous, \
             hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            values![*number, at, key, action, subject, detail, seals, previous, hash],
        )
        .await?;
    Ok(())
}
