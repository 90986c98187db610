use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chrono::{DateTime, SecondsFormat, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use store::{ApiKey, NewKey, Role};

use super::Service;
use super::caller::Admin;
use super::extract::{Id, Payload};
use super::problem::Problem;
use super::request::{json, parsed, text};

/// A key to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedKey {
    /// What it may do.
    role: Role,
    /// The client whose key it is; with the role `client` only.
    client_id: Option<String>,
    /// For whom it is.
    #[serde(default)]
    name: String,
    /// From then on it is not valid.
    expires_at: Option<DateTime<Utc>>,
}

/// A new key: it is shown once.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct MadeKey {
    /// What goes into the header Authorization: Bearer KEY.
    key: String,
    /// What names it in lists and logs.
    prefix: String,
}

/// Every key, without its secret.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Keys {
    /// The newest first.
    items: Vec<ApiKey>,
}

/// Makes a key. It is not remembered under an Idempotency-Key: a secret is shown once.
pub(super) async fn create(
    State(service): State<Service>,
    Admin(caller): Admin,
    Payload(body): Payload,
) -> Result<Response, Problem> {
    let asked: AskedKey = parsed(&body)?;
    if (asked.role == Role::Client) != asked.client_id.is_some() {
        return Err(Problem::field("client_id", "It goes with the role client, and only with it."));
    }
    if asked.name.contains(char::is_control) {
        return Err(Problem::field("name", "Expected no control character."));
    }
    let ends = asked.expires_at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
    let new =
        NewKey { role: asked.role, client: asked.client_id, name: asked.name, expires_at: ends };
    let mut bits = [0; 32];
    if !(service.outside.random)(&mut bits) {
        return Err(Problem::internal("the system has no random numbers"));
    }
    let actor = service.actor(caller);
    let key = service.store.create_key(&new, &bits, &actor).await?;
    let prefix = key.rsplit_once('_').map_or("", |(prefix, _)| prefix).to_owned();
    Ok(json(StatusCode::CREATED.as_u16(), text(&MadeKey { key, prefix })?))
}

/// Every key.
pub(super) async fn list(State(service): State<Service>, _: Admin) -> Result<Json<Keys>, Problem> {
    Ok(Json(Keys { items: service.store.keys().await? }))
}

/// Revokes a key.
pub(super) async fn revoke(
    State(service): State<Service>,
    Admin(caller): Admin,
    Id(prefix): Id,
    _: HeaderMap,
) -> Result<StatusCode, Problem> {
    let actor = service.actor(caller);
    service.store.revoke_key(&prefix, &actor).await?;
    service.known.clear();
    Ok(StatusCode::NO_CONTENT)
}
