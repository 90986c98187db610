use axum::extract::State;
use axum::response::Response;
use axum::routing;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use purchases::{Period, Statement};
use service::{Caller, Reply, Service, Stated};

use super::http::body::json;
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
    /// The number of the last movement that counts, as an earlier answer gave it in `recorded`: the
    /// statement is then as it was; by default all count.
    #[schemars(range(min = 0))]
    recorded: Option<i64>,
}

/// A client's statements of account.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Statements {
    /// The client.
    client_id: String,
    /// One statement per currency.
    statements: Vec<Statement>,
    /// The number of the last movement that the statements know of.
    recorded: i64,
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
    Asked(PeriodQuery { from, to, recorded }): Asked<PeriodQuery>,
) -> Result<Response, Problem> {
    let period = Period { from, to, recorded };
    let client = client_id.clone();
    let shown = move |Stated { statements, recorded }: Stated| {
        Reply::json(200, &Statements { client_id, statements, recorded })
    };
    Ok(json(service.statements(&by, &client, period, shown).await?))
}
