use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing;
use chrono::{DateTime, SecondsFormat, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use service::{Admin, ApiKey, NewKey, Reply, Role, Service};

use super::http::body::{json, parsed};
use super::http::caller::By;
use super::http::extract::{Id, Payload};
use super::http::operation::Operation;
use super::http::problem::Problem;

/// A key to create.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedKey {
    /// Its role, which decides what it may do.
    role: Role,
    /// The client that it belongs to; only with the role `client`.
    client_id: Option<String>,
    /// The name of its holder: nobody funds or approves what a key of the same holder did.
    #[serde(default)]
    name: String,
    /// The time of expiry; absent if it does not expire.
    expires_at: Option<DateTime<Utc>>,
}

/// A new key, shown only once.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct MadeKey {
    /// The key to send in the header `Authorization: Bearer KEY`.
    key: String,
    /// The prefix that identifies it in lists and logs.
    prefix: String,
}

/// All keys, without their secrets.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Keys {
    /// The keys, newest first.
    items: Vec<ShownKey>,
}

/// A key as it is listed.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ApiKey")]
pub(super) struct ShownKey {
    /// The prefix that identifies it in lists and logs.
    prefix: String,
    /// Its role, which decides what it may do.
    role: String,
    /// The client that it belongs to; `null` for staff.
    client_id: Option<String>,
    /// The name of its holder.
    name: String,
    /// The time of creation, in UTC.
    created_at: String,
    /// The time of expiry; `null` if it does not expire.
    expires_at: Option<String>,
    /// The time of revocation; `null` unless revoked.
    revoked_at: Option<String>,
}

impl From<ApiKey> for ShownKey {
    fn from(row: ApiKey) -> Self {
        let ApiKey { prefix, role, client_id, name, created_at, expires_at, revoked_at } = row;
        Self { prefix, role, client_id, name, created_at, expires_at, revoked_at }
    }
}

/// The operations on keys.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/keys", "List keys, without their secrets", routing::get(list))
            .by::<Admin>()
            .answers::<Keys>(200, "All keys, newest first."),
        Operation::post("/v1/keys", "Create a key", routing::post(create))
            .by::<Admin>()
            .reads::<AskedKey>()
            .answers::<MadeKey>(201, "The key, shown only this once."),
        Operation::delete("/v1/keys/{prefix}", "Revoke a key", routing::delete(revoke))
            .by::<Admin>()
            .answers_nothing(204, "The key is revoked."),
    ]
}

async fn create(
    State(service): State<Service>,
    By(by): By<Admin>,
    Payload(body): Payload,
) -> Result<Response, Problem> {
    let AskedKey { role, client_id: client, name, expires_at } = parsed(&body)?;
    // In UTC and to the second, as the store compares times.
    let expires_at = expires_at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
    let new = NewKey { role, client, name, expires_at };
    let service::MadeKey { key, prefix } = service.create_key(&by, new).await?;
    Ok(json(Reply::json(201, &MadeKey { key, prefix })?))
}

async fn list(State(service): State<Service>, By(by): By<Admin>) -> Result<Json<Keys>, Problem> {
    Ok(Json(Keys { items: service.keys(&by).await?.into_iter().map(ShownKey::from).collect() }))
}

async fn revoke(
    State(service): State<Service>,
    By(by): By<Admin>,
    Id(prefix): Id,
) -> Result<StatusCode, Problem> {
    service.revoke_key(&by, &prefix).await?;
    Ok(StatusCode::NO_CONTENT)
}
