//! How much a key may ask.

use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::problem::Problem;

/// The rate at which a key may ask: this many in a second, twice as many at once.
pub(crate) struct Rates(Option<DefaultKeyedRateLimiter<String>>);

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
