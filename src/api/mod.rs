//! The HTTP face: thin handlers over use cases and the store. Everything under `/v1` needs a key.

mod caller;
mod clients;
mod health;
mod ledgers;
mod offers;
mod page;
mod problem;
mod quotes;
mod request;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};

use crate::store::Store;
use crate::underwriting::Policy;

use problem::Cause;
pub use problem::{Problem, ProblemType};

/// Largest JSON body.
const JSON_BYTES: usize = 1 << 20;

/// What the process gives the service: time, random bits, and a place for its log.
#[derive(Debug, Clone, Copy)]
pub struct Outside {
    /// The clock.
    pub now: fn() -> DateTime<Utc>,
    /// Fills with random bits; false when the system has none.
    pub random: fn(&mut [u8]) -> bool,
    /// Takes a line of the log.
    pub log: fn(&str),
}

/// What handlers work with.
#[derive(Debug, Clone)]
pub struct Service {
    store: Store,
    policy: Arc<Policy>,
    /// Largest ledger, in bytes.
    most_bytes: u64,
    outside: Outside,
}

impl Service {
    /// A service on a store, with the policy under which it evaluates.
    pub fn new(store: Store, policy: Policy, most_bytes: u64, outside: Outside) -> Self {
        Self { store, policy: Arc::new(policy), most_bytes, outside }
    }

    /// Now, in UTC to the second.
    fn now(&self) -> String {
        (self.outside.now)().to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    fn today(&self) -> NaiveDate {
        (self.outside.now)().date_naive()
    }

    /// A new id: 128 random bits in hexadecimal.
    fn new_id(&self) -> Result<String, Problem> {
        let mut bytes = [0; 16];
        if (self.outside.random)(&mut bytes) {
            return Ok(crate::ledger::hex(&bytes));
        }
        Err(Problem::internal("the system has no random numbers"))
    }

    /// Serves until `stop` is done; what runs is finished first.
    ///
    /// # Errors
    /// What the system says.
    pub async fn serve(
        self,
        listener: tokio::net::TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> std::io::Result<()> {
        axum::serve(listener, self.router()).with_graceful_shutdown(stop).await
    }

    /// Its routes.
    pub fn router(self) -> Router {
        let uploads = Router::new()
            .route("/v1/clients/{id}/ledgers", post(ledgers::upload))
            .layer(DefaultBodyLimit::disable());
        Router::new()
            .route("/health", get(health::health))
            .route("/ready", get(health::ready))
            .route("/v1/clients", post(clients::create).get(clients::list))
            .route("/v1/clients/{id}", get(clients::get).patch(clients::change))
            .route("/v1/ledgers/{id}", get(ledgers::get))
            .route("/v1/ledgers/{id}/file", get(ledgers::file))
            .route("/v1/ledgers/{id}/evaluations", post(offers::evaluate))
            .route("/v1/offers", get(offers::list))
            .route("/v1/offers/{id}", get(offers::get))
            .route("/v1/offers/{id}/menu", get(offers::menu))
            .route("/v1/offers/{id}/disclosures", get(offers::disclosures))
            .route("/v1/offers/{id}/history", get(offers::history))
            .route("/v1/offers/{id}/verification-queue", get(offers::verification_queue))
            .route("/v1/offers/{id}/accept", post(offers::accept))
            .route("/v1/offers/{id}/decline", post(offers::decline))
            .route("/v1/offers/{id}/withdraw", post(offers::withdraw))
            .route("/v1/offers/{id}/overrides", post(offers::override_line))
            .route("/v1/quotes", post(quotes::create).get(quotes::list))
            .fallback(health::nowhere)
            .layer(DefaultBodyLimit::max(JSON_BYTES))
            .merge(uploads)
            .layer(from_fn_with_state(self.clone(), observed))
            .with_state(self)
    }
}

/// Gives every answer an id, and logs with it what the answer does not tell.
async fn observed(State(service): State<Service>, request: Request, next: Next) -> Response {
    let id = service.new_id().unwrap_or_default();
    let line = format!("{} {}", request.method(), request.uri().path());
    let mut response = next.run(request).await;
    if let Some(Cause(cause)) = response.extensions().get() {
        (service.outside.log)(&format!("{id} {line} {}: {cause}", response.status().as_u16()));
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}
