//! Changes to an offer: accepted, declined or withdrawn, and overrides of its decisions.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{self, MethodRouter};
use schemars::JsonSchema;
use serde::Deserialize;

use offer::{Decision, Envelope, Status};
use purchases::NamedPositions;
use service::{
    Caller, LineDecision, OfferStep, Once, OverrideReason, Party, Service, Stepped, Underwriter,
};

use super::http::body::{json, parsed_or_usual};
use super::http::caller::By;
use super::http::extract::{Id, Payload};
use super::http::once::{Early, Needed, Posted, Wanted, begun};
use super::http::operation::Operation;
use super::http::version::expected;
use super::state::Api;

/// The details of a change of status.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Change {
    /// The name of the person making the change; the key's prefix by default.
    by: String,
    /// The reason.
    #[schemars(length(max = 2000))]
    reason: Option<String>,
    /// Positions that were charged back and are bought again, for an acceptance that staff record.
    #[schemars(length(max = 10_000))]
    repurchases: Vec<String>,
    /// Positions of the same number, or nearly, that are other invoices, for an acceptance that
    /// staff record. The issue dates have to differ.
    #[schemars(length(max = 10_000))]
    distinct_from: Vec<String>,
}

/// A decision that overrides the computed one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Overridden {
    /// The debtor id.
    debtor: String,
    /// The invoice number.
    invoice: String,
    /// `buy` or `exclude`.
    decision: Decision,
    /// The name of the person deciding.
    by: String,
    /// The reason.
    #[schemars(length(max = 2000))]
    reason: String,
}

/// The approval of an override.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Approved {
    /// The debtor id.
    debtor: String,
    /// The invoice number.
    invoice: String,
    /// The name of the person approving: not the one who decided, and with another key.
    by: String,
}

/// The operations that change an offer.
pub(super) fn operations() -> Vec<Operation> {
    let change = |path, summary, of: MethodRouter<Api>| {
        Operation::post(path, summary, of)
            .reads::<Change>()
            .optionally()
            .once()
            .matched(false)
            .answers::<Envelope>(200, "The envelope after the change.")
    };
    vec![
        change(
            "/v1/offers/{id}/accept",
            "Accept an offer; its invoices are bought once funded",
            routing::post(accept),
        )
        .by::<Party>(),
        change("/v1/offers/{id}/decline", "Decline an offer", routing::post(decline)).by::<Party>(),
        change("/v1/offers/{id}/withdraw", "Withdraw an offer", routing::post(withdraw))
            .by::<Underwriter>(),
        Operation::post(
            "/v1/offers/{id}/overrides",
            "Override the decision on an invoice",
            routing::post(override_line),
        )
        .by::<Underwriter>()
        .reads::<Overridden>()
        .once()
        .matched(false)
        .answers::<Envelope>(200, "The envelope after the change."),
        Operation::post(
            "/v1/offers/{id}/overrides/approval",
            "Approve a colleague's override above the policy's limit",
            routing::post(approve),
        )
        .by::<Underwriter>()
        .reads::<Approved>()
        .once()
        .matched(false)
        .answers::<Envelope>(200, "The envelope after the change."),
    ]
}

/// A change of status as received.
struct Sent<'a> {
    id: &'a str,
    status: Status,
    headers: &'a HeaderMap,
    body: &'a Bytes,
}

/// Begins a change of status.
///
/// # Errors
/// If the same request has already been answered, which is then repeated, or the body is malformed.
async fn step<'a>(
    service: &Service,
    caller: &Caller,
    Sent { id, status, headers, body }: Sent<'a>,
) -> Result<(OfferStep<'a>, Once), Early> {
    // Not the path, and kept so: requests are stored under it.
    let route = format!("POST /v1/offers/{id} {}", status.as_str());
    let once = begun(service, caller, headers, Wanted { route: &route, body }).await?;
    let Change { by, reason, repurchases, distinct_from } = parsed_or_usual(body)?;
    let named = NamedPositions { repurchases, distinct_from };
    let expected = expected(headers);
    Ok((OfferStep { id, by, reason, named, expected }, once))
}

fn answer(Stepped { reply, .. }: Stepped) -> Response {
    json(reply)
}

async fn accept(
    State(service): State<Service>,
    By(by): By<Party>,
    Id(id): Id,
    headers: HeaderMap,
    Payload(body): Payload,
) -> Result<Response, Early> {
    let sent = Sent { id: &id, status: Status::Accepted, headers: &headers, body: &body };
    let (step, once) = step(&service, by.as_ref(), sent).await?;
    Ok(answer(service.accept(&by, step, &once).await?))
}

async fn decline(
    State(service): State<Service>,
    By(by): By<Party>,
    Id(id): Id,
    headers: HeaderMap,
    Payload(body): Payload,
) -> Result<Response, Early> {
    let sent = Sent { id: &id, status: Status::Declined, headers: &headers, body: &body };
    let (step, once) = step(&service, by.as_ref(), sent).await?;
    Ok(answer(service.decline(&by, step, &once).await?))
}

async fn withdraw(
    State(service): State<Service>,
    By(by): By<Underwriter>,
    Id(id): Id,
    headers: HeaderMap,
    Payload(body): Payload,
) -> Result<Response, Early> {
    let sent = Sent { id: &id, status: Status::Withdrawn, headers: &headers, body: &body };
    let (step, once) = step(&service, by.as_ref(), sent).await?;
    Ok(answer(service.withdraw(&by, step, &once).await?))
}

async fn override_line(
    State(service): State<Service>,
    Posted { by, id, headers, once, body }: Posted<Underwriter, Needed<Overridden>>,
) -> Result<Response, Early> {
    let Needed(Overridden { debtor, invoice, decision, by: name, reason }) = body;
    let expected = expected(&headers);
    let line = LineDecision { id: &id, debtor, invoice, by: name, expected };
    let decided = OverrideReason { decision, reason };
    Ok(answer(service.override_line(&by, line, decided, &once).await?))
}

async fn approve(
    State(service): State<Service>,
    Posted { by, id, headers, once, body }: Posted<Underwriter, Needed<Approved>>,
) -> Result<Response, Early> {
    let Needed(Approved { debtor, invoice, by: name }) = body;
    let expected = expected(&headers);
    let line = LineDecision { id: &id, debtor, invoice, by: name, expected };
    Ok(answer(service.approve_override(&by, line, &once).await?))
}
