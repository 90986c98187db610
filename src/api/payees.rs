use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use purchases::Payee;
use service::{Caller, Funder, PayeeOf, Reply, Service, Underwriter};

use super::http::body::parsed;
use super::http::caller::By;
use super::http::extract::{Id, Ids, Payload};
use super::http::operation::Operation;
use super::http::problem::Problem;
use super::http::version::{expected, tagged};

/// An account of a client to which payouts go.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedPayee {
    /// Its number, such as an IBAN.
    account: String,
}

/// The record of a call to the client, at a number known from before, about a new or changed
/// account.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedCall {
    /// The account's number as it was read to the client.
    account: String,
    /// The person who was called, the number, and the answer.
    note: String,
}

/// All accounts of a client.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Payees {
    /// The accounts, ordered by name.
    items: Vec<ShownPayee>,
}

/// An account of a client.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ShownPayee {
    /// The name by which payouts refer to it.
    alias: String,
    /// Its number; only its end in a client's copy.
    account: String,
    /// Increases with every change.
    version: i64,
    /// True once a second person has called the client back about this version: payouts may go to
    /// it.
    called_back: bool,
    /// The holder of the key that wrote it; `null` in a client's copy.
    written_by: Option<String>,
    /// The holder of the key that called back; `null` before the call and in a client's copy.
    called_by: Option<String>,
}

impl ShownPayee {
    fn of(own: Payee, is_staff: bool) -> Self {
        let account = if is_staff { own.account.clone() } else { own.masked() };
        Self {
            alias: own.alias,
            account,
            version: own.version,
            called_back: own.called_by.is_some(),
            written_by: is_staff.then_some(own.written_by),
            called_by: own.called_by.filter(|_| is_staff),
        }
    }
}

/// The operations on clients' accounts.
pub(super) fn operations() -> Vec<Operation> {
    let one = "/v1/clients/{id}/payees/{alias}";
    let answered = "The account; its version is the ETag.";
    vec![
        Operation::get(
            "/v1/clients/{id}/payees",
            "List a client's accounts for payouts",
            routing::get(list),
        )
        .answers::<Payees>(200, "Ordered by name."),
        Operation::get(one, "Show a client's account", routing::get(get))
            .answers::<ShownPayee>(200, answered),
        Operation::put(one, "Write a client's account", routing::put(put))
            .by::<Underwriter>()
            .reads::<AskedPayee>()
            .matched(false)
            .answers::<ShownPayee>(200, answered),
        Operation::put(
            "/v1/clients/{id}/payees/{alias}/call",
            "Record that the client was called back about an account",
            routing::put(call),
        )
        .by::<Funder>()
        .reads::<AskedCall>()
        .matched(false)
        .answers::<ShownPayee>(200, answered),
    ]
}

fn answer(own: Payee, is_staff: bool) -> Result<Response, Problem> {
    let version = own.version;
    Ok(tagged(Reply::json(200, &ShownPayee::of(own, is_staff))?, version))
}

async fn list(
    State(service): State<Service>,
    By(by): By<Caller>,
    Id(client): Id,
) -> Result<Json<Payees>, Problem> {
    let all = service.payees(&by, &client).await?.into_iter();
    Ok(Json(Payees { items: all.map(|own| ShownPayee::of(own, !by.is_client())).collect() }))
}

async fn get(
    State(service): State<Service>,
    By(by): By<Caller>,
    Ids(client, alias): Ids,
) -> Result<Response, Problem> {
    let of = PayeeOf { client: &client, alias: &alias };
    answer(service.payee(&by, of).await?, !by.is_client())
}

async fn put(
    State(service): State<Service>,
    By(by): By<Underwriter>,
    Ids(client, alias): Ids,
    headers: HeaderMap,
    Payload(body): Payload,
) -> Result<Response, Problem> {
    let AskedPayee { account } = parsed(&body)?;
    let of = PayeeOf { client: &client, alias: &alias };
    answer(service.write_payee(&by, of, &account, expected(&headers)).await?, true)
}

async fn call(
    State(service): State<Service>,
    By(by): By<Funder>,
    Ids(client, alias): Ids,
    headers: HeaderMap,
    Payload(body): Payload,
) -> Result<Response, Problem> {
    let AskedCall { account, note } = parsed(&body)?;
    let of = PayeeOf { client: &client, alias: &alias };
    answer(service.call_back(&by, of, (&account, &note), expected(&headers)).await?, true)
}
