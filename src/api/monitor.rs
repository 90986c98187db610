use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing;

use super::http::operation::Operation;
use super::http::problem::Problem;
use super::state::Api;

/// The operation for a monitor.
pub(super) fn operations() -> Vec<Operation> {
    let kind = "application/openmetrics-text";
    vec![Operation::get("/metrics", "Metrics", routing::get(show)).open().answers_as(
        200,
        "Requests and jobs, in OpenMetrics text format.",
        kind,
    )]
}

/// The metrics as text, unless they have a listener of their own.
async fn show(State(api): State<Api>) -> Result<Response, Problem> {
    if api.settings.admin_apart {
        return Err(Problem::missing("resource"));
    }
    answer(&api)
}

/// The metrics on a listener of their own.
pub(super) async fn figures(State(api): State<Api>) -> Result<Response, Problem> {
    answer(&api)
}

fn answer(api: &Api) -> Result<Response, Problem> {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], api.metrics.text()?).into_response())
}
