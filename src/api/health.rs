use axum::Json;
use axum::extract::State;
use axum::routing;
use serde_json::{Value, json};

use service::Service;

use super::http::operation::{Members, Operation};
use super::http::problem::{Problem, ProblemType};

/// What can be asked of the process.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/health", "Whether the process runs", routing::get(health))
            .open()
            .answers::<Members>(200, "It runs."),
        Operation::get("/ready", "Whether the store answers", routing::get(ready))
            .open()
            .answers::<Members>(200, "It answers."),
    ]
}

async fn health() -> Json<Value> {
    Json(json!({ "status": "up" }))
}

async fn ready(State(service): State<Service>) -> Result<Json<Value>, Problem> {
    service.ready().await?;
    Ok(Json(json!({ "status": "ready" })))
}

/// No such route.
pub(super) async fn nowhere() -> Problem {
    Problem::missing("resource")
}

/// The resource does not know the method.
pub(super) async fn no_method() -> Problem {
    Problem::new(ProblemType::Method, "The resource does not know this method.")
}
