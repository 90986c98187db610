//! Texts that no database keeps, or not at any length: refused alike on both engines, wherever they
//! come in.

use serde_json::{Value, json};

use super::server::{Answer, Engine, Place, Server, bearer};

const NUL: &str = "Must not contain NUL (a zero byte).";

#[track_caller]
fn refused(answer: &Answer, field: &str, detail: &str) {
    assert_eq!(answer.status, 400, "{field}: {}", answer.text());
    let told = answer.json();
    assert_eq!((&told["field"], &told["detail"]), (&json!(field), &json!(detail)));
}

fn on(engine: Engine) {
    if !engine.is_here() {
        return;
    }
    let place = Place::new(engine);
    let (key, admin) = (place.key("underwriter", None), place.key("admin", None));
    let server = place.serve("requests_per_second = 0");
    server.post("/v1/clients", &key, &json!({ "id": "a", "name": "A" })).expect(201);
    for (with, detail) in [("a\0b", NUL), (&"n".repeat(201), "Expected at most 200 characters.")] {
        in_bodies(&server, (&key, &admin), with, detail);
        in_paths_and_queries(&server, &key, with, detail);
        in_files(&server, &key, with, detail);
    }
    // Of the length that the schema says they are as good as any other.
    server.post("/v1/clients", &key, &json!({ "id": "b", "name": "n".repeat(200) })).expect(201);
}

fn in_bodies(server: &Server, (key, admin): (&str, &str), with: &str, detail: &str) {
    let payment = json!({ "invoice_number": "1", "amount": "1", "received_on": "2026-06-30" });
    let paid = |name: &str| {
        let mut payment = payment.clone();
        payment[name] = with.into();
        json!({ "client_id": "a", "payments": [payment] })
    };
    for name in ["invoice_number", "debtor_id", "reference", "account", "duplicate_of"] {
        let answer = server.post("/v1/collections", key, &paid(name));
        refused(&answer, &format!("payments[0].{name}"), detail);
    }
    let quote = |contact: &str| json!({ "face": "1", "terms_days": 30, "contact": contact });
    let posted: [(&str, &str, Value, &str); 5] = [
        ("/v1/clients", key, json!({ "id": "c", "name": with }), "name"),
        ("/v1/quotes", key, quote(with), "contact"),
        ("/v1/keys", admin, json!({ "role": "analyst", "name": with }), "name"),
        ("/v1/ledgers/1/evaluations", key, json!({ "previous": ["b", with] }), "previous[1]"),
        ("/v1/purchases/1/withdrawal", key, json!({ "reason": with }), "reason"),
    ];
    for (path, key, body, field) in posted {
        refused(&server.post(path, key, &body), field, detail);
    }
    let facts = json!({ "known_debtor": with });
    let answer = server.send("PUT", "/v1/clients/a/debtors/1/link", key, &facts);
    refused(&answer, "known_debtor", detail);
    let rows = format!("invoice_number,amount,received_on,reference\n1,1,2026-06-30,{with}\n");
    let headers = [&bearer(key) as &str, "Content-Type: text/csv"];
    let path = "/v1/collections?client_id=a";
    let answer = server.call("POST", path, &headers, rows.as_bytes());
    refused(&answer, "line 2, reference", detail);
}

fn in_paths_and_queries(server: &Server, key: &str, with: &str, detail: &str) {
    let with = with.replace('\0', "%00");
    for path in ["clients/{}", "offers/{}/menu", "clients/a/debtors/{}", "jobs/{}"] {
        let answer = server.get(&format!("/v1/{}", path.replace("{}", &with)), key);
        refused(&answer, "path", detail);
    }
    for (path, name) in [("clients", "after"), ("purchases", "client"), ("purchases", "after")] {
        refused(&server.get(&format!("/v1/{path}?{name}={with}"), key), name, detail);
    }
}

/// The name of a file, and the cells in it.
fn in_files(server: &Server, key: &str, with: &str, detail: &str) {
    let headers = [&bearer(key) as &str];
    let path = "/v1/clients/a/ledgers";
    let named = format!("{path}?file_name={}", with.replace('\0', "%00"));
    refused(&server.call("POST", &named, &headers, b"a"), "file_name", detail);
    let row = json!({
        "invoice_number": "1", "debtor_id": with, "debtor_name": "North Mill", "amount": "10.00",
        "invoice_date": "2026-05-04", "due_date": "2026-06-03", "currency": "USD"
    });
    let job = server.upload("a", key, "l.json", json!([row]).to_string().as_bytes());
    if with.contains('\0') {
        let problem = job["problem"].as_str().expect("a problem");
        assert!(problem.contains("l.json: line 2, column 3 contains NUL"), "{problem}");
    } else {
        assert_eq!(job["status"], "finished", "{job}");
    }
}

#[test]
fn no_text_with_a_nul_or_without_an_end_reaches_sqlite() {
    on(Engine::Sqlite);
}

#[test]
fn no_text_with_a_nul_or_without_an_end_reaches_postgresql() {
    on(Engine::Postgres);
}
