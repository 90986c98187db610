use axum::body::Bytes;
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Service;
use super::caller::Underwriter;
use super::extract::{Asked, MOST_BYTES, Payload, collected, media};
use super::positions::{MOST, ShownSettlement, money, position, settlement, shown_settlement};
use super::problem::Problem;
use super::request::{Once, Turn, json, parsed, text};
use crate::basics::{Amount, Currency, Money};
use crate::store::{CollectionRow, PositionRow, Posted};

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
    let named = |error: csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        Problem::field(&format!("line {line}"), error.to_string())
    };
    reader.deserialize().map(|row| row.map_err(named)).collect()
}

/// What payments lead to, while they are applied one after the other.
struct Applying<'a> {
    service: &'a Service,
    client: &'a str,
    now: &'a str,
    open: Vec<PositionRow>,
    touched: Vec<usize>,
    posted: Posted,
    shown: MadeCollections,
}

impl Applying<'_> {
    fn apply(&mut self, at: usize, paid: &AskedPayment) -> Result<(), Problem> {
        let field = |name: &str| format!("payments[{at}].{name}");
        super::clients::named(&field("invoice_number"), &paid.invoice_number)?;
        let is_meant = |row: &PositionRow| {
            row.status == "open"
                && row.invoice_number == paid.invoice_number
                && paid.debtor_id.as_ref().is_none_or(|debtor| *debtor == row.debtor_id)
                && paid.currency.is_none_or(|currency| currency.code() == row.currency)
        };
        let meant: Vec<usize> =
            (0..self.open.len()).filter(|&index| is_meant(&self.open[index])).collect();
        let currency = match (meant.as_slice(), paid.currency) {
            (_, Some(currency)) => currency,
            ([index], None) => self.open[*index].currency.parse().map_err(Problem::internal)?,
            ([], None) => {
                let detail = "No open position has this invoice; name the currency of the payment.";
                return Err(Problem::field(&field("currency"), detail));
            }
            _ => {
                let detail = "Several debtors have an invoice of this number; name the debtor.";
                return Err(Problem::field(&field("debtor_id"), detail));
            }
        };
        if meant.len() > 1 {
            let detail = "Several debtors have an invoice of this number; name the debtor.";
            return Err(Problem::field(&field("debtor_id"), detail));
        }
        let mut rest = money(&field("amount"), paid.amount, currency)?;
        if let [index] = meant.as_slice() {
            let at = position(&self.open[*index])?;
            if paid.received_on < at.purchased_on {
                let detail = format!("The invoice was bought on {}.", at.purchased_on);
                return Err(Problem::field(&field("received_on"), detail));
            }
            let outstanding = at.outstanding().map_err(Problem::internal)?;
            let part = if rest.minor() < outstanding.minor() { rest } else { outstanding };
            rest = rest.checked_sub(part).map_err(Problem::internal)?;
            self.part(paid, Some(*index), part)?;
            let row = &mut self.open[*index];
            row.collected += part.minor();
            if row.collected == row.amount {
                let settled = settlement(row, &position(row)?, (paid.received_on, None), self.now)?;
                "settled".clone_into(&mut row.status);
                self.shown.settlements.push(shown_settlement(&settled, row)?);
                self.posted.settlements.push(settled);
            }
            if !self.touched.contains(index) {
                self.touched.push(*index);
            }
        }
        if rest.minor() > 0 {
            self.part(paid, None, rest)?;
        }
        Ok(())
    }

    /// A part of a payment, on a position or the client's.
    fn part(
        &mut self,
        paid: &AskedPayment,
        index: Option<usize>,
        amount: Money,
    ) -> Result<(), Problem> {
        let row = index.map(|index| &self.open[index]);
        let debtor = row.map(|row| row.debtor_id.clone()).or(paid.debtor_id.clone());
        let collection = CollectionRow {
            id: self.service.new_id()?,
            client_id: self.client.to_owned(),
            position_id: row.map(|row| row.id.clone()),
            debtor_id: debtor.unwrap_or_default(),
            invoice_number: paid.invoice_number.clone(),
            currency: amount.currency().code().to_owned(),
            amount: amount.minor(),
            received_on: paid.received_on.to_string(),
            reference: paid.reference.clone(),
            created_at: self.now.to_owned(),
        };
        self.shown.collections.push(ShownCollection {
            id: collection.id.clone(),
            position_id: collection.position_id.clone(),
            invoice_number: paid.invoice_number.clone(),
            currency: amount.currency(),
            amount,
            received_on: paid.received_on,
            reference: paid.reference.clone(),
        });
        self.posted.collections.push(collection);
        Ok(())
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
    service.store.client(&asked.client_id).await?;
    let mut open = service.store.positions_of(&asked.client_id).await?;
    open.retain(|row| row.status == "open");
    let mut applying = Applying {
        service: &service,
        client: &asked.client_id,
        now: once.at(),
        open,
        touched: Vec::new(),
        posted: Posted::default(),
        shown: MadeCollections { collections: Vec::new(), settlements: Vec::new() },
    };
    for (at, paid) in asked.payments.iter().enumerate() {
        applying.apply(at, paid)?;
    }
    let Applying { open, touched, mut posted, shown, .. } = applying;
    posted.positions = touched.into_iter().map(|index| open[index].clone()).collect();
    let answer = text(&shown)?;
    let actor = once.actor(StatusCode::CREATED, &answer);
    service.store.post(&posted, ("collections.recorded", &asked.client_id), &actor).await?;
    Ok(json(StatusCode::CREATED.as_u16(), answer))
}
