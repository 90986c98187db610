//! The user guide, the OpenAPI document, and a page that shows the latter. None needs a script or
//! another host.

use axum::Json;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use axum::routing;
use maud::{DOCTYPE, Markup, html};
use serde_json::{Map, Value};

use super::http::accept::HTML;
use super::http::extract::Id;
use super::http::operation::{Members, Operation};
use super::http::problem::Problem;
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

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;\
padding:0 1rem;color:#1b2430}h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem;\
border-bottom:1px solid #ccd3dc}code{background:#f1f4f8;padding:.1rem .3rem;border-radius:3px}\
details{margin:.4rem 0}summary{cursor:pointer}table{border-collapse:collapse;margin:.5rem 0}\
td,th{text-align:left;padding:.15rem .8rem .15rem 0;vertical-align:top}\
.m{display:inline-block;width:4.2rem;font-weight:600}pre{background:#f1f4f8;padding:.6rem;\
overflow:auto}";

fn shown(document: &Value) -> Markup {
    let empty = Map::new();
    let paths = document["paths"].as_object().unwrap_or(&empty);
    let mut tags: Vec<&str> = Vec::new();
    let all: Vec<(&String, &String, &Value)> = paths
        .iter()
        .flat_map(|(path, methods)| {
            methods.as_object().unwrap_or(&empty).iter().map(move |(method, it)| (path, method, it))
        })
        .collect();
    for (.., it) in &all {
        let tag = it["tags"][0].as_str().unwrap_or_default();
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Factorage API" }
                style { (maud::PreEscaped(STYLE)) }
            }
            body {
                h1 { "Factorage API " (document["info"]["version"].as_str().unwrap_or_default()) }
                p { (document["info"]["description"].as_str().unwrap_or_default()) }
                p {
                    "Machine-readable: " a href="/openapi.json" { "/openapi.json" } " (OpenAPI 3.1). "
                    a href="/docs" { "User guide" } "."
                }
                @for tag in tags {
                    h2 { (tag) }
                    @for (path, method, it) in all.iter().filter(|(.., it)| it["tags"][0] == *tag) {
                        (operation(path, method, it))
                    }
                }
                h2 { "Schemas" }
                @for (name, schema) in document["components"]["schemas"].as_object().unwrap_or(&empty) {
                    details id=(name) {
                        summary { code { (name) } }
                        pre { (serde_json::to_string_pretty(schema).unwrap_or_default()) }
                    }
                }
            }
        }
    }
}

fn operation(path: &str, method: &str, it: &Value) -> Markup {
    let none = Vec::new();
    let parameters = it["parameters"].as_array().unwrap_or(&none);
    html! {
        details {
            summary {
                span.m { (method.to_uppercase()) }
                code { (path) } " " (it["summary"].as_str().unwrap_or_default())
            }
            @if !parameters.is_empty() {
                table {
                    tr { th { "Parameter" } th { "In" } th { "" } }
                    @for own in parameters {
                        tr {
                            td { code { (own["name"].as_str().unwrap_or_default()) } }
                            td { (own["in"].as_str().unwrap_or_default()) }
                            td {
                                (own["description"].as_str()
                                    .or(own["schema"]["description"].as_str()).unwrap_or_default())
                            }
                        }
                    }
                }
            }
            (contents("Body", &it["requestBody"]))
            @for (status, answer) in it["responses"].as_object().unwrap_or(&Map::new()) {
                (contents(status, answer))
            }
        }
    }
}

/// The members of an object, one per line: name, `required` or nothing, type and meaning.
fn members(schema: &Value) -> String {
    let empty = Map::new();
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let line = |(name, own): (&String, &Value)| {
        let needed = if required.contains(&Value::from(name.as_str())) { "required" } else { "" };
        let kind = own["type"].to_string().replace('"', "");
        let meaning = own["description"].as_str().unwrap_or_default().replace('\n', " ");
        format!("{name:<22} {needed:<8} {kind:<16} {meaning}\n")
    };
    schema["properties"].as_object().unwrap_or(&empty).iter().map(line).collect()
}

fn contents(title: &str, it: &Value) -> Markup {
    let empty = Map::new();
    html! {
        @if it.is_object() {
            p {
                b { (title) } " " (it["description"].as_str().unwrap_or_default())
                @for (media, content) in it["content"].as_object().unwrap_or(&empty) {
                    " " code { (media) } " "
                    @let schema = &content["schema"];
                    @if let Some(name) = schema["$ref"].as_str().and_then(|p| p.rsplit('/').next()) {
                        a href={ "#" (name) } { (name) }
                    } @else if schema["properties"].is_object() {
                        pre { (members(schema)) }
                    }
                }
            }
        }
    }
}
