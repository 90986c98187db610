use axum::body::Bytes;
use axum::extract::{FromRequest, Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use basics::{Amount, Currency, Money};
use purchases::{Collection, Payment};
use service::{AppliedPayments, Payments, Reply, Service, ServiceError, Underwriter};

use super::http::accept::CSV;
use super::http::body::{json, parsed};
use super::http::caller::By;
use super::http::extract::{Asked, MOST_BYTES, Payload, collected, media};
use super::http::fault::{Fault, Kind, of_csv};
use super::http::once::{Early, Wanted, begun};
use super::http::operation::Operation;
use super::http::problem::Problem;
use super::http::texts::{Unfit, check_body};
use super::positions::ShownSettlement;
use super::state::Api;

/// Payments received from debtors.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedCollections {
    /// The client whose invoices were paid.
    client_id: String,
    /// The payments, applied in this order.
    #[schemars(length(min = 1, max = 10_000))]
    payments: Vec<AskedPayment>,
}

/// A payment.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AskedPayment {
    /// The invoice number on the remittance.
    invoice_number: String,
    /// The debtor that paid; required if two debtors have an invoice with this number.
    #[serde(default)]
    debtor_id: Option<String>,
    /// The amount received.
    amount: Amount,
    /// The currency; the position's by default.
    #[serde(default)]
    currency: Option<Currency>,
    /// The day it was received.
    received_on: NaiveDate,
    /// The reference of the bank line. Within an account, or a client where no account is named,
    /// it is booked once; the lines of one request may share it.
    #[serde(default)]
    reference: String,
    /// The bank account that received it.
    #[serde(default)]
    account: String,
    /// The payment on record with the same reference, if this is another one.
    #[serde(default)]
    duplicate_of: Option<String>,
}

/// The client that a CSV body belongs to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ClientQuery {
    /// The client; required with a CSV body.
    client_id: Option<String>,
}

/// The outcome of a batch of payments.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct MadeCollections {
    /// The payments in the order of the request, split where they were applied in parts.
    collections: Vec<ShownCollection>,
    /// The positions that these payments settled.
    settlements: Vec<ShownSettlement>,
}

/// One part of a payment.
#[derive(Debug, Serialize, JsonSchema)]
struct ShownCollection {
    /// Its id.
    id: String,
    /// The payment of which it is a part: the id of the first part.
    payment_id: String,
    /// The position that it was applied to; `null` if the money belongs to the client.
    position_id: Option<String>,
    /// `payment`, `recovery` (of an earlier loss) or `unapplied` (the client's money).
    kind: &'static str,
    /// The invoice number on the remittance.
    invoice_number: String,
    /// The currency of the amount.
    currency: Currency,
    /// The amount of this part.
    amount: Money,
    /// The day it was received.
    received_on: NaiveDate,
    /// The day on which the books show it: later than `received_on` if something about the position
    /// was reversed after that day.
    booked_on: NaiveDate,
    /// The reference of the bank line.
    reference: String,
    /// The bank account that received it.
    account: String,
}

/// Reads the rows of a CSV body: invoice_number, amount, received_on and, optionally, debtor_id,
/// currency, reference, account and duplicate_of.
///
/// # Errors
/// If a row is damaged, lacks a column or holds a value of the wrong form; the problem names the
/// line.
fn rows(body: &Bytes) -> Result<Vec<AskedPayment>, Problem> {
    // Rows that people write have spaces after their commas.
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(body.as_ref());
    let damaged = |error: csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        Problem::field(&format!("line {line}"), of_csv(&error))
    };
    let header = reader.headers().map_err(damaged)?.clone();
    let mut all = Vec::new();
    for row in reader.records() {
        let row = row.map_err(damaged)?;
        // Not counted here: a cell in quotes may span lines.
        let line = row.position().map_or(0, csv::Position::line);
        // An empty cell is a value that was left out, not an empty text.
        let cells = header.iter().zip(&row).filter(|(_, cell)| !cell.is_empty());
        // As an object, so that columns come in any order and faults read as in a JSON body.
        let cells = cells.map(|(name, cell)| (name.to_owned(), Value::from(cell)));
        let cells = Value::Object(cells.collect());
        check_body::<AskedPayment>(&cells).map_err(|Unfit { path, sentence }| {
            Problem::malformed(&format!("line {line}, {path}"), sentence)
        })?;
        let paid = serde_path_to_error::deserialize(cells);
        all.push(paid.map_err(|error| {
            let path = error.path().to_string();
            let fault = Fault::of(&error.inner().to_string(), &path, Kind::Column);
            let column = fault.path(&path, "row");
            Problem::field(&format!("line {line}, {column}"), fault.sentence)
        })?);
    }
    Ok(all)
}

