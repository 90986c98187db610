use axum::extract::State;
use axum::response::Response;
use axum::routing;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use service::{BookCheck, Reader, Service};

use super::http::body::shown;
use super::http::caller::By;
use super::http::extract::Asked;
use super::http::operation::Operation;
use super::http::problem::Problem;

/// The day of a check.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DayQuery {
    /// The day at the end of which the books are proved; by default after everything recorded.
    date: Option<NaiveDate>,
}

/// The outcome of a check.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ShownCheck {
    /// True if there is no fault.
    balances: bool,
    /// Number of clients.
    clients: usize,
    /// Number of movements.
    movements: usize,
    /// Every fault found.
    faults: Vec<ShownFault>,
}

/// A fault in the books of a client.
#[derive(Debug, Serialize, JsonSchema)]
struct ShownFault {
    /// The client.
    client_id: String,
    /// The fault.
    fault: String,
}

impl From<BookCheck> for ShownCheck {
    fn from(BookCheck { clients, movements, faults }: BookCheck) -> Self {
        let faults: Vec<ShownFault> = faults
            .into_iter()
            .map(|found| ShownFault { client_id: found.client_id, fault: found.fault })
            .collect();
        Self { balances: faults.is_empty(), clients, movements, faults }
    }
}

/// The operations on the books.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/book/check", "Prove that the books balance", routing::get(check))
            .by::<Reader>()
            .query::<DayQuery>()
            .answers::<ShownCheck>(
                200,
                "The entries of every movement sum to 0, and positions, entries and statements \
                 agree; or every fault.",
            ),
    ]
}

async fn check(
    State(service): State<Service>,
    By(by): By<Reader>,
    Asked(DayQuery { date }): Asked<DayQuery>,
) -> Result<Response, Problem> {
    shown(&ShownCheck::from(service.check_books(&by, date).await?))
}
