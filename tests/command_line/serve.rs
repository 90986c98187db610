//! `factorage serve` as a caller meets it: the story from key to accepted offer over HTTP, and who
//! may do what.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{GOOD, done, folder};

/// A running server, stopped when it is dropped.
struct Server {
    process: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }
}

impl Server {
    fn start(folder: &TempDir) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_factorage"))
            .current_dir(folder.path())
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary runs");
        let mut line = String::new();
        let out = process.stdout.take().expect("stdout");
        BufReader::new(out).read_line(&mut line).expect("a line");
        let address = line.trim().strip_prefix("Listening on http://").expect("an address");
        Self { address: address.to_owned(), process }
    }

    /// One request on a connection of its own. Headers are lines.
    fn call(&self, method: &str, path: &str, headers: &[&str], body: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n");
        for header in headers {
            head.push_str(header);
            head.push_str("\r\n");
        }
        stream.write_all(head.as_bytes()).expect("sent");
        write!(stream, "Content-Length: {}\r\n\r\n", body.len()).expect("sent");
        stream.write_all(body).expect("sent");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("an answer");
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        Answer { status: status.expect("a status"), head, body: bytes[end + 4..].to_vec() }
    }

    fn get(&self, path: &str, key: &str) -> Answer {
        self.call("GET", path, &[&bearer(key)], b"")
    }

    fn post(&self, path: &str, key: &str, body: &Value) -> Answer {
        self.call("POST", path, &[&bearer(key)], body.to_string().as_bytes())
    }
}

fn bearer(key: &str) -> String {
    format!("Authorization: Bearer {key}")
}

fn key(folder: &TempDir, role: &str, client: Option<&str>) -> String {
    let mut args = vec!["keys", "create", "--role", role];
    args.extend(client.into_iter().flat_map(|client| ["--client", client]));
    done(folder, &args).trim().to_owned()
}

#[test]
fn the_story_from_key_to_accepted_offer() {
    let folder = folder();
    let underwriter = key(&folder, "underwriter", None);
    let server = Server::start(&folder);
    assert_eq!(server.call("GET", "/health", &[], b"").status, 200);
    assert_eq!(server.call("GET", "/ready", &[], b"").status, 200);
    let acme = json!({ "id": "acme", "name": "Acme Ltd" });
    let made = server.post("/v1/clients", &underwriter, &acme);
    assert_eq!((made.status, made.header("etag")), (201, Some("\"1\"")));
    assert_eq!(server.post("/v1/clients", &underwriter, &acme).status, 409);
    let client = key(&folder, "client", Some("acme"));

    let upload = "/v1/clients/acme/ledgers?file_name=..%2F..%2Fgood.csv";
    let ledger = server.call("POST", upload, &[&bearer(&client)], GOOD.as_bytes());
    assert_eq!(ledger.status, 201, "{}", ledger.text());
    let ledger = ledger.json();
    assert_eq!(
        (&ledger["file_name"], &ledger["certificate"]["foots"]),
        (&"good.csv".into(), &true.into())
    );
    let id = ledger["id"].as_str().expect("an id");
    let file = server.get(&format!("/v1/ledgers/{id}/file"), &client);
    assert_eq!(file.body, GOOD.as_bytes(), "byte for byte");

    let evaluations = format!("/v1/ledgers/{id}/evaluations");
    let asked = json!({ "as_of": "2026-06-30" });
    assert_eq!(server.post(&evaluations, &client, &asked).status, 403, "not the client's to do");
    let offer = server.post(&evaluations, &underwriter, &asked);
    assert_eq!(offer.status, 201, "{}", offer.text());
    let offer = offer.json();
    let path = format!("/v1/offers/{}", offer["id"].as_str().expect("an id"));
    let document = server.get(&path, &client);
    // The offer is the command line's, byte for byte.
    done(
        &folder,
        &["evaluate", "good.csv", "--as-of", "2026-06-30", "--client", "acme", "--out", "o"],
    );
    let ours = std::fs::read_to_string(folder.path().join("o/offer.json")).expect("an offer");
    let body = |text: &str| {
        let start = text.find("\"offer\": ").expect("an offer");
        text[start..text.find("\"provenance\"").expect("a provenance")].to_owned()
    };
    assert_eq!(body(&document.text()), body(&ours));
    assert_eq!(server.get(&format!("{path}/menu"), &client).status, 200);
    assert_eq!(server.get(&format!("{path}/disclosures"), &client).status, 200);

    // What was offered as of a past day has expired by now: nobody can take it any more.
    let accepted = server.post(&format!("{path}/accept"), &client, &json!({ "by": "A. Reed" }));
    assert_eq!(accepted.status, 409);
    assert!(accepted.text().contains("expired"), "{}", accepted.text());
    assert_eq!(server.get(&path, &client).status, 200);
    drop(server);
    let audit = done(&folder, &["audit", "verify"]);
    assert!(audit.contains("rows, each as it was written"), "{audit}");
}

