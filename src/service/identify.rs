use store::Identity;

use super::{Service, ServiceError};

impl Service {
    /// True for a key that was valid when it was last looked up.
    pub fn has_seen(&self, key: &str) -> bool {
        self.known.has_seen(key)
    }

    /// Returns the holder of a key.
    ///
    /// # Errors
    /// [`ServiceError::Unauthorized`] if the key is unknown, expired or revoked.
    pub async fn identify(&self, key: &str) -> Result<Identity, ServiceError> {
        if let Some(identity) = self.known.get(key) {
            return Ok(identity);
        }
        let found = self.store.identify(key, &self.now()).await?;
        let found = found.ok_or(ServiceError::Unauthorized)?;
        // Invalid keys are not remembered: guesses would fill the cache.
        self.known.put(key, &found);
        Ok(found)
    }
}
