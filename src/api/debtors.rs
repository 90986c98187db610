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

/// A debtor with its version.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ShownDebtor {
    /// Id or name, as ledgers have it.
    id: String,
    /// Rises with every change.
    version: i64,
    /// What is known of it.
    #[serde(flatten)]
    facts: DebtorFacts,
}

impl From<KnownDebtor> for ShownDebtor {
    fn from(KnownDebtor { id, version, facts }: KnownDebtor) -> Self {
        Self { id, version, facts }
    }
}

/// What can be asked of debtors.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/debtors", "What is known of debtors", routing::get(list))
            .query::<PageQuery>()
            .answers::<Listed<ShownDebtor>>(200, "In order of their ids."),
        Operation::get("/v1/debtors/{id}", "What is known of a debtor", routing::get(get))
            .answers::<ShownDebtor>(200, "The debtor."),
        Operation::put("/v1/debtors/{id}", "Write what is known of a debtor", routing::put(put))
            .reads::<DebtorFacts>()
            .matched(false)
            .answers::<ShownDebtor>(200, "The debtor."),
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
