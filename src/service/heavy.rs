//! Heavy work: off the async threads, little of it at a time. Callers take turns by their keys, so
//! that whoever asks for much waits behind its own requests and keeps nobody else waiting.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::available_parallelism;

use tokio::sync::oneshot;

use super::{Caller, ServiceError};

/// The most requests of a key that wait for their turn; more are refused.
const MOST_WAITING: usize = 64;

/// The most places, and the fewest: one long request alone does not stop the others.
const PLACES: (usize, usize) = (2, 8);

/// The places at which heavy work is done.
#[derive(Debug, Clone)]
pub(super) struct Heavy(Arc<Mutex<Line>>);

/// A place; free again when dropped.
#[derive(Debug)]
pub(super) struct Place {
    line: Arc<Mutex<Line>>,
    /// False once it was given up.
    is_held: bool,
}

/// Tells work whether its caller has left.
#[derive(Debug, Clone, Default)]
pub(super) struct Left(Arc<AtomicBool>);

/// Tells the work that the caller has left when it is dropped before the end.
struct Waits(Left);

/// The requests of a key that wait, in their order.
type Requests = VecDeque<oneshot::Sender<Place>>;

#[derive(Debug)]
struct Line {
    free: usize,
    /// The keys that wait, in the order of their turns.
    keys: VecDeque<(String, Requests)>,
}

impl Default for Heavy {
    fn default() -> Self {
        let (fewest, most) = PLACES;
        Self::with(available_parallelism().map_or(fewest, usize::from).clamp(fewest, most))
    }
}

impl Heavy {
    fn with(places: usize) -> Self {
        Self(Arc::new(Mutex::new(Line { free: places, keys: VecDeque::new() })))
    }

    /// Waits for a place until it is the caller's turn.
    ///
    /// # Errors
    /// [`ServiceError::Busy`] if too many requests of its key wait already.
    pub async fn place(&self, caller: &Caller) -> Result<Place, ServiceError> {
        // In a statement of its own: the lock is open while the turn is awaited.
        let turn = lock(&self.0).wait(caller.key())?;
        match turn {
            Some(turn) => turn.await.map_err(ServiceError::internal),
            None => Ok(Place { line: Arc::clone(&self.0), is_held: true }),
        }
    }
}

/// The line; whoever panicked beside it left it whole.
fn lock(line: &Mutex<Line>) -> MutexGuard<'_, Line> {
    line.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Line {
    /// Takes a free place, or queues up for one.
    fn wait(&mut self, key: &str) -> Result<Option<oneshot::Receiver<Place>>, ServiceError> {
        if self.free > 0 {
            self.free -= 1;
            return Ok(None);
        }
        let (sender, turn) = oneshot::channel();
        match self.keys.iter_mut().find(|(own, _)| own == key) {
            None => self.keys.push_back((key.to_owned(), VecDeque::from([sender]))),
            Some((_, requests)) => {
                // Those whose callers have left take no room.
                requests.retain(|request| !request.is_closed());
                if requests.len() >= MOST_WAITING {
                    return Err(ServiceError::Busy);
                }
                requests.push_back(sender);
            }
        }
        Ok(Some(turn))
    }

    /// The next request: the first of the key whose turn it is. Without one, the place is free.
    fn next(&mut self) -> Option<oneshot::Sender<Place>> {
        while let Some((key, mut requests)) = self.keys.pop_front() {
            let next = requests.pop_front();
            if !requests.is_empty() {
                // Behind all others, whatever it has still to ask.
                self.keys.push_back((key, requests));
            }
            if next.is_some() {
                return next;
            }
        }
        self.free += 1;
        None
    }
}

impl Place {
    /// Runs work off the async threads. The place is taken until it ends, even if its caller
    /// leaves: a thread cannot be stopped, but the work can, which is told by [`Left`].
    ///
    /// # Errors
    /// Those of the work.
    pub async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce(&Left) -> Result<T, ServiceError> + Send + 'static,
    ) -> Result<T, ServiceError> {
        let waits = Waits(Left::default());
        let left = waits.0.clone();
        let done = tokio::task::spawn_blocking(move || {
            let place = self;
            let done = left.check().and_then(|()| work(&left));
            drop(place);
            done
        });
        done.await.map_err(ServiceError::internal)?
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if !self.is_held {
            return;
        }
        self.is_held = false;
        loop {
            // In a statement of its own: the lock is open when a place is sent.
            let next = lock(&self.line).next();
            let Some(next) = next else { return };
            match next.send(Self { line: Arc::clone(&self.line), is_held: true }) {
                Ok(()) => return,
                // Its caller has left. Not freed here: it goes to the next one.
                Err(mut place) => place.is_held = false,
            }
        }
    }
}

