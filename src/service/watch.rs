//! Waiting for changes: however many listeners there are, one task polls the database for them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch::{Receiver, Sender, channel};
use tokio::time::{sleep, timeout};

/// Interval between two looks.
const LOOK: Duration = Duration::from_millis(100);

/// Time limit of one look.
const PATIENCE: Duration = Duration::from_secs(10);

/// The values that are being watched, by id. An entry lives as long as it has listeners.
#[derive(Debug, Clone)]
pub(super) struct Watchers<T> {
    watched: Arc<Mutex<HashMap<String, Sender<T>>>>,
    every: Duration,
}

/// The entry of one watched value. Dropping it removes the value from the map, so that a look that
/// panics leaves nothing behind.
struct Entry<T> {
    of: Watchers<T>,
    id: String,
    sender: Sender<T>,
}

impl<T> Drop for Entry<T> {
    fn drop(&mut self) {
        let mut watched = self.of.watched();
        // By now another task may watch the same id.
        if watched.get(&self.id).is_some_and(|own| own.same_channel(&self.sender)) {
            watched.remove(&self.id);
        }
    }
}

impl<T> Default for Watchers<T> {
    fn default() -> Self {
        Self { watched: Arc::default(), every: LOOK }
    }
}

impl<T: Clone + PartialEq + Send + Sync + 'static> Watchers<T> {
    /// Listens to the value with this id, which is `now`. `look` reads its later values; watching
    /// ends when it returns `None`.
    pub fn listen<F, L>(&self, id: &str, now: T, look: L) -> Receiver<T>
    where
        L: Fn() -> F + Send + 'static,
        F: Future<Output = Option<T>> + Send + 'static,
    {
        let mut watched = self.watched();
        let known = watched.get(id).map(Sender::subscribe);
        let mut receiver = known.unwrap_or_else(|| {
            let (sender, receiver) = channel(now);
            watched.insert(id.to_owned(), sender.clone());
            tokio::spawn(
                self.clone().watch(Entry { of: self.clone(), id: id.to_owned(), sender }, look),
            );
            receiver
        });
        // A listener that joins is given the value that the others saw last, not its own `now`:
        // that may be newer, and the next value would then go back in time.
        receiver.mark_changed();
        receiver
    }

    async fn watch<F, L>(self, entry: Entry<T>, look: L)
    where
        L: Fn() -> F + Send + 'static,
        F: Future<Output = Option<T>> + Send + 'static,
    {
        while self.is_heard(&entry.id, &entry.sender) {
            // First, because whoever started the watching has just read the value.
            sleep(self.every).await;
            // A look that hangs would otherwise keep its entry, and with it every later listener.
            let Ok(Some(now)) = timeout(PATIENCE, look()).await else { break };
            entry.sender.send_if_modified(|last| {
                let is_new = *last != now;
                *last = now;
                is_new
            });
        }
    }

    /// True if the entry has a listener; otherwise removes it. Both happen under one lock, so that
    /// no listener can join an entry that is about to end.
    fn is_heard(&self, id: &str, sender: &Sender<T>) -> bool {
        let mut watched = self.watched();
        let is_heard = sender.receiver_count() > 0;
        if !is_heard {
            watched.remove(id);
        }
        is_heard
    }
}

impl<T> Watchers<T> {
    fn watched(&self) -> MutexGuard<'_, HashMap<String, Sender<T>>> {
        // The map is whole between any two statements, so a panic elsewhere does no harm to it.
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    /// Something that is one more whenever it is looked at, up to a last value.
    #[derive(Clone, Default)]
    struct Counter(Arc<AtomicU32>);

    impl Counter {
        fn looks(&self) -> u32 {
            self.0.load(Ordering::Relaxed)
        }

        fn look(&self, last: u32) -> std::future::Ready<Option<u32>> {
            let next = self.0.fetch_add(1, Ordering::Relaxed) + 1;
            std::future::ready((next <= last).then_some(next))
        }
    }

    fn fast() -> Watchers<u32> {
        Watchers { every: Duration::from_millis(1), ..Watchers::default() }
    }

    fn run(test: impl Future<Output = ()>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(test);
    }

    /// Listens until the watching ends; returns what was heard last.
    async fn heard(mut receiver: Receiver<u32>) -> u32 {
        while receiver.changed().await.is_ok() {}
        *receiver.borrow()
    }

    #[test]
    fn many_listeners_ask_no_more_often_than_one() {
        for listeners in [1, 500] {
            run(async {
                let (watchers, counter) = (fast(), Counter::default());
                let listen = |_| {
                    let own = counter.clone();
                    tokio::spawn(heard(watchers.listen("job", 0, move || own.look(20))))
                };
                let all: Vec<_> = (0..listeners).map(listen).collect();
                for one in all {
                    assert_eq!(one.await.expect("a listener"), 20, "the last value");
                }
                assert_eq!(counter.looks(), 21, "{listeners} listeners, and the look that ends it");
            });
        }
    }

    #[test]
    fn the_watching_ends_with_its_last_listener() {
        run(async {
            let (watchers, counter) = (fast(), Counter::default());
            let own = counter.clone();
            let mut one = watchers.listen("job", 0, move || own.look(u32::MAX));
            one.changed().await.expect("a value");
            drop(one);
            while !watchers.watched().is_empty() {
                sleep(watchers.every).await;
            }
            let looks = counter.looks();
            sleep(watchers.every * 20).await;
            assert!(counter.looks() <= looks + 1, "nobody listens any more");
        });
    }

    /// Whoever looked before the last change and listens after it would wait for ever.
    #[test]
    fn who_comes_late_hears_how_it_stands() {
        run(async {
            let watchers = fast();
            let mut one = watchers.listen("job", 0, || std::future::ready(Some(7)));
            one.wait_for(|value| *value == 7).await.expect("a value");
            let mut late = watchers.listen("job", 0, || std::future::ready(None));
            late.changed().await.expect("at once");
            assert_eq!(*late.borrow(), 7);
        });
    }

    /// Its own look may be newer than the last one of the watching, which then comes after it.
    #[test]
    fn who_comes_late_is_told_nothing_that_is_older_than_what_it_is_told_next() {
        run(async {
            let watchers = fast();
            let mut one = watchers.listen("job", 5, std::future::pending);
            let mut late = watchers.listen("job", 6, || std::future::ready(None));
            for listener in [&mut one, &mut late] {
                listener.changed().await.expect("a value");
                assert_eq!(*listener.borrow_and_update(), 5);
            }
        });
    }

    #[test]
    fn a_look_that_fails_takes_its_entry_along() {
        run(async {
            let watchers = fast();
            let one = watchers.listen("job", 0, || async { panic!("a fault") });
            assert_eq!(heard(one).await, 0);
            assert!(watchers.watched().is_empty());
        });
    }

    #[test]
    fn each_id_is_watched_for_itself() {
        run(async {
            let (watchers, one, other) = (fast(), Counter::default(), Counter::default());
            let own = one.clone();
            let first = watchers.listen("a", 0, move || own.look(3));
            let own = other.clone();
            let second = watchers.listen("b", 0, move || own.look(5));
            assert_eq!((heard(first).await, heard(second).await), (3, 5));
            assert!(watchers.watched().is_empty());
        });
    }
}
