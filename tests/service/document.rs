//! The OpenAPI document is a snapshot, written anew by
//! `FACTORAGE_WRITE_SNAPSHOTS=1 cargo test --test main document`.

use factorage::guide;
use serde_json::Value;

use super::server::{Engine, Place};
use crate::pages::same_page;

const KNOWN: &str = include_str!("openapi.json");

#[test]
fn the_document_is_the_one_that_is_known() {
    let place = Place::new(Engine::Sqlite);
    let server = place.serve("");
    let document = server.call("GET", "/openapi.json", &[], b"").expect(200);
    if crate::writes_snapshots() {
        let text = serde_json::to_string_pretty(&document).expect("JSON");
        std::fs::write("tests/service/openapi.json", text + "\n").expect("a snapshot");
    } else {
        let known: Value = serde_json::from_str(KNOWN).expect("JSON");
        assert_eq!(document, known, "FACTORAGE_WRITE_SNAPSHOTS=1 writes it");
    }
    assert_eq!(document["openapi"], "3.1.0");
    let page = server.call("GET", "/docs/api", &[], b"");
    assert_eq!(page.status, 200);
    let page = page.text();
    let operations = &page[..page.find("<h2>Schemas").expect("schemas")];
    for outside in ["http://", "https://", "src=", "@import", "<script"] {
        assert!(!operations.contains(outside), "{outside} in /docs/api");
    }
    same_page("api_page", operations);
    // Every reference leads somewhere.
    let mut open = vec![&document];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => {
                if let Some(Value::String(path)) = members.get("$ref") {
                    let pointer = path.strip_prefix('#').expect("a place in the document");
                    assert!(document.pointer(pointer).is_some(), "{path} leads nowhere");
                }
                open.extend(members.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
}

#[test]
fn the_guide_is_served_page_by_page() {
    let place = Place::new(Engine::Sqlite);
    let server = place.serve("");
    let front = server.call("GET", "/docs", &[], b"");
    assert_eq!(front.status, 200);
    for page in guide::pages().iter().filter(|page| page.name != "index") {
        let address = format!("/docs/{}", page.name);
        assert!(front.text().contains(&format!("href=\"{address}\"")), "no way to {address}");
        let served = server.call("GET", &address, &[], b"");
        assert_eq!((served.status, served.text()), (200, page.html.clone()));
        assert!(!page.html.contains("<script"), "{address} needs a script");
    }
    assert_eq!(server.call("GET", "/docs/none", &[], b"").status, 404);
}

#[test]
fn figures_for_a_monitor_may_have_their_own_address() {
    let place = Place::new(Engine::Sqlite);
    let server = place.serve("");
    server.call("GET", "/health", &[], b"").expect(200);
    let shown = server.call("GET", "/metrics", &[], b"");
    assert!(shown.text().contains("factorage_requests") && shown.text().ends_with("# EOF\n"));
    let apart = place.serve("metrics_listen = \"127.0.0.1:0\"");
    assert_eq!(apart.call("GET", "/metrics", &[], b"").status, 404);
}
