use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{self, MethodRouter};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use basics::{Currency, Money};
use offer::Envelope;
use purchases::LineUse;
use service::{Caller, OfferHead, Reader, Reply, Service, ShownMember};

use super::http::accept::{CSV, HTML, JSON, XLSX, chosen};
use super::http::body::shown;
use super::http::caller::By;
use super::http::extract::Id;
use super::http::file::streamed;
use super::http::operation::{Members, Operation};
use super::http::page::{Listed, Page, PageQuery};
use super::http::problem::Problem;
use super::http::version::tagged;
use super::state::Api;

/// A member of one part of an offer.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PartMember {
    /// The part's currency.
    currency: Value,
    /// The member, under its own name, such as `menu`.
    #[serde(flatten)]
    member: Map<String, Value>,
}

/// An offer.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "OfferRow")]
pub(super) struct ShownOffer {
    /// Its id in this service; the document has another, derived from its content.
    id: String,
    /// The client that it is made to.
    client_id: String,
    /// The ledger that it is based on.
    ledger_id: String,
    /// `offered`, `accepted`, `declined`, `withdrawn`, `expired`, or `reversed`: it was accepted,
    /// and its purchases were withdrawn or reversed.
    status: String,
    /// The last day on which it can be accepted.
    valid_until: String,
    /// Increases with every change.
    version: i64,
    /// The time of creation, in UTC.
    created_at: String,
}

/// The use of the client's line by an offer.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ShownUse {
    /// The currency of the amounts.
    currency: Currency,
    /// The line; `null` if none is agreed.
    line: Option<Money>,
    /// Funds in use now, other currencies at the facility's rates.
    in_use: Money,
    /// The part that this offer would add; 0 once it is no longer open.
    would_use: Money,
    /// The part of the line that is left then; if negative, the offer cannot be accepted.
    left: Option<Money>,
}

impl TryFrom<LineUse> for ShownUse {
    type Error = Problem;

    fn try_from(used: LineUse) -> Result<Self, Problem> {
        let left = used.left().map_err(Problem::internal)?;
        let LineUse { limit: line, in_use, adds: would_use } = used;
        Ok(Self { currency: in_use.currency(), line, in_use, would_use, left })
    }
}

impl From<OfferHead> for ShownOffer {
    fn from(row: OfferHead) -> Self {
        let OfferHead {
            id, client_id, ledger_id, status, valid_until, version, created_at, ..
        } = row;
        Self { id, client_id, ledger_id, status, valid_until, version, created_at }
    }
}

/// The operations on offers.
pub(super) fn operations() -> Vec<Operation> {
    let part = |path, summary, answer, of: MethodRouter<Api>| {
        Operation::get(path, summary, of).answers::<Vec<PartMember>>(200, answer)
    };
    vec![
        Operation::get(
            "/v1/offers",
            "List offers: a client sees its own, staff see all",
            routing::get(list),
        )
        .query::<PageQuery>()
        .answers::<Listed<ShownOffer>>(200, "Ordered by id."),
        Operation::get("/v1/offers/{id}", "Show an offer", routing::get(get))
            .answers::<Members>(
                200,
                "The offer document; its version is the ETag. `factorage schema offer` prints its \
                 schema. A client gets its copy: without the verification queue, what debtors \
                 answered, the selection seed and what looks wrong about an invoice; so are its \
                 page, lines and workbook.",
            )
            .answers_as(200, "The report, as first made.", HTML)
            .answers_as(200, "The lines, as first made.", CSV)
            .answers_as(200, "The workbook, as first made.", XLSX),
        part(
            "/v1/offers/{id}/menu",
            "Show the combinations of advance and price on offer",
            "One entry per currency of the offer, with its `menu`.",
            routing::get(menu),
        ),
        part(
            "/v1/offers/{id}/disclosures",
            "Show the disclosures required by law",
            "One entry per currency of the offer, with its `disclosures`.",
            routing::get(disclosures),
        ),
        part(
            "/v1/offers/{id}/verification-queue",
            "Show which invoices to verify first",
            "One entry per currency of the offer, with its `verification_queue`.",
            routing::get(verification_queue),
        )
        .by::<Reader>(),
        Operation::get(
            "/v1/offers/{id}/history",
            "Show the history of an offer",
            routing::get(history),
        )
        .answers::<Envelope>(200, "The envelope: status, changes and overrides."),
        Operation::get(
            "/v1/offers/{id}/line",
            "Show what an offer would use of the client's line",
            routing::get(line),
        )
        .answers::<Vec<ShownUse>>(200, "One entry; without a line, one per currency of the offer."),
    ]
}

