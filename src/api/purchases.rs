use axum::Json;
use axum::extract::State;
use axum::response::Response;
use axum::routing;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Currency, Money};
use purchases::{AgreedInvoice, Funding, PositionTerms, Purchase, Stage, Withdrawal};
use service::{
    AskedFunding, AskedWithdrawal, Caller, Funder, PurchaseFilter, Reply, Service, ServiceError,
    Underwriter,
};

use super::http::body::json;
use super::http::caller::By;
use super::http::extract::{Asked, Id};
use super::http::once::{Early, Needed, Posted};
use super::http::operation::Operation;
use super::http::page::{Listed, checked};
use super::http::problem::Problem;
use super::http::version::{expected, tagged};

/// The payout of a purchase that another person accepted or recorded.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedPayout {
    /// The day of the payout, from which the fee runs; today by default. The service limits how far
    /// back it may lie.
    funded_on: Option<NaiveDate>,
    /// The name of the client's account. Somebody has to have called the client back about it.
    payee: String,
    /// The reference of the transfer.
    reference: String,
    /// The purchase of the first payout to this account with this reference, if this is another
    /// transfer.
    duplicate_of: Option<String>,
}

/// The withdrawal of a purchase that is not funded.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedEnd {
    /// The reason.
    reason: String,
}

/// The purchases that a list shows.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PurchaseQuery {
    /// Only those of this client.
    client: Option<String>,
    /// Only those of this offer.
    offer: Option<String>,
    /// Only those with this status.
    status: Option<PurchaseStatus>,
    /// The `next` of the previous page.
    #[serde(default)]
    after: String,
    /// Entries per page, 50 by default.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<i64>,
}

/// The stage of a purchase.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum PurchaseStatus {
    Accepted,
    Funded,
    Withdrawn,
    Reversed,
}

/// A purchase: invoices that a client sells in one currency, from their acceptance on.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ListedPurchase {
    /// Its id.
    id: String,
    /// The client.
    client_id: String,
    /// The offer; `null` if it was recorded without one.
    offer_id: Option<String>,
    /// `accepted`, `funded`, `withdrawn`, or `reversed`: it was paid out, and none of its positions
    /// stands.
    status: &'static str,
    /// The number of its invoices.
    invoice_count: i64,
    /// The currency of the amounts.
    currency: Currency,
    /// The amount to be bought.
    amount: Money,
    /// The advances, before charges.
    advance: Money,
    /// Charges deducted from the advances.
    prepaid_charges: Money,
    /// The cash that the client gets: advances less charges.
    payout: Money,
    /// The time of acceptance.
    accepted_at: String,
    /// The holder of the key that accepted or recorded it; `null` in a client's copy.
    accepted_by: Option<String>,
    /// Its payout; `null` unless it was funded.
    funding: Option<ShownFunding>,
    /// Its withdrawal; `null` unless it is withdrawn.
    withdrawal: Option<ShownWithdrawal>,
}

/// A purchase with its invoices.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ShownPurchase {
    /// The purchase.
    #[serde(flatten)]
    purchase: ListedPurchase,
    /// The invoices in the order of the offer.
    invoices: Vec<ShownInvoice>,
}

/// An invoice of a purchase.
#[derive(Debug, Serialize, JsonSchema)]
struct ShownInvoice {
    /// The id of the position that it becomes when the purchase is funded.
    position_id: String,
    /// The debtor that owes it.
    debtor_id: String,
    /// Its invoice number.
    invoice_number: String,
    /// The amount to be bought.
    amount: Money,
    /// The advance, before charges.
    advance: Money,
    /// Charges of the whole purchase deducted from the advances; shown on its first invoice.
    prepaid_charges: Money,
    /// Its due date.
    due_on: NaiveDate,
    /// Its terms.
    terms: PositionTerms,
}

/// The payout of a purchase.
#[derive(Debug, Serialize, JsonSchema)]
struct ShownFunding {
    /// The day from which the fee runs.
    funded_on: NaiveDate,
    /// The cash paid out.
    amount: Money,
    /// The name of the account.
    payee: String,
    /// The version of that account.
    payee_version: i64,
    /// The reference of the transfer.
    reference: String,
    /// The holder of the key that funded it; `null` in a client's copy.
    funded_by: Option<String>,
    /// The day on which it was reversed; `null` while a position of it stands.
    reversed_on: Option<NaiveDate>,
}

/// The withdrawal of a purchase.
#[derive(Debug, Serialize, JsonSchema)]
struct ShownWithdrawal {
    /// The time.
    withdrawn_at: String,
    /// The reason; `null` in a client's copy.
    reason: Option<String>,
    /// The holder of the key that withdrew it; `null` in a client's copy.
    withdrawn_by: Option<String>,
}

impl PurchaseStatus {
    fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Funded => "funded",
            Self::Withdrawn => "withdrawn",
            Self::Reversed => "reversed",
        }
    }
}

