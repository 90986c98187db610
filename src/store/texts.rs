use sha2::{Digest, Sha256};
use sqlx::FromRow;

use basics::hex;

use super::engine::values;
use super::{Actor, AuditEntry, Store, StoreError, audit};

/// The kinds of text that are kept in versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextKind {
    /// A policy, TOML.
    Policy,
    /// A client's facility, TOML; named by the client's id.
    Facility,
    /// The facts known about a debtor, JSON.
    Debtor,
    /// A trained scoring model, JSON.
    Model,
}

impl TextKind {
    /// The word for it in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Facility => "facility",
            Self::Debtor => "debtor",
            Self::Model => "model",
        }
    }

    fn action(self) -> &'static str {
        match self {
            Self::Policy => "policy.written",
            Self::Facility => "facility.written",
            Self::Debtor => "debtor.written",
            Self::Model => "model.written",
        }
    }
}

/// A version of a text; never changed once written.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct VersionedText {
    /// Name of the text.
    pub name: String,
    /// Version of the text, counted from 1.
    pub version: i64,
    /// The text.
    pub text: String,
    /// Prefix of the key that wrote it.
    pub key_prefix: String,
    /// Time at which it was written.
    pub created_at: String,
}

/// A text to write as a new version.
#[derive(Debug, Clone, Copy)]
pub struct NewText<'a> {
    /// Kind of the text.
    pub kind: TextKind,
    /// Name of the text.
    pub name: &'a str,
    /// The text.
    pub text: &'a str,
    /// The version that has to be the last one, 0 if there is none yet; if absent, any.
    pub expected: Option<i64>,
}

impl Store {
    /// Writes a new version and returns it. If the text equals the last version, nothing is written
    /// and that version is returned.
    ///
    /// # Errors
    /// [`StoreError::Changed`] if the last version is not the expected one; otherwise if the
    /// database cannot be written.
    pub async fn write(
        &self,
        NewText { kind, name, text, expected }: NewText<'_>,
        actor: &Actor,
    ) -> Result<VersionedText, StoreError> {
        let mut writing = self.engine.writing().await?;
        let last: Option<VersionedText> = writing
            .row(
                "SELECT name, version, text, key_prefix, created_at FROM written \
                 WHERE kind = $1 AND name = $2 ORDER BY version DESC LIMIT 1",
                values![kind.as_str(), name],
            )
            .await?;
        // The writers' lock is held since before this was read, so no other writer takes this
        // number.
        let version = last.as_ref().map_or(0, |last| last.version);
        if expected.is_some_and(|expected| expected != version) {
            return Err(StoreError::Changed(version));
        }
        // After the check of the version: a stale version is told even if it changes nothing.
        if let Some(last) = last
            && last.text == text
        {
            return Ok(last);
        }
        let new = VersionedText {
            name: name.to_owned(),
            version: version + 1,
            text: text.to_owned(),
            key_prefix: actor.key.clone(),
            created_at: actor.at.clone(),
        };
        writing
            .run(
                "INSERT INTO written (kind, name, version, text, key_prefix, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6)",
                values![kind.as_str(), name, new.version, text, &actor.key, &actor.at],
            )
            .await?;
        writing.adds("written", [kind.as_str(), name, &new.version.to_string()]);
        // The log holds the digest only: texts are kept in their versions anyway.
        let digest = hex(&Sha256::digest(text.as_bytes()));
        let entry = AuditEntry { action: kind.action(), subject: name, detail: &digest };
        audit::append(&mut writing, actor, entry).await?;
        writing.commit().await?;
        Ok(new)
    }

    /// Returns a version, by default the last one.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if there is no such text or version; otherwise if the database
    /// cannot be read.
    pub async fn version(
        &self,
        kind: TextKind,
        name: &str,
        version: Option<i64>,
    ) -> Result<VersionedText, StoreError> {
        self.engine
            .row(
                "SELECT name, version, text, key_prefix, created_at FROM written \
             WHERE kind = $1 AND name = $2 AND ($3 = 0 OR version = $3) \
             ORDER BY version DESC LIMIT 1",
                // Versions count from 1, so 0 is free to mean the last one.
                values![kind.as_str(), name, version.unwrap_or(0)],
            )
            .await?
            .ok_or(StoreError::Missing(kind.as_str()))
    }

    /// Returns the last versions of up to `most` texts after a name, in order of their names.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn last_versions(
        &self,
        kind: TextKind,
        after: &str,
        most: i64,
    ) -> Result<Vec<VersionedText>, StoreError> {
        self.engine
            .rows(
                "SELECT name, version, text, key_prefix, created_at FROM written AS w \
                 WHERE kind = $1 AND name > $2 AND version = (SELECT max(version) FROM written \
                 WHERE kind = w.kind AND name = w.name) ORDER BY name LIMIT $3",
                values![kind.as_str(), after, most],
            )
            .await
    }
}
