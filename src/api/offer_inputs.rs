use axum::extract::State;
use axum::response::Response;
use axum::routing;
use schemars::JsonSchema;
use serde::Serialize;

use service::{Artefact, Reader, Service};

use super::http::body::shown;
use super::http::caller::By;
use super::http::extract::{Id, Ids};
use super::http::file::streamed;
use super::http::operation::Operation;
use super::http::problem::Problem;

/// A file that an offer was made with, beside its ledger and its policy.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct OfferInput {
    /// Its name: `facility.toml`, `debtors.csv`, `confirmations.csv`, `model.json`, `previous` with
    /// the extension of that ledger, and `previous_02` and so on for further ones.
    name: String,
    /// SHA-256 of the file, in hexadecimal.
    sha256: String,
    /// Its size in bytes.
    bytes: i64,
}

impl From<Artefact> for OfferInput {
    fn from(Artefact { name, sha256, bytes }: Artefact) -> Self {
        Self { name, sha256, bytes }
    }
}

/// The operations on the inputs of offers.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get(
            "/v1/offers/{id}/inputs",
            "List what an offer was made with",
            routing::get(list),
        )
        .by::<Reader>()
        .answers::<Vec<OfferInput>>(
            200,
            "The files beside ledger and policy, ordered by name; with them, `factorage verify` \
             recomputes the offer.",
        ),
        Operation::get(
            "/v1/offers/{id}/inputs/{name}",
            "Download a file that an offer was made with",
            routing::get(file),
        )
        .by::<Reader>()
        .answers_as(200, "The file, byte for byte.", "application/octet-stream"),
    ]
}

async fn list(
    State(service): State<Service>,
    By(by): By<Reader>,
    Id(id): Id,
) -> Result<Response, Problem> {
    let inputs = service.offer_inputs(&by, &id).await?;
    shown(&inputs.into_iter().map(OfferInput::from).collect::<Vec<_>>())
}

async fn file(
    State(service): State<Service>,
    By(by): By<Reader>,
    Ids(id, name): Ids,
) -> Result<Response, Problem> {
    streamed(service.offer_input(&by, &id, &name).await?, "application/octet-stream").await
}
