use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing;
use schemars::JsonSchema;
use serde::Serialize;

use basics::DebtorFacts;
use service::{KnownDebtor, Reader, Reply, Service, Underwriter};

use super::http::body::parsed;
use super::http::caller::By;
use super::http::extract::{Id, Payload};
use super::http::operation::Operation;
use super::http::page::{Listed, Page, PageQuery};
use super::http::problem::Problem;
use super::http::version::{expected, tagged};

/// The facts about a debtor that is known across clients, with their version.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ShownDebtor {
    /// Its id, which is the factor's own.
    id: String,
    /// Increases with every change.
    version: i64,
    /// The clients' debtors that are linked to it.
    links: Vec<ShownLink>,
    /// The known facts.
    #[serde(flatten)]
    facts: DebtorFacts,
}

/// A client's debtor that is linked to a known debtor.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "DebtorLink")]
struct ShownLink {
    /// The client's id.
    client_id: String,
    /// The debtor id, or the name where the client's ledgers have no id.
    debtor_id: String,
}

impl From<KnownDebtor> for ShownDebtor {
    fn from(KnownDebtor { id, version, facts, links }: KnownDebtor) -> Self {
        let links = links.into_iter();
        let links =
            links.map(|(client_id, debtor_id)| ShownLink { client_id, debtor_id }).collect();
        Self { id, version, links, facts }
    }
}

/// The operations on debtors.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get(
            "/v1/debtors",
            "List debtors that are known across clients",
            routing::get(list),
        )
        .by::<Reader>()
        .query::<PageQuery>()
        .answers::<Listed<ShownDebtor>>(200, "Ordered by id."),
        Operation::get(
            "/v1/debtors/{id}",
            "Show what is known about a debtor across clients",
            routing::get(get),
        )
        .by::<Reader>()
        .answers::<ShownDebtor>(200, "The debtor; its version is the ETag."),
        Operation::put(
            "/v1/debtors/{id}",
            "Record what is known about a debtor across clients",
            routing::put(put),
        )
        .by::<Underwriter>()
        .reads::<DebtorFacts>()
        .matched(false)
        .answers::<ShownDebtor>(200, "The debtor; its version is the ETag."),
    ]
}

fn answer(known: KnownDebtor) -> Result<Response, Problem> {
    let version = known.version;
    Ok(tagged(Reply::json(200, &ShownDebtor::from(known))?, version))
}

async fn list(
    State(service): State<Service>,
    By(by): By<Reader>,
    page: Page,
) -> Result<Json<Listed<ShownDebtor>>, Problem> {
    let all = service.debtors(&by, &page.after, page.limit).await?;
    let all: Vec<ShownDebtor> = all.into_iter().map(ShownDebtor::from).collect();
    Ok(Json(Listed::new(all, page.limit, |debtor| &debtor.id)))
}

async fn get(
    State(service): State<Service>,
    By(by): By<Reader>,
    Id(id): Id,
) -> Result<Response, Problem> {
    answer(service.debtor(&by, &id).await?)
}

async fn put(
    State(service): State<Service>,
    By(by): By<Underwriter>,
    Id(id): Id,
    headers: HeaderMap,
    Payload(body): Payload,
) -> Result<Response, Problem> {
    let facts: DebtorFacts = parsed(&body)?;
    answer(service.write_debtor(&by, &id, &facts, expected(&headers)).await?)
}
