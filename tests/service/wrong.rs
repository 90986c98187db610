//! Wrong input, and more of it than the service takes.

use std::io::{Read, Write};
use std::time::Duration;

use serde_json::{Value, json};

use super::payout::Funder;
use super::server::{Answer, Engine, Place, Server, bearer};

#[track_caller]
fn problem(answer: &Answer, status: u16, name: &str) {
    assert_eq!(answer.status, status, "{}", answer.text());
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    let document = answer.json();
    assert_eq!(document["type"], format!("/problems/{name}"));
    assert_eq!(document["status"], status);
    assert!(answer.header("x-request-id").is_some_and(|id| id.len() == 32));
}

#[test]
fn wrong_values_are_named() {
    let place = Place::new(Engine::Sqlite);
    let underwriter = place.key("underwriter", None);
    let server = place.serve("requests_per_second = 0");
    let quote = |body: Value| server.post("/v1/quotes", &underwriter, &body);
    let good = json!({ "face": "50000", "terms_days": 45, "debtors": 8, "as_of": "2026-06-30" });
    let answer = quote(good).expect(200);
    assert!(answer["quote"]["apr_percent"].is_number() && answer["id"].is_null());
    // Of the wrong shape: 400.
    for (body, field) in [
        (json!({ "face": "50000", "terms_days": "x" }), "terms_days"),
        (json!({ "face": [], "terms_days": 4 }), "face"),
        (json!({ "face": "NaN", "terms_days": 4 }), "face"),
        (json!({ "face": 1e300, "terms_days": 4 }), "face"),
        (json!({ "face": "1", "terms_days": 4, "colour": 1 }), "colour"),
        (json!({ "face": "1", "terms_days": 30, "currency": "usd!" }), "currency"),
        (json!({ "face": "1", "terms_days": 30, "as_of": "2026-02-30" }), "as_of"),
        (json!([]), "object"),
        (json!(null), "object"),
    ] {
        let wrong = quote(body.clone());
        problem(&wrong, 400, "malformed");
        assert!(wrong.text().contains(field), "{body}: {}", wrong.text());
    }
    // Of the right shape, and wrong: 422.
    for (body, field) in [
        (json!({ "face": "-5", "terms_days": 4 }), "face"),
        (json!({ "face": "99999999999999999999999", "terms_days": 4 }), ""),
        (json!({ "face": "1", "terms_days": 0 }), "terms"),
        (json!({ "face": "1", "terms_days": 30, "debtors": 0 }), "debtors"),
    ] {
        let wrong = quote(body.clone());
        problem(&wrong, 422, "validation");
        assert!(wrong.text().contains(field), "{body}: {}", wrong.text());
    }
    requests(&server, &underwriter);
    collections_and_positions(&place, &server, &underwriter);
}

