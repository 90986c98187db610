use serde::Serialize;
use sqlx::FromRow;

use super::{Actor, Store, StoreError, audit};

/// A client of the factor.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct Client {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its sector; empty where none is named.
    pub sector: String,
    /// Rises with every change.
    pub version: i64,
    /// When it was made.
    pub created_at: String,
}

impl Store {
    /// Adds a client.
    ///
    /// # Errors
    /// [`StoreError::Exists`] for an id that is taken.
    pub async fn create_client(&self, client: &Client, actor: &Actor) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let added = sqlx::query(
            "INSERT INTO client (id, name, sector, version, created_at) VALUES ($1, $2, $3, 1, $4) \
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(&client.id)
        .bind(&client.name)
        .bind(&client.sector)
        .bind(&actor.at)
        .execute(&mut *transaction)
        .await?;
        if added.rows_affected() == 0 {
            return Err(StoreError::Exists("client"));
        }
        audit::append(&mut transaction, actor, ("client.created", &client.id, &client.name))
            .await?;
        Ok(transaction.commit().await?)
    }

    /// Changes name and sector of a client whose version is still `version`; returns it as it is
    /// now.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::Changed`].
    pub async fn change_client(
        &self,
        id: &str,
        (name, sector): (&str, &str),
        version: i64,
        actor: &Actor,
    ) -> Result<Client, StoreError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let changed = sqlx::query(
            "UPDATE client SET name = $2, sector = $3, version = version + 1 \
             WHERE id = $1 AND version = $4",
        )
        .bind(id)
        .bind(name)
        .bind(sector)
        .bind(version)
        .execute(&mut *transaction)
        .await?;
        let now: Option<Client> = sqlx::query_as("SELECT * FROM client WHERE id = $1")
            .bind(id)
            .fetch_optional(&mut *transaction)
            .await?;
        let now = now.ok_or(StoreError::Missing("client"))?;
        if changed.rows_affected() == 0 {
            return Err(StoreError::Changed(now.version));
        }
        audit::append(&mut transaction, actor, ("client.changed", id, name)).await?;
        transaction.commit().await?;
        Ok(now)
    }

    /// A client.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub async fn client(&self, id: &str) -> Result<Client, StoreError> {
        let found = sqlx::query_as("SELECT * FROM client WHERE id = $1").bind(id);
        found.fetch_optional(&self.pool).await?.ok_or(StoreError::Missing("client"))
    }

    /// Clients behind an id, in order of their ids.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn clients(&self, after: &str, most: i64) -> Result<Vec<Client>, StoreError> {
        let found = sqlx::query_as("SELECT * FROM client WHERE id > $1 ORDER BY id LIMIT $2");
        Ok(found.bind(after).bind(most).fetch_all(&self.pool).await?)
    }
}
