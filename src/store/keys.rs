use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::FromRow;

use basics::hex;

use super::engine::values;
use super::{Actor, AuditEntry, Store, StoreError, audit};

/// The role of an API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Acts for its own client: uploads ledgers, asks for quotes, accepts and declines offers.
    Client,
    /// Evaluates ledgers, overrides decisions and withdraws offers.
    Underwriter,
    /// Reads everything.
    Analyst,
    /// Reads everything, calls clients back about their accounts, and pays out what others have
    /// accepted.
    Funder,
    /// Does everything, including keys and policies.
    Admin,
}

impl Role {
    /// The word for it in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Underwriter => "underwriter",
            Self::Analyst => "analyst",
            Self::Funder => "funder",
            Self::Admin => "admin",
        }
    }

    fn of(word: &str) -> Self {
        match word {
            "underwriter" => Self::Underwriter,
            "analyst" => Self::Analyst,
            "funder" => Self::Funder,
            "admin" => Self::Admin,
            // The least right, should a word ever be unknown.
            _ => Self::Client,
        }
    }
}

/// The holder of an API key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Prefix of the key.
    pub key: String,
    /// Role of the key.
    pub role: Role,
    /// The client that it belongs to, with the role `client`.
    pub client: Option<String>,
    /// The holder's name, or the prefix of a key that was made without one.
    pub holder: String,
}

/// A key as listed, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ApiKey {
    /// Prefix that identifies it in lists and logs.
    pub prefix: String,
    /// Role of the key.
    pub role: String,
    /// The client that it belongs to, with the role `client`.
    pub client_id: Option<String>,
    /// The holder, as named at its creation.
    pub name: String,
    /// Time of creation, RFC 3339.
    pub created_at: String,
    /// Time from which it is not valid.
    pub expires_at: Option<String>,
    /// Time of its revocation.
    pub revoked_at: Option<String>,
}

/// A key to create.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// Role of the key.
    pub role: Role,
    /// The client that it belongs to; only with the role `client`.
    pub client: Option<String>,
    /// The holder.
    pub name: String,
    /// Time from which it is not valid, RFC 3339 in UTC.
    pub expires_at: Option<String>,
}

// Plain SHA-256 is enough here: a key is 256 random bits and cannot be guessed as a password can.
fn hashed(key: &str) -> String {
    hex(&Sha256::digest(key.as_bytes()))
}

/// The holder of a key: the name that it was made with, or its prefix.
pub(super) fn holder(prefix: &str, name: String) -> String {
    if name.trim().is_empty() { prefix.to_owned() } else { name }
}

impl Store {
    /// Creates a key from 256 random bits and returns it. Only its hash is stored, so this is the
    /// one time that it can be shown.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if there is no such client; otherwise if the database cannot be
    /// written.
    pub async fn create_key(
        &self,
        new: &NewKey,
        bits: &[u8; 32],
        actor: &Actor,
    ) -> Result<String, StoreError> {
        let secret = hex(bits);
        // The prefix is shown and logged; the 224 bits behind it remain secret.
        let prefix = format!("fk_{}", &secret[..8]);
        let key = format!("{prefix}_{}", &secret[8..]);
        let mut writing = self.engine.writing().await?;
        if let Some(client) = &new.client {
            // Asked first: a broken reference would pass for a failure of the database.
            let known = writing
                .row::<(String,)>("SELECT id FROM client WHERE id = $1", values![client])
                .await?;
            known.ok_or(StoreError::Missing("client"))?;
        }
        let (role, hash) = (new.role.as_str(), hashed(&key));
        let (client, ends) = (&new.client, &new.expires_at);
        writing
            .run(
                "INSERT INTO api_key (prefix, hash, role, client_id, name, created_at, expires_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
                values![&prefix, &hash, role, client, &new.name, &actor.at, ends],
            )
            .await?;
        writing.adds("api_key", &prefix);
        let entry = AuditEntry { action: "key.created", subject: &prefix, detail: role };
        audit::append(&mut writing, actor, entry).await?;
        writing.commit().await?;
        Ok(key)
    }

    /// Returns the holder of a key at `now`; `None` if the key is unknown, expired or revoked.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn identify(&self, key: &str, now: &str) -> Result<Option<Identity>, StoreError> {
        let hash = hashed(key);
        let found: Option<(String, String, Option<String>, String)> = self
            .engine
            .row(
                // By its hash: how long a comparison takes tells nothing of the key.
                "SELECT prefix, role, client_id, name FROM api_key WHERE hash = $1 \
                 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)",
                values![&hash, now],
            )
            .await?;
        Ok(found.map(|(key, role, client, name)| {
            let holder = holder(&key, name);
            Identity { key, role: Role::of(&role), client, holder }
        }))
    }

    /// Returns the holder of the key with a prefix: the name it was made with, or the prefix.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn holder(&self, prefix: &str) -> Result<String, StoreError> {
        let name: Option<(String,)> =
            self.engine.row("SELECT name FROM api_key WHERE prefix = $1", values![prefix]).await?;
        Ok(holder(prefix, name.map(|(name,)| name).unwrap_or_default()))
    }

    /// Returns the prefixes of a client's own keys, those that are revoked as well.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn keys_of_client(&self, client: &str) -> Result<Vec<String>, StoreError> {
        let all: Vec<(String,)> = self
            .engine
            .rows("SELECT prefix FROM api_key WHERE client_id = $1", values![client])
            .await?;
        Ok(all.into_iter().map(|(prefix,)| prefix).collect())
    }

    /// Returns every key, the newest first.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        self.engine
            .rows(
                "SELECT prefix, role, client_id, name, created_at, expires_at, revoked_at \
                 FROM api_key ORDER BY created_at DESC, prefix",
                &[],
            )
            .await
    }

    /// Revokes a key by its prefix.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if there is no such key or it is already revoked; otherwise if the
    /// database cannot be written.
    pub async fn revoke_key(&self, prefix: &str, actor: &Actor) -> Result<(), StoreError> {
        let mut writing = self.engine.writing().await?;
        let revoked = writing
            .run(
                "UPDATE api_key SET revoked_at = $2 WHERE prefix = $1 AND revoked_at IS NULL",
                values![prefix, &actor.at],
            )
            .await?;
        if revoked == 0 {
            return Err(StoreError::Missing("active key"));
        }
        writing.changes("api_key", prefix);
        let entry = AuditEntry { action: "key.revoked", subject: prefix, detail: "" };
        audit::append(&mut writing, actor, entry).await?;
        writing.commit().await
    }
}