#[test]
fn who_may_do_what() {
    let folder = folder();
    let underwriter = key(&folder, "underwriter", None);
    let server = Server::start(&folder);
    for id in ["a", "b"] {
        let client = json!({ "id": id, "name": id });
        assert_eq!(server.post("/v1/clients", &underwriter, &client).status, 201);
    }
    let (a, b) = (key(&folder, "client", Some("a")), key(&folder, "client", Some("b")));
    let (analyst, admin) = (key(&folder, "analyst", None), key(&folder, "admin", None));
    let revoked = key(&folder, "admin", None);
    done(&folder, &["keys", "revoke", &revoked[..11]]);
    let ledger =
        server.call("POST", "/v1/clients/a/ledgers", &[&bearer(&a)], GOOD.as_bytes()).json();
    let ledger = format!("/v1/ledgers/{}", ledger["id"].as_str().expect("an id"));
    let offer = server.post(&format!("{ledger}/evaluations"), &underwriter, &json!({})).json();
    let offer = format!("/v1/offers/{}", offer["id"].as_str().expect("an id"));
    let no_body = json!({});
    let evaluations = format!("{ledger}/evaluations");
    // Of client a's things: what each key is answered. 404 tells another client nothing.
    let table: [(&str, &str, [u16; 5]); 9] = [
        ("GET", "/v1/clients", [403, 403, 200, 200, 200]),
        ("GET", "/v1/clients/a", [200, 404, 200, 200, 200]),
        ("GET", &ledger, [200, 404, 200, 200, 200]),
        ("POST", &evaluations, [403, 403, 201, 403, 201]),
        ("GET", "/v1/offers", [200, 200, 200, 200, 200]),
        ("GET", &offer, [200, 404, 200, 200, 200]),
        ("POST", &format!("{offer}/withdraw"), [403, 403, 409, 403, 409]),
        ("POST", &format!("{offer}/accept"), [409, 404, 409, 403, 409]),
        ("GET", "/v1/quotes", [403, 403, 200, 200, 200]),
    ];
    for (method, path, expected) in table {
        let keys = [&a, &b, &underwriter, &analyst, &admin];
        for (key, expected) in keys.into_iter().zip(expected) {
            let found = match method {
                "GET" => server.get(path, key),
                _ => server.post(path, key, &no_body),
            };
            assert_eq!(found.status, expected, "{method} {path}: {}", found.text());
        }
        for wrong in ["", "fk_00000000_00", &revoked] {
            let found = server.call(method, path, &[&bearer(wrong)], b"{}");
            assert_eq!(found.status, 401, "{method} {path}");
            assert_eq!(found.header("content-type"), Some("application/problem+json"));
        }
    }
    let own = server.get("/v1/offers", &b).json();
    assert_eq!(own["items"], json!([]), "another client's offers are not listed");
}

#[test]
fn nothing_is_done_twice_and_wrong_values_are_named() {
    let folder = folder();
    let underwriter = key(&folder, "underwriter", None);
    let server = Server::start(&folder);
    let once = |body: &str| {
        let headers = [&bearer(&underwriter) as &str, "Idempotency-Key: k1"];
        server.call("POST", "/v1/clients", &headers, body.as_bytes())
    };
    let first = once("{\"id\": \"a\", \"name\": \"A\"}");
    let again = once("{\"id\": \"a\", \"name\": \"A\"}");
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!(first.body, again.body);
    assert_eq!(once("{\"id\": \"b\", \"name\": \"B\"}").status, 422, "another body");
    let change = |tag: &str| {
        let headers = [&bearer(&underwriter) as &str, tag];
        server.call("PATCH", "/v1/clients/a", &headers, b"{\"name\": \"New\"}")
    };
    assert_eq!(change("X: y").status, 422, "no If-Match");
    assert_eq!(change("If-Match: \"1\"").status, 200);
    assert_eq!(change("If-Match: \"1\"").status, 412, "changed since");

    let quote = |body: Value| server.post("/v1/quotes", &underwriter, &body);
    let asked = json!({ "face": "50000", "terms_days": 45, "debtors": 8, "as_of": "2026-06-30" });
    let answer = quote(asked.clone());
    assert_eq!(answer.status, 200, "{}", answer.text());
    let answer = answer.json();
    assert!(answer["quote"]["apr_percent"].is_number() && answer["id"].is_null());
    let mut kept = asked.clone();
    kept["contact"] = "owner@example.com".into();
    assert_eq!(quote(kept).status, 201);
    assert_eq!(
        server.get("/v1/quotes", &underwriter).json()["items"][0]["contact"],
        "owner@example.com"
    );
    for (body, field) in [
        (json!({ "face": "50000", "terms_days": "x" }), "terms_days"),
        (json!({ "face": [], "terms_days": 4 }), "face"),
        (json!({ "face": "1", "terms_days": 4, "colour": 1 }), "colour"),
    ] {
        let wrong = quote(body);
        assert_eq!(wrong.status, 422);
        assert!(wrong.text().contains(field), "{}", wrong.text());
    }
    assert_eq!(quote(json!({ "face": "-5", "terms_days": 4 })).status, 422);
    assert_eq!(server.get("/v1/nothing", &underwriter).status, 404);
    assert_eq!(server.get("/v1/clients?limit=9999", &underwriter).status, 422);
    let bad =
        server.call("POST", "/v1/clients/a/ledgers", &[&bearer(&underwriter)], b"\x00\x01not");
    assert_eq!(bad.status, 422);
    assert!(!bad.text().contains(".files"), "no path of ours: {}", bad.text());
    let empty = server.call("POST", "/v1/clients/a/ledgers", &[&bearer(&underwriter)], b"");
    assert_eq!(empty.status, 422);
}
