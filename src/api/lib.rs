//! The HTTP face: thin handlers over use cases and the store. Everything under `/v1` needs a key.
//!
//! What is served is described by the document that is served with it:
//!
//! ```
//! let document = factorage_api::document();
//! assert_eq!(document["openapi"], "3.1.0");
//! let upload = &document["paths"]["/v1/clients/{id}/ledgers"]["post"];
//! assert!(upload["responses"]["202"].is_object());
//! ```

mod accept;
mod caller;
mod clients;
mod collections;
mod debtors;
mod extract;
mod health;
mod jobs;
mod keys;
mod ledgers;
mod limits;
mod linger;
mod metrics;
mod models;
mod offers;
mod openapi;
mod operation;
mod page;
mod policies;
mod positions;
mod problem;
mod quotes;
mod refused;
mod reports;
mod request;
mod routes;
mod serve;
mod settings;
mod task;
mod work;

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{NaiveDate, SecondsFormat};
use serde_json::Value;
use tokio::sync::{Notify, Semaphore};

use policy::Policy;
use store::{Actor, Identity, Store};

use limits::{Known, Rates};
use metrics::Metrics;

pub use problem::{Problem, ProblemType};
pub use settings::{Outside, Settings};

/// What handlers work with.
#[derive(Clone)]
pub struct Service(Arc<Shared>);

/// What all requests share.
pub struct Shared {
    store: Store,
    policy: Arc<Policy>,
    settings: Settings,
    outside: Outside,
    /// Told when there is a new job.
    work: Notify,
    stopping: AtomicBool,
    known: Known,
    rates: Rates,
    /// Requests that can be worked on beside those that are.
    places: Semaphore,
    metrics: Metrics,
    /// The OpenAPI document.
    document: Value,
}

/// The OpenAPI document.
pub fn document() -> Value {
    openapi::document(&routes::operations())
}

impl Deref for Service {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl Service {
    /// A service on a store, with the policy under which it evaluates unless another is named.
    pub fn new(store: Store, policy: Policy, settings: Settings, outside: Outside) -> Self {
        Self(Arc::new(Shared {
            store,
            policy: Arc::new(policy),
            known: Known::default(),
            rates: Rates::new(settings.rate),
            places: Semaphore::new(settings.most_requests),
            metrics: Metrics::new(),
            document: document(),
            work: Notify::new(),
            stopping: AtomicBool::new(false),
            settings,
            outside,
        }))
    }

    /// Now, in UTC to the second.
    fn now(&self) -> String {
        (self.outside.now)().to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    fn today(&self) -> NaiveDate {
        (self.outside.now)().date_naive()
    }

    /// The caller, who acts now and sends no idempotency key.
    fn actor(&self, caller: Identity) -> Actor {
        Actor { key: caller.key, at: self.now(), answer: None }
    }

    /// A new id: 128 random bits in hexadecimal.
    fn new_id(&self) -> Result<String, Problem> {
        let mut bytes = [0; 16];
        if (self.outside.random)(&mut bytes) {
            return Ok(basics::hex(&bytes));
        }
        Err(Problem::internal("the system has no random numbers"))
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}
