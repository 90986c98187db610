use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Service;
use super::caller::{Caller, Underwriter, allowed};
use super::page::{Listed, Page};
use super::problem::{Problem, ProblemType};
use super::request::{Once, Turn, json, parsed, tagged, text, version};
use crate::app::{
    DecideError, EvaluateRequest, LineKey, ModelChoice, OfferFile, evaluate as judge,
};
use crate::basics::Rate;
use crate::ledger::Guidance;
use crate::report::offer_json;
use crate::store::{LedgerRow, OfferRow, Role};
use crate::underwriting::{Decision, Envelope, Signed, Status};

/// How an offer is to be made.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Asked {
    as_of: Option<NaiveDate>,
    advance_percent: Option<Rate>,
    /// `auto`, `km` or `train`.
    model: Option<String>,
}

/// A change of status.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Change {
    by: String,
    reason: Option<String>,
}

/// A decision beside the computed one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Overridden {
    debtor: String,
    invoice: String,
    decision: Decision,
    by: String,
    reason: String,
}

/// An offer in a list.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    offer: OfferRow,
}

/// Evaluates a ledger and makes an offer.
pub(super) async fn evaluate(
    State(service): State<Service>,
    Underwriter(caller): Underwriter,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let route = format!("POST /v1/ledgers/{id}/evaluations");
    let once = match Once::of(&service, &caller.key, &headers, (&route, &body)).await? {
        Turn::Answered(answer) => return Ok(answer),
        Turn::New(once) => once,
    };
    let asked = if body.is_empty() { Asked::default() } else { parsed(&body)? };
    let ledger = service.store.ledger(&id).await?;
    let document = document(&service, &ledger, asked, once.at()).await?;
    let file = read(&document)?;
    let valid_until = file.valid_until().map_err(|error| fault(&error))?;
    let offer = OfferRow {
        id: service.new_id()?,
        client_id: ledger.client_id,
        ledger_id: ledger.id,
        envelope: text(&file.envelope)?,
        status: Status::Offered.as_str().to_owned(),
        valid_until: valid_until.to_string(),
        version: 1,
        created_at: once.at().to_owned(),
        document: document.clone(),
    };
    let answer = text(&Shown { offer: offer.clone() })?;
    service.store.add_offer(&offer, &once.actor(StatusCode::CREATED, &answer)).await?;
    Ok(tagged(StatusCode::CREATED, answer, 1))
}

/// The offer document, made off the async threads.
async fn document(
    service: &Service,
    ledger: &LedgerRow,
    asked: Asked,
    at: &str,
) -> Result<String, Problem> {
    let model = match asked.model.as_deref() {
        None | Some("auto") => ModelChoice::Auto,
        Some("km") => ModelChoice::Km,
        Some("train") => ModelChoice::Train,
        Some(_) => return Err(Problem::field("model", "Expected auto, km or train.")),
    };
    let request = EvaluateRequest {
        ledgers: vec![service.store.path_of(&ledger.sha256)],
        as_of: asked.as_of,
        policy: service.policy.as_ref().clone(),
        advance: asked.advance_percent,
        previous: Vec::new(),
        facility: None,
        currency: None,
        client: Some(ledger.client_id.clone()),
        guidance: Guidance::default(),
        model,
        issued_at: Some(at.to_owned()),
    };
    let name = ledger.file_name.clone();
    let made = tokio::task::spawn_blocking(move || {
        let path = request.ledgers[0].display().to_string();
        let made = judge(&request, &|_| ());
        let mut made = made.map_err(|error| error.to_string().replace(&path, &name))?;
        for file in &mut made.provenance.ledger_files {
            file.name.clone_from(&name);
        }
        let mut bytes = Vec::new();
        offer_json(&made, &mut bytes).map_err(|error| error.to_string())?;
        String::from_utf8(bytes).map_err(|error| error.to_string())
    });
    let made = made.await.map_err(Problem::internal)?;
    made.map_err(|error| Problem::new(ProblemType::Ledger, error))
}

fn read(document: &str) -> Result<OfferFile<'_>, Problem> {
    OfferFile::read(document).map_err(|error| fault(&error))
}

fn fault(error: &DecideError) -> Problem {
    match error {
        DecideError::Envelope(error) => Problem::new(ProblemType::Conflict, error.to_string()),
        DecideError::NoLine { .. } | DecideError::SeveralLines(_) => {
            Problem::field("invoice", error.to_string())
        }
        DecideError::Document(_) | DecideError::Changed => Problem::internal(error),
    }
}

/// The offer, and whether the caller may see it; its status is the one of today.
async fn seen(service: &Service, caller: &Caller, id: &str) -> Result<OfferRow, Problem> {
    let mut offer = service.store.offer(id).await?;
    caller.sees(&offer.client_id, "offer")?;
    derived(&offer, service.today())?.as_str().clone_into(&mut offer.status);
    Ok(offer)
}

fn envelope(offer: &OfferRow) -> Result<Envelope, Problem> {
    serde_json::from_str(&offer.envelope).map_err(Problem::internal)
}

fn derived(offer: &OfferRow, today: NaiveDate) -> Result<Status, Problem> {
    let until = offer.valid_until.parse().unwrap_or(NaiveDate::MAX);
    Ok(envelope(offer)?.status_on(today, until))
}

/// Offers: a client's own, or all.
pub(super) async fn list(
    State(service): State<Service>,
    Caller(caller): Caller,
    page: Page,
) -> Result<Json<Listed<OfferRow>>, Problem> {
    let mut offers =
        service.store.offers(caller.client.as_deref(), &page.after, page.limit).await?;
    for offer in &mut offers {
        derived(offer, service.today())?.as_str().clone_into(&mut offer.status);
    }
    Ok(Json(Listed::new(offers, page.limit, |offer| &offer.id)))
}

