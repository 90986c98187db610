use sqlx::FromRow;

use super::engine::values;
use super::{Actor, AuditEntry, Store, StoreError, audit};

/// A client of the factor.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
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

/// What a client is to be.
#[derive(Debug, Clone, Copy)]
pub struct ClientChange<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its sector.
    pub sector: &'a str,
    /// The version that it has to have.
    pub version: i64,
}

impl Store {
    /// Adds a client.
    ///
    /// # Errors
    /// [`StoreError::Exists`] for an id that is taken.
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
        let entry =
            AuditEntry { action: "client.created", subject: &client.id, detail: &client.name };
        audit::append(&mut writing, actor, entry).await?;
        writing.commit().await
    }

    /// Changes name and sector of a client whose version is still the one given; returns it as it
    /// is now.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::Changed`].
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
        let entry = AuditEntry { action: "client.changed", subject: id, detail: name };
        audit::append(&mut writing, actor, entry).await?;
        writing.commit().await?;
        Ok(now)
    }

    /// A client.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub async fn client(&self, id: &str) -> Result<Client, StoreError> {
        self.engine
            .row("SELECT * FROM client WHERE id = $1", values![id])
            .await?
            .ok_or(StoreError::Missing("client"))
    }

    /// Clients behind an id, in order of their ids.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn clients(&self, after: &str, most: i64) -> Result<Vec<Client>, StoreError> {
        self.engine
            .rows("SELECT * FROM client WHERE id > $1 ORDER BY id LIMIT $2", values![after, most])
            .await
    }
}
