use axum::Json;
use axum::extract::State;
use axum::response::Response;
use axum::routing;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::Amount;
use policy::{AnswerTime, Channel, ConfirmOutcome, Confirmation};
use service::{
    NewConfirmation, Reader, RecordedConfirmation, Reply, Service, ServiceError, Underwriter,
};

use super::http::body::{json, shown};
use super::http::caller::By;
use super::http::extract::Id;
use super::http::once::{Early, Needed, Posted};
use super::http::operation::Operation;
use super::http::page::{Listed, Page, PageQuery};
use super::http::problem::Problem;

/// The answer of a debtor that was asked to confirm an invoice.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedConfirmation {
    /// Id of the debtor in the client's ledger, or its name in any spelling.
    #[schemars(length(min = 1, max = 200))]
    debtor: String,
    /// The client's number of the invoice.
    #[schemars(length(min = 1, max = 200))]
    invoice: String,
    /// The open amount that the debtor states, in the invoice's currency; required if the outcome
    /// is `wrong_amount`.
    amount: Option<Amount>,
    /// The outcome.
    outcome: ConfirmOutcome,
    /// The person who asked, or who recorded the answer.
    #[schemars(length(min = 1, max = 200))]
    by: String,
    /// The day or the time of the answer, today at the latest: `2026-06-12` or
    /// `2026-06-12T09:30:00Z`.
    at: AnswerTime,
    /// The way in which it was given.
    how: Channel,
    /// Anything else that was said.
    #[schemars(length(max = 2000))]
    note: Option<String>,
    /// SHA-256 of a document that shows it, 64 hexadecimal digits.
    document_sha256: Option<String>,
}

impl From<AskedConfirmation> for Confirmation {
    fn from(asked: AskedConfirmation) -> Self {
        let AskedConfirmation { debtor, invoice, amount, outcome, by, at, how, note, .. } = asked;
        let document_sha256 = asked.document_sha256;
        let client = None;
        Self { client, debtor, invoice, amount, outcome, by, at, how, note, document_sha256 }
    }
}

/// The answer of a debtor, as recorded.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ShownConfirmation {
    /// Its id.
    id: String,
    /// The client that sold the invoice.
    client_id: String,
    /// The open amount that the debtor stated; absent if it stated none.
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<Amount>,
    /// Id or name of the debtor.
    debtor: String,
    /// The client's number of the invoice.
    invoice: String,
    /// The outcome.
    outcome: ConfirmOutcome,
    /// The person who asked, or who recorded the answer.
    by: String,
    /// The day or the time of the answer.
    at: AnswerTime,
    /// The way in which it was given.
    how: Channel,
    /// Anything else that was said; absent if nothing was.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// SHA-256 of a document that shows it; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    document_sha256: Option<String>,
    /// The time at which it was recorded, in UTC.
    created_at: String,
}

impl From<RecordedConfirmation> for ShownConfirmation {
    fn from(recorded: RecordedConfirmation) -> Self {
        let RecordedConfirmation { id, client_id, answer, created_at } = recorded;
        let Confirmation { debtor, invoice, amount, outcome, by, at, how, note, .. } = answer;
        let document_sha256 = answer.document_sha256;
        Self {
            id,
            client_id,
            amount,
            debtor,
            invoice,
            outcome,
            by,
            at,
            how,
            note,
            document_sha256,
            created_at,
        }
    }
}

/// The operations on confirmations.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get(
            "/v1/clients/{id}/confirmations",
            "List what debtors answered about a client's invoices",
            routing::get(list),
        )
        .by::<Reader>()
        .query::<PageQuery>()
        .answers::<Listed<ShownConfirmation>>(200, "Ordered by id."),
        Operation::post(
            "/v1/clients/{id}/confirmations",
            "Record what a debtor answered about an invoice",
            routing::post(create),
        )
        .by::<Underwriter>()
        .reads::<AskedConfirmation>()
        .once()
        .answers::<ShownConfirmation>(
            201,
            "The answer, whose path is in `Location`. It is never changed: a later one counts.",
        ),
        Operation::get("/v1/confirmations/{id}", "Show what a debtor answered", routing::get(get))
            .by::<Reader>()
            .answers::<ShownConfirmation>(200, "The answer."),
    ]
}

async fn list(
    State(service): State<Service>,
    By(by): By<Reader>,
    Id(client): Id,
    page: Page,
) -> Result<Json<Listed<ShownConfirmation>>, Problem> {
    let all = service.confirmations(&by, &client, &page.after, page.limit).await?;
    let all: Vec<ShownConfirmation> = all.into_iter().map(ShownConfirmation::from).collect();
    Ok(Json(Listed::new(all, page.limit, |own| &own.id)))
}

async fn get(
    State(service): State<Service>,
    By(by): By<Reader>,
    Id(id): Id,
) -> Result<Response, Problem> {
    shown(&ShownConfirmation::from(service.confirmation(&by, &id).await?))
}

async fn create(
    State(service): State<Service>,
    Posted { by, id, once, body, .. }: Posted<Underwriter, Needed<AskedConfirmation>>,
) -> Result<Response, Early> {
    let Needed(asked) = body;
    let new = NewConfirmation { client: &id, answer: &asked.into() };
    let (_, reply) = service.record_confirmation(&by, new, &once, made).await?;
    Ok(json(reply))
}

fn made(recorded: &RecordedConfirmation) -> Result<Reply, ServiceError> {
    let reply = Reply::json(201, &ShownConfirmation::from(recorded.clone()))?;
    Ok(reply.at(format!("/v1/confirmations/{}", recorded.id)))
}
