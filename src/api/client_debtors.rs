use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::DebtorFacts;
use service::{ClientDebtor, DebtorOf, Reader, Reply, Service, Underwriter};

use super::http::body::parsed;
use super::http::caller::By;
use super::http::extract::{Id, Ids, Payload};
use super::http::operation::Operation;
use super::http::page::{Listed, Page, PageQuery};
use super::http::problem::Problem;
use super::http::version::{expected, tagged};

/// The facts about a client's debtor, with their version.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ShownClientDebtor {
    /// The client's id.
    client_id: String,
    /// The debtor id, or the name where the client's ledgers have no id.
    id: String,
    /// Increases with every change.
    version: i64,
    /// The debtor known across clients that it is linked to, whose facts count where this one has
    /// none; `null` without a link.
    known_debtor: Option<String>,
    /// The facts recorded for this client.
    #[serde(flatten)]
    facts: DebtorFacts,
}

/// A link to a debtor known across clients.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedLink {
    /// The id of the known debtor; `null` to take the link away.
    #[schemars(required)]
    known_debtor: Option<String>,
}

impl From<ClientDebtor> for ShownClientDebtor {
    fn from(own: ClientDebtor) -> Self {
        let ClientDebtor { client_id, debtor_id: id, version, facts, known_debtor } = own;
        Self { client_id, id, version, known_debtor, facts }
    }
}

/// The operations on clients' debtors.
pub(super) fn operations() -> Vec<Operation> {
    let one = "/v1/clients/{id}/debtors/{debtor}";
    let answered = "The debtor; its version is the ETag.";
    vec![
        Operation::get(
            "/v1/clients/{id}/debtors",
            "List a client's debtors about which something is known",
            routing::get(list),
        )
        .by::<Reader>()
        .query::<PageQuery>()
        .answers::<Listed<ShownClientDebtor>>(200, "Ordered by id."),
        Operation::get(one, "Show what is known about a client's debtor", routing::get(get))
            .by::<Reader>()
            .answers::<ShownClientDebtor>(200, answered),
        Operation::put(one, "Record what is known about a client's debtor", routing::put(put))
            .by::<Underwriter>()
            .reads::<DebtorFacts>()
            .matched(false)
            .answers::<ShownClientDebtor>(200, answered),
        Operation::put(
            "/v1/clients/{id}/debtors/{debtor}/link",
            "Link a client's debtor to a debtor known across clients",
            routing::put(link),
        )
        .by::<Underwriter>()
        .reads::<AskedLink>()
        .matched(false)
        .answers::<ShownClientDebtor>(200, answered),
    ]
}

fn answer(own: ClientDebtor) -> Result<Response, Problem> {
    let version = own.version;
    Ok(tagged(Reply::json(200, &ShownClientDebtor::from(own))?, version))
}

async fn list(
    State(service): State<Service>,
    By(by): By<Reader>,
    Id(client): Id,
    page: Page,
) -> Result<Json<Listed<ShownClientDebtor>>, Problem> {
    let all = service.client_debtors(&by, &client, &page.after, page.limit).await?;
    let all: Vec<_> = all.into_iter().map(ShownClientDebtor::from).collect();
    Ok(Json(Listed::new(all, page.limit, |debtor| &debtor.id)))
}

async fn get(
    State(service): State<Service>,
    By(by): By<Reader>,
    Ids(client, debtor): Ids,
) -> Result<Response, Problem> {
    let of = DebtorOf { client: &client, debtor: &debtor };
    answer(service.client_debtor(&by, of).await?)
}

async fn put(
    State(service): State<Service>,
    By(by): By<Underwriter>,
    Ids(client, debtor): Ids,
    headers: HeaderMap,
    Payload(body): Payload,
) -> Result<Response, Problem> {
    let facts: DebtorFacts = parsed(&body)?;
    let of = DebtorOf { client: &client, debtor: &debtor };
    answer(service.write_client_debtor(&by, of, &facts, expected(&headers)).await?)
}

async fn link(
    State(service): State<Service>,
    By(by): By<Underwriter>,
    Ids(client, debtor): Ids,
    headers: HeaderMap,
    Payload(body): Payload,
) -> Result<Response, Problem> {
    let AskedLink { known_debtor } = parsed(&body)?;
    let of = DebtorOf { client: &client, debtor: &debtor };
    answer(service.link_debtor(&by, of, known_debtor.as_deref(), expected(&headers)).await?)
}
