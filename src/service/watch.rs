//! Watching: however many wait for something to change, one task looks at it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch::{Receiver, Sender, channel};
use tokio::time::sleep;

/// How often something is looked at for those who wait for it.
const LOOK: Duration = Duration::from_millis(100);

/// What is watched now, by its id. An entry goes with its last listener.
#[derive(Debug, Clone)]
pub(super) struct Watchers<T> {
    watched: Arc<Mutex<HashMap<String, Sender<T>>>>,
    every: Duration,
}

impl<T> Default for Watchers<T> {
    fn default() -> Self {
        Self { watched: Arc::default(), every: LOOK }
    }
}

impl<T: Clone + PartialEq + Send + Sync + 'static> Watchers<T> {
    /// Listens to what has this id, which is `now` so. `look` says what it is later; the watching
    /// ends when it says nothing.
    pub fn listen<F, L>(&self, id: &str, now: T, look: L) -> Receiver<T>
    where
        L: Fn() -> F + Send + 'static,
        F: Future<Output = Option<T>> + Send,
    {
        let mut watched = self.watched();
        if let Some(sender) = watched.get(id) {
            let mut receiver = sender.subscribe();
            // It may have changed since whoever comes now has looked.
            receiver.mark_changed();
            return receiver;
        }
        let (sender, receiver) = channel(now);
        watched.insert(id.to_owned(), sender.clone());
        drop(watched);
        let (watchers, id) = (self.clone(), id.to_owned());
        tokio::spawn(async move {
            while watchers.is_heard(&id, &sender) {
                sleep(watchers.every).await;
                let Some(now) = look().await else {
                    watchers.watched().remove(&id);
                    break;
                };
                sender.send_if_modified(|last| {
                    let is_new = *last != now;
                    *last = now;
                    is_new
                });
            }
        });
        receiver
    }

    /// Whether anybody still listens; takes the entry away when nobody does, so that whoever comes
    /// next starts anew.
    fn is_heard(&self, id: &str, sender: &Sender<T>) -> bool {
        let mut watched = self.watched();
        let is_heard = sender.receiver_count() > 0;
        if !is_heard {
            watched.remove(id);
        }
        is_heard
    }

    fn watched(&self) -> MutexGuard<'_, HashMap<String, Sender<T>>> {
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
