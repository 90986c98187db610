use axum::extract::State;
use axum::response::Response;
use axum::routing;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;

use basics::Rate;
use service::{Service, Underwriter};

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
    let Optional(AskedEvaluation { as_of, advance_percent, model, policy, policy_version }) = body;
    let asked = service::AskedEvaluation {
        ledger: &id,
        as_of,
        advance: advance_percent,
        model,
        policy,
        policy_version,
    };
    let job = service.evaluate(&by, asked, &once, queued).await?;
    Ok(accepted(&service, &headers, job).await?)
}