/// Bodies, paths and parameters.
fn requests(server: &Server, underwriter: &str) {
    let headers = [&bearer(underwriter) as &str];
    let raw = |path: &str, body: &[u8]| server.call("POST", path, &headers, body);
    problem(&raw("/v1/quotes", b"{"), 400, "malformed");
    problem(&raw("/v1/quotes", b"\xff\xfe"), 400, "malformed");
    problem(&raw("/v1/quotes", &vec![b'['; 100_000]), 400, "malformed");
    for more in [1, 2 << 20] {
        problem(&raw("/v1/quotes", &vec![b' '; (1 << 20) + more]), 413, "too-large");
    }
    let xml = [headers[0], "Content-Type: text/xml"];
    problem(&server.call("POST", "/v1/quotes", &xml, b"<a/>"), 415, "media-type");
    problem(&server.call("PUT", "/v1/quotes", &headers, b"{}"), 405, "method");
    let get = |path: &str| server.get(path, underwriter);
    problem(&get("/v1/nothing"), 404, "not-found");
    problem(&get("/v1/clients?limit=9999"), 400, "malformed");
    problem(&get("/v1/clients?limit=1&limit=2"), 400, "malformed");
    problem(&get("/v1/clients?colour=1"), 400, "malformed");
    let told = |answer: Answer| (answer.json()["field"].clone(), answer.json()["detail"].clone());
    let name = told(raw("/v1/clients", b"{\"id\": \"a\"}"));
    assert_eq!(name, (json!("name"), json!("Required.")));
    let colour = told(get("/v1/clients?colour=1"));
    assert_eq!(colour, (json!("colour"), json!("There is no such parameter.")));
    problem(&get("/v1/clients/a%00b"), 400, "malformed");
    problem(&get("/v1/clients/%ff"), 404, "not-found");
    problem(&get("/v1/clients?after=a%00b"), 400, "malformed");
    problem(&get("/v1/clients/..%2f..%2fetc"), 404, "not-found");
    for body in [
        json!({ "id": "../x", "name": "A" }),
        json!({ "id": "", "name": "A" }),
        json!({ "id": "a", "name": " " }),
        json!({ "id": "a", "name": "A\n" }),
    ] {
        problem(&server.post("/v1/clients", underwriter, &body), 422, "validation");
    }
    server.post("/v1/clients", underwriter, &json!({ "id": "a", "name": "A" })).expect(201);
    for name in ["..", "a%00b", "%2e%2e%2f", &"n".repeat(201)] {
        let path = format!("/v1/clients/a/ledgers?file_name={name}");
        let wrong = raw(&path, b"a");
        assert!(matches!(wrong.status, 400 | 422), "{}", wrong.text());
    }
    problem(&raw("/v1/clients/a/ledgers", b""), 422, "validation");
    problem(&raw("/v1/clients/nobody/ledgers", b"a"), 404, "not-found");
}

fn collections_and_positions(place: &Place, server: &Server, underwriter: &str) {
    let terms = json!({
        "fee_plan": { "components": [{ "kind": "flat", "percent": "3" }] }, "recourse_days": 90
    });
    let invoice = json!({
        "debtor_id": "11", "invoice_number": "2", "amount": "100", "advance": "80",
        "due_on": "2026-07-17"
    });
    let position = |of: &dyn Fn(&mut Value)| {
        let mut body = json!({
            "client_id": "a", "currency": "USD", "terms": terms,
            "invoices": [invoice]
        });
        of(&mut body);
        server.post("/v1/positions", underwriter, &body)
    };
    problem(&position(&|body| body["invoices"] = json!([])), 422, "validation");
    problem(&position(&|body| body["invoices"][0]["advance"] = "101".into()), 422, "validation");
    problem(&position(&|body| body["invoices"][0]["amount"] = "0.001".into()), 422, "validation");
    problem(&position(&|body| body["client_id"] = "b".into()), 404, "not-found");
    let high = json!([{ "kind": "flat", "percent": "300" }]);
    let plan = &|body: &mut Value| body["terms"]["fee_plan"]["components"] = high.clone();
    problem(&position(plan), 422, "validation");
    let made = position(&|_| ());
    let funder = place.key("funder", None);
    Funder { server, staff: underwriter, key: &funder }.pays_made(made, "2026-06-30").expect(201);
    problem(&position(&|_| ()), 409, "conflict");
    let pay = |payment: Value| {
        let body = json!({ "client_id": "a", "payments": [payment] });
        server.post("/v1/collections", underwriter, &body)
    };
    let paid = |amount: &str, on: &str| json!({ "invoice_number": "2", "amount": amount, "received_on": on });
    for (payment, field) in [
        (paid("0", "2026-07-01"), "payments[0].amount"),
        (paid("1.001", "2026-07-01"), "payments[0].amount"),
        (paid("1", "2026-06-29"), "payments[0].received_on"),
        (json!({ "invoice_number": "9", "amount": "1", "received_on": "2026-07-01" }), "currency"),
    ] {
        let wrong = pay(payment);
        problem(&wrong, 422, "validation");
        assert!(wrong.text().contains(field), "{}", wrong.text());
    }
    let csv = |text: &str| {
        let headers = [&bearer(underwriter) as &str, "Content-Type: text/csv"];
        let path = "/v1/collections?client_id=a";
        server.call("POST", path, &headers, text.as_bytes())
    };
    let wrong = csv("invoice_number,amount,received_on\n2,1.00,2026-07-01\n2,x,2026-07-01\n");
    problem(&wrong, 422, "validation");
    assert!(wrong.text().contains("line 3"), "{}", wrong.text());
    csv("invoice_number,amount,received_on\n2,1.00,2026-07-01\n").expect(201);
    let positions = server.get("/v1/positions", underwriter).expect(200);
    assert_eq!(positions["items"][0]["collected"], "1.00", "what was refused has changed nothing");
}

