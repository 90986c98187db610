use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use schemars::JsonSchema;
use serde::Deserialize;

use store::Client;

use super::Service;
use super::caller::{Caller, Reader, Underwriter};
use super::extract::{Id, Payload};
use super::page::{Listed, Page};
use super::problem::Problem;
use super::request::{Once, Turn, parsed, tagged, text, version};

/// Longest id and name.
const LONGEST: usize = 200;

/// A client to be added.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewClient {
    /// Its id, as it stands in paths.
    #[schemars(length(min = 1, max = 200), regex(pattern = r"^[A-Za-z0-9][A-Za-z0-9._~-]*$"))]
    id: String,
    /// Its name.
    #[schemars(
        length(min = 1, max = 200),
        regex(pattern = r"^[^\x00-\x1f]*[A-Za-z0-9][^\x00-\x1f]*$")
    )]
    name: String,
    /// Its sector, for scenarios.
    #[serde(default)]
    #[schemars(length(max = 200), regex(pattern = r"^[^\x00-\x1f]*$"))]
    sector: String,
}

/// What is to be changed of a client.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangedClient {
    /// Its name.
    #[schemars(
        length(min = 1, max = 200),
        regex(pattern = r"^[^\x00-\x1f]*[A-Za-z0-9][^\x00-\x1f]*$")
    )]
    name: Option<String>,
    /// Its sector.
    #[schemars(length(max = 200), regex(pattern = r"^[^\x00-\x1f]*$"))]
    sector: Option<String>,
}

/// A text that a person reads.
pub(super) fn named(field: &str, value: &str) -> Result<(), Problem> {
    if value.chars().any(char::is_alphanumeric) {
        return plain(field, value);
    }
    Err(Problem::field(field, "Expected a letter or digit in it."))
}

fn plain(field: &str, value: &str) -> Result<(), Problem> {
    if value.chars().count() <= LONGEST && !value.contains(char::is_control) {
        return Ok(());
    }
    Err(Problem::field(field, "Expected at most 200 characters, none of them a control character."))
}

/// An id that stands in paths as it is.
pub(super) fn identifier(field: &str, value: &str) -> Result<(), Problem> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._~-".contains(c);
    let starts_well = value.starts_with(|first: char| first.is_ascii_alphanumeric());
    if starts_well && value.len() <= LONGEST && value.chars().all(is_plain) {
        return Ok(());
    }
    let detail = "Expected 1 to 200 letters, digits or . _ ~ -, a letter or digit first.";
    Err(Problem::field(field, detail))
}

/// Adds a client.
pub async fn create(
    State(service): State<Service>,
    Underwriter(caller): Underwriter,
    headers: HeaderMap,
    Payload(body): Payload,
) -> Result<Response, Problem> {
    let once = match Once::of(&service, &caller.key, &headers, ("POST /v1/clients", &body)).await? {
        Turn::Answered(answer) => return Ok(answer),
        Turn::New(once) => once,
    };
    let new: NewClient = parsed(&body)?;
    identifier("id", &new.id)?;
    named("name", &new.name)?;
    plain("sector", &new.sector)?;
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
    Id(id): Id,
) -> Result<Response, Problem> {
    caller.sees(&id, "client")?;
    let client = service.store.client(&id).await?;
    Ok(tagged(StatusCode::OK, text(&client)?, client.version))
}

/// Changes a client.
pub async fn change(
    State(service): State<Service>,
    Underwriter(caller): Underwriter,
    Id(id): Id,
    headers: HeaderMap,
    Payload(body): Payload,
) -> Result<Response, Problem> {
    let asked: ChangedClient = parsed(&body)?;
    let version = version(&headers)?;
    let client = service.store.client(&id).await?;
    let name = asked.name.as_deref().unwrap_or(&client.name);
    let sector = asked.sector.as_deref().unwrap_or(&client.sector);
    named("name", name)?;
    plain("sector", sector)?;
    let actor = service.actor(caller);
    let now = service.store.change_client(&id, (name, sector), version, &actor).await?;
    Ok(tagged(StatusCode::OK, text(&now)?, now.version))
}
