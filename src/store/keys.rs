use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::FromRow;

use super::{Actor, Store, StoreError, audit};
use crate::ledger::hex;

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
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
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        if let Some(client) = &new.client {
            let known: Option<i64> = sqlx::query_scalar("SELECT 1 FROM client WHERE id = $1")
                .bind(client)
                .fetch_optional(&mut *transaction)
                .await?;
            known.ok_or(StoreError::Missing("client"))?;
        }
        sqlx::query(
            "INSERT INTO api_key (prefix, hash, role, client_id, name, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(&prefix)
        .bind(hashed(&key))
        .bind(new.role.as_str())
        .bind(&new.client)
        .bind(&new.name)
        .bind(&actor.at)
        .bind(&new.expires_at)
        .execute(&mut *transaction)
        .await?;
        audit::append(&mut transaction, actor, ("key.created", &prefix, new.role.as_str())).await?;
        transaction.commit().await?;
        Ok(key)
    }

    /// Who calls with this key at `now`; `None` for one that is unknown, expired or revoked.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn identify(&self, key: &str, now: &str) -> Result<Option<Identity>, StoreError> {
        let found: Option<(String, String, Option<String>)> = sqlx::query_as(
            "SELECT prefix, role, client_id FROM api_key \
             WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)",
        )
        .bind(hashed(key))
        .bind(now)
        .fetch_optional(&self.pool)
        .await?;
        Ok(found.map(|(key, role, client)| Identity { key, role: Role::of(&role), client }))
    }

    /// Every key, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        Ok(sqlx::query_as("SELECT * FROM api_key ORDER BY created_at DESC, prefix")
            .fetch_all(&self.pool)
            .await?)
    }

    /// Revokes a key by its prefix.
    ///
    /// # Errors
    /// [`StoreError::Missing`] for one that is not there or revoked already.
    pub async fn revoke_key(&self, prefix: &str, actor: &Actor) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let revoked = sqlx::query(
            "UPDATE api_key SET revoked_at = $2 WHERE prefix = $1 AND revoked_at IS NULL",
        )
        .bind(prefix)
        .bind(&actor.at)
        .execute(&mut *transaction)
        .await?;
        if revoked.rows_affected() == 0 {
            return Err(StoreError::Missing("key that is not revoked"));
        }
        audit::append(&mut transaction, actor, ("key.revoked", prefix, "")).await?;
        Ok(transaction.commit().await?)
    }
}
