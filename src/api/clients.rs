use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use service::{Caller, Client, Reader, Reply, Service, Underwriter};

use super::http::body::{json, parsed};
use super::http::caller::By;
use super::http::extract::{Id, Payload};
use super::http::once::{Early, Needed, Posted};
use super::http::operation::Operation;
use super::http::page::{Listed, Page, PageQuery};
use super::http::problem::Problem;
use super::http::version::{tagged, version};

/// A client to add.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewClient {
    /// Its id, as used in paths.
    // For the document only: the service checks these rules.
    #[schemars(length(min = 1, max = 200), regex(pattern = r"^[A-Za-z0-9][A-Za-z0-9._~-]*$"))]
    id: String,
    /// Its name.
    #[schemars(
        length(min = 1, max = 200),
        regex(pattern = r"^[^\x00-\x1f]*[A-Za-z0-9][^\x00-\x1f]*$")
    )]
    name: String,
    /// Its sector, used in stress scenarios.
    #[serde(default)]
    #[schemars(length(max = 200), regex(pattern = r"^[^\x00-\x1f]*$"))]
    sector: String,
}

/// The changes to a client; what is absent stays as it is.
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

/// A client of the factor.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Client")]
pub(super) struct ShownClient {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    /// Its sector; empty if none is given.
    sector: String,
    /// Increases with every change.
    version: i64,
    /// The time of creation, in UTC.
    created_at: String,
}

impl From<Client> for ShownClient {
    fn from(row: Client) -> Self {
        let Client { id, name, sector, version, created_at } = row;
        Self { id, name, sector, version, created_at }
    }
}

/// The operations on clients.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/clients", "List clients", routing::get(list))
            .by::<Reader>()
            .query::<PageQuery>()
            .answers::<Listed<ShownClient>>(200, "Ordered by id."),
        Operation::post("/v1/clients", "Add a client", routing::post(create))
            .by::<Underwriter>()
            .reads::<NewClient>()
            .once()
            .answers::<ShownClient>(201, "The client."),
        Operation::get("/v1/clients/{id}", "Show a client", routing::get(get))
            .answers::<ShownClient>(200, "The client; its version is the ETag."),
        Operation::patch("/v1/clients/{id}", "Change a client", routing::patch(change))
            .by::<Underwriter>()
            .reads::<ChangedClient>()
            .matched(true)
            .answers::<ShownClient>(200, "The client after the change."),
    ]
}

async fn create(
    State(service): State<Service>,
    Posted { by, once, body: Needed(new), .. }: Posted<Underwriter, Needed<NewClient>>,
) -> Result<Response, Early> {
    let NewClient { id, name, sector } = new;
    let new = service::NewClient { id, name, sector };
    let reply = service
        .create_client(&by, new, &once, |client| {
            Ok(Reply::json(201, &ShownClient::from(client.clone()))?.tagged(client.version))
        })
        .await?;
    Ok(json(reply))
}

async fn list(
    State(service): State<Service>,
    By(by): By<Reader>,
    page: Page,
) -> Result<Json<Listed<ShownClient>>, Problem> {
    let clients = service.clients(&by, &page.after, page.limit).await?;
    Ok(Json(Listed::new(
        clients.into_iter().map(ShownClient::from).collect(),
        page.limit,
        |client| &client.id,
    )))
}

async fn get(
    State(service): State<Service>,
    By(by): By<Caller>,
    Id(id): Id,
) -> Result<Response, Problem> {
    let client = service.client(&by, &id).await?;
    let version = client.version;
    Ok(tagged(Reply::json(200, &ShownClient::from(client))?, version))
}

async fn change(
    State(service): State<Service>,
    By(by): By<Underwriter>,
    Id(id): Id,
    headers: HeaderMap,
    Payload(body): Payload,
) -> Result<Response, Problem> {
    let ChangedClient { name, sector } = parsed(&body)?;
    let changed = service::ChangedClient { name, sector, version: version(&headers)? };
    let now = service.change_client(&by, &id, changed).await?;
    let version = now.version;
    Ok(tagged(Reply::json(200, &ShownClient::from(now))?, version))
}
