use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing;
use chrono::NaiveDate;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use report::portfolio::Key;
use service::{Reader, ReportRow, ReportSection, Service, Underwriter};

use super::http::accept::{HTML, JSON, XLSX, chosen};
use super::http::caller::By;
use super::http::extract::Id;
use super::http::file::streamed;
use super::http::once::{Early, Optional, Posted};
use super::http::operation::{Members, Operation};
use super::http::page::{Listed, Page, PageQuery};
use super::http::problem::Problem;
use super::jobs::{Job, LONGEST_WAIT, QUEUED, accepted, queued};

/// The scope of a report.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct AskedReport {
    /// The as-of date: everything is judged at the end of this day. Defaults to the latest date in
    /// any ledger.
    as_of: Option<NaiveDate>,
    /// Only these sections; all by default.
    #[schemars(schema_with = "sections")]
    sections: Vec<String>,
}

/// The names of all sections.
fn section_names() -> Vec<&'static str> {
    Key::ALL.iter().map(|key| key.as_str()).collect()
}

/// The schema of a list of sections.
fn sections(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "array", "items": { "type": "string", "enum": section_names() } })
}

/// A section of the latest report.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ShownSection {
    /// The id of the report.
    report: String,
    /// The as-of date.
    as_of: String,
    /// Its tables by name, each a list of rows, and its notes.
    section: Value,
}

/// A report on the portfolio.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ReportRow")]
pub(super) struct ShownReport {
    /// Its id.
    id: String,
    /// The as-of date; if `null`, the latest date in any ledger.
    as_of: Option<String>,
    /// The sections, separated by commas; all if empty.
    sections: String,
    /// The time of creation, in UTC.
    created_at: String,
}

impl From<ReportRow> for ShownReport {
    fn from(row: ReportRow) -> Self {
        let ReportRow { id, as_of, sections, created_at } = row;
        Self { id, as_of, sections, created_at }
    }
}

/// The operations on reports.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post(
            "/v1/reports",
            "Make a report on the latest ledger of every client",
            routing::post(create),
        )
        .by::<Underwriter>()
        .reads::<AskedReport>()
        .optionally()
        .once()
        .waits(LONGEST_WAIT)
        .answers::<Job>(202, QUEUED),
        Operation::get("/v1/reports", "List reports", routing::get(list))
            .by::<Reader>()
            .query::<PageQuery>()
            .answers::<Listed<ShownReport>>(200, "Ordered by id."),
        Operation::get("/v1/reports/{id}", "Show a report", routing::get(get))
            .by::<Reader>()
            .answers::<Members>(200, "The report, as in the portfolio.json of `factorage report`.")
            .answers_as(200, "The report as a web page.", HTML)
            .answers_as(200, "The report as a workbook.", XLSX),
        Operation::get(
            "/v1/portfolio/{section}",
            "Show a section of the latest report",
            routing::get(section),
        )
        .by::<Reader>()
        .choices(section_names())
        .answers::<ShownSection>(
            200,
            "The section with its tables, from the latest report that has it.",
        ),
    ]
}

async fn create(
    State(service): State<Service>,
    Posted { by, headers, once, body, .. }: Posted<Underwriter, Optional<AskedReport>>,
) -> Result<Response, Early> {
    let Optional(AskedReport { as_of, sections }) = body;
    let asked = service::AskedReport { as_of, sections };
    let job = service.report(&by, asked, &once, queued).await?;
    Ok(accepted(&service, &headers, job).await?)
}

async fn list(
    State(service): State<Service>,
    By(by): By<Reader>,
    page: Page,
) -> Result<Json<Listed<ShownReport>>, Problem> {
    let reports = service.reports(&by, &page.after, page.limit).await?;
    Ok(Json(Listed::new(
        reports.into_iter().map(ShownReport::from).collect(),
        page.limit,
        |report| &report.id,
    )))
}

/// A report as JSON, a page or a workbook.
async fn get(
    State(service): State<Service>,
    By(by): By<Reader>,
    Id(id): Id,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    // First: a missing report would otherwise be told as a missing file.
    service.report_row(&by, &id).await?;
    let kind = chosen(&headers, &[JSON, HTML, XLSX])?;
    let name = match kind {
        HTML => "portfolio.html",
        XLSX => "portfolio.xlsx",
        _ => "portfolio.json",
    };
    streamed(service.report_file(&by, &id, name).await?, kind).await
}

async fn section(
    State(service): State<Service>,
    By(by): By<Reader>,
    Id(section): Id,
) -> Result<Json<ShownSection>, Problem> {
    let ReportSection { report, as_of, section } = service.section(&by, section).await?;
    Ok(Json(ShownSection { report, as_of, section }))
}
