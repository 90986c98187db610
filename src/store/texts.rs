use sha2::{Digest, Sha256};
use sqlx::FromRow;

use basics::hex;

use super::engine::values;
use super::{Actor, AuditEntry, Store, StoreError, audit};

/// What is kept in versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextKind {
    /// A policy, TOML.
    Policy,
    /// What is agreed with a client, TOML; named by the client's id.
    Facility,
    /// What the factor knows of a debtor, JSON.
    Debtor,
    /// A trained scoring model, JSON.
    Model,
}

impl TextKind {
    /// The word as it stands in the database.
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

/// A version of a text; never changed once it is there.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct VersionedText {
    /// Its name.
    pub name: String,
    /// From 1.
    pub version: i64,
    /// The text as it was sent.
    pub text: String,
    /// Prefix of the key that wrote it.
    pub key_prefix: String,
    /// When.
    pub created_at: String,
}

/// A text that is to be a new version.
#[derive(Debug, Clone, Copy)]
pub struct NewText<'a> {
    /// What it is.
    pub kind: TextKind,
    /// Its name.
    pub name: &'a str,
    /// The text.
    pub text: &'a str,
    /// The version that has to be the last one (0: there is none); any unless told.
    pub expected: Option<i64>,
}

impl Store {
    /// Writes a new version, unless the text is the one of the last version: that one is returned.
    ///
    /// # Errors
    /// [`StoreError::Changed`].
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
        let version = last.as_ref().map_or(0, |last| last.version);
        if expected.is_some_and(|expected| expected != version) {
            return Err(StoreError::Changed(version));
        }
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
        let digest = hex(&Sha256::digest(text.as_bytes()));
        let entry = AuditEntry { action: kind.action(), subject: name, detail: &digest };
        audit::append(&mut writing, actor, entry).await?;
        writing.commit().await?;
        Ok(new)
    }

    /// The last version, or the one that is asked for.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
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
                values![kind.as_str(), name, version.unwrap_or(0)],
            )
            .await?
            .ok_or(StoreError::Missing(kind.as_str()))
    }

    /// The last versions of all behind a name, in order of their names.
    ///
    /// # Errors
    /// [`StoreError`].
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
