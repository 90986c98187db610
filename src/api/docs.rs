//! The user guide, the OpenAPI document, and a page that shows the latter. None needs a script or
//! another host.

use axum::Json;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use axum::routing;
use serde_json::Value;

use super::http::accept::HTML;
use super::http::extract::Id;
use super::http::operation::{Members, Operation};
use super::http::problem::Problem;
use super::reference::shown;
use super::state::Api;

/// The operations that serve the document.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/openapi.json", "This OpenAPI document", routing::get(json))
            .open()
            .answers::<Members>(200, "OpenAPI 3.1."),
        Operation::get("/docs", "The user guide", routing::get(guide)).open().answers_as(
            200,
            "The front page of the guide.",
            HTML,
        ),
        Operation::get("/docs/api", "The API reference as a page", routing::get(page))
            .open()
            .answers_as(200, "The API reference.", HTML),
        Operation::get("/docs/{name}", "A page of the user guide", routing::get(guide_page))
            .open()
            .answers_as(200, "A page of the guide.", HTML),
    ]
}

async fn json(State(api): State<Api>) -> Json<Value> {
    Json(api.document.clone())
}

/// The front page of the guide.
async fn guide() -> Result<Html<&'static str>, Problem> {
    guide_page(Id("index".to_owned())).await
}

/// A page of the guide.
async fn guide_page(Id(name): Id) -> Result<Html<&'static str>, Problem> {
    guide::page(&name).map(|page| Html(page.html.as_str())).ok_or(Problem::missing("page"))
}

/// The document as a page.
async fn page(State(api): State<Api>) -> Response {
    Html(shown(&api.document).into_string()).into_response()
}
