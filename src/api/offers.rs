use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use basics::Rate;
use offer::{
    DecideError, Decision, Envelope, EnvelopeError, LineKey, OfferFile, OfferPart, Signed, Status,
};
use purchases::{Deal, OpenPosition, buyable_on, purchases_of};
use report::offer_xlsx;
use store::{Kind, OfferChange, OfferRow, Role, StoreError};

use super::Service;
use super::accept::{CSV, HTML, JSON, XLSX, chosen};
use super::caller::{Caller, Party, Underwriter};
use super::extract::{Id, Payload};
use super::jobs::{NewJob, queued};
use super::ledgers::streamed;
use super::page::{Listed, Page};
use super::problem::{Problem, ProblemType};
use super::refused::{own, past, refused};
use super::request::{Once, Turn, expected, json, parsed, tagged, text};
use super::task::{Scoring, Task};

/// How an offer is to be made.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct AskedEvaluation {
    /// Judge everything at the end of this day; the latest date in the ledger unless told.
    as_of: Option<NaiveDate>,
    /// The most that the client wants to be advanced.
    advance_percent: Option<Rate>,
    /// `auto`, `km`, `train`, or the name of a model; its last version counts.
    model: Option<String>,
    /// The policy's name; the service's own unless told.
    policy: Option<String>,
    /// Its version; the last one unless told.
    #[schemars(range(min = 1))]
    policy_version: Option<i64>,
}

/// A change of status.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Change {
    /// Who does it; the key's prefix unless told.
    by: String,
    /// Why.
    reason: Option<String>,
    /// For an acceptance recorded by the staff: the day of the purchase; today unless told.
    purchased_on: Option<NaiveDate>,
}

/// A decision beside the computed one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Overridden {
    /// The debtor's id.
    debtor: String,
    /// The invoice's number.
    invoice: String,
    /// `buy` or `exclude`.
    decision: Decision,
    /// Who decides.
    by: String,
    /// Why.
    reason: String,
}

/// The approval of an override.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Approved {
    /// The debtor's id.
    debtor: String,
    /// The invoice's number.
    invoice: String,
    /// Who approves it: somebody else, with another key.
    by: String,
}

/// A member of every part of an offer.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PartMember {
    /// The part's currency.
    currency: Value,
    /// The member, under its own name.
    #[serde(flatten)]
    member: Map<String, Value>,
}

/// Queues the evaluation of a ledger.
pub(super) async fn evaluate(
    State(service): State<Service>,
    Underwriter(caller): Underwriter,
    Id(id): Id,
    headers: HeaderMap,
    Payload(body): Payload,
) -> Result<Response, Problem> {
    let route = format!("POST /v1/ledgers/{id}/evaluations");
    let once = match Once::of(&service, &caller.key, &headers, (&route, &body)).await? {
        Turn::Answered(answer) => return Ok(answer),
        Turn::New(once) => once,
    };
    let asked: AskedEvaluation =
        if body.is_empty() { AskedEvaluation::default() } else { parsed(&body)? };
    let model = match asked.model.as_deref() {
        None => Scoring::Way("auto".to_owned()),
        Some(word) if ["auto", "km", "train"].contains(&word) => Scoring::Way(word.to_owned()),
        Some(name) => {
            let written = service.store.written(Kind::Model, name, None).await?;
            Scoring::Model(written.name, written.version)
        }
    };
    requested(asked.advance_percent)?;
    let ledger = service.store.ledger(&id).await?;
    let policy = match (asked.policy, asked.policy_version) {
        (None, None) => None,
        (None, Some(_)) => {
            return Err(Problem::field("policy_version", "Name the policy as well."));
        }
        (Some(name), version) => {
            let written = service.store.written(Kind::Policy, &name, version).await?;
            Some((written.name, written.version))
        }
    };
    let task = Task::Evaluate {
        ledger: ledger.id,
        as_of: asked.as_of,
        advance_percent: asked.advance_percent,
        model,
        policy,
    };
    let job = NewJob { task: &task, client: Some(ledger.client_id), bytes: ledger.bytes };
    queued(&service, job, &once, &headers).await
}

