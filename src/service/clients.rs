use store::{Client, ClientChange};

use super::names::{identifier, named, plain};
use super::{Answer, Caller, Once, Reader, Reply, Service, ServiceError, Underwriter};

/// A client to add.
#[derive(Debug, Clone)]
pub struct NewClient {
    /// Id of the client, as used in paths.
    pub id: String,
    /// Name of the client.
    pub name: String,
    /// Sector of the client, for scenarios; may be empty.
    pub sector: String,
}

/// New values for a client; those left out stay as they are.
#[derive(Debug, Clone)]
pub struct ChangedClient {
    /// Name of the client.
    pub name: Option<String>,
    /// Sector of the client.
    pub sector: Option<String>,
    /// The version that the caller read.
    pub version: i64,
}

impl Service {
    /// Adds a client.
    ///
    /// # Errors
    /// [`ServiceError::Field`] for an id or name that is not allowed, [`ServiceError::Conflict`] if
    /// the id is taken.
    pub async fn create_client(
        &self,
        _: &Underwriter,
        new: NewClient,
        once: &Once,
        answer: Answer<Client>,
    ) -> Result<Reply, ServiceError> {
        identifier("id", &new.id)?;
        named("name", &new.name)?;
        plain("sector", &new.sector)?;
        let NewClient { id, name, sector } = new;
        let client = Client { id, name, sector, version: 1, created_at: once.at().to_owned() };
        let reply = answer(&client)?;
        self.store.create_client(&client, &once.actor(&reply)).await?;
        Ok(reply)
    }

    /// Returns up to `most` clients after an id, in order of their ids.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn clients(
        &self,
        _: &Reader,
        after: &str,
        most: i64,
    ) -> Result<Vec<Client>, ServiceError> {
        Ok(self.store.clients(after, most).await?)
    }

    /// Returns a client.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such client or the caller may not see it.
    pub async fn client(&self, caller: &Caller, id: &str) -> Result<Client, ServiceError> {
        caller.sees(id, "client")?;
        Ok(self.store.client(id).await?)
    }

    /// Changes a client; returns it as changed.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such client, [`ServiceError::Field`] for a name
    /// that is not allowed, [`ServiceError::Changed`] if the client has another version by now.
    pub async fn change_client(
        &self,
        by: &Underwriter,
        id: &str,
        changed: ChangedClient,
    ) -> Result<Client, ServiceError> {
        let before = self.store.client(id).await?;
        let name = changed.name.as_deref().unwrap_or(&before.name);
        let sector = changed.sector.as_deref().unwrap_or(&before.sector);
        named("name", name)?;
        plain("sector", sector)?;
        let change = ClientChange { id, name, sector, version: changed.version };
        Ok(self.store.change_client(change, &self.actor(by.as_ref())).await?)
    }
}

#[cfg(test)]
mod tests {
    use store::Role;

    use super::super::samples::{Desk, by, run, staff};
    use super::*;

    #[test]
    fn what_was_changed_since_it_was_read_is_not_changed() {
        run(async {
            let desk = Desk::new().await;
            let change = async |name: &str, version| {
                let changed = ChangedClient { name: Some(name.into()), sector: None, version };
                desk.service.change_client(&staff(), "a", changed).await
            };
            assert_eq!(change("New", 1).await.expect("changed").version, 2);
            assert_eq!(change("Newer", 1).await, Err(ServiceError::Changed(2)));
            assert!(matches!(change("--", 2).await, Err(ServiceError::Field { .. })));
            let now = desk.service.client(&by(Role::Client), "a").await.expect("its own");
            assert_eq!((now.name.as_str(), now.version), ("New", 2));
        });
    }

    #[test]
    fn an_id_is_taken_once() {
        run(async {
            let desk = Desk::new().await;
            let new = NewClient { id: "a".into(), name: "Other".into(), sector: String::new() };
            let once = desk.once("again").await;
            let answer = |client: &Client| Reply::json(201, &client.id);
            let taken = desk.service.create_client(&staff(), new, &once, answer).await;
            let detail = "A client with this id already exists.".to_owned();
            assert_eq!(taken, Err(ServiceError::Conflict(detail)));
        });
    }
}