/// The document with its envelope as it is now.
pub(super) async fn get(
    State(service): State<Service>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let offer = seen(&service, &caller, &id).await?;
    let mut file = read(&offer.document)?;
    file.envelope = envelope(&offer)?;
    let document = file.to_text().map_err(|error| fault(&error))?;
    Ok(tagged(StatusCode::OK, document, offer.version))
}

/// A member of every part of an offer.
async fn of_parts(
    service: &Service,
    caller: &Caller,
    (id, member): (&str, &str),
) -> Result<Response, Problem> {
    let offer = seen(service, caller, id).await?;
    let document: Value = serde_json::from_str(&offer.document).map_err(Problem::internal)?;
    let parts = document["offer"]["parts"].as_array().cloned().unwrap_or_default();
    let parts: Vec<Value> = parts
        .iter()
        .map(|part| {
            let own = part.get(member).cloned().unwrap_or_else(|| Value::Array(Vec::new()));
            serde_json::json!({ "currency": part["currency"], member: own })
        })
        .collect();
    Ok(json(200, text(&parts)?))
}

/// Its menu.
pub(super) async fn menu(
    State(service): State<Service>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    of_parts(&service, &caller, (&id, "menu")).await
}

/// Its disclosures.
pub(super) async fn disclosures(
    State(service): State<Service>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    of_parts(&service, &caller, (&id, "disclosures")).await
}

/// What is confirmed first.
pub(super) async fn verification_queue(
    State(service): State<Service>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    of_parts(&service, &caller, (&id, "verification_queue")).await
}

/// What has become of it.
pub(super) async fn history(
    State(service): State<Service>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let offer = seen(&service, &caller, &id).await?;
    let mut shown = serde_json::to_value(envelope(&offer)?).map_err(Problem::internal)?;
    shown["status"] = Value::String(offer.status.clone());
    Ok(tagged(StatusCode::OK, text(&shown)?, offer.version))
}

/// The client takes it.
pub(super) async fn accept(
    State(service): State<Service>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    allowed(&caller.0, &[Role::Client, Role::Underwriter, Role::Admin])?;
    changed(&service, &caller, (&id, Status::Accepted), &headers, &body).await
}

/// The client does not want it.
pub(super) async fn decline(
    State(service): State<Service>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    allowed(&caller.0, &[Role::Client, Role::Underwriter, Role::Admin])?;
    changed(&service, &caller, (&id, Status::Declined), &headers, &body).await
}

/// The factor takes it back.
pub(super) async fn withdraw(
    State(service): State<Service>,
    Underwriter(caller): Underwriter,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    changed(&service, &Caller(caller), (&id, Status::Withdrawn), &headers, &body).await
}

/// The version that the caller has read, or the one that it is.
fn expected(headers: &HeaderMap, offer: &OfferRow) -> Result<i64, Problem> {
    if headers.contains_key("if-match") { version(headers) } else { Ok(offer.version) }
}

async fn changed(
    service: &Service,
    caller: &Caller,
    (id, status): (&str, Status),
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<Response, Problem> {
    let route = format!("POST /v1/offers/{id} {}", status.as_str());
    let once = match Once::of(service, &caller.0.key, headers, (&route, body)).await? {
        Turn::Answered(answer) => return Ok(answer),
        Turn::New(once) => once,
    };
    let asked: Change = if body.is_empty() { Change::default() } else { parsed(body)? };
    let offer = seen(service, caller, id).await?;
    let by = if asked.by.is_empty() { caller.0.key.clone() } else { asked.by };
    let signed = Signed { by, at: once.at().to_owned(), reason: asked.reason };
    let mut file = read(&offer.document)?;
    file.envelope = envelope(&offer)?;
    file.change(status, signed).map_err(|error| fault(&error))?;
    let action = format!("offer.{}", status.as_str());
    let envelope = file.envelope;
    stored(service, (offer, &envelope), headers, (&once, &action)).await
}

/// An authorised person's decision on an invoice, beside the computed one.
pub(super) async fn override_line(
    State(service): State<Service>,
    Underwriter(caller): Underwriter,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let route = format!("POST /v1/offers/{id}/overrides");
    let once = match Once::of(&service, &caller.key, &headers, (&route, &body)).await? {
        Turn::Answered(answer) => return Ok(answer),
        Turn::New(once) => once,
    };
    let asked: Overridden = parsed(&body)?;
    let offer = seen(&service, &Caller(caller), &id).await?;
    let mut file = read(&offer.document)?;
    file.envelope = envelope(&offer)?;
    let key = LineKey { client: None, debtor: asked.debtor, invoice: asked.invoice };
    let signed = Signed { by: asked.by, at: once.at().to_owned(), reason: Some(asked.reason) };
    file.decide(key, asked.decision, signed).map_err(|error| fault(&error))?;
    let envelope = file.envelope;
    stored(&service, (offer, &envelope), &headers, (&once, "offer.overridden")).await
}

/// Writes the envelope and answers it.
async fn stored(
    service: &Service,
    (mut offer, envelope): (OfferRow, &Envelope),
    headers: &HeaderMap,
    (once, action): (&Once, &str),
) -> Result<Response, Problem> {
    let answer = text(envelope)?;
    offer.version = expected(headers, &offer)?;
    envelope.status.as_str().clone_into(&mut offer.status);
    offer.envelope.clone_from(&answer);
    let actor = once.actor(StatusCode::OK, &answer);
    let now = service.store.change_offer(&offer, (action, &answer), &actor).await?;
    Ok(tagged(StatusCode::OK, answer, now.version))
}