/// An advance that somebody may ask for.
pub(super) fn requested(advance: Option<Rate>) -> Result<(), Problem> {
    if advance.is_none_or(|rate| (0.01..=1.0).contains(&rate.to_f64())) {
        return Ok(());
    }
    Err(Problem::field("advance_percent", "Expected a percent from 1 to 100."))
}

/// The document with its envelope as it is now.
fn opened(offer: &OfferRow) -> Result<OfferFile<'_>, Problem> {
    let mut file = OfferFile::read(&offer.document).map_err(|error| fault(&error))?;
    file.envelope = envelope(offer)?;
    Ok(file)
}

fn fault(error: &DecideError) -> Problem {
    match error {
        DecideError::Envelope(error @ EnvelopeError::Nobody) => {
            Problem::field("by", format!("{error}."))
        }
        DecideError::Envelope(error @ EnvelopeError::NoReason) => {
            Problem::field("reason", format!("{error}."))
        }
        DecideError::Envelope(error) => Problem::new(ProblemType::Conflict, error.to_string()),
        DecideError::NoLine { .. }
        | DecideError::SeveralLines(_)
        | DecideError::SameNumber { .. } => Problem::field("invoice", error.to_string()),
        DecideError::Document(_) | DecideError::Changed | DecideError::Policy(_) => {
            Problem::internal(error)
        }
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

/// The document with its envelope as it is now; as a page, rows or a workbook, as it was made.
pub(super) async fn get(
    State(service): State<Service>,
    caller: Caller,
    Id(id): Id,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let offer = seen(&service, &caller, &id).await?;
    let kind = chosen(&headers, &[JSON, HTML, CSV, XLSX])?;
    if kind == XLSX {
        let made = opened(&offer)?.offer().map_err(|error| fault(&error))?;
        let made = tokio::task::spawn_blocking(move || {
            let mut bytes = Vec::new();
            offer_xlsx(&made, &mut bytes).map(|()| bytes)
        });
        let bytes = made.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
        return Ok(([(header::CONTENT_TYPE, kind)], bytes).into_response());
    }
    let name = match kind {
        HTML => Some("report.html"),
        CSV => Some("invoices.csv"),
        _ => None,
    };
    if let Some(name) = name {
        return streamed(service.store.artefact(&id, name).await?, kind).await;
    }
    let document = opened(&offer)?.to_text().map_err(|error| fault(&error))?;
    Ok(tagged(StatusCode::OK, document, offer.version))
}

/// A member of every part of an offer, under its own name.
async fn of_parts<M: Serialize>(
    service: &Service,
    caller: &Caller,
    id: &str,
    (name, of): (&str, fn(&OfferPart) -> &M),
) -> Result<Response, Problem> {
    let offer = seen(service, caller, id).await?;
    let made = opened(&offer)?.offer().map_err(|error| fault(&error))?;
    let shown = |part: &OfferPart| -> Result<PartMember, Problem> {
        let own = serde_json::to_value(of(part)).map_err(Problem::internal)?;
        let currency = Value::from(part.currency.code());
        Ok(PartMember { currency, member: Map::from_iter([(name.to_owned(), own)]) })
    };
    let parts = made.parts.iter().map(shown).collect::<Result<Vec<_>, _>>()?;
    Ok(json(200, text(&parts)?))
}

/// Its menu.
pub(super) async fn menu(
    State(service): State<Service>,
    caller: Caller,
    Id(id): Id,
) -> Result<Response, Problem> {
    of_parts(&service, &caller, &id, ("menu", |part| &part.menu)).await
}

/// Its disclosures.
pub(super) async fn disclosures(
    State(service): State<Service>,
    caller: Caller,
    Id(id): Id,
) -> Result<Response, Problem> {
    of_parts(&service, &caller, &id, ("disclosures", |part| &part.disclosures)).await
}

/// What is confirmed first.
pub(super) async fn verification_queue(
    State(service): State<Service>,
    caller: Caller,
    Id(id): Id,
) -> Result<Response, Problem> {
    of_parts(&service, &caller, &id, ("verification_queue", |part| &part.verification_queue)).await
}

/// What has become of it.
pub(super) async fn history(
    State(service): State<Service>,
    caller: Caller,
    Id(id): Id,
) -> Result<Response, Problem> {
    let offer = seen(&service, &caller, &id).await?;
    let mut shown = serde_json::to_value(envelope(&offer)?).map_err(Problem::internal)?;
    shown["status"] = Value::String(offer.status.clone());
    Ok(tagged(StatusCode::OK, text(&shown)?, offer.version))
}

/// The client takes it.
pub(super) async fn accept(
    State(service): State<Service>,
    Party(caller): Party,
    Id(id): Id,
    headers: HeaderMap,
    Payload(body): Payload,
) -> Result<Response, Problem> {
    changed(&service, &caller, Step { id: &id, status: Status::Accepted }, &headers, &body).await
}

/// The client does not want it.
pub(super) async fn decline(
    State(service): State<Service>,
    Party(caller): Party,
    Id(id): Id,
    headers: HeaderMap,
    Payload(body): Payload,
) -> Result<Response, Problem> {
    changed(&service, &caller, Step { id: &id, status: Status::Declined }, &headers, &body).await
}

/// The factor takes it back.
pub(super) async fn withdraw(
    State(service): State<Service>,
    Underwriter(caller): Underwriter,
    Id(id): Id,
    headers: HeaderMap,
    Payload(body): Payload,
) -> Result<Response, Problem> {
    changed(&service, &Caller(caller), Step { id: &id, status: Status::Withdrawn }, &headers, &body)
        .await
}

/// What is to become of an offer.
struct Step<'a> {
    id: &'a str,
    status: Status,
}

async fn changed(
    service: &Service,
    caller: &Caller,
    Step { id, status }: Step<'_>,
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
    let key = caller.0.key.clone();
    let by = if asked.by.is_empty() { key.clone() } else { asked.by };
    let signed = Signed { by, at: once.at().to_owned(), reason: asked.reason, key: Some(key) };
    let mut file = opened(&offer)?;
    file.change(status, signed).map_err(|error| fault(&error))?;
    let action = format!("offer.{}", status.as_str());
    let envelope = file.envelope;
    let bought = match (status, asked.purchased_on) {
        (Status::Accepted, day) => {
            if day.is_some() && caller.0.role == Role::Client {
                return Err(Problem::field("purchased_on", "The staff records it."));
            }
            let day = day.unwrap_or_else(|| service.today());
            positions(service, (&offer, &envelope), day)?
        }
        (_, None) => Vec::new(),
        (_, Some(_)) => {
            return Err(Problem::field("purchased_on", "It goes with an acceptance only."));
        }
    };
    let changed = Changed { offer, envelope: &envelope, bought: &bought, action: &action };
    stored(service, changed, headers, &once).await
}

/// An authorised person's decision on an invoice, beside the computed one.
pub(super) async fn override_line(
    State(service): State<Service>,
    Underwriter(caller): Underwriter,
    Id(id): Id,
    headers: HeaderMap,
    Payload(body): Payload,
) -> Result<Response, Problem> {
    let route = format!("POST /v1/offers/{id}/overrides");
    let once = match Once::of(&service, &caller.key, &headers, (&route, &body)).await? {
        Turn::Answered(answer) => return Ok(answer),
        Turn::New(once) => once,
    };
    let asked: Overridden = parsed(&body)?;
    let by_key = Some(caller.key.clone());
    let offer = seen(&service, &Caller(caller), &id).await?;
    let mut file = opened(&offer)?;
    let key = LineKey { client: None, debtor: asked.debtor, invoice: asked.invoice };
    let (by, at, reason) = (asked.by, once.at().to_owned(), Some(asked.reason));
    let signed = Signed { by, at, reason, key: by_key };
    file.decide(key, asked.decision, signed).map_err(|error| fault(&error))?;
    let envelope = file.envelope;
    let changed = Changed { offer, envelope: &envelope, bought: &[], action: "offer.overridden" };
    stored(&service, changed, &headers, &once).await
}

/// Approves somebody else's override of an invoice above the policy's limit.
pub(super) async fn approve(
    State(service): State<Service>,
    Underwriter(caller): Underwriter,
    Id(id): Id,
    headers: HeaderMap,
    Payload(body): Payload,
) -> Result<Response, Problem> {
    let route = format!("POST /v1/offers/{id}/overrides/approval");
    let once = match Once::of(&service, &caller.key, &headers, (&route, &body)).await? {
        Turn::Answered(answer) => return Ok(answer),
        Turn::New(once) => once,
    };
    let asked: Approved = parsed(&body)?;
    let by_key = Some(caller.key.clone());
    let offer = seen(&service, &Caller(caller), &id).await?;
    let mut file = opened(&offer)?;
    let key = LineKey { client: None, debtor: asked.debtor, invoice: asked.invoice };
    let signed = Signed { by: asked.by, at: once.at().to_owned(), reason: None, key: by_key };
    file.approve(&key, signed).map_err(|error| fault(&error))?;
    let envelope = file.envelope;
    let changed = Changed { offer, envelope: &envelope, bought: &[], action: "offer.approved" };
    stored(&service, changed, &headers, &once).await
}

/// What an accepted offer buys on a day.
fn positions(
    service: &Service,
    (offer, envelope): (&OfferRow, &Envelope),
    day: NaiveDate,
) -> Result<Vec<OpenPosition>, Problem> {
    past(service, "purchased_on", day)?;
    let file = OfferFile::read(&offer.document).map_err(|error| fault(&error))?;
    let made = file.offer().map_err(|error| fault(&error))?;
    let all = purchases_of(&made, envelope).map_err(Problem::internal)?;
    buyable_on(&all, day).map_err(|error| refused(&error, own))?;
    let deal = Deal {
        client_id: offer.client_id.clone(),
        offer_id: Some(offer.id.clone()),
        purchased_on: day,
    };
    let mut positions = Vec::new();
    for bought in all {
        positions.extend(bought.positions(&deal, || service.new_id())?);
    }
    Ok(positions)
}

/// An offer of which something has changed.
struct Changed<'a> {
    offer: OfferRow,
    envelope: &'a Envelope,
    bought: &'a [OpenPosition],
    /// As the audit log calls it.
    action: &'a str,
}

/// Writes the envelope and answers it.
async fn stored(
    service: &Service,
    Changed { mut offer, envelope, bought, action }: Changed<'_>,
    headers: &HeaderMap,
    once: &Once,
) -> Result<Response, Problem> {
    let answer = text(envelope)?;
    offer.version = expected(headers)?.unwrap_or(offer.version);
    envelope.status.as_str().clone_into(&mut offer.status);
    offer.envelope.clone_from(&answer);
    let actor = once.actor(StatusCode::OK, &answer);
    let change = OfferChange { offer: &offer, bought, action };
    let changed = service.store.change_offer(change, &actor).await;
    let now = changed.map_err(|error| match error {
        // The caller has not said which version it means.
        StoreError::Changed(_) if !headers.contains_key(header::IF_MATCH) => Problem::new(
            ProblemType::Conflict,
            "Somebody else has just changed it; look at it again.",
        ),
        other => other.into(),
    })?;
    Ok(tagged(StatusCode::OK, answer, now.version))
}
