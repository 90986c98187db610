//! The HTTP API: handlers translate requests into the types of a use case, and its result into an
//! answer. Everything under `/v1` needs a key.
//!
//! The OpenAPI document describes every operation, and is itself served:
//!
//! ```
//! let document = factorage_api::document();
//! assert_eq!(document["openapi"], "3.1.0");
//! let upload = &document["paths"]["/v1/clients/{id}/ledgers"]["post"];
//! assert!(upload["responses"]["202"].is_object());
//! ```

mod books;
mod client_debtors;
mod clients;
mod collections;
mod confirmations;
mod debtors;
mod docs;
mod evaluations;
mod facilities;
mod health;
mod http;
mod job_steps;
mod jobs;
mod keys;
mod ledgers;
mod models;
mod monitor;
mod offer_inputs;
mod offer_steps;
mod offers;
mod payees;
mod policies;
mod positions;
mod purchases;
mod quotes;
mod reference;
mod reports;
mod reversals;
mod routes;
mod serve;
mod settings;
mod state;
mod statements;
mod uploads;
mod versions;

pub use routes::document;
pub use serve::{Listeners, serve};
pub use settings::Settings;