impl Left {
    /// Ends the work of a caller that has left.
    ///
    /// # Errors
    /// If it has; nobody reads the error.
    pub fn check(&self) -> Result<(), ServiceError> {
        if self.0.load(Ordering::Relaxed) {
            return Err(ServiceError::unavailable("the caller has left"));
        }
        Ok(())
    }
}

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use store::{Identity, Role};

    use super::super::samples::run;
    use super::super::{Caller, Right};
    use super::*;

    fn caller(key: &str) -> Caller {
        let (key, holder) = (key.to_owned(), key.to_owned());
        Caller::of(Identity { key, role: Role::Analyst, client: None, holder }).expect("a caller")
    }

    /// Queues up a request that notes when it was its turn.
    fn asks(heavy: &Heavy, key: &'static str, turns: &mpsc::Sender<&'static str>) {
        let (heavy, turns) = (heavy.clone(), turns.clone());
        tokio::spawn(async move {
            let place = heavy.place(&caller(key)).await.expect("a place");
            place.run(move |_| turns.send(key).map_err(ServiceError::internal)).await
        });
    }

    async fn until(heavy: &Heavy, waiting: usize) {
        let all = || lock(&heavy.0).keys.iter().map(|(_, own)| own.len()).sum::<usize>();
        while all() < waiting {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    #[test]
    fn keys_take_turns_however_much_one_of_them_asks() {
        run(async {
            let (heavy, (turns, told)) = (Heavy::with(1), mpsc::channel());
            let busy = heavy.place(&caller("a")).await.expect("a place");
            for at in 1..=4 {
                asks(&heavy, "a", &turns);
                until(&heavy, at).await;
            }
            asks(&heavy, "b", &turns);
            until(&heavy, 5).await;
            drop(busy);
            let order: Vec<_> = (0..5).map(|_| told.recv().expect("a turn")).collect();
            assert_eq!(order, ["a", "b", "a", "a", "a"]);
            // The last one tells its turn before it gives its place back.
            drop(heavy.place(&caller("c")).await.expect("a place"));
            assert_eq!(lock(&heavy.0).free, 1);
        });
    }

    #[test]
    fn whoever_leaves_gives_up_its_turn_and_its_work_ends() {
        run(async {
            let heavy = Heavy::with(1);
            let busy = heavy.place(&caller("a")).await.expect("a place");
            for _ in 0..3 {
                let place = heavy.clone();
                let left = tokio::spawn(async move { place.place(&caller("b")).await });
                until(&heavy, 1).await;
                left.abort();
                let _ = left.await;
            }
            let (started, starts) = mpsc::channel();
            let (ended, ends) = mpsc::channel();
            let work = tokio::spawn(busy.run(move |left: &Left| {
                started.send(()).map_err(ServiceError::internal)?;
                while left.check().is_ok() {
                    std::thread::sleep(Duration::from_millis(1));
                }
                ended.send(()).map_err(ServiceError::internal)
            }));
            starts.recv().expect("it has started");
            work.abort();
            ends.recv_timeout(Duration::from_mins(1)).expect("the work ends");
            drop(heavy.place(&caller("c")).await.expect("a place"));
        });
    }

    #[test]
    fn a_key_with_too_many_requests_is_refused_and_another_is_not() {
        run(async {
            let heavy = Heavy::with(1);
            let _busy = heavy.place(&caller("a")).await.expect("a place");
            let wait = |key: &str| lock(&heavy.0).wait(key);
            let _turns: Vec<_> = (0..MOST_WAITING).map(|_| wait("a").expect("a turn")).collect();
            assert_eq!(wait("a").err(), Some(ServiceError::Busy));
            assert!(wait("b").is_ok());
        });
    }
}
