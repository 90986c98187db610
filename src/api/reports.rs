use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use service::{Reader, ReportRow, ReportSection, Service, Underwriter};

use super::http::accept::{HTML, JSON, XLSX, chosen};
use super::http::caller::By;
use super::http::extract::Id;
use super::http::file::streamed;
use super::http::once::{Early, Optional, Posted};
use super::http::operation::{Members, Operation};
use super::http::page::{Listed, Page, PageQuery};
use super::http::problem::Problem;
use super::jobs::{Job, QUEUED, accepted, queued};

/// What to report on.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct AskedReport {
    /// Judge everything at the end of this day; the latest date of any ledger unless told.
    as_of: Option<NaiveDate>,
    /// Only these sections; all unless told.
    sections: Vec<String>,
}

/// A section of the last report.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ShownSection {
    /// The report that it is of.
    report: String,
    /// The day on which everything is judged.
    as_of: String,
    /// Its tables by their names, each a list of rows, and its notes.
    section: Value,
}

/// A report on the portfolio; its pages are artefacts.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ReportRow")]
pub(super) struct ShownReport {
    /// Its id.
    id: String,
    /// The day on which everything is judged; the latest date of any ledger when absent.
    as_of: Option<String>,
    /// Sections, with commas between; all when empty.
    sections: String,
    /// When it was made.
    created_at: String,
}

impl From<ReportRow> for ShownReport {
    fn from(row: ReportRow) -> Self {
        let ReportRow { id, as_of, sections, created_at } = row;
        Self { id, as_of, sections, created_at }
    }
}

/// What can be asked of reports.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/reports", "Report on all clients", routing::post(create))
            .reads::<AskedReport>()
            .optionally()
            .once()
            .answers::<Job>(202, QUEUED),
        Operation::get("/v1/reports", "Reports that were made", routing::get(list))
            .query::<PageQuery>()
            .answers::<Listed<ShownReport>>(200, "In order of their ids."),
        Operation::get("/v1/reports/{id}", "A report", routing::get(get))
            .answers::<Members>(200, "The document of `factorage report`.")
            .answers_as(200, "A page.", HTML)
            .answers_as(200, "A workbook.", XLSX),
        Operation::get(
            "/v1/portfolio/{section}",
            "A section of the last report",
            routing::get(section),
        )
        .answers::<ShownSection>(200, "Its tables."),
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