async fn list(
    State(service): State<Service>,
    By(by): By<Caller>,
    page: Page,
) -> Result<Json<Listed<ShownOffer>>, Problem> {
    let offers = service.offers(&by, &page.after, page.limit).await?;
    Ok(Json(Listed::new(offers.into_iter().map(ShownOffer::from).collect(), page.limit, |offer| {
        &offer.id
    })))
}

/// The document with its current envelope; as a page, rows or a workbook, as first made.
async fn get(
    State(service): State<Service>,
    By(by): By<Caller>,
    Id(id): Id,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let offer = service.offer_head(&by, &id).await?;
    // After the right to see it: a refusal must not tell that the offer exists.
    let kind = chosen(&headers, &[JSON, HTML, CSV, XLSX])?;
    match kind {
        XLSX => {
            let workbook = service.offer_workbook(&by, offer).await?;
            Ok(([(header::CONTENT_TYPE, kind)], workbook).into_response())
        }
        HTML => streamed(service.offer_page(&by, &offer).await?, kind).await,
        CSV => streamed(service.offer_lines(&by, &offer).await?, kind).await,
        _ => {
            let body = service.offer_document(&by, &offer).await?;
            Ok(tagged(Reply::new(200, body), offer.version))
        }
    }
}

/// One member from every part of an offer, under its own name.
async fn of_parts(
    service: &Service,
    caller: &Caller,
    id: &str,
    member: service::PartMember,
) -> Result<Response, Problem> {
    named(service.offer_parts(caller, id, member).await?, member.name())
}

fn named(parts: Vec<ShownMember>, name: &str) -> Result<Response, Problem> {
    let under_name = |part: ShownMember| PartMember {
        currency: Value::from(part.currency.code()),
        member: Map::from_iter([(name.to_owned(), part.member)]),
    };
    shown(&parts.into_iter().map(under_name).collect::<Vec<_>>())
}

async fn menu(
    State(service): State<Service>,
    By(by): By<Caller>,
    Id(id): Id,
) -> Result<Response, Problem> {
    of_parts(&service, &by, &id, service::PartMember::Menu).await
}

async fn disclosures(
    State(service): State<Service>,
    By(by): By<Caller>,
    Id(id): Id,
) -> Result<Response, Problem> {
    of_parts(&service, &by, &id, service::PartMember::Disclosures).await
}

async fn verification_queue(
    State(service): State<Service>,
    By(by): By<Reader>,
    Id(id): Id,
) -> Result<Response, Problem> {
    named(service.verification_queue(&by, &id).await?, "verification_queue")
}

async fn line(
    State(service): State<Service>,
    By(by): By<Caller>,
    Id(id): Id,
) -> Result<Json<Vec<ShownUse>>, Problem> {
    let uses = service.would_use(&by, &id).await?.into_iter();
    Ok(Json(uses.map(ShownUse::try_from).collect::<Result<_, _>>()?))
}

async fn history(
    State(service): State<Service>,
    By(by): By<Caller>,
    Id(id): Id,
) -> Result<Response, Problem> {
    let history = service.offer_history(&by, &id).await?;
    let mut shown = serde_json::to_value(history.envelope).map_err(Problem::internal)?;
    // Today's: no envelope is ever written with `expired`.
    shown["status"] = Value::String(history.status);
    Ok(tagged(Reply::json(200, &shown)?, history.version))
}
