//! Uploads of ledgers, as a raw body or a form with a file, written to disk piece by piece.

use axum::body::{Body, HttpBody};
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::response::Response;
use axum::routing;
use http_body_util::BodyExt;
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::time::timeout;

use service::{Party, Service, Upload};

use super::http::caller::By;
use super::http::extract::{Asked, Id, PATIENCE, media};
use super::http::once::{Early, Wanted, begun};
use super::http::operation::Operation;
use super::http::problem::{Problem, ProblemType};
use super::http::texts::{LONGEST, check};
use super::jobs::{Job, LONGEST_WAIT, QUEUED, accepted, queued};
use super::state::Api;

/// The name of an upload.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Named {
    /// The file name, such as `ageing.xlsx`; from a path, only the last part is kept.
    #[schemars(length(min = 1, max = 200))]
    file_name: Option<String>,
    /// `true` if staff have checked that the client which the ledger names is this one under
    /// another name. Otherwise a ledger that names another client is refused.
    #[serde(default)]
    client_name_confirmed: bool,
}

/// A received file, with the name in its form.
struct Received {
    upload: Upload,
    name: Option<String>,
}

/// The operation that uploads a ledger.
pub(super) fn operations() -> Vec<Operation> {
    let path = "/v1/clients/{id}/ledgers";
    vec![
        Operation::post(
            path,
            "Upload a ledger, in any format that factorage ingest reads",
            routing::post(upload),
        )
        .by::<Party>()
        .query::<Named>()
        .reads_as("application/octet-stream")
        .reads_form()
        .once()
        .waits(LONGEST_WAIT)
        .answers::<Job>(202, QUEUED),
    ]
}

/// Receives a ledger and queues a job that reads it.
async fn upload(
    State(api): State<Api>,
    By(by): By<Party>,
    Id(client): Id,
    Asked(named): Asked<Named>,
    request: Request,
) -> Result<Response, Early> {
    let service: &Service = &api.service;
    let own = api.uploads.take(by.as_ref().key().to_owned());
    let _held = own.ok_or_else(|| Problem::share_taken("uploads"))?;
    // Before the body is received: a refusal should not cost the caller the whole upload.
    let confirmed = named.client_name_confirmed;
    service.may_upload(&by, &client, confirmed).await?;
    let headers = request.headers().clone();
    let Received { upload, name } = if media(&headers) == Some("multipart/form-data") {
        form(&api, request).await?
    } else {
        raw(service, request.into_body()).await?
    };
    let name = named.file_name.or(name);
    // Before a repetition is recognised, which takes the hash of the whole file; kept twice, it is
    // one file.
    let mut uploaded = service.keep_upload(&by, upload, name.as_deref()).await?;
    uploaded.client_name_confirmed = confirmed;
    // Repeats are compared by the hash of the file: the body may be gigabytes.
    let mut route = format!("POST /v1/clients/{client}/ledgers?{}", uploaded.file_name);
    if confirmed {
        // Only then: requests that were stored before there was such a member keep their hash.
        route.push_str("&client_name_confirmed=true");
    }
    let wanted = Wanted { route: &route, body: uploaded.sha256().as_bytes() };
    let once = begun(service, by.as_ref(), &headers, wanted).await?;
    let job = service.ingest(client, uploaded, &once, queued).await?;
    Ok(accepted(service, &headers, job).await?)
}

fn slow() -> Problem {
    let seconds = PATIENCE.as_secs();
    let detail = format!("The upload stalled: no data arrived for {seconds} seconds.");
    Problem::new(ProblemType::Slow, detail)
}

fn damaged() -> Problem {
    Problem::new(ProblemType::Malformed, "The upload ended before it was complete.")
}

async fn raw(service: &Service, mut body: Body) -> Result<Received, Problem> {
    // The announced length, 0 if there is none: too large a ledger is refused before it comes.
    let mut upload = service.receive(body.size_hint().lower())?;
    while let Some(frame) = timeout(PATIENCE, body.frame()).await.map_err(|_| slow())? {
        let frame = frame.map_err(|_| damaged())?;
        // Other frames are trailers.
        if let Some(piece) = frame.data_ref() {
            upload.write(piece)?;
        }
    }
    Ok(Received { upload, name: None })
}

/// Receives the one file of a form.
///
/// # Errors
/// If the form is damaged, stalls, is too large, or has no file or several.
async fn form(api: &Api, request: Request) -> Result<Received, Problem> {
    let form = Multipart::from_request(request, api).await;
    let mut form =
        form.map_err(|_| Problem::field("body", "The Content-Type of the form has no boundary."))?;
    let mut found = None;
    while let Some(mut field) =
        timeout(PATIENCE, form.next_field()).await.map_err(|_| slow())?.map_err(|_| damaged())?
    {
        // Fields without a file are passed over, such as the other inputs of a form.
        let Some(name) = field.file_name().map(str::to_owned) else { continue };
        check("file_name", &name, LONGEST)?;
        // A part of a form does not say how long it is.
        let mut upload = api.service.receive(0)?;
        while let Some(piece) =
            timeout(PATIENCE, field.chunk()).await.map_err(|_| slow())?.map_err(|_| damaged())?
        {
            upload.write(&piece)?;
        }
        if found.is_some() {
            let detail =
                "The form has several files; upload them one at a time, or as one zip archive.";
            return Err(Problem::field("body", detail));
        }
        found = Some(Received { upload, name: Some(name) });
    }
    found.ok_or_else(|| Problem::field("body", "The form has no file."))
}
