use axum::Json;
use axum::extract::State;
use axum::response::Response;
use axum::routing;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Amount, Currency, Money};
use pricing::LossCause;
use purchases::{NamedPositions, Position, PositionTerms, SettledPosition};
use service::{Caller, Ending, RecordedInvoice, RecordedPurchase, Reply, Service, Underwriter};

use super::http::body::json;
use super::http::caller::By;
use super::http::extract::Id;
use super::http::once::{Early, Needed, Posted};
use super::http::operation::Operation;
use super::http::page::{Listed, Page, PageQuery};
use super::http::problem::Problem;
use super::http::version::tagged;
use super::purchases::{ShownPurchase, recorded};

/// A purchase that was agreed without an offer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedPositions {
    /// The client that sold them.
    client_id: String,
    /// The currency of the amounts.
    currency: Currency,
    /// The terms of all of them.
    terms: PositionTerms,
    /// The invoices.
    #[schemars(length(min = 1, max = 10_000))]
    invoices: Vec<AskedInvoice>,
    /// Positions that were charged back and are bought again.
    #[serde(default)]
    #[schemars(length(max = 10_000))]
    repurchases: Vec<String>,
    /// Positions of the same number, or nearly, that are other invoices. The issue dates have to
    /// differ.
    #[serde(default)]
    #[schemars(length(max = 10_000))]
    distinct_from: Vec<String>,
}

/// An invoice that the client sells.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AskedInvoice {
    /// The debtor that owes it.
    debtor_id: String,
    /// Its invoice number.
    invoice_number: String,
    /// The amount bought.
    amount: Amount,
    /// The advance to be paid, before charges.
    advance: Amount,
    /// Its due date.
    due_on: NaiveDate,
    /// The debtor's name, by which the invoice is found if it is sold again.
    #[serde(default)]
    debtor_name: Option<String>,
    /// The debtor's tax or registration number.
    #[serde(default)]
    tax_number: Option<String>,
    /// Its original amount; the amount bought by default.
    #[serde(default)]
    face: Option<Amount>,
    /// Its issue date.
    #[serde(default)]
    issued_on: Option<NaiveDate>,
}

/// A bought invoice.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ShownPosition {
    /// Its id.
    id: String,
    /// The client that sold it.
    client_id: String,
    /// The offer under which it was bought; `null` if recorded without one.
    offer_id: Option<String>,
    /// The debtor that owes it.
    debtor_id: String,
    /// Its invoice number.
    invoice_number: String,
    /// The currency of the amounts.
    currency: Currency,
    /// The amount bought.
    amount: Money,
    /// The advance paid at purchase, before charges.
    advance: Money,
    /// Charges of the whole purchase deducted from the advance; shown on its first invoice.
    prepaid_charges: Money,
    /// Cash received from the debtor so far.
    collected: Money,
    /// The day of the last payment; `null` before the first.
    last_paid_on: Option<NaiveDate>,
    /// The day of the purchase.
    purchased_on: NaiveDate,
    /// Its due date.
    due_on: NaiveDate,
    /// Its terms.
    terms: PositionTerms,
    /// `open`, `settled` or `reversed`.
    status: String,
    /// The part of a shortfall that was charged back to the client; `null` unless it is settled.
    chargeback: Option<Money>,
}

/// The settlement of a position.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ShownSettlement {
    /// The position.
    position_id: String,
    /// The debtor.
    debtor_id: String,
    /// The invoice number.
    invoice_number: String,
    /// The day of settlement, up to which the fee runs.
    settled_on: NaiveDate,
    /// The day on which the books show it: later than `settled_on` if something about the position
    /// was reversed after that day.
    booked_on: NaiveDate,
    /// The currency of the amounts.
    currency: Currency,
    /// Cash received from the debtor.
    collected: Money,
    /// The fee.
    fee: Money,
    /// The amount bought less the cash received.
    shortfall: Money,
    /// The cause of the shortfall; `null` if there is none.
    cause: Option<LossCause>,
    /// The part of the shortfall charged back to the client.
    chargeback: Money,
    /// The part of the shortfall that the factor loses.
    factor_loss: Money,
    /// The amount that the factor still owes the client; if negative, the client owes it.
    rebate: Money,
}

/// The settlement of a position that was not collected in full.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedSettlement {
    /// Any day from the last payment (or the purchase) on; the fee runs to it, at most to the day
    /// of recourse.
    on: NaiveDate,
    /// The cause of the shortfall; required if there is one.
    cause: Option<LossCause>,
}

impl From<Position> for ShownPosition {
    fn from(position: Position) -> Self {
        let (status, collected) = (position.status().to_owned(), position.collected());
        let (own, last_paid_on) = (position.invoice().clone(), position.last_paid_on());
        let chargeback = match &position {
            Position::Settled(settled) => Some(settled.settlement.chargeback),
            Position::Open(_) | Position::Reversed(_) => None,
        };
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
            chargeback,
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
            booked_on: settlement.booked_on,
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
        let AskedInvoice { debtor_id, invoice_number, amount, advance, due_on, .. } = asked;
        let AskedInvoice { debtor_name, tax_number, face, issued_on, .. } = asked;
        Self {
            debtor_id,
            invoice_number,
            amount,
            advance,
            due_on,
            debtor_name,
            tax_number,
            face,
            issued_on,
        }
    }
}

impl From<AskedPositions> for RecordedPurchase {
    fn from(asked: AskedPositions) -> Self {
        let AskedPositions { client_id, currency, terms, .. } = asked;
        let invoices = asked.invoices.into_iter().map(RecordedInvoice::from).collect();
        let AskedPositions { repurchases, distinct_from, .. } = asked;
        let named = NamedPositions { repurchases, distinct_from };
        Self { client_id, currency, terms, invoices, named }
    }
}

/// The operations on positions.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/positions", "List bought invoices", routing::get(list))
            .query::<PageQuery>()
            .answers::<Listed<ShownPosition>>(200, "Ordered by id."),
        Operation::post(
            "/v1/positions",
            "Record a purchase agreed without an offer",
            routing::post(create),
        )
        .by::<Underwriter>()
        .reads::<AskedPositions>()
        .once()
        .answers::<ShownPurchase>(201, "The purchase, which is accepted and not funded."),
        Operation::get("/v1/positions/{id}", "Show a bought invoice", routing::get(get))
            .answers::<ShownPosition>(200, "The position."),
        Operation::post(
            "/v1/positions/{id}/settlement",
            "Settle a position that was not collected in full",
            routing::post(settle),
        )
        .by::<Underwriter>()
        .reads::<AskedSettlement>()
        .once()
        .answers::<ShownSettlement>(201, "The settlement: fee, rebate and chargeback."),
    ]
}

async fn create(
    State(service): State<Service>,
    Posted { by, once, body: Needed(asked), .. }: Posted<Underwriter, Needed<AskedPositions>>,
) -> Result<Response, Early> {
    Ok(json(service.record_purchase(&by, asked.into(), &once, recorded).await?))
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
