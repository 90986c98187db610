use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing;

use service::{Caller, Reader, Service, Underwriter, WrittenText};

use super::http::accept::TOML;
use super::http::caller::By;
use super::http::extract::{Asked, Id, Toml};
use super::http::operation::Operation;
use super::http::page::{Listed, Page, PageQuery};
use super::http::problem::Problem;
use super::http::version::expected;
use super::versions::{ShownVersion, VersionQuery, answer, listed};

/// The operations on facilities.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/facilities", "List facilities", routing::get(list))
            .by::<Reader>()
            .query::<PageQuery>()
            .answers::<Listed<ShownVersion>>(200, "The latest version of each."),
        Operation::get("/v1/facilities/{client}", "Show a client's facility", routing::get(get))
            .query::<VersionQuery>()
            .answers::<ShownVersion>(200, "The facility; its version is the ETag."),
        Operation::put(
            "/v1/facilities/{client}",
            "Write a version of a facility",
            routing::put(put),
        )
        .by::<Underwriter>()
        .reads_as(TOML)
        .matched(false)
        .answers::<ShownVersion>(200, "The facility; its version is the ETag."),
    ]
}

async fn list(
    State(service): State<Service>,
    By(by): By<Reader>,
    page: Page,
) -> Result<Json<Listed<ShownVersion>>, Problem> {
    let all = service.facilities(&by, &page.after, page.limit).await?;
    Ok(listed(all, page.limit))
}

async fn get(
    State(service): State<Service>,
    By(by): By<Caller>,
    Id(name): Id,
    Asked(asked): Asked<VersionQuery>,
) -> Result<Response, Problem> {
    answer(service.facility(&by, &name, asked.version).await?)
}

async fn put(
    State(service): State<Service>,
    By(by): By<Underwriter>,
    Id(name): Id,
    headers: HeaderMap,
    Toml(text): Toml,
) -> Result<Response, Problem> {
    let written = WrittenText { name: &name, text: &text, expected: expected(&headers) };
    answer(service.write_facility(&by, written).await?)
}
