use sqlx::FromRow;

use super::engine::values;
use super::{Actor, AuditEntry, Store, StoreError, audit};

/// A client of the factor.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Client {
    /// Id of the client.
    pub id: String,
    /// Name of the client.
    pub name: String,
    /// Sector of the client; empty if none is named.
    pub sector: String,
    /// Rises with every change.
    pub version: i64,
    /// Time of creation, RFC 3339.
    pub created_at: String,
}

/// New values for a client.
#[derive(Debug, Clone, Copy)]
pub struct ClientChange<'a> {
    /// Id of the client.
    pub id: &'a str,
    /// Name of the client.
    pub name: &'a str,
    /// Sector of the client.
    pub sector: &'a str,
    /// The version that the change is based on.
    pub version: i64,
}

impl Store {
    /// Adds a client.
    ///
    /// # Errors
    /// [`StoreError::Exists`] if the id is taken; otherwise if the database cannot be written.
    pub async fn create_client(&self, client: &Client, actor: &Actor) -> Result<(), StoreError> {
        let mut writing = self.engine.writing().await?;
        let added = writing
            .run(
                "INSERT INTO client (id, name, sector, version, created_at) \
                 VALUES ($1, $2, $3, 1, $4) ON CONFLICT (id) DO NOTHING",
                values![&client.id, &client.name, &client.sector, &actor.at],
            )
            .await?;
        if added == 0 {
            return Err(StoreError::Exists("client"));
        }
        writing.adds("client", &client.id);
        let entry =
            AuditEntry { action: "client.created", subject: &client.id, detail: &client.name };
        audit::append(&mut writing, actor, entry).await?;
        writing.commit().await
    }

    /// Changes the name and sector of a client, if its version is still the one given; returns the
    /// client as changed.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if there is no such client, [`StoreError::Changed`] if it has
    /// another version by now; otherwise if the database cannot be written.
    pub async fn change_client(
        &self,
        ClientChange { id, name, sector, version }: ClientChange<'_>,
        actor: &Actor,
    ) -> Result<Client, StoreError> {
        let mut writing = self.engine.writing().await?;
        let changed = writing
            .run(
                "UPDATE client SET name = $2, sector = $3, version = version + 1 \
                 WHERE id = $1 AND version = $4",
                values![id, name, sector, version],
            )
            .await?;
        let now: Option<Client> =
            writing.row("SELECT * FROM client WHERE id = $1", values![id]).await?;
        let now = now.ok_or(StoreError::Missing("client"))?;
        if changed == 0 {
            return Err(StoreError::Changed(now.version));
        }
        writing.changes("client", id);
        let entry = AuditEntry { action: "client.changed", subject: id, detail: name };
        audit::append(&mut writing, actor, entry).await?;
        writing.commit().await?;
        Ok(now)
    }

    /// Returns a client.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if there is no such client; otherwise if the database cannot be
    /// read.
    pub async fn client(&self, id: &str) -> Result<Client, StoreError> {
        self.engine
            .row("SELECT * FROM client WHERE id = $1", values![id])
            .await?
            .ok_or(StoreError::Missing("client"))
    }

    /// Returns up to `most` clients after an id, in order of their ids.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn clients(&self, after: &str, most: i64) -> Result<Vec<Client>, StoreError> {
        self.engine
            .rows("SELECT * FROM client WHERE id > $1 ORDER BY id LIMIT $2", values![after, most])
            .await
    }
}
