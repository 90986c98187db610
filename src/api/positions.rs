use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Amount, Currency, Money};
use pricing::LossCause;
use purchases::{
    Deal, Period, Position, PositionTerms, Purchase, Purchases, SettledPosition, Statement,
    bookable_due, events, statements,
};

use super::Service;
use super::caller::{Caller, Underwriter};
use super::extract::{Asked, Id, Payload};
use super::page::{Listed, Page};
use super::problem::Problem;
use super::refused::{money, own, past, refused};
use super::request::{Once, Turn, json, parsed, tagged, text};

/// Most invoices or payments of one request.
pub(super) const MOST: usize = 10_000;

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

/// Records invoices that were bought.
pub(super) async fn create(
    State(service): State<Service>,
    Underwriter(caller): Underwriter,
    headers: HeaderMap,
    Payload(body): Payload,
) -> Result<Response, Problem> {
    let route = "POST /v1/positions";
    let once = match Once::of(&service, &caller.key, &headers, (route, &body)).await? {
        Turn::Answered(answer) => return Ok(answer),
        Turn::New(once) => once,
    };
    let asked: AskedPositions = parsed(&body)?;
    service.store.client(&asked.client_id).await?;
    if !(1..=MOST).contains(&asked.invoices.len()) {
        return Err(Problem::field("invoices", format!("Expected 1 to {MOST}.")));
    }
    let asked_terms = |error| refused(&error, own);
    asked.terms.check().map_err(asked_terms)?;
    past(&service, "purchased_on", asked.purchased_on)?;
    let AskedPositions { client_id, purchased_on, currency, terms, invoices } = asked;
    let prepaid = terms.fee_plan.charges().prepaid(currency);
    let prepaid = prepaid.map_err(|error| Problem::field("terms.fee_plan", error.to_string()))?;
    let invoices = invoices.into_iter().enumerate();
    let invoices = invoices.map(|(at, invoice)| purchase(at, invoice, currency));
    let invoices = invoices.collect::<Result<Vec<_>, Problem>>()?;
    let deal = Deal { client_id, offer_id: None, purchased_on };
    let bought = Purchases { terms, prepaid, invoices };
    let bought = bought.positions(&deal, || service.new_id())?;
    let positions = bought.iter().cloned().map(|own| Position::from(own).into()).collect();
    let answer = text(&MadePositions { positions })?;
    let actor = once.actor(StatusCode::CREATED, &answer);
    service.store.add_positions(&deal.client_id, &bought, &actor).await?;
    Ok(json(StatusCode::CREATED.as_u16(), answer))
}

/// An invoice of a request, by its place there.
fn purchase(at: usize, asked: AskedInvoice, currency: Currency) -> Result<Purchase, Problem> {
    let field = |name: &str| format!("invoices[{at}].{name}");
    super::clients::named(&field("invoice_number"), &asked.invoice_number)?;
    super::clients::named(&field("debtor_id"), &asked.debtor_id)?;
    let purchase = Purchase {
        amount: money(&field("amount"), asked.amount, currency)?,
        advance: money(&field("advance"), asked.advance, currency)?,
        due: asked.due_on,
        debtor_id: asked.debtor_id,
        invoice_number: asked.invoice_number,
    };
    purchase.check().map_err(|error| refused(&error, field))?;
    bookable_due(purchase.due).map_err(|error| refused(&error, field))?;
    Ok(purchase)
}

/// Positions: a client's own, or all.
pub(super) async fn list(
    State(service): State<Service>,
    Caller(caller): Caller,
    page: Page,
) -> Result<Json<Listed<ShownPosition>>, Problem> {
    let rows = service.store.positions(caller.client.as_deref(), &page.after, page.limit).await?;
    let all: Vec<ShownPosition> = rows.into_iter().map(ShownPosition::from).collect();
    Ok(Json(Listed::new(all, page.limit, |position| &position.id)))
}

/// A position.
pub(super) async fn get(
    State(service): State<Service>,
    caller: Caller,
    Id(id): Id,
) -> Result<Response, Problem> {
    let position = service.store.position(&id).await?;
    caller.sees(&position.invoice().client_id, "position")?;
    let version = position.invoice().version;
    Ok(tagged(StatusCode::OK, text(&ShownPosition::from(position))?, version))
}

/// Ends a position that was not collected in full: recourse, or a short payment.
pub(super) async fn settle(
    State(service): State<Service>,
    Underwriter(caller): Underwriter,
    Id(id): Id,
    headers: HeaderMap,
    Payload(body): Payload,
) -> Result<Response, Problem> {
    let route = format!("POST /v1/positions/{id}/settlement");
    let once = match Once::of(&service, &caller.key, &headers, (&route, &body)).await? {
        Turn::Answered(answer) => return Ok(answer),
        Turn::New(once) => once,
    };
    let asked: AskedSettlement = parsed(&body)?;
    let position = service.store.position(&id).await?;
    let open = position.into_open().map_err(|error| refused(&error, own))?;
    past(&service, "on", asked.on)?;
    let settled = open.settle(asked.on, asked.cause).map_err(|error| refused(&error, own))?;
    let answer = text(&ShownSettlement::from(&settled))?;
    let actor = once.actor(StatusCode::CREATED, &answer);
    service.store.add_settlement(&settled, &actor).await?;
    Ok(json(StatusCode::CREATED.as_u16(), answer))
}

/// The period of a statement.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PeriodQuery {
    /// Its first day.
    from: Option<NaiveDate>,
    /// Its last day.
    to: Option<NaiveDate>,
}

/// A client's statements.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Statements {
    /// The client.
    client_id: String,
    /// One for each currency.
    statements: Vec<Statement>,
}

/// A client's statement of account.
pub(super) async fn statement(
    State(service): State<Service>,
    caller: Caller,
    Id(client): Id,
    Asked(asked): Asked<PeriodQuery>,
) -> Result<Response, Problem> {
    caller.sees(&client, "client")?;
    service.store.client(&client).await?;
    if asked.from.zip(asked.to).is_some_and(|(from, to)| from > to) {
        return Err(Problem::field("from", "Expected no day after `to`."));
    }
    let positions = service.store.positions_of(&client).await?;
    let collections = service.store.collections_of(&client).await?;
    let period = Period { from: asked.from, to: asked.to };
    let statements = statements(events(&positions, &collections), period);
    let statements = statements.map_err(Problem::internal)?;
    Ok(json(200, text(&Statements { client_id: client, statements })?))
}