#[test]
fn a_key_asks_as_often_as_it_may() {
    let place = Place::new(Engine::Sqlite);
    let (first, second) = (place.key("analyst", None), place.key("analyst", None));
    let server = place.serve("requests_per_second = 2");
    // However busy the machine is, it asks more than twice in some second of so many.
    let ask = |_| server.get("/v1/clients", &first);
    let first_asked = ask(0);
    let refused = (0..500).map(ask).find(|answer| answer.status == 429).expect("too many");
    problem(&refused, 429, "too-many");
    let wait = refused.header("retry-after").and_then(|wait| wait.parse::<u64>().ok());
    assert!(wait.is_some_and(|wait| (1..=2).contains(&wait)), "{wait:?}");
    assert_eq!(first_asked.status, 200);
    assert_eq!(server.get("/v1/clients", &second).status, 200, "another key is not concerned");
}

#[test]
fn a_ledger_beyond_the_limit_leaves_nothing() {
    let place = Place::new(Engine::Sqlite);
    let underwriter = place.key("underwriter", None);
    let server = place.serve("most_megabytes = 1");
    server.post("/v1/clients", &underwriter, &json!({ "id": "a", "name": "A" })).expect(201);
    let headers = [&bearer(&underwriter) as &str];
    let path = "/v1/clients/a/ledgers";
    let large = vec![b'a'; 1 << 20];
    // The service answers before it has read all, and the answer reaches who is still sending.
    for more in [4, 1 << 20] {
        let body = [&large[..], &vec![b'a'; more]].concat();
        problem(&server.call("POST", path, &headers, &body), 413, "too-large");
        let head = "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f.csv\"\r\n\r\n";
        let form = [head.as_bytes(), &body, b"\r\n--b--\r\n"].concat();
        let kind = [headers[0], "Content-Type: multipart/form-data; boundary=b"];
        problem(&server.call("POST", path, &kind, &form), 413, "too-large");
    }
    let unknown = ["Authorization: Bearer fk_nobody"];
    problem(&server.call("POST", path, &unknown, &large), 401, "unauthorized");
    let files = place.folder.path().join("factorage.files");
    assert_eq!(std::fs::read_dir(files).expect("a folder").count(), 0, "nothing is kept");
}

#[test]
fn idle_and_broken_connections_hold_nobody_up() {
    let place = Place::new(Engine::Sqlite);
    let underwriter = place.key("underwriter", None);
    let mut server = place.serve("most_requests = 4");
    let mut idle: Vec<_> = (0..300).filter_map(|_| server.connected().ok()).collect();
    assert_eq!(idle.len(), 300);
    for stream in &mut idle[..100] {
        stream.write_all(b"POST /v1/quotes HTTP/1.1\r\nHost: x\r\n").expect("sent");
    }
    let mut odd = server.connected().expect("a connection");
    odd.write_all(b"\x16\x03\x01\x02\x00no http at all\r\n\r\n").expect("sent");
    let mut said = Vec::new();
    odd.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
    odd.read_to_end(&mut said).expect("closed");
    assert_eq!(server.get("/v1/clients", &underwriter).status, 200);
    // A body that never comes keeps one of four places, and its caller is told.
    let head = format!(
        "POST /v1/quotes HTTP/1.1\r\nHost: x\r\n{}\r\nContent-Length: 10\r\n\r\n{{",
        bearer(&underwriter)
    );
    let mut slow = server.connected().expect("a connection");
    slow.write_all(head.as_bytes()).expect("sent");
    assert_eq!(server.get("/v1/clients", &underwriter).status, 200);
    let mut answer = [0; 12];
    slow.read_exact(&mut answer).expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 408");
    assert!(server.is_running());
}
