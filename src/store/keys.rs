use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::FromRow;

use basics::hex;

use super::engine::values;
use super::{Actor, AuditEntry, Store, StoreError, audit};

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Its own client: ledgers, quotes, offers, accepting and declining them.
    Client,
    /// Evaluates, overrides, withdraws.
    Underwriter,
    /// Reads everything.
    Analyst,
    /// Keys, clients, everything else.
    Admin,
}

impl Role {
    /// The word as it stands in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Underwriter => "underwriter",
            Self::Analyst => "analyst",
            Self::Admin => "admin",
        }
    }

    fn of(word: &str) -> Self {
        match word {
            "underwriter" => Self::Underwriter,
            "analyst" => Self::Analyst,
            "admin" => Self::Admin,
            _ => Self::Client,
        }
    }
}

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Prefix of the key.
    pub key: String,
    /// What it may do.
    pub role: Role,
    /// The client whose key it is.
    pub client: Option<String>,
}

/// A key as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ApiKey {
    /// Names it in lists and logs.
    pub prefix: String,
    /// What it may do.
    pub role: String,
    /// The client whose key it is.
    pub client_id: Option<String>,
    /// For whom it was made.
    pub name: String,
    /// When it was made.
    pub created_at: String,
    /// From then on it is not valid.
    pub expires_at: Option<String>,
    /// When it was revoked.
    pub revoked_at: Option<String>,
}

/// A key to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// What it may do.
    pub role: Role,
    /// The client whose key it is; with the role `client` only.
    pub client: Option<String>,
    /// For whom.
    pub name: String,
    /// From then on it is not valid, RFC 3339 in UTC.
    pub expires_at: Option<String>,
}

fn hashed(key: &str) -> String {
    hex(&Sha256::digest(key.as_bytes()))
}

impl Store {
    /// Makes a key of these 256 random bits and returns it; it is shown once and stored hashed.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Missing`] for a client that is not there.
    pub async fn create_key(
        &self,
        new: &NewKey,
        bits: &[u8; 32],
        actor: &Actor,
    ) -> Result<String, StoreError> {
        let secret = hex(bits);
        let prefix = format!("fk_{}", &secret[..8]);
        let key = format!("{prefix}_{}", &secret[8..]);
        let mut writing = self.engine.writing().await?;
        if let Some(client) = &new.client {
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
        let entry = AuditEntry { action: "key.created", subject: &prefix, detail: role };
        audit::append(&mut writing, actor, entry).await?;
        writing.commit().await?;
        Ok(key)
    }

    /// Who calls with this key at `now`; `None` for one that is unknown, expired or revoked.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn identify(&self, key: &str, now: &str) -> Result<Option<Identity>, StoreError> {
        let hash = hashed(key);
        let found: Option<(String, String, Option<String>)> = self
            .engine
            .row(
                "SELECT prefix, role, client_id FROM api_key WHERE hash = $1 \
                 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)",
                values![&hash, now],
            )
            .await?;
        Ok(found.map(|(key, role, client)| Identity { key, role: Role::of(&role), client }))
    }

    /// Every key, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
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
    /// [`StoreError::Missing`] for one that is not there or revoked already.
    pub async fn revoke_key(&self, prefix: &str, actor: &Actor) -> Result<(), StoreError> {
        let mut writing = self.engine.writing().await?;
        let revoked = writing
            .run(
                "UPDATE api_key SET revoked_at = $2 WHERE prefix = $1 AND revoked_at IS NULL",
                values![prefix, &actor.at],
            )
            .await?;
        if revoked == 0 {
            return Err(StoreError::Missing("key that is not revoked"));
        }
        let entry = AuditEntry { action: "key.revoked", subject: prefix, detail: "" };
        audit::append(&mut writing, actor, entry).await?;
        writing.commit().await
    }
}
