use axum::extract::State;
use axum::response::Response;
use axum::routing;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;

use basics::Rate;
use service::{AskedPrevious, MOST_PREVIOUS, Service, Underwriter};

use super::http::once::{Early, Optional, Posted};
use super::http::operation::Operation;
use super::jobs::{Job, LONGEST_WAIT, QUEUED, accepted, queued};

/// The terms of an evaluation.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct AskedEvaluation {
    /// The as-of date: everything is judged at the end of this day. Defaults to the latest date in
    /// the ledger.
    as_of: Option<NaiveDate>,
    /// The highest advance that the client wants, in percent of the amount bought.
    advance_percent: Option<Rate>,
    /// `auto`, `km`, `train` or the name of a model, of which the latest version is used.
    model: Option<String>,
    /// The policy's name; the service's own policy by default.
    policy: Option<String>,
    /// The policy's version; the latest by default.
    #[schemars(range(min = 1))]
    policy_version: Option<i64>,
    /// The ledgers to compare it with: the id of another ledger of the client, a list of ids, or
    /// `none`. By default the one that the client sent last before it, and the first ones of each
    /// of the 31 days and 12 months before, of those whose own date is not after the as-of date.
    previous: Option<Previous>,
}

/// A request to complete an offer.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedCompletion {
    /// The as-of date, from which fees and recourse are counted. Defaults to today.
    as_of: Option<NaiveDate>,
}

/// The ledgers to compare with.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected the id of a ledger or a list of ids")]
#[schemars(inline)]
enum Previous {
    /// The id of a ledger, or `none`.
    One(String),
    /// The ids of ledgers.
    Many(#[schemars(length(min = 1, max = MOST_PREVIOUS))] Vec<String>),
}

/// The operation that evaluates a ledger.
pub(super) fn operations() -> Vec<Operation> {
    let path = "/v1/ledgers/{id}/evaluations";
    vec![
        Operation::post(path, "Evaluate a ledger and make an offer", routing::post(create))
            .by::<Underwriter>()
            .reads::<AskedEvaluation>()
            .optionally()
            .once()
            .waits(LONGEST_WAIT)
            .answers::<Job>(202, QUEUED),
        Operation::post(
            "/v1/offers/{id}/completions",
            "Offer what an offer held and customers have confirmed since, on its terms",
            routing::post(complete),
        )
        .by::<Underwriter>()
        .reads::<AskedCompletion>()
        .optionally()
        .once()
        .waits(LONGEST_WAIT)
        .answers::<Job>(202, QUEUED),
    ]
}

async fn complete(
    State(service): State<Service>,
    Posted { by, id, headers, once, body }: Posted<Underwriter, Optional<AskedCompletion>>,
) -> Result<Response, Early> {
    let Optional(body) = body;
    let job = service.complete(&by, (&id, body.as_of), &once, queued).await?;
    Ok(accepted(&service, &headers, job).await?)
}

async fn create(
    State(service): State<Service>,
    Posted { by, id, headers, once, body }: Posted<Underwriter, Optional<AskedEvaluation>>,
) -> Result<Response, Early> {
    let Optional(body) = body;
    let previous = match body.previous {
        None => AskedPrevious::Usual,
        Some(Previous::One(word)) if word == "none" => AskedPrevious::Nothing,
        Some(Previous::One(id)) => AskedPrevious::Ledgers(vec![id]),
        Some(Previous::Many(ids)) => AskedPrevious::Ledgers(ids),
    };
    let asked = service::AskedEvaluation {
        ledger: &id,
        as_of: body.as_of,
        advance: body.advance_percent,
        model: body.model,
        policy: body.policy,
        policy_version: body.policy_version,
        previous,
    };
    let job = service.evaluate(&by, asked, &once, queued).await?;
    Ok(accepted(&service, &headers, job).await?)
}
