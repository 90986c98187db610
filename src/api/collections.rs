use std::collections::HashMap;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use basics::{Amount, Currency, Money};
use store::{CollectionRow, PositionRow, Posted, StoreError};

use super::Service;
use super::caller::Underwriter;
use super::extract::{Asked, MOST_BYTES, Payload, collected, media};
use super::positions::{
    MOST, ShownSettlement, last_paid_on, money, past, position, settlement, shown_settlement,
};
use super::problem::{Problem, ProblemType};
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

/// What payments lead to, while they are applied one after the other.
struct Applying<'a> {
    service: &'a Service,
    client: &'a str,
    now: &'a str,
    positions: Vec<PositionRow>,
    /// What the factor has lost, by position.
    losses: HashMap<String, (i64, i64)>,
    touched: Vec<usize>,
    posted: Posted,
    shown: MadeCollections,
}

impl Applying<'_> {
    fn apply(&mut self, at: usize, paid: &AskedPayment) -> Result<(), Problem> {
        let field = |name: &str| format!("payments[{at}].{name}");
        super::clients::named(&field("invoice_number"), &paid.invoice_number)?;
        past(self.service, &field("received_on"), paid.received_on)?;
        let named = |row: &&PositionRow| {
            row.invoice_number == paid.invoice_number
                && paid.debtor_id.as_ref().is_none_or(|debtor| *debtor == row.debtor_id)
        };
        let in_currency = |row: &PositionRow| {
            paid.currency.is_none_or(|currency| currency.code() == row.currency)
        };
        let open = |row: &&PositionRow| named(row) && row.status == "open";
        let meant: Vec<usize> = (0..self.positions.len())
            .filter(|&index| open(&&self.positions[index]) && in_currency(&self.positions[index]))
            .collect();
        if meant.len() > 1 {
            let detail = "Several debtors have an invoice of this number; name the debtor.";
            return Err(Problem::field(&field("debtor_id"), detail));
        }
        if let (true, Some(other)) = (meant.is_empty(), self.positions.iter().find(open)) {
            let detail = format!("The invoice was bought in {}.", other.currency);
            return Err(Problem::field(&field("currency"), detail));
        }
        let lost = (0..self.positions.len()).find(|&index| {
            let row = &self.positions[index];
            named(&row) && in_currency(row) && self.to_recover(row) > 0
        });
        let index = meant.first().copied().or(lost);
        let currency = match (index, paid.currency) {
            (_, Some(currency)) => currency,
            (Some(index), None) => {
                self.positions[index].currency.parse().map_err(Problem::internal)?
            }
            (None, None) => {
                let detail = "No open position has this invoice; name the currency of the payment.";
                return Err(Problem::field(&field("currency"), detail));
            }
        };
        let amount = money(&field("amount"), paid.amount, currency)?;
        let mut rest = amount;
        if let Some(index) = index {
            let at = position(&self.positions[index])?;
            if paid.received_on < at.purchased_on {
                let detail = format!("The invoice was bought on {}.", at.purchased_on);
                return Err(Problem::field(&field("received_on"), detail));
            }
            let is_open = self.positions[index].status == "open";
            let outstanding = if is_open {
                at.outstanding().map_err(Problem::internal)?.minor()
            } else {
                self.to_recover(&self.positions[index])
            };
            let part = Money::from_minor(amount.minor().min(outstanding), currency);
            rest = amount.checked_sub(part).map_err(Problem::internal)?;
            let kind = if is_open { "payment" } else { "recovery" };
            self.part(paid, (Some(index), kind), part)?;
            self.collected(index, paid.received_on, part)?;
        }
        if rest.minor() > 0 {
            self.part(paid, (None, "unapplied"), rest)?;
        }
        Ok(())
    }

    /// What the factor has lost of a settled position and not recovered yet.
    fn to_recover(&self, row: &PositionRow) -> i64 {
        let lost = self.losses.get(&row.id).filter(|_| row.status == "settled");
        lost.map_or(0, |(loss, collected)| loss - (row.collected - collected))
    }

    /// A position has got more; one that is collected in full is settled on the day of its last
    /// payment, whenever the others were recorded.
    fn collected(
        &mut self,
        index: usize,
        received_on: NaiveDate,
        part: Money,
    ) -> Result<(), Problem> {
        let row = &mut self.positions[index];
        row.collected += part.minor();
        let before = last_paid_on(row.last_paid_on.as_deref())?;
        let last = before.map_or(received_on, |before| before.max(received_on));
        row.last_paid_on = Some(last.to_string());
        if row.status == "open" && row.collected == row.amount {
            let settled = settlement(row, &position(row)?, (last, None), self.now)?;
            "settled".clone_into(&mut row.status);
            self.shown.settlements.push(shown_settlement(&settled, row)?);
            self.posted.settlements.push(settled);
        }
        if !self.touched.contains(&index) {
            self.touched.push(index);
        }
        Ok(())
    }

    /// A part of a payment, on a position or the client's.
    fn part(
        &mut self,
        paid: &AskedPayment,
        (index, kind): (Option<usize>, &'static str),
        amount: Money,
    ) -> Result<(), Problem> {
        let row = index.map(|index| &self.positions[index]);
        let debtor = row.map(|row| row.debtor_id.clone()).or(paid.debtor_id.clone());
        let collection = CollectionRow {
            id: self.service.new_id()?,
            client_id: self.client.to_owned(),
            position_id: row.map(|row| row.id.clone()),
            kind: kind.to_owned(),
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
            kind,
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
    // Two requests at once may mean the same position; the later one looks again.
    for _ in 0..ATTEMPTS {
        let (posted, shown) = applied(&service, &asked, once.at()).await?;
        let answer = text(&shown)?;
        let actor = once.actor(StatusCode::CREATED, &answer);
        let subject = ("collections.recorded", asked.client_id.as_str());
        match service.store.post(&posted, subject, &actor).await {
            Ok(()) => return Ok(json(StatusCode::CREATED.as_u16(), answer)),
            Err(StoreError::Changed(_)) => {}
            Err(other) => return Err(other.into()),
        }
    }
    let detail = "Too many payments on the same positions at once; send it again.";
    Err(Problem::new(ProblemType::Conflict, detail))
}

/// What the payments of a request lead to.
async fn applied(
    service: &Service,
    asked: &AskedCollections,
    now: &str,
) -> Result<(Posted, MadeCollections), Problem> {
    let settled = service.store.settlements_of(&asked.client_id).await?;
    let losses = settled.into_iter().map(|own| (own.position_id, (own.factor_loss, own.collected)));
    let mut applying = Applying {
        service,
        client: &asked.client_id,
        now,
        positions: service.store.positions_of(&asked.client_id).await?,
        losses: losses.collect(),
        touched: Vec::new(),
        posted: Posted::default(),
        shown: MadeCollections { collections: Vec::new(), settlements: Vec::new() },
    };
    for (at, paid) in asked.payments.iter().enumerate() {
        applying.apply(at, paid)?;
    }
    let Applying { positions, touched, mut posted, shown, .. } = applying;
    posted.positions = touched.into_iter().map(|index| positions[index].clone()).collect();
    Ok((posted, shown))
}
