use axum::extract::State;
use axum::response::Response;
use axum::routing;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;

use basics::Rate;
use service::{AskedPrevious, Service, Underwriter};

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
    /// The ledger to compare it with: the id of another ledger of the client, or `none`. By default
    /// the one that the client sent last before it, of those whose own date is not after the as-of
    /// date.
    previous: Option<String>,
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
    ]
}

async fn create(
    State(service): State<Service>,
    Posted { by, id, headers, once, body }: Posted<Underwriter, Optional<AskedEvaluation>>,
) -> Result<Response, Early> {
    let Optional(body) = body;
    let previous = match body.previous {
        None => AskedPrevious::Last,
        Some(word) if word == "none" => AskedPrevious::Nothing,
        Some(id) => AskedPrevious::Ledger(id),
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
