use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::{NaiveDate, SecondsFormat};
use tokio::sync::{Mutex, Notify};
use tokio::time::timeout;

use policy::Policy;
use store::{Actor, JobRow, Store};

use super::ServiceError;
use super::figures::JobFigures;
use super::heavy::Heavy;
use super::known::Known;
use super::outside::{Heads, Limits, Outside};
use super::right::Caller;
use super::turns::Turns;
use super::watch::Watchers;

/// Time for which a probe that wrote to the store answers others as well: probes need no key.
const PROOF_LASTS: Duration = Duration::from_secs(1);

/// Longest time of a probe.
const LONGEST_PROBE: Duration = Duration::from_secs(2);

/// The service: its use cases are its methods.
#[derive(Clone)]
pub struct Service(Arc<Shared>);

/// The state that all requests share.
pub struct Shared {
    pub(super) store: Store,
    pub(super) policy: Arc<Policy>,
    pub(super) limits: Limits,
    pub(super) outside: Outside,
    pub(super) known: Known,
    pub(super) heads: Option<Heads>,
    /// Notified of every new job.
    pub(super) work: Notify,
    pub(super) watchers: Watchers<JobRow>,
    pub(super) turns: Arc<Turns>,
    pub(super) figures: JobFigures,
    pub(super) heavy: Heavy,
    /// The time at which the store was last written as a probe, if that went well.
    proved: Mutex<Option<Instant>>,
    stopping: AtomicBool,
    /// Notified when the service is told to stop.
    pub(super) stopped: Notify,
}

impl Deref for Service {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl Service {
    /// Creates a service on a store. It evaluates under this policy unless a request names another,
    /// and exports the heads of its audit log if it is told where.
    pub fn new(
        store: Store,
        policy: Policy,
        limits: Limits,
        outside: Outside,
        heads: Option<Heads>,
    ) -> Self {
        Self(Arc::new(Shared {
            store,
            policy: Arc::new(policy),
            limits,
            outside,
            heads,
            known: Known::default(),
            work: Notify::new(),
            watchers: Watchers::default(),
            turns: Arc::default(),
            figures: JobFigures::default(),
            heavy: Heavy::default(),
            proved: Mutex::default(),
            stopping: AtomicBool::new(false),
            stopped: Notify::new(),
        }))
    }
}

impl Shared {
    /// The current time in UTC, RFC 3339 to the second.
    pub(super) fn now(&self) -> String {
        (self.outside.now)().to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// The current time in UTC, RFC 3339 to the millisecond: of two ledgers of one second the later
    /// one has to be told.
    pub(super) fn stamp(&self) -> String {
        (self.outside.now)().to_rfc3339_opts(SecondsFormat::Millis, true)
    }

    /// Today's date in UTC.
    pub fn today(&self) -> NaiveDate {
        (self.outside.now)().date_naive()
    }

    /// The caller as of now, without an idempotency key.
    pub(super) fn actor(&self, caller: &Caller) -> Actor {
        Actor { key: caller.key().to_owned(), at: self.now(), answer: None }
    }

    /// Returns a new id: 128 random bits in hexadecimal.
    ///
    /// # Errors
    /// [`ServiceError::Internal`] if the system provides no random numbers.
    pub fn new_id(&self) -> Result<String, ServiceError> {
        let mut bits = [0; 16];
        self.random(&mut bits).map(|()| basics::hex(&bits))
    }

    /// Fills a buffer with random bits.
    pub(super) fn random(&self, bits: &mut [u8]) -> Result<(), ServiceError> {
        if (self.outside.random)(bits) {
            return Ok(());
        }
        Err(ServiceError::internal("the system provides no random numbers"))
    }

    /// The metrics of jobs.
    pub fn figures(&self) -> &JobFigures {
        &self.figures
    }

    /// Checks that the store can be written, at most once a second however often it is asked.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] if it cannot, or not within 2 seconds.
    pub async fn ready(&self) -> Result<(), ServiceError> {
        let probe = async {
            let mut proved = self.proved.lock().await;
            if proved.is_none_or(|at| at.elapsed() >= PROOF_LASTS) {
                self.store.check_writable().await?;
                *proved = Some(Instant::now());
            }
            Ok(())
        };
        let late = |_| ServiceError::unavailable("the store could not be written in time");
        timeout(LONGEST_PROBE, probe).await.map_err(late)?
    }

    /// Ends all connections to the store.
    pub async fn close(&self) {
        self.store.close().await;
    }

    /// Tells workers and callers waiting for jobs that the service is stopping.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
        // A worker that is only about to wait misses this; it stops after its next look.
        self.work.notify_waiters();
        // Remembered until the housekeeper looks.
        self.stopped.notify_one();
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}
