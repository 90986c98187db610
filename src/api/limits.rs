//! How much a key may ask, and how long a key that was looked up is known without asking again.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use store::Identity;

use super::problem::Problem;

/// A key that is revoked elsewhere is refused after this at the latest.
const KNOWN_FOR: Duration = Duration::from_secs(1);

/// Keys known at a time.
const MOST_KNOWN: usize = 10_000;

/// The rate at which a key may ask: this many in a second, twice as many at once.
pub(super) struct Rates(Option<DefaultKeyedRateLimiter<String>>);

impl Rates {
    pub fn new(rate: u32) -> Self {
        let quota = NonZeroU32::new(rate).map(|rate| {
            let burst = rate.checked_mul(NonZeroU32::MIN.saturating_add(1)).unwrap_or(rate);
            Quota::per_second(rate).allow_burst(burst)
        });
        Self(quota.map(RateLimiter::keyed))
    }

    /// Whether a key may ask now.
    ///
    /// # Errors
    /// A problem that says when it may again.
    pub fn check(&self, key: &str) -> Result<(), Problem> {
        let Some(limiter) = &self.0 else { return Ok(()) };
        limiter.check_key(&key.to_owned()).map_err(|not_until| {
            let wait = not_until.wait_time_from(DefaultClock::default().now());
            Problem::too_many(wait.as_secs() + 1)
        })
    }
}

/// Keys that were looked up just now.
#[derive(Default)]
pub(super) struct Known(Mutex<HashMap<String, (Instant, Identity)>>);

impl Known {
    pub fn get(&self, key: &str) -> Option<Identity> {
        let known = self.0.lock().ok()?;
        let (at, identity) = known.get(key)?;
        (at.elapsed() < KNOWN_FOR).then(|| identity.clone())
    }

    pub fn put(&self, key: &str, identity: &Identity) {
        if let Ok(mut known) = self.0.lock() {
            if known.len() >= MOST_KNOWN {
                known.clear();
            }
            known.insert(key.to_owned(), (Instant::now(), identity.clone()));
        }
    }

    /// Forgets all, after a key was revoked here.
    pub fn clear(&self) {
        if let Ok(mut known) = self.0.lock() {
            known.clear();
        }
    }
}
