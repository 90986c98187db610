use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing;

use super::http::operation::Operation;
use super::http::problem::Problem;
use super::state::Api;

/// What a monitor can ask.
pub(super) fn operations() -> Vec<Operation> {
    let kind = "application/openmetrics-text";
    vec![Operation::get("/metrics", "Figures for a monitor", routing::get(show)).open().answers_as(
        200,
        "OpenMetrics text.",
        kind,
    )]
}

/// The figures as text, unless they have a listener of their own.
async fn show(State(api): State<Api>) -> Result<Response, Problem> {
    if api.settings.metrics_apart {
        return Err(Problem::missing("resource"));
    }
    answer(&api)
}

/// The same on a listener of its own.
pub(super) async fn figures(State(api): State<Api>) -> Result<Response, Problem> {
    answer(&api)
}

fn answer(api: &Api) -> Result<Response, Problem> {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], api.metrics.text()?).into_response())
}
