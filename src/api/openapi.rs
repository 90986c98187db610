//! The OpenAPI document and a page that shows it without anything from elsewhere.

use axum::Json;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::Service;
use super::operation::{Operation, Schemas};

/// The document of these operations: OpenAPI 3.1.
pub(super) fn document(operations: &[Operation]) -> Value {
    let mut written = SchemaSettings::draft2020_12().for_serialize();
    written.definitions_path = "/components/schemas".into();
    let mut read = SchemaSettings::draft2020_12().for_deserialize();
    // A type that is read and written has two schemas; those that are read stand where they are.
    read.inline_subschemas = true;
    let mut schemas = Schemas { read: read.into_generator(), written: written.into_generator() };
    let mut paths = Map::new();
    for operation in operations {
        let method = operation.method.as_str().to_lowercase();
        let path = paths.entry(operation.path.to_owned()).or_insert_with(|| json!({}));
        path[method] = operation.document(&mut schemas);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Factorage",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Purchase offers and portfolio reports. Amounts are decimal texts, dates \
                ISO 8601; a key goes into the header Authorization: Bearer KEY. Additions within v1 \
                break nobody: ignore members that you do not know."
        },
        "paths": paths,
        "components": {
            "schemas": schemas.written.take_definitions(true),
            "securitySchemes": { "key": { "type": "http", "scheme": "bearer" } }
        },
        "security": [{ "key": [] }]
    })
}

/// The document.
pub(super) async fn json(State(service): State<Service>) -> Json<Value> {
    Json(service.document.clone())
}

/// The document to read.
pub(super) async fn page(State(service): State<Service>) -> Response {
    Html(shown(&service.document).into_string()).into_response()
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
                p { "As a document: " a href="/openapi.json" { "/openapi.json" } " (OpenAPI 3.1)." }
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

/// The members of an object, a line each: name, whether it is needed, type and meaning.
fn members(schema: &Value) -> String {
    let empty = Map::new();
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let line = |(name, own): (&String, &Value)| {
        let needed = if required.contains(&Value::from(name.as_str())) { "needed" } else { "" };
        let kind = own["type"].to_string().replace('"', "");
        let meaning = own["description"].as_str().unwrap_or_default().replace('\n', " ");
        format!("{name:<22} {needed:<7} {kind:<16} {meaning}\n")
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
