//! Trained scoring models: files of `factorage train`, kept in versions that are never changed.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use app::LoadedModel;
use store::{Kind, Written};

use super::Service;
use super::caller::{Admin, Reader};
use super::clients::identifier;
use super::extract::{Asked, Id, collected};
use super::page::{Listed, Page};
use super::policies::VersionQuery;
use super::problem::Problem;
use super::request::{expected, tagged, text};

/// Largest model.
const MOST_BYTES: usize = 64 << 20;

/// What a model is for and how well it fits.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ModelCard {
    /// Its name.
    name: String,
    /// From 1.
    version: i64,
    /// SHA-256 of its file, as offers name it.
    sha256: String,
    /// Version of the engine that trained it.
    engine_version: String,
    /// What it is for, how it was made and where it should not be used.
    card: Vec<String>,
    /// SHA-256 of the ledgers that it was trained on.
    ledger_sha256: Vec<String>,
    /// What it looks at.
    features: Value,
    /// How a model trained in the same way on what was known earlier fits what came since, with its
    /// calibration.
    check: Value,
    /// When it was written.
    created_at: String,
}

fn card(written: &Written) -> Result<ModelCard, Problem> {
    let loaded = LoadedModel::from_json(written.text.as_bytes()).map_err(Problem::internal)?;
    let file = loaded.file;
    Ok(ModelCard {
        name: written.name.clone(),
        version: written.version,
        sha256: loaded.sha256,
        engine_version: file.engine_version,
        card: file.card,
        ledger_sha256: file.ledger_sha256,
        features: serde_json::to_value(file.features).map_err(Problem::internal)?,
        check: serde_json::to_value(file.check).map_err(Problem::internal)?,
        created_at: written.created_at.clone(),
    })
}

/// The last versions of all models.
pub(super) async fn list(
    State(service): State<Service>,
    _: Reader,
    page: Page,
) -> Result<Json<Listed<ModelCard>>, Problem> {
    let all = service.store.all_written(Kind::Model, &page.after, page.limit).await?;
    let cards = all.iter().map(card).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Listed::new(cards, page.limit, |model| &model.name)))
}

/// A model's card.
pub(super) async fn get(
    State(service): State<Service>,
    _: Reader,
    Id(name): Id,
    Asked(asked): Asked<VersionQuery>,
) -> Result<Response, Problem> {
    let written = service.store.written(Kind::Model, &name, asked.version).await?;
    Ok(tagged(StatusCode::OK, text(&card(&written)?)?, written.version))
}

/// Writes a version of a model; evaluations name it.
pub(super) async fn put(
    State(service): State<Service>,
    Admin(caller): Admin,
    Id(name): Id,
    request: Request,
) -> Result<Response, Problem> {
    identifier("name", &name)?;
    if ["auto", "km", "train"].contains(&name.as_str()) {
        return Err(Problem::field("name", "auto, km and train are ways to score, not models."));
    }
    let expected = expected(request.headers())?;
    let body = collected(request.into_body(), MOST_BYTES).await?;
    let model = String::from_utf8(body.into());
    let model = model.map_err(|_| Problem::malformed("body", "Expected text in UTF-8."))?;
    if let Err(error) = LoadedModel::from_json(model.as_bytes()) {
        return Err(Problem::field("body", error.to_string()));
    }
    let actor = service.actor(caller);
    let written = service.store.write(Kind::Model, (&name, &model), expected, &actor).await?;
    Ok(tagged(StatusCode::OK, text(&card(&written)?)?, written.version))
}
