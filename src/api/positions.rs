use axum::Json;
use axum::extract::State;
use axum::response::Response;
use axum::routing;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Amount, Currency, Money};
use pricing::LossCause;
use purchases::{OpenPosition, Position, PositionTerms, SettledPosition};
use service::{
    Caller, Ending, RecordedInvoice, RecordedPurchase, Reply, Service, ServiceError, Underwriter,
};

use super::http::body::json;
use super::http::caller::By;
use super::http::extract::Id;
use super::http::once::{Early, Needed, Posted};
use super::http::operation::Operation;
use super::http::page::{Listed, Page, PageQuery};
use super::http::problem::Problem;
use super::http::version::tagged;

/// Invoices that were bought outside an offer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedPositions {
    /// Whose receivables they were.
    client_id: String,
    /// When they were bought.
    purchased_on: NaiveDate,
    /// Currency of the amounts.
    currency: Currency,
    /// The terms of all.
    terms: PositionTerms,
    /// The invoices.
    #[schemars(length(min = 1, max = 10_000))]
    invoices: Vec<AskedInvoice>,
}

/// An invoice that was bought.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AskedInvoice {
    /// Who owes it.
    debtor_id: String,
    /// Its number.
    invoice_number: String,
    /// Amount bought.
    amount: Amount,
    /// Paid at the purchase, before charges.
    advance: Amount,
    /// When it is due.
    due_on: NaiveDate,
}

/// An invoice that was bought.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ShownPosition {
    /// Its id.
    id: String,
    /// Whose receivable it was.
    client_id: String,
    /// The offer by which it was bought.
    offer_id: Option<String>,
    /// Who owes it.
    debtor_id: String,
    /// Its number.
    invoice_number: String,
    /// Currency of the amounts.
    currency: Currency,
    /// Amount bought.
    amount: Money,
    /// Paid at the purchase, before charges.
    advance: Money,
    /// Charges of the whole purchase that were taken out of the advance; on its first invoice.
    prepaid_charges: Money,
    /// Cash from the debtor so far.
    collected: Money,
    /// The day of the last payment.
    last_paid_on: Option<NaiveDate>,
    /// When it was bought.
    purchased_on: NaiveDate,
    /// When it is due.
    due_on: NaiveDate,
    /// Its terms.
    terms: PositionTerms,
    /// `open` or `settled`.
    status: String,
}

/// How a position ended.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ShownSettlement {
    /// The position.
    position_id: String,
    /// Its debtor.
    debtor_id: String,
    /// Its invoice.
    invoice_number: String,
    /// The day to which the fee runs.
    settled_on: NaiveDate,
    /// Currency of the amounts.
    currency: Currency,
    /// Cash from the debtor.
    collected: Money,
    /// The fee.
    fee: Money,
    /// Amount bought less collected.
    shortfall: Money,
    /// Why.
    cause: Option<LossCause>,
    /// What the client bears of it.
    chargeback: Money,
    /// What the factor bears of it.
    factor_loss: Money,
    /// What the client still gets; negative: it owes that.
    rebate: Money,
}

/// Positions that were recorded.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct MadePositions {
    /// In the order of the request.
    positions: Vec<ShownPosition>,
}

/// The end of a position that was not collected in full.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedSettlement {
    /// The day of recourse or of the last payment.
    on: NaiveDate,
    /// Why something is missing; needed when it is.
    cause: Option<LossCause>,
}

impl From<Position> for ShownPosition {
    fn from(position: Position) -> Self {
        let (status, collected) = (position.status().to_owned(), position.collected());
        let (own, last_paid_on) = (position.invoice().clone(), position.last_paid_on());
        Self {
            id: own.id,
            client_id: own.client_id,
            offer_id: own.offer_id,
            debtor_id: own.debtor_id,
            invoice_number: own.invoice_number,
            currency: own.amount.currency(),
            amount: own.amount,
            advance: own.advance,
            prepaid_charges: own.prepaid,
            collected,
            last_paid_on,
            purchased_on: own.purchased_on,
            due_on: own.due_on,
            terms: own.terms,
            status,
        }
    }
}

