//! A cache of API keys: a caller with many requests does not ask the database for each of them.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use store::Identity;

/// Lifetime of an entry. A key revoked through another process is refused after this at the latest.
const KNOWN_FOR: Duration = Duration::from_secs(1);

/// Largest number of entries.
const MOST_KNOWN: usize = 10_000;

/// The keys that were looked up recently.
#[derive(Default)]
pub(super) struct Known(Mutex<HashMap<String, (Instant, Identity)>>);

impl Known {
    pub fn get(&self, key: &str) -> Option<Identity> {
        // A poisoned lock costs the cache, not the request: the database is asked again.
        let known = self.0.lock().ok()?;
        let (at, identity) = known.get(key)?;
        (at.elapsed() < KNOWN_FOR).then(|| identity.clone())
    }

    /// True for a key that was valid, however long ago.
    pub fn has_seen(&self, key: &str) -> bool {
        self.0.lock().is_ok_and(|known| known.contains_key(key))
    }

    pub fn put(&self, key: &str, identity: &Identity) {
        if let Ok(mut known) = self.0.lock() {
            // Only valid keys get here, so a full cache is rare and need not choose what to drop.
            if known.len() >= MOST_KNOWN {
                known.clear();
            }
            known.insert(key.to_owned(), (Instant::now(), identity.clone()));
        }
    }

    /// Forgets all keys; called when one is revoked in this process.
    pub fn clear(&self) {
        if let Ok(mut known) = self.0.lock() {
            known.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use store::Role;

    use super::*;

    #[test]
    fn a_key_is_known_until_all_are_forgotten_or_too_many_are() {
        let known = Known::default();
        let identity = Identity {
            key: "fk_1".to_owned(),
            role: Role::Analyst,
            client: None,
            holder: "R. Low".to_owned(),
        };
        known.put("k", &identity);
        assert_eq!((known.get("k"), known.get("l")), (Some(identity.clone()), None));
        known.clear();
        assert_eq!(known.get("k"), None);
        for number in 0..=MOST_KNOWN {
            known.put(&number.to_string(), &identity);
        }
        assert_eq!(known.get("0"), None, "it made room");
        assert!(known.get(&MOST_KNOWN.to_string()).is_some());
    }
}
