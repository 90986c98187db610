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

/// A quote that somebody left a contact with.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "QuoteRow")]
pub(super) struct ShownQuote {
    /// Its id.
    id: String,
    /// Whom to call.
    contact: String,
    /// What was asked, JSON.
    request: String,
    /// What was answered, JSON.
    answer: String,
    /// When.
    created_at: String,
}

impl From<QuoteRow> for ShownQuote {
    fn from(row: QuoteRow) -> Self {
        let QuoteRow { id, contact, request, answer, created_at } = row;
        Self { id, contact, request, answer, created_at }
    }
}

/// What can be asked of quotes.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/quotes", "A business owner's quote", routing::post(create))
            .reads::<AskedQuote>()
            .once()
            .answers::<AnsweredQuote>(200, "Computed, and nothing stored.")
            .answers::<AnsweredQuote>(201, "Kept, because a contact was left."),
        Operation::post(
            "/v1/quotes/invoice",
            "One invoice at the policy's listed terms",
            routing::post(invoice),
        )
        .reads::<AskedInvoiceQuote>()
        .answers::<InvoiceQuote>(200, "Advance, fee, APR and return."),
        Operation::get("/v1/quotes", "Kept quotes", routing::get(list))
            .query::<PageQuery>()
            .answers::<Listed<ShownQuote>>(200, "In order of their ids."),
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
    let quote = service.quote(&by, facts).await?;
    let Some(contact) = asked.contact.filter(|contact| !contact.trim().is_empty()) else {
        return Ok(shown(&AnsweredQuote { id: None, quote })?);
    };
    let wanted = Wanted { route: "POST /v1/quotes", body: &body };
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