impl From<&SettledPosition> for ShownSettlement {
    fn from(SettledPosition { invoice, settlement, .. }: &SettledPosition) -> Self {
        Self {
            position_id: invoice.id.clone(),
            debtor_id: invoice.debtor_id.clone(),
            invoice_number: invoice.invoice_number.clone(),
            settled_on: settlement.on,
            currency: invoice.amount.currency(),
            collected: settlement.collected,
            fee: settlement.fee,
            shortfall: settlement.shortfall,
            cause: settlement.cause,
            chargeback: settlement.chargeback,
            factor_loss: settlement.factor_loss,
            rebate: settlement.rebate,
        }
    }
}

impl From<AskedInvoice> for RecordedInvoice {
    fn from(asked: AskedInvoice) -> Self {
        let AskedInvoice { debtor_id, invoice_number, amount, advance, due_on } = asked;
        Self { debtor_id, invoice_number, amount, advance, due_on }
    }
}

impl From<AskedPositions> for RecordedPurchase {
    fn from(asked: AskedPositions) -> Self {
        let AskedPositions { client_id, purchased_on, currency, terms, invoices } = asked;
        let invoices = invoices.into_iter().map(RecordedInvoice::from).collect();
        Self { client_id, purchased_on, currency, terms, invoices }
    }
}

/// What can be asked of positions.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/positions", "Invoices that were bought", routing::get(list))
            .query::<PageQuery>()
            .answers::<Listed<ShownPosition>>(200, "In order of their ids."),
        Operation::post(
            "/v1/positions",
            "Record invoices bought without an offer",
            routing::post(create),
        )
        .reads::<AskedPositions>()
        .once()
        .answers::<MadePositions>(201, "All of them."),
        Operation::get("/v1/positions/{id}", "An invoice that was bought", routing::get(get))
            .answers::<ShownPosition>(200, "The position."),
        Operation::post(
            "/v1/positions/{id}/settlement",
            "End a position that was not collected in full",
            routing::post(settle),
        )
        .reads::<AskedSettlement>()
        .once()
        .answers::<ShownSettlement>(201, "Fee, rebate and chargeback."),
    ]
}

async fn create(
    State(service): State<Service>,
    Posted { by, once, body: Needed(asked), .. }: Posted<Underwriter, Needed<AskedPositions>>,
) -> Result<Response, Early> {
    Ok(json(service.record_positions(&by, asked.into(), &once, made).await?))
}

fn made(bought: &[OpenPosition]) -> Result<Reply, ServiceError> {
    let positions = bought.iter().cloned().map(|own| Position::from(own).into()).collect();
    Reply::json(201, &MadePositions { positions })
}

async fn list(
    State(service): State<Service>,
    By(by): By<Caller>,
    page: Page,
) -> Result<Json<Listed<ShownPosition>>, Problem> {
    let all = service.positions(&by, &page.after, page.limit).await?;
    let all: Vec<ShownPosition> = all.into_iter().map(ShownPosition::from).collect();
    Ok(Json(Listed::new(all, page.limit, |position| &position.id)))
}

async fn get(
    State(service): State<Service>,
    By(by): By<Caller>,
    Id(id): Id,
) -> Result<Response, Problem> {
    let position = service.position(&by, &id).await?;
    let version = position.invoice().version;
    Ok(tagged(Reply::json(200, &ShownPosition::from(position))?, version))
}

async fn settle(
    State(service): State<Service>,
    Posted { by, id, once, body, .. }: Posted<Underwriter, Needed<AskedSettlement>>,
) -> Result<Response, Early> {
    let Needed(AskedSettlement { on, cause }) = body;
    let ending = Ending { id: &id, on, cause };
    let answer = |settled: &SettledPosition| Reply::json(201, &ShownSettlement::from(settled));
    Ok(json(service.settle_position(&by, ending, &once, answer).await?))
}
