use std::path::PathBuf;

use axum::Json;
use axum::body::{Body, HttpBody};
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::time::timeout;

use ledger::{InvoiceEntry, InvoiceFilter, InvoiceOrder, invoice_page};
use report::{RejectEntry, rejects_page};
use store::{LedgerRow, Receiving, StoreError};

use super::Service;
use super::caller::{Caller, Party};
use super::extract::{Asked, Id, PATIENCE, media};
use super::jobs::{NewJob, queued};
use super::page::{Listed, Page, checked};
use super::problem::{Problem, ProblemType};
use super::request::{Once, Turn, tagged, text};
use super::task::Task;

/// Longest name of a file, in bytes.
const LONGEST: usize = 200;

/// What an upload is called.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Named {
    /// The file's name, such as `ageing.xlsx`; of a path, the last part.
    #[schemars(length(min = 1, max = 200))]
    file_name: Option<String>,
}

/// A ledger with the proof that it foots.
#[derive(Serialize, JsonSchema)]
pub(super) struct ShownLedger<'a> {
    #[serde(flatten)]
    ledger: &'a LedgerRow,
    /// Control totals, row counts and checks: what `ingest` writes as footing.json.
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    certificate: &'a RawValue,
}

/// The last part of a name, so that no path is taken from outside.
fn file_name(name: Option<&str>) -> Result<String, Problem> {
    let name = name.unwrap_or("ledger.csv");
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = !last.is_empty() && last != "." && last != ".." && last.len() <= LONGEST;
    if plain && !last.contains(char::is_control) {
        return Ok(last.to_owned());
    }
    Err(Problem::field("file_name", "Expected a file's name of 1 to 200 characters."))
}

/// Receives a ledger as it is, or as a file of a form, and queues its reading.
pub(super) async fn upload(
    State(service): State<Service>,
    Party(caller): Party,
    Id(client): Id,
    Asked(named): Asked<Named>,
    request: Request,
) -> Result<Response, Problem> {
    caller.sees(&client, "client")?;
    service.store.client(&client).await?;
    let headers = request.headers().clone();
    let (received, own_name) = if media(&headers) == Some("multipart/form-data") {
        form(&service, request).await?
    } else {
        (raw(&service, request.into_body()).await?, None)
    };
    let file_name = file_name(named.file_name.as_deref().or(own_name.as_deref()))?;
    if received.bytes() == 0 {
        return Err(Problem::field("body", "The upload is empty."));
    }
    let store = service.store.clone();
    let file = tokio::task::spawn_blocking(move || store.keep(received));
    let file = file.await.map_err(Problem::internal)??;
    let route = format!("POST /v1/clients/{client}/ledgers?{file_name}");
    let key = &caller.0.key;
    let once = match Once::of(&service, key, &headers, (&route, file.sha256.as_bytes())).await? {
        Turn::Answered(answer) => return Ok(answer),
        Turn::New(once) => once,
    };
    let bytes = i64::try_from(file.bytes).unwrap_or(i64::MAX);
    let task = Task::Ingest { client: client.clone(), file_name, sha256: file.sha256, bytes };
    queued(&service, NewJob { task: &task, client: Some(client), bytes }, &once, &headers).await
}

/// Takes in a piece, up to the largest ledger.
fn taken(service: &Service, file: &mut Receiving, piece: &[u8]) -> Result<(), Problem> {
    file.write(piece)?;
    within(service, file.bytes())
}

/// Refuses a ledger of more bytes than the largest one has.
fn within(service: &Service, bytes: u64) -> Result<(), Problem> {
    let most = service.settings.most_bytes;
    if bytes > most {
        let detail = format!("A ledger has at most {most} bytes.");
        return Err(Problem::new(ProblemType::TooLarge, detail));
    }
    Ok(())
}

fn slow() -> Problem {
    Problem::new(ProblemType::Slow, "The upload stopped.")
}

fn damaged() -> Problem {
    Problem::new(ProblemType::Malformed, "The upload ended in its middle.")
}

async fn raw(service: &Service, mut body: Body) -> Result<Receiving, Problem> {
    within(service, body.size_hint().lower())?;
    let mut file = service.store.receive()?;
    while let Some(frame) = timeout(PATIENCE, body.frame()).await.map_err(|_| slow())? {
        let frame = frame.map_err(|_| damaged())?;
        if let Some(piece) = frame.data_ref() {
            taken(service, &mut file, piece)?;
        }
    }
    Ok(file)
}

/// The file of a form.
async fn form(service: &Service, request: Request) -> Result<(Receiving, Option<String>), Problem> {
    let form = Multipart::from_request(request, service).await;
    let mut form = form.map_err(|error| Problem::field("body", error.body_text()))?;
    let mut found = None;
    while let Some(mut field) =
        timeout(PATIENCE, form.next_field()).await.map_err(|_| slow())?.map_err(|_| damaged())?
    {
        let Some(name) = field.file_name().map(str::to_owned) else { continue };
        let mut file = service.store.receive()?;
        while let Some(piece) =
            timeout(PATIENCE, field.chunk()).await.map_err(|_| slow())?.map_err(|_| damaged())?
        {
            taken(service, &mut file, &piece)?;
        }
        if found.is_some() {
            let detail = "The form holds several files; send them one by one, or in one zip.";
            return Err(Problem::field("body", detail));
        }
        found = Some((file, Some(name)));
    }
    found.ok_or_else(|| Problem::field("body", "The form holds no file."))
}

