use axum::Json;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use app::LoadedModel;
use service::{Admin, Reader, Reply, Service, VersionedText, WrittenText, model_name};

use super::http::caller::By;
use super::http::extract::{Asked, Id, collected};
use super::http::operation::{Members, Operation};
use super::http::page::{Listed, Page, PageQuery};
use super::http::problem::Problem;
use super::http::version::{expected, tagged};
use super::versions::VersionQuery;

/// The largest model file, in bytes.
const MOST_BYTES: usize = 64 << 20;

/// A trained model: what it is for and how well it fits.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ModelCard {
    /// Its name.
    name: String,
    /// The version number, from 1.
    version: i64,
    /// SHA-256 of its file, as recorded in offers.
    sha256: String,
    /// The version of the engine that trained it.
    engine_version: String,
    /// Its purpose, training and limits, in sentences.
    card: Vec<String>,
    /// SHA-256 of each ledger that it was trained on.
    ledger_sha256: Vec<String>,
    /// The features that it uses.
    features: Value,
    /// Out-of-time check: how a model trained the same way on earlier data fits what happened
    /// later, with its calibration.
    check: Value,
    /// The time of writing, in UTC.
    created_at: String,
}

fn card(written: &VersionedText) -> Result<ModelCard, Problem> {
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

/// The operations on models.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/models", "List trained scoring models", routing::get(list))
            .by::<Reader>()
            .query::<PageQuery>()
            .answers::<Listed<ModelCard>>(200, "The latest version of each."),
        Operation::get(
            "/v1/models/{name}",
            "Show a model's card and calibration",
            routing::get(get),
        )
        .by::<Reader>()
        .query::<VersionQuery>()
        .answers::<ModelCard>(200, "The model card; the version is the ETag."),
        Operation::put("/v1/models/{name}", "Write a version of a model", routing::put(put))
            .by::<Admin>()
            .reads::<Members>()
            .matched(false)
            .answers::<ModelCard>(200, "The model card; the version is the ETag."),
    ]
}

fn answer(written: &VersionedText) -> Result<Response, Problem> {
    Ok(tagged(Reply::json(200, &card(written)?)?, written.version))
}

async fn list(
    State(service): State<Service>,
    By(by): By<Reader>,
    page: Page,
) -> Result<Json<Listed<ModelCard>>, Problem> {
    let all = service.models(&by, &page.after, page.limit).await?;
    let cards = all.iter().map(card).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Listed::new(cards, page.limit, |model| &model.name)))
}

async fn get(
    State(service): State<Service>,
    By(by): By<Reader>,
    Id(name): Id,
    Asked(asked): Asked<VersionQuery>,
) -> Result<Response, Problem> {
    answer(&service.model(&by, &name, asked.version).await?)
}

async fn put(
    State(service): State<Service>,
    By(by): By<Admin>,
    Id(name): Id,
    request: Request,
) -> Result<Response, Problem> {
    // Checked first: nobody should send 64 MB to learn that the name is wrong.
    model_name(&name)?;
    let expected = expected(request.headers()).checked()?;
    let body = collected(request.into_body(), MOST_BYTES).await?;
    let text = String::from_utf8(body.into());
    let text = text.map_err(|_| Problem::malformed("body", "Expected text in UTF-8."))?;
    answer(&service.write_model(&by, WrittenText { name: &name, text: &text, expected }).await?)
}
