use axum::Json;
use axum::extract::State;
use axum::routing;
use serde_json::{Value, json};

use service::Service;

use super::http::operation::{Members, Operation};
use super::http::problem::{Problem, ProblemType};

/// The probes of the process.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/health", "Liveness: the process is running", routing::get(health))
            .open()
            .answers::<Members>(200, "The process is running."),
        Operation::get("/ready", "Readiness: the store can be written", routing::get(ready))
            .open()
            .answers::<Members>(200, "The store can be written."),
    ]
}

pub(super) async fn health() -> Json<Value> {
    // Nothing is asked: a restart of this process would not mend its database.
    Json(json!({ "status": "up" }))
}

pub(super) async fn ready(State(service): State<Service>) -> Result<Json<Value>, Problem> {
    service.ready().await?;
    Ok(Json(json!({ "status": "ready" })))
}

/// The answer for a path that no operation has.
pub(super) async fn nowhere() -> Problem {
    Problem::missing("resource")
}

/// The answer for a method that the path does not support.
pub(super) async fn no_method() -> Problem {
    Problem::new(ProblemType::Method, "This path does not support that method.")
}