impl From<&Collection> for ShownCollection {
    fn from(Collection { id, payment, part }: &Collection) -> Self {
        Self {
            id: id.clone(),
            payment_id: payment.clone(),
            position_id: part.applied_to.position_id().map(str::to_owned),
            kind: part.applied_to.as_str(),
            invoice_number: part.invoice_number.clone(),
            currency: part.amount.currency(),
            amount: part.amount,
            received_on: part.received_on,
            booked_on: part.booked_on,
            reference: part.reference.clone(),
            account: part.account.clone(),
        }
    }
}

impl From<AskedPayment> for Payment {
    fn from(asked: AskedPayment) -> Self {
        Self {
            invoice_number: asked.invoice_number,
            debtor_id: asked.debtor_id,
            amount: asked.amount,
            currency: asked.currency,
            received_on: asked.received_on,
            reference: asked.reference,
            account: asked.account,
            duplicate_of: asked.duplicate_of,
        }
    }
}

impl From<AskedCollections> for Payments {
    fn from(AskedCollections { client_id, payments }: AskedCollections) -> Self {
        Self { client_id, payments: payments.into_iter().map(Payment::from).collect() }
    }
}

/// The operations on collections.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/collections", "Apply payments to positions", routing::post(create))
            .by::<Underwriter>()
            .query::<ClientQuery>()
            .reads::<AskedCollections>()
            .reads_rows(
                "The header line `invoice_number,debtor_id,amount,currency,received_on,reference`, \
                 then one payment per line. The columns may be in any order; `debtor_id`, \
                 `currency` and `reference` may be left out, `account` and `duplicate_of` added.",
            )
            .once()
            .answers::<MadeCollections>(201, "Where each payment went, and the positions settled."),
    ]
}

async fn create(
    State(api): State<Api>,
    By(by): By<Underwriter>,
    Asked(query): Asked<ClientQuery>,
    request: Request,
) -> Result<Response, Early> {
    let service: &Service = &api.service;
    let headers: HeaderMap = request.headers().clone();
    // The body is read here, not by an extractor: its media type decides how.
    let is_csv = media(&headers) == Some(CSV);
    let body = if is_csv {
        collected(request.into_body(), MOST_BYTES).await?
    } else {
        Payload::from_request(request, &api).await?.0
    };
    // The client is part of the request: the same rows sent for another client are another request.
    let route = format!("POST /v1/collections?{}", query.client_id.as_deref().unwrap_or_default());
    let wanted = Wanted { route: &route, body: &body };
    let once = begun(service, by.as_ref(), &headers, wanted).await?;
    let asked = if is_csv {
        let client_id = query.client_id.ok_or_else(|| {
            Problem::field(
                "client_id",
                "Required with a CSV body: the client whose invoices were paid.",
            )
        })?;
        AskedCollections { client_id, payments: rows(&body)? }
    } else {
        parsed(&body)?
    };
    Ok(json(service.collect(&by, asked.into(), &once, made).await?))
}

fn made(collected: &AppliedPayments) -> Result<Reply, ServiceError> {
    let shown = MadeCollections {
        collections: collected.collections.iter().map(ShownCollection::from).collect(),
        settlements: collected.settled.iter().map(ShownSettlement::from).collect(),
    };
    Reply::json(201, &shown)
}
