//! Shares of what all callers use together: nobody holds more of it at a time than its share.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::problem::Problem;

/// The invalid keys that an address may send within [`BARRED_FOR`]; then its keys are no longer
/// looked up, but for those that were valid before.
const MOST_INVALID: u32 = 100;

/// The time for which invalid keys are counted, from the first on.
const BARRED_FOR: Duration = Duration::from_mins(1);

/// The most addresses whose invalid keys are counted.
const MOST_ADDRESSES: usize = 10_000;

/// The address at the other end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Peer(pub IpAddr);

/// Counts of what each holder has at a time.
#[derive(Debug)]
pub(crate) struct Shares<K: Eq + Hash> {
    /// The share of each; 0 for no limit.
    most: usize,
    held: Arc<Mutex<HashMap<K, usize>>>,
}

/// One of what a holder has; given back when dropped.
#[derive(Debug)]
pub(crate) struct Share<K: Eq + Hash> {
    holder: K,
    held: Arc<Mutex<HashMap<K, usize>>>,
}

/// Locks; whoever panicked beside it left the value whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<K: Eq + Hash + Clone> Shares<K> {
    pub fn new(most: usize) -> Self {
        Self { most, held: Arc::default() }
    }

    /// Takes one more; `None` if the holder has its share.
    pub fn take(&self, holder: K) -> Option<Share<K>> {
        let mut held = lock(&self.held);
        let count = held.entry(holder.clone()).or_default();
        if self.most > 0 && *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Share { holder, held: Arc::clone(&self.held) })
    }
}

impl<K: Eq + Hash> Drop for Share<K> {
    fn drop(&mut self) {
        let mut held = lock(&self.held);
        if let Some(count) = held.get_mut(&self.holder) {
            *count -= 1;
            // Whoever holds nothing is forgotten: the memory is that of those who are here.
            if *count == 0 {
                held.remove(&self.holder);
            }
        }
    }
}

/// The share of a request's key, held by the request until it is answered.
#[derive(Debug, Clone, Default)]
pub(crate) struct Held(Arc<Mutex<Option<Share<String>>>>);

impl Held {
    /// Holds a share.
    pub fn hold(&self, share: Share<String>) {
        *lock(&self.0) = Some(share);
    }
}

/// The addresses that have sent invalid keys, each with the time of the first and their number.
#[derive(Debug, Default)]
pub(crate) struct Strangers(Mutex<HashMap<IpAddr, (Instant, u32)>>);

impl Strangers {
    /// Checks that keys of an address are still looked up.
    ///
    /// # Errors
    /// If it has sent too many invalid ones.
    pub fn check(&self, Peer(address): Peer) -> Result<(), Problem> {
        match lock(&self.0).get(&address) {
            Some((since, count)) if *count >= MOST_INVALID && since.elapsed() < BARRED_FOR => {
                let left = BARRED_FOR.saturating_sub(since.elapsed());
                Err(Problem::too_many_invalid(left.as_secs() + 1))
            }
            _ => Ok(()),
        }
    }

    /// Counts an invalid key.
    pub fn count(&self, Peer(address): Peer) {
        let mut all = lock(&self.0);
        if all.len() >= MOST_ADDRESSES {
            all.retain(|_, (since, _)| since.elapsed() < BARRED_FOR);
            if all.len() >= MOST_ADDRESSES {
                all.clear();
            }
        }
        let (since, count) = all.entry(address).or_insert((Instant::now(), 0));
        if since.elapsed() >= BARRED_FOR {
            (*since, *count) = (Instant::now(), 0);
        }
        *count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_holds_more_than_its_share_and_what_is_given_back_is_forgotten() {
        let shares = Shares::new(2);
        let held: Vec<_> = (0..3).filter_map(|_| shares.take("a")).collect();
        assert_eq!(held.len(), 2);
        assert!(shares.take("b").is_some());
        drop(held);
        assert!(lock(&shares.held).is_empty());
        assert!(shares.take("a").is_some());
        let free = Shares::new(0);
        let held: Vec<_> = (0..9).filter_map(|_| free.take(1)).collect();
        assert_eq!(held.len(), 9, "0 is no limit");
    }

    #[test]
    fn an_address_with_too_many_invalid_keys_is_barred_and_another_is_not() {
        let (strangers, here) = (Strangers::default(), Peer(IpAddr::from([127, 0, 0, 1])));
        for _ in 0..MOST_INVALID {
            assert!(strangers.check(here).is_ok());
            strangers.count(here);
        }
        assert!(strangers.check(here).is_err());
        assert!(strangers.check(Peer(IpAddr::from([127, 0, 0, 2]))).is_ok());
        for last in 0..MOST_ADDRESSES as u32 {
            strangers.count(Peer(IpAddr::from(last.to_be_bytes())));
        }
        assert!(lock(&strangers.0).len() <= MOST_ADDRESSES);
    }
}
