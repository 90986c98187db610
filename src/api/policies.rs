use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing;

use service::{Admin, Reader, Service, WrittenText};

use super::http::accept::TOML;
use super::http::caller::By;
use super::http::extract::{Asked, Id, Toml};
use super::http::operation::Operation;
use super::http::page::{Listed, Page, PageQuery};
use super::http::problem::Problem;
use super::http::version::expected;
use super::versions::{ShownVersion, VersionQuery, answer, listed};

/// The operations on policies.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/policies", "List policies", routing::get(list))
            .by::<Reader>()
            .query::<PageQuery>()
            .answers::<Listed<ShownVersion>>(200, "The latest version of each."),
        Operation::get("/v1/policies/{name}", "Show a policy", routing::get(get))
            .by::<Reader>()
            .query::<VersionQuery>()
            .answers::<ShownVersion>(200, "The policy; its version is the ETag."),
        Operation::put("/v1/policies/{name}", "Write a version of a policy", routing::put(put))
            .by::<Admin>()
            .reads_as(TOML)
            .matched(false)
            .answers::<ShownVersion>(200, "The policy; its version is the ETag."),
    ]
}

async fn list(
    State(service): State<Service>,
    By(by): By<Reader>,
    page: Page,
) -> Result<Json<Listed<ShownVersion>>, Problem> {
    let all = service.policies(&by, &page.after, page.limit).await?;
    Ok(listed(all, page.limit))
}

async fn get(
    State(service): State<Service>,
    By(by): By<Reader>,
    Id(name): Id,
    Asked(asked): Asked<VersionQuery>,
) -> Result<Response, Problem> {
    answer(service.policy(&by, &name, asked.version).await?)
}

async fn put(
    State(service): State<Service>,
    By(by): By<Admin>,
    Id(name): Id,
    headers: HeaderMap,
    Toml(text): Toml,
) -> Result<Response, Problem> {
    let written = WrittenText { name: &name, text: &text, expected: expected(&headers) };
    answer(service.write_policy(&by, written).await?)
}
