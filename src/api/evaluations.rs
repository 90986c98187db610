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
use super::jobs::{Job, QUEUED, accepted, queued};

/// How an offer is to be made.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct AskedEvaluation {
    /// Judge everything at the end of this day; the latest date in the ledger unless told.
    as_of: Option<NaiveDate>,
    /// The most that the client wants to be advanced.
    advance_percent: Option<Rate>,
    /// `auto`, `km`, `train`, or the name of a model; its last version counts.
    model: Option<String>,
    /// The policy's name; the service's own unless told.
    policy: Option<String>,
    /// Its version; the last one unless told.
    #[schemars(range(min = 1))]
    policy_version: Option<i64>,
}

/// How an offer is asked for.
pub(super) fn operations() -> Vec<Operation> {
    let path = "/v1/ledgers/{id}/evaluations";
    vec![
        Operation::post(path, "Make an offer", routing::post(create))
            .reads::<AskedEvaluation>()
            .optionally()
            .once()
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
