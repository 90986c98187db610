use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::Service;
use super::caller::Caller;
use super::problem::{Problem, ProblemType};
use super::request::{Once, Turn, tagged, text};
use crate::app::{IngestRequest, ingest};
use crate::ledger::Guidance;
use crate::report::footing_json;
use crate::store::{LedgerRow, Receiving};

/// Longest name of a file.
const LONGEST: usize = 200;

/// What an upload is called.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    file_name: Option<String>,
}

/// A ledger as it is answered.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    ledger: &'a LedgerRow,
    certificate: &'a RawValue,
}

/// The last part of a name, so that no path is taken from outside.
fn file_name(named: Named) -> Result<String, Problem> {
    let name = named.file_name.unwrap_or_else(|| "ledger.csv".to_owned());
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = !last.is_empty() && last != "." && last != ".." && last.len() <= LONGEST;
    if plain && !last.contains(char::is_control) {
        return Ok(last.to_owned());
    }
    Err(Problem::field("file_name", "Expected a file's name of 1 to 200 characters."))
}

/// Receives a ledger, reads it and proves that it foots. A file that cannot be read is not kept.
pub async fn upload(
    State(service): State<Service>,
    caller: Caller,
    (Path(client), Query(named)): (Path<String>, Query<Named>),
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    caller.sees(&client, "client")?;
    service.store.client(&client).await?;
    let file_name = file_name(named)?;
    let received = received(&service, body).await?;
    let file = service.store.keep(received)?;
    let route = format!("POST /v1/clients/{client}/ledgers?{file_name}");
    let key = &caller.0.key;
    let once = match Once::of(&service, key, &headers, (&route, file.sha256.as_bytes())).await? {
        Turn::Answered(answer) => return Ok(answer),
        Turn::New(once) => once,
    };
    let certificate = certificate(&service, &file.sha256, &client, &file_name).await?;
    let ledger = LedgerRow {
        id: service.new_id()?,
        client_id: client,
        file_name,
        sha256: file.sha256,
        bytes: i64::try_from(file.bytes).unwrap_or(i64::MAX),
        certificate,
        created_at: once.at().to_owned(),
    };
    let answer = shown(&ledger)?;
    service.store.add_ledger(&ledger, &once.actor(StatusCode::CREATED, &answer)).await?;
    Ok(tagged(StatusCode::CREATED, answer, 1))
}

async fn received(service: &Service, mut body: Body) -> Result<Receiving, Problem> {
    let mut file = service.store.receive()?;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| {
            Problem::new(ProblemType::Validation, "The upload ended in its middle.")
        })?;
        if let Some(piece) = frame.data_ref() {
            file.write(piece)?;
        }
        if file.bytes() > service.most_bytes {
            let detail = format!("A ledger has at most {} bytes.", service.most_bytes);
            return Err(Problem::new(ProblemType::TooLarge, detail));
        }
    }
    if file.bytes() == 0 {
        return Err(Problem::new(ProblemType::Validation, "The upload is empty."));
    }
    Ok(file)
}

/// Reads the file off the async threads; its certificate as JSON.
async fn certificate(
    service: &Service,
    sha256: &str,
    client: &str,
    file_name: &str,
) -> Result<String, Problem> {
    let request = IngestRequest {
        ledgers: vec![service.store.path_of(sha256)],
        currency: service.policy.assumed_currency(),
        assumed_terms_days: service.policy.assumed_terms_days(),
        as_of: None,
        client: Some(client.to_owned()),
        rates: None,
        guidance: Guidance::default(),
    };
    let name = file_name.to_owned();
    let read = tokio::task::spawn_blocking(move || {
        let path = request.ledgers[0].display().to_string();
        let mut read =
            ingest(&request, &|_| ()).map_err(|e| e.to_string().replace(&path, &name))?;
        let certificate = &mut read.ledger.certificate;
        for file in &mut certificate.files {
            file.name.clone_from(&name);
        }
        let mut bytes = Vec::new();
        footing_json(certificate, &mut bytes).map_err(|error| error.to_string())?;
        String::from_utf8(bytes).map_err(|error| error.to_string())
    });
    let read = read.await.map_err(Problem::internal)?;
    read.map_err(|error| Problem::new(ProblemType::Ledger, error))
}

fn shown(ledger: &LedgerRow) -> Result<String, Problem> {
    let certificate = serde_json::from_str(&ledger.certificate);
    let certificate: &RawValue = certificate.map_err(Problem::internal)?;
    text(&Shown { ledger, certificate })
}

/// A ledger with its certificate.
pub async fn get(
    State(service): State<Service>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let ledger = service.store.ledger(&id).await?;
    caller.sees(&ledger.client_id, "ledger")?;
    Ok(tagged(StatusCode::OK, shown(&ledger)?, 1))
}

/// The original, byte for byte.
pub async fn file(
    State(service): State<Service>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let ledger = service.store.ledger(&id).await?;
    caller.sees(&ledger.client_id, "ledger")?;
    let path = service.store.path_of(&ledger.sha256);
    let bytes = tokio::fs::read(path).await;
    let bytes = bytes.map_err(Problem::unavailable)?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CONTENT_DISPOSITION, "attachment"),
    ];
    Ok((headers, bytes).into_response())
}
