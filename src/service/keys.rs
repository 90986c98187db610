use store::{ApiKey, NewKey, Role};

use super::{Admin, Service, ServiceError};

/// A new key, which is shown once.
#[derive(Debug, Clone)]
pub struct MadeKey {
    /// The key.
    pub key: String,
    /// Prefix that identifies it in lists and logs.
    pub prefix: String,
}

impl Service {
    /// Creates a key. The answer is not kept under an idempotency key, because it holds the secret.
    ///
    /// # Errors
    /// [`ServiceError::Field`] if the name is not allowed, or a client is named without the role
    /// `client` or missing with it; [`ServiceError::Missing`] if there is no such client.
    pub async fn create_key(&self, by: &Admin, new: NewKey) -> Result<MadeKey, ServiceError> {
        if (new.role == Role::Client) != new.client.is_some() {
            let detail = "Required with the role client, and allowed only with it.";
            return Err(ServiceError::field("client_id", detail));
        }
        // Unlike a client's name it may be empty, as `factorage keys create` allows.
        if new.name.contains(char::is_control) {
            return Err(ServiceError::field("name", "Must not contain control characters."));
        }
        let mut bits = [0; 32];
        self.random(&mut bits)?;
        let key = self.store.create_key(&new, &bits, &self.actor(by.as_ref())).await?;
        let prefix = key.rsplit_once('_').map_or("", |(prefix, _)| prefix).to_owned();
        Ok(MadeKey { key, prefix })
    }

    /// Returns every key without its secret, the newest first.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn keys(&self, _: &Admin) -> Result<Vec<ApiKey>, ServiceError> {
        Ok(self.store.keys().await?)
    }

    /// Revokes a key.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such key or it is already revoked.
    pub async fn revoke_key(&self, by: &Admin, prefix: &str) -> Result<(), ServiceError> {
        self.store.revoke_key(prefix, &self.actor(by.as_ref())).await?;
        // Revoking is rare: forgetting every key costs each caller one query.
        self.known.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{Desk, by, run};
    use super::*;

    #[test]
    fn a_key_is_valid_until_it_is_revoked() {
        run(async {
            let (desk, admin) = (Desk::new().await, by::<Admin>(Role::Admin));
            let new = |role, client: Option<&str>| NewKey {
                role,
                client: client.map(str::to_owned),
                name: "portal".into(),
                expires_at: None,
            };
            let made = desk.service.create_key(&admin, new(Role::Client, Some("a"))).await;
            let MadeKey { key, prefix } = made.expect("a key");
            let identity = desk.service.identify(&key).await.expect("who calls");
            assert_eq!((identity.key.as_str(), identity.role), (prefix.as_str(), Role::Client));
            desk.service.revoke_key(&admin, &prefix).await.expect("revoked");
            let gone = desk.service.identify(&key).await;
            assert_eq!(gone, Err(ServiceError::Unauthorized), "and not known any more");
            for (role, client) in [(Role::Client, None), (Role::Analyst, Some("a"))] {
                let wrong = desk.service.create_key(&admin, new(role, client)).await;
                assert!(matches!(wrong, Err(ServiceError::Field { .. })), "{role:?}");
            }
        });
    }
}
