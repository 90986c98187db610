use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Amount, Currency, Rate};
use offer::{InvoiceQuote, Quote};
use service::{Caller, InvoiceFacts, KeptQuote, QuoteFacts, QuoteRow, Reader, Reply, Service};

use super::http::body::{json, parsed, shown};
use super::http::caller::By;
use super::http::extract::Payload;
use super::http::once::{Early, Wanted, begun};
use super::http::operation::Operation;
use super::http::page::{Listed, Page, PageQuery};
use super::http::problem::Problem;

/// The figures that a business owner can give.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedQuote {
    /// The total face value of the invoices.
    face: Amount,
    /// Payment terms: days from issue date to due date, at most the policy's `maximum_days_to_due`.
    #[schemars(range(min = 1, max = 365))]
    terms_days: u32,
    /// The number of customers that owe the invoices, assumed in equal shares.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 100_000))]
    debtors: u32,
    /// The number of invoices; one per customer by default.
    #[schemars(range(min = 1, max = 100_000))]
    invoices: Option<u32>,
    /// Monthly sales, to estimate a facility's average balance.
    monthly_sales: Option<Amount>,
    /// The highest advance wanted, in percent of the amount bought.
    advance_percent: Option<Rate>,
    /// The currency of the amounts; USD by default.
    #[serde(default = "usd")]
    currency: Currency,
    /// The day of the purchase; today by default.
    as_of: Option<NaiveDate>,
    /// The contact of the owner. The quote is kept for follow-up only if one is given.
    contact: Option<String>,
}

fn one() -> u32 {
    1
}

fn usd() -> Currency {
    Currency::USD
}

/// A quote.
#[derive(Serialize, JsonSchema)]
pub(super) struct AnsweredQuote {
    /// The id of the kept quote; absent if no contact was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// The menu with an APR for every price, and what would improve the terms.
    quote: Quote,
}

/// An invoice to be quoted.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedInvoiceQuote {
    /// The amount bought.
    amount: Amount,
    /// The currency; USD by default.
    #[serde(default = "usd")]
    currency: Currency,
    /// The day of the purchase; today by default.
    purchase_date: Option<NaiveDate>,
    /// The due date.
    due_date: NaiveDate,
    /// Days past due at which payment is expected; negative if before the due date.
    #[serde(default)]
    #[schemars(range(min = -365, max = 365))]
    expected_late_days: i32,
    /// Expected dilution: the share of sales that is credited, in percent.
    #[serde(default)]
    dilution_percent: Rate,
}

/// A quote kept with a contact.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "QuoteRow")]
pub(super) struct ShownQuote {
    /// Its id.
    id: String,
    /// The contact of the owner.
    contact: String,
    /// The request, as JSON text.
    request: String,
    /// The answer, as JSON text.
    answer: String,
    /// The time of the quote, in UTC.
    created_at: String,
}

impl From<QuoteRow> for ShownQuote {
    fn from(row: QuoteRow) -> Self {
        let QuoteRow { id, contact, request, answer, created_at } = row;
        Self { id, contact, request, answer, created_at }
    }
}

/// The operations on quotes.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/quotes", "Quote a business owner's invoices", routing::post(create))
            .reads::<AskedQuote>()
            .once()
            .answers::<AnsweredQuote>(200, "The quote; nothing is kept.")
            .answers::<AnsweredQuote>(201, "The quote, kept with its contact."),
        Operation::post(
            "/v1/quotes/invoice",
            "Quote one invoice at the policy's listed terms",
            routing::post(invoice),
        )
        .reads::<AskedInvoiceQuote>()
        .answers::<InvoiceQuote>(200, "Advance, fee, APR and yield."),
        Operation::get("/v1/quotes", "List kept quotes", routing::get(list))
            .by::<Reader>()
            .query::<PageQuery>()
            .answers::<Listed<ShownQuote>>(200, "Ordered by id."),
    ]
}

async fn create(
    State(service): State<Service>,
    By(by): By<Caller>,
    headers: HeaderMap,
    Payload(body): Payload,
) -> Result<Response, Early> {
    let asked: AskedQuote = parsed(&body)?;
    let facts = QuoteFacts {
        face: asked.face,
        terms_days: asked.terms_days,
        debtors: asked.debtors,
        invoices: asked.invoices,
        monthly_sales: asked.monthly_sales,
        advance: asked.advance_percent,
        currency: asked.currency,
        date: asked.as_of,
    };
    let quote = service.quote(&by, &facts)?;
    let Some(contact) = asked.contact.filter(|contact| !contact.trim().is_empty()) else {
        return Ok(shown(&AnsweredQuote { id: None, quote })?);
    };
    let wanted = Wanted { route: "POST /v1/quotes", body: &body };
    // Only now: without a contact nothing is kept, so a repetition does no harm.
    let once = begun(&service, &by, &headers, wanted).await?;
    let request = String::from_utf8_lossy(&body).into_owned();
    let answer = |id, quote| Reply::json(201, &AnsweredQuote { id: Some(id), quote });
    Ok(json(service.keep_quote(KeptQuote { contact, request, quote }, &once, answer).await?))
}

async fn invoice(
    State(service): State<Service>,
    By(by): By<Caller>,
    Payload(body): Payload,
) -> Result<Response, Problem> {
    let asked: AskedInvoiceQuote = parsed(&body)?;
    let facts = InvoiceFacts {
        amount: asked.amount,
        currency: asked.currency,
        purchase: asked.purchase_date,
        due: asked.due_date,
        late_days: asked.expected_late_days,
        dilution: asked.dilution_percent,
    };
    shown(&service.quote_invoice(&by, &facts)?)
}

async fn list(
    State(service): State<Service>,
    By(by): By<Reader>,
    page: Page,
) -> Result<Json<Listed<ShownQuote>>, Problem> {
    let quotes = service.quotes(&by, &page.after, page.limit).await?;
    Ok(Json(Listed::new(quotes.into_iter().map(ShownQuote::from).collect(), page.limit, |quote| {
        &quote.id
    })))
}
