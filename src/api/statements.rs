use axum::extract::State;
use axum::response::Response;
use axum::routing;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use purchases::{Period, Statement};
use service::{Caller, Service};

use super::http::body::shown;
use super::http::caller::By;
use super::http::extract::{Asked, Id};
use super::http::operation::Operation;
use super::http::problem::Problem;

/// The period of a statement.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PeriodQuery {
    /// The first day; open by default.
    from: Option<NaiveDate>,
    /// The last day; open by default.
    to: Option<NaiveDate>,
}

/// A client's statements of account.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Statements {
    /// The client.
    client_id: String,
    /// One statement per currency.
    statements: Vec<Statement>,
}

/// The operations on statements.
pub(super) fn operations() -> Vec<Operation> {
    let path = "/v1/clients/{id}/statement";
    vec![
        Operation::get(path, "Show a client's statement of account", routing::get(get))
            .query::<PeriodQuery>()
            .answers::<Statements>(200, "One statement per currency."),
    ]
}

async fn get(
    State(service): State<Service>,
    By(by): By<Caller>,
    Id(client_id): Id,
    Asked(PeriodQuery { from, to }): Asked<PeriodQuery>,
) -> Result<Response, Problem> {
    let statements = service.statements(&by, &client_id, Period { from, to }).await?;
    shown(&Statements { client_id, statements })
}
