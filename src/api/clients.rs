use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;

use super::Service;
use super::caller::{Caller, Reader, Underwriter};
use super::page::{Listed, Page};
use super::problem::Problem;
use super::request::{Once, Turn, parsed, tagged, text, version};
use crate::store::Client;

/// Longest id and name.
const LONGEST: usize = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewClient {
    id: String,
    name: String,
    #[serde(default)]
    sector: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangedClient {
    name: Option<String>,
    sector: Option<String>,
}

fn named(field: &str, value: &str) -> Result<(), Problem> {
    let plain = !value.trim().is_empty() && value.len() <= LONGEST;
    if plain && !value.contains(char::is_control) {
        return Ok(());
    }
    Err(Problem::field(field, "Expected 1 to 200 characters."))
}

/// Adds a client.
pub async fn create(
    State(service): State<Service>,
    Underwriter(caller): Underwriter,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let once = match Once::of(&service, &caller.key, &headers, ("POST /v1/clients", &body)).await? {
        Turn::Answered(answer) => return Ok(answer),
        Turn::New(once) => once,
    };
    let new: NewClient = parsed(&body)?;
    named("id", &new.id)?;
    named("name", &new.name)?;
    let client = Client {
        id: new.id,
        name: new.name,
        sector: new.sector,
        version: 1,
        created_at: once.at().to_owned(),
    };
    let answer = text(&client)?;
    service.store.create_client(&client, &once.actor(StatusCode::CREATED, &answer)).await?;
    Ok(tagged(StatusCode::CREATED, answer, 1))
}

/// Clients in order of their ids.
pub async fn list(
    State(service): State<Service>,
    _: Reader,
    page: Page,
) -> Result<Json<Listed<Client>>, Problem> {
    let clients = service.store.clients(&page.after, page.limit).await?;
    Ok(Json(Listed::new(clients, page.limit, |client| &client.id)))
}

/// A client.
pub async fn get(
    State(service): State<Service>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    caller.sees(&id, "client")?;
    let client = service.store.client(&id).await?;
    Ok(tagged(StatusCode::OK, text(&client)?, client.version))
}

/// Changes a client.
pub async fn change(
    State(service): State<Service>,
    Underwriter(caller): Underwriter,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let asked: ChangedClient = parsed(&body)?;
    let version = version(&headers)?;
    let client = service.store.client(&id).await?;
    let name = asked.name.as_deref().unwrap_or(&client.name);
    let sector = asked.sector.as_deref().unwrap_or(&client.sector);
    named("name", name)?;
    let actor = crate::store::Actor { key: caller.key, at: service.now(), answer: None };
    let now = service.store.change_client(&id, (name, sector), version, &actor).await?;
    Ok(tagged(StatusCode::OK, text(&now)?, now.version))
}
