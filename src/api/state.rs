use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRef;
use serde_json::Value;
use tokio::sync::Semaphore;

use service::Service;

use super::http::limits::Rates;
use super::http::metrics::Metrics;
use super::http::shares::{Shares, Strangers};
use super::settings::Settings;

/// The state that handlers work with.
#[derive(Clone)]
pub(super) struct Api(Arc<Shared>);

/// The state shared by all requests.
pub(super) struct Shared {
    pub service: Service,
    pub settings: Settings,
    pub rates: Rates,
    /// Places for simultaneous requests that are free now.
    pub places: Semaphore,
    /// Requests in progress, by key.
    pub of_keys: Shares<String>,
    /// Uploads in progress, by key.
    pub uploads: Shares<String>,
    /// Addresses that have sent invalid keys.
    pub strangers: Strangers,
    pub metrics: Metrics,
    /// The OpenAPI document.
    pub document: Value,
}

impl Deref for Api {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl FromRef<Api> for Service {
    fn from_ref(api: &Api) -> Self {
        api.service.clone()
    }
}

impl Api {
    /// The API of a service, with the document that describes it.
    pub fn new(service: Service, settings: Settings, document: Value) -> Self {
        Self(Arc::new(Shared {
            rates: Rates::new(settings.rate),
            places: Semaphore::new(settings.most_requests),
            // A key alone never holds all places.
            of_keys: Shares::new(settings.most_requests.div_ceil(2)),
            uploads: Shares::new(settings.uploads_per_key),
            strangers: Strangers::default(),
            metrics: Metrics::new(service.figures()),
            service,
            settings,
            document,
        }))
    }
}
