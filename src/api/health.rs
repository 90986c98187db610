use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::Service;
use super::problem::Problem;

/// The process runs.
pub async fn health() -> Json<Value> {
    Json(json!({ "status": "up" }))
}

/// The store answers.
pub async fn ready(State(service): State<Service>) -> Result<Json<Value>, Problem> {
    service.store.ping().await?;
    Ok(Json(json!({ "status": "ready" })))
}

/// No such route.
pub async fn nowhere() -> Problem {
    Problem::missing("resource")
}

/// The resource does not know the method.
pub async fn no_method() -> Problem {
    Problem::new(super::ProblemType::Method, "The resource does not know this method.")
}