async fn seen(service: &Service, caller: &Caller, id: &str) -> Result<LedgerRow, Problem> {
    let ledger = service.store.ledger(id).await?;
    caller.sees(&ledger.client_id, "ledger")?;
    Ok(ledger)
}

/// A ledger with its certificate.
pub(super) async fn get(
    State(service): State<Service>,
    caller: Caller,
    Id(id): Id,
) -> Result<Response, Problem> {
    let ledger = &seen(&service, &caller, &id).await?;
    let certificate = serde_json::from_str(&ledger.certificate).map_err(Problem::internal)?;
    Ok(tagged(StatusCode::OK, text(&ShownLedger { ledger, certificate })?, 1))
}

/// A client's ledgers.
pub(super) async fn list(
    State(service): State<Service>,
    caller: Caller,
    Id(client): Id,
    page: Page,
) -> Result<Json<Listed<LedgerRow>>, Problem> {
    caller.sees(&client, "client")?;
    service.store.client(&client).await?;
    let ledgers = service.store.ledgers(&client, &page.after, page.limit).await?;
    Ok(Json(Listed::new(ledgers, page.limit, |ledger| &ledger.id)))
}

/// The original, byte for byte.
pub(super) async fn file(
    State(service): State<Service>,
    caller: Caller,
    Id(id): Id,
) -> Result<Response, Problem> {
    let ledger = seen(&service, &caller, &id).await?;
    let path = service.store.path_of(&ledger.sha256);
    streamed(path, "application/octet-stream").await
}

/// A file, piece by piece.
pub(super) async fn streamed(path: PathBuf, kind: &'static str) -> Result<Response, Problem> {
    let file = tokio::fs::File::open(path).await.map_err(Problem::unavailable)?;
    let length = file.metadata().await.map_err(Problem::unavailable)?.len();
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_LENGTH, length.to_string()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'".to_owned(),
        ),
    ];
    let body = Body::from_stream(tokio_util::io::ReaderStream::new(file));
    Ok((headers, body).into_response())
}

/// Rows that were kept out, in the order of the file.
pub(super) async fn rejects(
    State(service): State<Service>,
    caller: Caller,
    Id(id): Id,
    page: Page,
) -> Result<Json<Listed<RejectEntry>>, Problem> {
    seen(&service, &caller, &id).await?;
    let path = service.store.artefact(&id, "rejects.csv").await?;
    let (from, most) = (place(&page.after)?, usize::try_from(page.limit).unwrap_or(0));
    let read = tokio::task::spawn_blocking(move || rejects_page(&path, from, most));
    let rejects = read.await.map_err(Problem::internal)?.map_err(Problem::unavailable)?;
    Ok(Json(Listed::placed(rejects, from, most)))
}

/// A number of entries that lie before a page.
fn place(after: &str) -> Result<usize, Problem> {
    if after.is_empty() {
        return Ok(0);
    }
    after.parse().map_err(|_| Problem::field("after", "Expected `next` of the page before."))
}

/// Which invoices, in which order.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InvoiceQuery {
    /// Only of the debtor with this id.
    debtor: Option<String>,
    /// Only the invoice with this number.
    number: Option<String>,
    /// Only those with an open balance, or only those without.
    open: Option<bool>,
    /// Only those due by this day.
    due_by: Option<chrono::NaiveDate>,
    /// In which order; as in the ledger unless told.
    #[serde(default)]
    sort: InvoiceOrder,
    /// The last one first.
    #[serde(default)]
    descending: bool,
    /// `next` of the page before.
    #[serde(default)]
    after: String,
    /// Entries, 50 unless asked otherwise.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<i64>,
}

/// A ledger's invoices.
pub(super) async fn invoices(
    State(service): State<Service>,
    caller: Caller,
    Id(id): Id,
    Asked(asked): Asked<InvoiceQuery>,
) -> Result<Json<Listed<InvoiceEntry>>, Problem> {
    seen(&service, &caller, &id).await?;
    let path = match service.store.artefact(&id, "invoices.parquet").await {
        Err(StoreError::Missing(_)) => return Err(Problem::missing("list of invoices")),
        found => found?,
    };
    let most = usize::try_from(checked(asked.limit)?).unwrap_or(0);
    let from = place(&asked.after)?;
    let filter = InvoiceFilter {
        debtor: asked.debtor,
        number: asked.number,
        is_open: asked.open,
        due_by: asked.due_by,
        order: asked.sort,
        descending: asked.descending,
    };
    let read = tokio::task::spawn_blocking(move || invoice_page(&path, &filter, from, most));
    let invoices = read.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
    Ok(Json(Listed::placed(invoices, from, most)))
}