impl ListedPurchase {
    /// A purchase, with the names of staff or without them.
    fn of(own: Purchase, is_staff: bool) -> Result<Self, ServiceError> {
        let payout = own.totals.payout().map_err(ServiceError::internal)?;
        let named = |name: String| is_staff.then_some(name);
        let status = own.stage.as_str();
        let (funding, withdrawal) = match own.stage {
            Stage::Accepted => (None, None),
            Stage::Funded(funding) => (Some(ShownFunding::of(funding, None, is_staff)), None),
            Stage::Reversed(funding, on) => {
                (Some(ShownFunding::of(funding, Some(on), is_staff)), None)
            }
            Stage::Withdrawn(Withdrawal { at, reason, by }) => {
                let (reason, withdrawn_by) = (named(reason), named(by));
                (None, Some(ShownWithdrawal { withdrawn_at: at, reason, withdrawn_by }))
            }
        };
        Ok(Self {
            id: own.id,
            client_id: own.client_id,
            offer_id: own.offer_id,
            status,
            invoice_count: own.totals.invoices,
            currency: own.totals.amount.currency(),
            amount: own.totals.amount,
            advance: own.totals.advance,
            prepaid_charges: own.totals.prepaid,
            payout,
            accepted_at: own.accepted_at,
            accepted_by: named(own.accepted_by),
            funding,
            withdrawal,
        })
    }
}

impl ShownFunding {
    fn of(funding: Funding, reversed_on: Option<NaiveDate>, is_staff: bool) -> Self {
        let Funding { on: funded_on, amount, payee, payee_version, reference, by } = funding;
        let funded_by = is_staff.then_some(by);
        Self { funded_on, amount, payee, payee_version, reference, funded_by, reversed_on }
    }
}

impl ShownPurchase {
    fn of(own: &service::ShownPurchase, is_staff: bool) -> Result<Self, ServiceError> {
        let purchase = ListedPurchase::of(own.purchase.clone(), is_staff)?;
        Ok(Self {
            purchase,
            invoices: own.invoices.iter().cloned().map(ShownInvoice::from).collect(),
        })
    }
}

impl From<AgreedInvoice> for ShownInvoice {
    fn from(own: AgreedInvoice) -> Self {
        Self {
            position_id: own.id,
            debtor_id: own.debtor_id,
            invoice_number: own.invoice_number,
            amount: own.amount,
            advance: own.advance,
            prepaid_charges: own.prepaid,
            due_on: own.due_on,
            terms: own.terms,
        }
    }
}

/// The operations on purchases.
pub(super) fn operations() -> Vec<Operation> {
    let answered = "The purchase; its version is the ETag.";
    vec![
        Operation::get(
            "/v1/purchases",
            "List purchases: accepted, funded, withdrawn or reversed",
            routing::get(list),
        )
        .query::<PurchaseQuery>()
        .answers::<Listed<ListedPurchase>>(200, "Ordered by id."),
        Operation::get(
            "/v1/purchases/{id}",
            "Show a purchase with its invoices",
            routing::get(get),
        )
        .answers::<ShownPurchase>(200, answered),
        Operation::post(
            "/v1/purchases/{id}/funding",
            "Pay out a purchase that another person accepted",
            routing::post(fund),
        )
        .by::<Funder>()
        .reads::<AskedPayout>()
        .once()
        .matched(false)
        .answers::<ShownPurchase>(201, "The purchase; its invoices are positions now."),
        Operation::post(
            "/v1/purchases/{id}/withdrawal",
            "Withdraw a purchase that is not funded",
            routing::post(withdraw),
        )
        .by::<Underwriter>()
        .reads::<AskedEnd>()
        .once()
        .matched(false)
        .answers::<ShownPurchase>(201, "The purchase; its invoices may be sold again."),
    ]
}

/// A purchase that was recorded, as the answer for staff.
pub(super) fn recorded(own: &service::ShownPurchase) -> Result<Reply, ServiceError> {
    let place = format!("/v1/purchases/{}", own.purchase.id);
    Ok(Reply::json(201, &ShownPurchase::of(own, true)?)?.at(place).tagged(own.purchase.version))
}

fn stepped(own: &service::ShownPurchase) -> Result<Reply, ServiceError> {
    Reply::json(201, &ShownPurchase::of(own, true)?)
}

async fn list(
    State(service): State<Service>,
    By(by): By<Caller>,
    Asked(asked): Asked<PurchaseQuery>,
) -> Result<Json<Listed<ListedPurchase>>, Problem> {
    let limit = checked(asked.limit)?;
    let filter = PurchaseFilter {
        client: asked.client.as_deref(),
        offer: asked.offer.as_deref(),
        state: asked.status.map(PurchaseStatus::as_str),
    };
    let all = service.purchases(&by, filter, (&asked.after, limit)).await?;
    let all = all.into_iter().map(|own| ListedPurchase::of(own, !by.is_client()));
    let all = all.collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Listed::new(all, limit, |own| &own.id)))
}

async fn get(
    State(service): State<Service>,
    By(by): By<Caller>,
    Id(id): Id,
) -> Result<Response, Problem> {
    let own = service.purchase(&by, &id).await?;
    let version = own.purchase.version;
    Ok(tagged(Reply::json(200, &ShownPurchase::of(&own, !by.is_client())?)?, version))
}

async fn fund(
    State(service): State<Service>,
    Posted { by, id, headers, once, body }: Posted<Funder, Needed<AskedPayout>>,
) -> Result<Response, Early> {
    let Needed(AskedPayout { funded_on: on, payee, reference, duplicate_of }) = body;
    let expected = expected(&headers);
    let asked = AskedFunding { id: &id, on, payee, reference, duplicate_of, expected };
    Ok(json(service.fund(&by, asked, &once, stepped).await?))
}

async fn withdraw(
    State(service): State<Service>,
    Posted { by, id, headers, once, body }: Posted<Underwriter, Needed<AskedEnd>>,
) -> Result<Response, Early> {
    let Needed(AskedEnd { reason }) = body;
    let expected = expected(&headers);
    let asked = AskedWithdrawal { id: &id, reason, expected };
    Ok(json(service.withdraw_purchase(&by, asked, &once, stepped).await?))
}
