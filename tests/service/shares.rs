//! Places that callers share: neither a key nor an address takes those of all others.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use serde_json::json;

use super::server::{Engine, Place, Server, bearer};

/// A request whose body never comes.
fn stalled(server: &Server, key: &str, path: &str) -> TcpStream {
    let mut stream = server.connected().expect("a connection");
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\n{}\r\nContent-Length: 10\r\n\r\n{{",
        bearer(key)
    );
    stream.write_all(head.as_bytes()).expect("sent");
    stream
}

/// Asks until the answer has this status: what was sent before it takes its place in a moment.
fn becomes(status: u16, ask: impl Fn() -> u16) -> bool {
    let ends = Instant::now() + Duration::from_secs(10);
    while Instant::now() < ends {
        if ask() == status {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}

/// Stalls until the next request is refused. A request that asks too early may take a place of
/// those that stall, so that they begin anew.
fn filled(
    refusal: u16,
    stall: impl Fn() -> Vec<TcpStream>,
    ask: impl Fn() -> u16,
) -> Vec<TcpStream> {
    for _ in 0..20 {
        let stalled = stall();
        std::thread::sleep(Duration::from_millis(300));
        if ask() == refusal {
            return stalled;
        }
    }
    panic!("whatever stalls, the next one is taken");
}

#[test]
fn a_key_takes_half_of_the_places_at_most_and_few_for_uploads() {
    let place = Place::new(Engine::Sqlite);
    let [much, little] = [(); 2].map(|()| place.key("underwriter", None));
    let server = place.serve("most_requests = 8\nuploads_per_key = 2\nrequests_per_second = 0");
    server.post("/v1/clients", &much, &json!({ "id": "a", "name": "A" })).expect(201);
    let upload = |key: &str| {
        server.call("POST", "/v1/clients/a/ledgers?file_name=l.csv", &[&bearer(key)], b"")
    };
    let stalled = |path: &str| stalled(&server, &much, path);
    let path = "/v1/clients/a/ledgers?file_name=l.csv";
    let uploads = filled(429, || (0..2).map(|_| stalled(path)).collect(), || upload(&much).status);
    assert_eq!(upload(&little).status, 422, "it is empty, but taken");
    assert_eq!(server.get("/v1/clients", &much).status, 200, "no upload");
    let quotes = || (0..6).map(|_| stalled("/v1/quotes")).collect();
    let others = filled(429, quotes, || server.get("/v1/clients", &much).status);
    let refused = server.get("/v1/clients", &much);
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(server.get("/v1/clients", &little).status, 200);
    server.call("GET", "/health", &[], b"").expect(200);
    drop((uploads, others));
    assert!(becomes(200, || server.get("/v1/clients", &much).status), "given back");
}

#[test]
fn probes_answer_at_their_own_address_when_all_places_are_taken() {
    let place = Place::new(Engine::Sqlite);
    let keys = [(); 3].map(|()| place.key("analyst", None));
    let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("a port");
    let server = place.serve(&format!("most_requests = 2\nadmin_listen = \"{free}\"\n"));
    let stall = || keys.iter().map(|key| stalled(&server, key, "/v1/quotes")).collect();
    let held = filled(503, stall, || server.get("/v1/clients", &keys[2]).status);
    let asked = |path: &str| {
        let mut stream = TcpStream::connect(free).expect("a connection");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    };
    for path in ["/health", "/ready", "/metrics"] {
        assert!(asked(path).starts_with("HTTP/1.1 200"), "{path}: {}", asked(path));
    }
    assert!(asked("/v1/clients").starts_with("HTTP/1.1 404"), "nothing else");
    server.call("GET", "/health", &[], b"").expect(200);
    drop(held);
    assert!(becomes(404, || server.call("GET", "/metrics", &[], b"").status), "only there");
}

#[test]
fn an_address_has_so_many_connections_and_whoever_reads_nothing_loses_its_own() {
    let place = Place::new(Engine::Sqlite);
    let server = place.serve("connections_per_address = 1\n");
    let mut unread = server.connected().expect("a connection");
    unread.set_write_timeout(Some(Duration::from_millis(200))).expect("a limit");
    let request = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100);
    // Until nothing more is taken: the answers fill both buffers.
    while unread.write_all(&request).is_ok() {}
    let start = Instant::now();
    let other = || server.try_call("GET", "/health", &[], b"").map_or(0, |answer| answer.status);
    assert_eq!(other(), 0, "a second connection is closed");
    while other() != 200 {
        assert!(start.elapsed() < Duration::from_mins(1), "the first one is never cut off");
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn made_up_methods_and_paths_are_counted_together() {
    let place = Place::new(Engine::Sqlite);
    let server = place.serve("");
    for at in 0..5 {
        server.call(&format!("MAKE{at}"), "/health", &[], b"");
        server.call("GET", &format!("/made/up/{at}"), &[], b"");
    }
    let shown = server.call("GET", "/metrics", &[], b"").text();
    assert!(shown.contains("method=\"other\"") && !shown.contains("MAKE"), "{shown}");
    assert!(!shown.contains("made/up"), "{shown}");
}

#[test]
fn guessing_keys_ends_and_does_not_end_the_work_of_others() {
    let place = Place::new(Engine::Sqlite);
    let key = place.key("analyst", None);
    let server = place.serve("");
    server.get("/v1/clients", &key).expect(200);
    let guess = |at: usize| server.get("/v1/clients", &format!("fk_{at}")).status;
    let answers: Vec<u16> = (0..102).map(guess).collect();
    assert!(answers[..100].iter().all(|status| *status == 401), "{answers:?}");
    assert_eq!(answers[100..], [429, 429]);
    server.get("/v1/clients", &key).expect(200);
}
