//! The rate limit of each key.

use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::problem::Problem;

/// Limits the requests of each key: a number per second on average, twice that in a burst.
pub(crate) struct Rates(Option<DefaultKeyedRateLimiter<String>>);

impl Rates {
    pub fn new(rate: u32) -> Self {
        let quota = NonZeroU32::new(rate).map(|rate| {
            // `MIN` is 1, so this is 2 without a constructor that could fail.
            let burst = rate.checked_mul(NonZeroU32::MIN.saturating_add(1)).unwrap_or(rate);
            Quota::per_second(rate).allow_burst(burst)
        });
        Self(quota.map(RateLimiter::keyed))
    }

    /// Counts a request of a key.
    ///
    /// # Errors
    /// If the key has used up its rate; the problem states when to try again.
    pub fn check(&self, key: &str) -> Result<(), Problem> {
        let Some(limiter) = &self.0 else { return Ok(()) };
        limiter.check_key(&key.to_owned()).map_err(|not_until| {
            let wait = not_until.wait_time_from(DefaultClock::default().now());
            // Rounded up: a caller that comes back a moment too early is refused again.
            Problem::too_many(wait.as_secs() + 1)
        })
    }
}
