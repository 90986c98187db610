use store::{ApiKey, NewKey, Role};

use super::{Admin, Service, ServiceError};

/// A key that was just made: it is shown once.
#[derive(Debug, Clone)]
pub struct MadeKey {
    /// The key.
    pub key: String,
    /// What names it in lists and logs.
    pub prefix: String,
}

impl Service {
    /// Makes a key. It is not remembered under an idempotency key: a secret is shown once.
    ///
    /// # Errors
    /// [`ServiceError::Field`].
    pub async fn create_key(&self, by: &Admin, new: NewKey) -> Result<MadeKey, ServiceError> {
        if (new.role == Role::Client) != new.client.is_some() {
            let detail = "It goes with the role client, and only with it.";
            return Err(ServiceError::field("client_id", detail));
        }
        if new.name.contains(char::is_control) {
            return Err(ServiceError::field("name", "Expected no control character."));
        }
        let mut bits = [0; 32];
        self.random(&mut bits)?;
        let key = self.store.create_key(&new, &bits, &self.actor(by.as_ref())).await?;
        let prefix = key.rsplit_once('_').map_or("", |(prefix, _)| prefix).to_owned();
        Ok(MadeKey { key, prefix })
    }

    /// Every key without its secret, the newest first.
    ///
    /// # Errors
    /// [`ServiceError`].
    pub async fn keys(&self, _: &Admin) -> Result<Vec<ApiKey>, ServiceError> {
        Ok(self.store.keys().await?)
    }

    /// Revokes a key.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] for one that is not there or revoked already.
    pub async fn revoke_key(&self, by: &Admin, prefix: &str) -> Result<(), ServiceError> {
        self.store.revoke_key(prefix, &self.actor(by.as_ref())).await?;
        self.known.clear();
        Ok(())
    }
}
