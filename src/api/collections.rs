use axum::body::Bytes;
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use basics::{Amount, Currency, Money};
use purchases::{Applied, CashApplication, Collection, Payment};
use store::{Posting, StoreError};

use super::Service;
use super::caller::Underwriter;
use super::extract::{Asked, MOST_BYTES, Payload, collected, media};
use super::positions::{MOST, ShownSettlement};
use super::problem::{Problem, ProblemType};
use super::refused::refused;
use super::request::{Once, Turn, json, parsed, text};

/// How often payments are applied anew when others were faster.
const ATTEMPTS: u32 = 32;

/// Payments that debtors made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedCollections {
    /// Whose invoices were paid.
    client_id: String,
    /// The payments, in the order in which they are applied.
    #[schemars(length(min = 1, max = 10_000))]
    payments: Vec<AskedPayment>,
}

/// A payment.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AskedPayment {
    /// The invoice that it names.
    invoice_number: String,
    /// Who paid; needed where two debtors have an invoice of this number.
    #[serde(default)]
    debtor_id: Option<String>,
    /// What was paid.
    amount: Amount,
    /// Its currency; the position's unless told.
    #[serde(default)]
    currency: Option<Currency>,
    /// When it was received.
    received_on: NaiveDate,
    /// The payment's own reference.
    #[serde(default)]
    reference: String,
}

/// Whose payments a CSV file holds.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ClientQuery {
    /// The client, for a body of CSV.
    client_id: Option<String>,
}

/// What became of payments.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct MadeCollections {
    /// Parts of payments, in the order of the request.
    collections: Vec<ShownCollection>,
    /// Positions that are settled by them.
    settlements: Vec<ShownSettlement>,
}

/// A part of a payment.
#[derive(Debug, Serialize, JsonSchema)]
struct ShownCollection {
    /// Its id.
    id: String,
    /// The position that it is applied to; none: it is the client's.
    position_id: Option<String>,
    /// `payment`, `recovery` of what the factor has lost, or `unapplied`: the client's.
    kind: &'static str,
    /// The invoice that it names.
    invoice_number: String,
    /// Currency of the amount.
    currency: Currency,
    /// The part.
    amount: Money,
    /// When it was received.
    received_on: NaiveDate,
    /// The payment's own reference.
    reference: String,
}

/// Rows of a CSV file with the columns invoice_number, amount, received_on and, where needed,
/// debtor_id, currency and reference.
fn rows(body: &Bytes) -> Result<Vec<AskedPayment>, Problem> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(body.as_ref());
    let damaged = |error: csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        Problem::field(&format!("line {line}"), error.to_string())
    };
    let header = reader.headers().map_err(damaged)?.clone();
    let mut all = Vec::new();
    for row in reader.records() {
        let row = row.map_err(damaged)?;
        let line = row.position().map_or(0, csv::Position::line);
        let cells = header.iter().zip(&row).filter(|(_, cell)| !cell.is_empty());
        let cells = cells.map(|(name, cell)| (name.to_owned(), Value::from(cell)));
        let paid = serde_path_to_error::deserialize(Value::Object(cells.collect()));
        all.push(paid.map_err(|error| {
            Problem::field(&format!("line {line}, {}", error.path()), error.inner().to_string())
        })?);
    }
    Ok(all)
}

/// What is applied, and what the caller is told of it.
struct Made {
    applied: Applied,
    collections: Vec<Collection>,
    shown: MadeCollections,
}

impl From<&Collection> for ShownCollection {
    fn from(Collection { id, part }: &Collection) -> Self {
        Self {
            id: id.clone(),
            position_id: part.applied_to.position_id().map(str::to_owned),
            kind: part.applied_to.as_str(),
            invoice_number: part.invoice_number.clone(),
            currency: part.amount.currency(),
            amount: part.amount,
            received_on: part.received_on,
            reference: part.reference.clone(),
        }
    }
}

impl From<AskedPayment> for Payment {
    fn from(asked: AskedPayment) -> Self {
        let AskedPayment { invoice_number, debtor_id, amount, currency, received_on, reference } =
            asked;
        Self { invoice_number, debtor_id, amount, currency, received_on, reference }
    }
}

/// Applies payments to positions; those that are paid in full by it are settled.
pub(super) async fn create(
    State(service): State<Service>,
    Underwriter(caller): Underwriter,
    Asked(query): Asked<ClientQuery>,
    request: Request,
) -> Result<Response, Problem> {
    let headers: HeaderMap = request.headers().clone();
    let is_csv = media(&headers) == Some("text/csv");
    let body = if is_csv {
        collected(request.into_body(), MOST_BYTES).await?
    } else {
        Payload::from_request(request, &service).await?.0
    };
    let named = query.client_id.clone().unwrap_or_default();
    let route = format!("POST /v1/collections?{named}");
    let once = match Once::of(&service, &caller.key, &headers, (&route, &body)).await? {
        Turn::Answered(answer) => return Ok(answer),
        Turn::New(once) => once,
    };
    let asked = if is_csv {
        let client_id = query.client_id.ok_or_else(|| {
            Problem::field("client_id", "Name the client whose invoices were paid.")
        })?;
        AskedCollections { client_id, payments: rows(&body)? }
    } else {
        parsed(&body)?
    };
    if !(1..=MOST).contains(&asked.payments.len()) {
        return Err(Problem::field("payments", format!("Expected 1 to {MOST}.")));
    }
    let AskedCollections { client_id, payments } = asked;
    let payments: Vec<Payment> = payments.into_iter().map(Payment::from).collect();
    service.store.client(&client_id).await?;
    // Two requests at once may mean the same position; the later one looks again.
    for _ in 0..ATTEMPTS {
        let made = applied(&service, &client_id, &payments).await?;
        let answer = text(&made.shown)?;
        let actor = once.actor(StatusCode::CREATED, &answer);
        let posting = Posting {
            client: &client_id,
            collections: &made.collections,
            positions: &made.applied.positions,
            settled: &made.applied.settled,
        };
        match service.store.post(posting, &actor).await {
            Ok(()) => return Ok(json(StatusCode::CREATED.as_u16(), answer)),
            Err(StoreError::Changed(_)) => {}
            Err(other) => return Err(other.into()),
        }
    }
    let detail = "Too many payments on the same positions at once; send it again.";
    Err(Problem::new(ProblemType::Conflict, detail))
}

/// What the payments of a request lead to.
async fn applied(service: &Service, client: &str, payments: &[Payment]) -> Result<Made, Problem> {
    let mut cash = CashApplication::new(service.store.positions_of(client).await?);
    for (at, payment) in payments.iter().enumerate() {
        let field = |name: &str| format!("payments[{at}].{name}");
        super::clients::named(&field("invoice_number"), &payment.invoice_number)?;
        cash.apply(payment, service.today()).map_err(|error| refused(&error, field))?;
    }
    let applied = cash.applied();
    let recorded = applied
        .parts
        .iter()
        .map(|part| Ok(Collection { id: service.new_id()?, part: part.clone() }));
    let collections = recorded.collect::<Result<Vec<Collection>, Problem>>()?;
    let shown = MadeCollections {
        collections: collections.iter().map(ShownCollection::from).collect(),
        settlements: applied.settled.iter().map(ShownSettlement::from).collect(),
    };
    Ok(Made { applied, collections, shown })
}
