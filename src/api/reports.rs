use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use report::portfolio::Key;
use store::ReportRow;

use super::Service;
use super::accept::{HTML, JSON, XLSX, chosen};
use super::caller::{Reader, Underwriter};
use super::extract::{Id, Payload};
use super::jobs::{NewJob, queued};
use super::ledgers::streamed;
use super::page::{Listed, Page};
use super::problem::Problem;
use super::request::{Once, Turn, parsed};
use super::task::Task;

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

/// Queues a report on the last ledgers of all clients.
pub(super) async fn create(
    State(service): State<Service>,
    Underwriter(caller): Underwriter,
    headers: HeaderMap,
    Payload(body): Payload,
) -> Result<Response, Problem> {
    let route = "POST /v1/reports";
    let once = match Once::of(&service, &caller.key, &headers, (route, &body)).await? {
        Turn::Answered(answer) => return Ok(answer),
        Turn::New(once) => once,
    };
    let asked: AskedReport = if body.is_empty() { AskedReport::default() } else { parsed(&body)? };
    for section in &asked.sections {
        known(section)?;
    }
    let last = service.store.last_ledgers().await?;
    if last.is_empty() {
        let detail = "No client has a ledger yet.";
        return Err(Problem::new(super::ProblemType::Conflict, detail));
    }
    let bytes = last.iter().map(|ledger| ledger.bytes).sum();
    let ledgers = last.into_iter().map(|ledger| (ledger.client_id, ledger.id)).collect();
    let task = Task::Report { as_of: asked.as_of, sections: asked.sections, ledgers };
    queued(&service, NewJob { task: &task, client: None, bytes }, &once, &headers).await
}

fn known(section: &str) -> Result<(), Problem> {
    if Key::ALL.iter().any(|key| key.as_str() == section) {
        return Ok(());
    }
    let all: Vec<&str> = Key::ALL.iter().map(|key| key.as_str()).collect();
    Err(Problem::field("sections", format!("Expected some of {}.", all.join(", "))))
}

/// Reports that were made.
pub(super) async fn list(
    State(service): State<Service>,
    _: Reader,
    page: Page,
) -> Result<Json<Listed<ReportRow>>, Problem> {
    let reports = service.store.reports(&page.after, page.limit).await?;
    Ok(Json(Listed::new(reports, page.limit, |report| &report.id)))
}

/// A report as JSON, a page or a workbook.
pub(super) async fn get(
    State(service): State<Service>,
    _: Reader,
    Id(id): Id,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    service.store.report(&id).await?;
    let name = match chosen(&headers, &[JSON, HTML, XLSX])? {
        HTML => "portfolio.html",
        XLSX => "portfolio.xlsx",
        _ => "portfolio.json",
    };
    let kind = chosen(&headers, &[JSON, HTML, XLSX])?;
    streamed(service.store.artefact(&id, name).await?, kind).await
}

/// A section of the last report that has it.
pub(super) async fn section(
    State(service): State<Service>,
    _: Reader,
    Id(section): Id,
) -> Result<Json<ShownSection>, Problem> {
    if known(&section).is_err() {
        return Err(Problem::missing("section"));
    }
    let found = service.store.last_report(&section).await?;
    let path = service.store.artefact(&found.id, "portfolio.json").await?;
    let read = tokio::task::spawn_blocking(move || {
        let text = std::fs::read_to_string(path).map_err(Problem::unavailable)?;
        let members: BTreeMap<String, Box<RawValue>> =
            serde_json::from_str(&text).map_err(Problem::internal)?;
        let of = |name: &str| -> Result<Value, Problem> {
            let raw = members.get(name).map_or("null", |raw| raw.get());
            serde_json::from_str(raw).map_err(Problem::internal)
        };
        let as_of = of("as_of")?.as_str().unwrap_or_default().to_owned();
        Ok::<_, Problem>((as_of, of(&section)?))
    });
    let (as_of, section) = read.await.map_err(Problem::internal)??;
    Ok(Json(ShownSection { report: found.id, as_of, section }))
}
