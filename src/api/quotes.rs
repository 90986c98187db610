use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Amount, Currency, Rate};
use offer::{InvoiceQuoteRequest, Quote, QuoteRequest, invoice_quote, quote};
use store::QuoteRow;

use super::Service;
use super::caller::{Caller, Reader};
use super::extract::Payload;
use super::page::{Listed, Page};
use super::problem::{Problem, ProblemType};
use super::request::{Once, Turn, json, parsed, text};

/// What a business owner knows.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedQuote {
    /// What all invoices together come to.
    face: Amount,
    /// Days from issue to due date.
    #[schemars(range(min = 1, max = 365))]
    terms_days: u32,
    /// Customers that owe it, in equal parts.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 100_000))]
    debtors: u32,
    /// Invoices; one for each customer unless told.
    #[schemars(range(min = 1, max = 100_000))]
    invoices: Option<u32>,
    /// Sales of a month, for what a facility has out on average.
    monthly_sales: Option<Amount>,
    /// The most that is wanted as an advance.
    advance_percent: Option<Rate>,
    /// Currency of the amounts.
    #[serde(default = "usd")]
    currency: Currency,
    /// The day of the purchase; today unless told.
    as_of: Option<NaiveDate>,
    /// Kept for the business development officer only where this is given.
    contact: Option<String>,
}

/// Invoices up to which a quote takes less time than handing it to another thread is worth.
const FEW: u32 = 50;

fn one() -> u32 {
    1
}

fn usd() -> Currency {
    Currency::USD
}

/// A quote.
#[derive(Serialize, JsonSchema)]
pub(super) struct AnsweredQuote {
    /// Where a contact was left.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// The menu with the APR beside every price, and what would improve it.
    quote: Quote,
}

/// A business owner's quote: it computes, and stores nothing unless a contact is left.
pub(super) async fn create(
    State(service): State<Service>,
    Caller(caller): Caller,
    headers: HeaderMap,
    Payload(body): Payload,
) -> Result<Response, Problem> {
    let asked: AskedQuote = parsed(&body)?;
    super::offers::requested(asked.advance_percent)?;
    let request = QuoteRequest {
        face: asked.face,
        terms_days: asked.terms_days,
        debtors: asked.debtors,
        invoices: asked.invoices,
        monthly_sales: asked.monthly_sales,
        advance: asked.advance_percent,
        currency: asked.currency,
        date: asked.as_of.unwrap_or_else(|| service.today()),
        policy: Arc::clone(&service.policy),
    };
    let computed = if request.invoices.unwrap_or(request.debtors) <= FEW {
        quote(&request)
    } else {
        let computed = tokio::task::spawn_blocking(move || quote(&request)).await;
        computed.map_err(Problem::internal)?
    };
    let quote = computed.map_err(|error| {
        let sentence = error.to_string();
        // An option of the command line is a field here.
        Problem::new(ProblemType::Validation, sentence.replace("--", ""))
    })?;
    let Some(contact) = asked.contact.filter(|contact| !contact.trim().is_empty()) else {
        return Ok(json(200, text(&AnsweredQuote { id: None, quote })?));
    };
    let once = match Once::of(&service, &caller.key, &headers, ("POST /v1/quotes", &body)).await? {
        Turn::Answered(answer) => return Ok(answer),
        Turn::New(once) => once,
    };
    let id = service.new_id()?;
    let answer = text(&AnsweredQuote { id: Some(id.clone()), quote })?;
    let kept = QuoteRow {
        id,
        contact,
        request: String::from_utf8_lossy(&body).into_owned(),
        answer: answer.clone(),
        created_at: once.at().to_owned(),
    };
    service.store.add_quote(&kept, &once.actor(StatusCode::CREATED, &answer)).await?;
    Ok(json(201, answer))
}

/// One invoice.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedInvoiceQuote {
    /// Amount bought.
    amount: Amount,
    /// Its currency.
    #[serde(default = "usd")]
    currency: Currency,
    /// The day of the purchase; today unless told.
    purchase_date: Option<NaiveDate>,
    /// When it is due.
    due_date: NaiveDate,
    /// Days after the due date on which it is expected to be paid; negative before.
    #[serde(default)]
    #[schemars(range(min = -365, max = 365))]
    expected_late_days: i32,
    /// Share of sales that is credited.
    #[serde(default)]
    dilution_percent: Rate,
}

/// The price of one invoice at the policy's listed terms: a formula, and nothing stored.
pub(super) async fn invoice(
    State(service): State<Service>,
    _: Caller,
    Payload(body): Payload,
) -> Result<Response, Problem> {
    let asked: AskedInvoiceQuote = parsed(&body)?;
    if !(-365..=365).contains(&asked.expected_late_days) {
        return Err(Problem::malformed("expected_late_days", "Expected -365 to 365."));
    }
    let request = InvoiceQuoteRequest {
        amount: super::refused::money("amount", asked.amount, asked.currency)?,
        purchase: asked.purchase_date.unwrap_or_else(|| service.today()),
        due: asked.due_date,
        late_days: asked.expected_late_days,
        dilution: asked.dilution_percent,
    };
    let quote = invoice_quote(&request, &service.policy)
        .map_err(|error| Problem::new(ProblemType::Validation, error.to_string()))?;
    Ok(json(200, text(&quote)?))
}

/// Kept quotes.
pub(super) async fn list(
    State(service): State<Service>,
    _: Reader,
    page: Page,
) -> Result<Json<Listed<QuoteRow>>, Problem> {
    let quotes = service.store.quotes(&page.after, page.limit).await?;
    Ok(Json(Listed::new(quotes, page.limit, |quote| &quote.id)))
}
