use axum::Json;
use axum::extract::State;
use axum::response::Response;
use axum::routing;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use ledger::{InvoiceEntry, InvoiceFilter, InvoiceOrder};
use report::RejectEntry;
use service::{Caller, LedgerRow, Reply, Service, Slice};

use super::http::caller::By;
use super::http::extract::{Asked, Id};
use super::http::file::streamed;
use super::http::operation::Operation;
use super::http::page::{Listed, Page, PageQuery, checked};
use super::http::problem::Problem;
use super::http::version::tagged;

/// A ledger with its footing certificate.
#[derive(Serialize, JsonSchema)]
pub(super) struct ShownLedger<'a> {
    #[serde(flatten)]
    ledger: ShownLedgerRow,
    /// Control totals, row counts and checks, as in the footing.json of `factorage ingest`.
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    certificate: &'a RawValue,
}

/// The invoices to list, and their order.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InvoiceQuery {
    /// Only invoices of the debtor with this id.
    debtor: Option<String>,
    /// Only the invoice with this number.
    number: Option<String>,
    /// `true`: only invoices with an open balance; `false`: only those without.
    open: Option<bool>,
    /// Only invoices due on or before this day.
    due_by: Option<chrono::NaiveDate>,
    /// The order. By debtor, date, number and amount by default.
    #[serde(default)]
    sort: InvoiceOrder,
    /// Reverses the order.
    #[serde(default)]
    descending: bool,
    /// The `next` of the previous page.
    #[serde(default)]
    after: String,
    /// Entries per page, 50 by default.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<i64>,
}

/// An uploaded ledger.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "LedgerRow")]
pub(super) struct ShownLedgerRow {
    /// Its id.
    id: String,
    /// The client that it belongs to.
    client_id: String,
    /// The name of the file.
    file_name: String,
    /// SHA-256 of the file, in hexadecimal.
    sha256: String,
    /// Its size in bytes.
    bytes: i64,
    /// The time of receipt, in UTC.
    created_at: String,
}

impl From<LedgerRow> for ShownLedgerRow {
    fn from(row: LedgerRow) -> Self {
        let LedgerRow { id, client_id, file_name, sha256, bytes, created_at, .. } = row;
        Self { id, client_id, file_name, sha256, bytes, created_at }
    }
}

/// The operations on ledgers.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get(
            "/v1/ledgers/{id}",
            "Show a ledger with its footing certificate",
            routing::get(get),
        )
        .answers::<ShownLedger<'_>>(200, "The ledger."),
        Operation::get(
            "/v1/ledgers/{id}/rejects",
            "List a ledger's rejected rows",
            routing::get(rejects),
        )
        .query::<PageQuery>()
        .answers::<Listed<RejectEntry>>(200, "The rejects in the order of the file."),
        Operation::get(
            "/v1/ledgers/{id}/invoices",
            "List a ledger's invoices",
            routing::get(invoices),
        )
        .query::<InvoiceQuery>()
        .answers::<Listed<InvoiceEntry>>(200, "The invoices that match."),
        Operation::get("/v1/ledgers/{id}/file", "Download the original file", routing::get(file))
            .answers_as(200, "The file, byte for byte.", "application/octet-stream"),
    ]
}

/// The list of a client's ledgers, apart from the others for its place in the document.
pub(super) fn of_client() -> Operation {
    Operation::get("/v1/clients/{id}/ledgers", "List a client's ledgers", routing::get(list))
        .query::<PageQuery>()
        .answers::<Listed<ShownLedgerRow>>(200, "Ordered by id.")
}

async fn get(
    State(service): State<Service>,
    By(by): By<Caller>,
    Id(id): Id,
) -> Result<Response, Problem> {
    let ledger = service.ledger(&by, &id).await?;
    let certificate = ledger.certificate.clone();
    // Passed on raw, as it was stored: read and written anew, its numbers might look different.
    let certificate = serde_json::from_str(&certificate).map_err(Problem::internal)?;
    let shown = ShownLedger { ledger: ledger.into(), certificate };
    // A ledger is never changed.
    Ok(tagged(Reply::json(200, &shown)?, 1))
}

async fn list(
    State(service): State<Service>,
    By(by): By<Caller>,
    Id(client): Id,
    page: Page,
) -> Result<Json<Listed<ShownLedgerRow>>, Problem> {
    let ledgers = service.ledgers(&by, &client, &page.after, page.limit).await?;
    Ok(Json(Listed::new(
        ledgers.into_iter().map(ShownLedgerRow::from).collect(),
        page.limit,
        |ledger| &ledger.id,
    )))
}

async fn file(
    State(service): State<Service>,
    By(by): By<Caller>,
    Id(id): Id,
) -> Result<Response, Problem> {
    streamed(service.ledger_file(&by, &id).await?, "application/octet-stream").await
}

async fn rejects(
    State(service): State<Service>,
    By(by): By<Caller>,
    Id(id): Id,
    page: Page,
) -> Result<Json<Listed<RejectEntry>>, Problem> {
    let rejects = service.rejects(&by, &id).await?;
    let slice = slice(&page.after, page.limit)?;
    let rejects = rejects.page(slice).await?;
    Ok(Json(Listed::placed(rejects, slice.from, slice.most)))
}

/// The page of a list whose entries have no ids: `next` is then a position.
///
/// # Errors
/// If `after` is not a `next` of such a list.
fn slice(after: &str, limit: i64) -> Result<Slice, Problem> {
    let from = if after.is_empty() { Ok(0) } else { after.parse() };
    let from =
        from.map_err(|_| Problem::field("after", "Expected the `next` of the previous page."))?;
    Ok(Slice { from, most: usize::try_from(limit).unwrap_or(0) })
}

async fn invoices(
    State(service): State<Service>,
    By(by): By<Caller>,
    Id(id): Id,
    Asked(asked): Asked<InvoiceQuery>,
) -> Result<Json<Listed<InvoiceEntry>>, Problem> {
    let invoices = service.invoices(&by, &id).await?;
    let slice = slice(&asked.after, checked(asked.limit)?)?;
    let filter = InvoiceFilter {
        debtor: asked.debtor,
        number: asked.number,
        is_open: asked.open,
        due_by: asked.due_by,
        order: asked.sort,
        descending: asked.descending,
    };
    let invoices = invoices.page(filter, slice).await?;
    Ok(Json(Listed::placed(invoices, slice.from, slice.most)))
}
