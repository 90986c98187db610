//! Policies and facilities: TOML, kept in versions that are never changed.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use offer::Facility;
use policy::Policy;
use store::{Kind, Written};

use super::Service;
use super::caller::{Admin, Caller, Reader, Underwriter};
use super::clients::identifier;
use super::extract::{Asked, Id, Written as Text};
use super::page::{Listed, Page};
use super::problem::Problem;
use super::request::{expected, tagged, text};

/// Which version.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VersionQuery {
    /// The last one unless told.
    #[schemars(range(min = 1))]
    pub version: Option<i64>,
}

/// A version of a policy or a facility.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ShownVersion {
    /// Its name; of a facility, the client's id.
    name: String,
    /// From 1.
    version: i64,
    /// TOML.
    text: String,
    /// Prefix of the key that wrote it.
    written_by: String,
    /// When.
    created_at: String,
}

impl From<Written> for ShownVersion {
    fn from(written: Written) -> Self {
        let Written { name, version, text, key_prefix, created_at } = written;
        Self { name, version, text, written_by: key_prefix, created_at }
    }
}

fn answer(written: Written) -> Result<Response, Problem> {
    let version = written.version;
    Ok(tagged(StatusCode::OK, text(&ShownVersion::from(written))?, version))
}

/// The last versions of all of a kind.
async fn versions(
    service: &Service,
    kind: Kind,
    page: &Page,
) -> Result<Json<Listed<ShownVersion>>, Problem> {
    let all = service.store.all_written(kind, &page.after, page.limit).await?;
    let all: Vec<ShownVersion> = all.into_iter().map(ShownVersion::from).collect();
    Ok(Json(Listed::new(all, page.limit, |written| &written.name)))
}

/// The last versions of all policies.
pub(super) async fn list(
    State(service): State<Service>,
    _: Reader,
    page: Page,
) -> Result<Json<Listed<ShownVersion>>, Problem> {
    versions(&service, Kind::Policy, &page).await
}

/// A policy.
pub(super) async fn get(
    State(service): State<Service>,
    _: Reader,
    Id(name): Id,
    Asked(asked): Asked<VersionQuery>,
) -> Result<Response, Problem> {
    answer(service.store.written(Kind::Policy, &name, asked.version).await?)
}

/// Writes a version of a policy that is one; offers name the version under which they are made.
pub(super) async fn put(
    State(service): State<Service>,
    Admin(caller): Admin,
    Id(name): Id,
    headers: HeaderMap,
    Text(text): Text,
) -> Result<Response, Problem> {
    identifier("name", &name)?;
    let policy = text.parse::<Policy>();
    let policy = policy.map_err(|error| Problem::field("body", error.to_string()))?;
    let actor = service.actor(caller);
    let expected = expected(&headers)?;
    // All that it says: a later standard policy does not change a version that extends this one.
    answer(service.store.write(Kind::Policy, (&name, policy.text()), expected, &actor).await?)
}

/// What is agreed with a client.
pub(super) async fn get_facility(
    State(service): State<Service>,
    caller: Caller,
    Id(client): Id,
    Asked(asked): Asked<VersionQuery>,
) -> Result<Response, Problem> {
    caller.sees(&client, "facility")?;
    answer(service.store.written(Kind::Facility, &client, asked.version).await?)
}

/// Every client's facility.
pub(super) async fn list_facilities(
    State(service): State<Service>,
    _: Reader,
    page: Page,
) -> Result<Json<Listed<ShownVersion>>, Problem> {
    versions(&service, Kind::Facility, &page).await
}

/// Writes a version of a facility; the next evaluation and report take it into account.
pub(super) async fn put_facility(
    State(service): State<Service>,
    Underwriter(caller): Underwriter,
    Id(client): Id,
    headers: HeaderMap,
    Text(text): Text,
) -> Result<Response, Problem> {
    service.store.client(&client).await?;
    if let Err(error) = text.parse::<Facility>() {
        return Err(Problem::field("body", error.to_string()));
    }
    let actor = service.actor(caller);
    let expected = expected(&headers)?;
    answer(service.store.write(Kind::Facility, (&client, &text), expected, &actor).await?)
}
