//! Nothing is done twice, and nothing is changed that has been changed since.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::GOOD;
use super::database::sql;
use super::payout::paid_out;
use super::server::{Engine, Place, bearer, result};

#[test]
fn the_same_request_is_carried_out_once() {
    let place = Place::new(Engine::Sqlite);
    let underwriter = place.key("underwriter", None);
    let server = place.serve("requests_per_second = 0");
    let once = |path: &str, key: &str, body: &str| {
        let headers = [&bearer(&underwriter) as &str, &format!("Idempotency-Key: {key}")];
        server.call("POST", path, &headers, body.as_bytes())
    };
    let client = json!({ "id": "a", "name": "A" }).to_string();
    let first = once("/v1/clients", "k1", &client);
    let again = once("/v1/clients", "k1", &client);
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!(first.body, again.body);
    assert_eq!(once("/v1/clients", "k1", "{\"id\": \"b\", \"name\": \"B\"}").status, 422);
    assert_eq!(once("/v1/clients", &"k".repeat(201), &client).status, 400);
    assert_eq!(once("/v1/clients", "two words", &client).status, 400);
    assert_eq!(once("/v1/clients", "k2", &client).status, 409, "another key, the same client");

    let upload = "/v1/clients/a/ledgers?file_name=good.csv";
    let jobs: Vec<Value> = (0..3).map(|_| once(upload, "k3", GOOD).expect(202)).collect();
    assert!(jobs.iter().all(|job| job["id"] == jobs[0]["id"]), "one job");
    let more = GOOD.replace("800.00", "801.00");
    assert_eq!(once(upload, "k3", &more).status, 422, "another file");
    let job = server.upload("a", &underwriter, "good.csv", GOOD.as_bytes());
    let ledgers = server.get("/v1/clients/a/ledgers", &underwriter).expect(200);
    assert_eq!(ledgers["items"].as_array().expect("ledgers").len(), 2);

    let quote = json!({
        "face": "50000", "terms_days": 45, "debtors": 8, "as_of": "2026-06-30",
        "contact": "owner@example.com"
    });
    let kept = once("/v1/quotes", "k4", &quote.to_string()).expect(201);
    assert_eq!(once("/v1/quotes", "k4", &quote.to_string()).expect(201), kept);
    let quotes = server.get("/v1/quotes", &underwriter).expect(200);
    assert_eq!(quotes["items"].as_array().expect("quotes").len(), 1);

    // Two people accept at once: one of them has it, and everything is bought once.
    let asked = json!({ "as_of": "2026-06-30", "policy": "p" });
    let admin = place.key("admin", None);
    server.put_text("/v1/policies/p", &admin, &super::long_policy()).expect(200);
    let evaluations = format!("{}/evaluations", result(&job));
    let before = server.finished(&evaluations, &underwriter, &asked);
    let offer = server.finished(&evaluations, &underwriter, &asked);
    let taken = json!({ "by": "A. Reed" });
    let accept = || server.post(&format!("{offer}/accept"), &underwriter, &taken).status;
    let mut both = std::thread::scope(|scope| {
        let other = scope.spawn(accept);
        [accept(), other.join().expect("an answer")]
    });
    both.sort_unstable();
    assert!(both[0] == 200 && both[1] == 409, "{both:?}");
    paid_out(&place, &server, &underwriter, "2026-06-30");
    // The same invoices cannot be bought by an offer that was made before, and no other offers it.
    let refused = server.post(&format!("{before}/accept"), &underwriter, &taken);
    assert!(
        refused.status == 409 && refused.text().contains("has already been bought"),
        "{}",
        refused.text()
    );
    let still = server.get(&format!("{before}/history"), &underwriter).expect(200);
    assert_eq!(still["status"], "offered", "what failed has changed nothing");
    let after = server.finished(&evaluations, &underwriter, &asked);
    let part = &server.get(&after, &underwriter).expect(200)["offer"]["parts"][0];
    let bought = &server.get("/v1/positions", &underwriter).expect(200)["items"];
    for position in bought.as_array().expect("positions") {
        let lines = part["lines"].as_array().expect("lines");
        let line = lines.iter().find(|line| line["invoice_number"] == position["invoice_number"]);
        assert_eq!(line.expect("a line")["decision"], "exclude", "it is bought already");
    }
}

#[test]
fn what_was_changed_since_it_was_read_is_not_changed() {
    let place = Place::new(Engine::Sqlite);
    let (underwriter, admin) = (place.key("underwriter", None), place.key("admin", None));
    let server = place.serve("");
    server.post("/v1/clients", &underwriter, &json!({ "id": "a", "name": "A" })).expect(201);
    let change = |tag: &str| {
        let headers = [&bearer(&underwriter) as &str, tag];
        server.call("PATCH", "/v1/clients/a", &headers, b"{\"name\": \"New\"}").status
    };
    assert_eq!(change("X: y"), 422, "no If-Match");
    assert_eq!(change("If-Match: \"1\""), 200);
    assert_eq!(change("If-Match: \"1\""), 412, "changed since");
    let policy = super::long_policy();
    let write = |tag: &str, text: &str| {
        let headers = [&bearer(&admin) as &str, tag, "Content-Type: application/toml"];
        server.call("PUT", "/v1/policies/p", &headers, text.as_bytes())
    };
    assert_eq!(write("If-Match: \"1\"", &policy).status, 412, "there is none yet");
    assert_eq!(write("X: y", &policy).expect(200)["version"], 1);
    let other = policy.replace("valid_days = 365", "valid_days = 30");
    assert_eq!(write("If-Match: \"1\"", &other).expect(200)["version"], 2);
    let first = server.get("/v1/policies/p?version=1", &admin).expect(200);
    assert_eq!(first["text"], policy.as_str(), "a version is never changed");
    assert_eq!(server.get("/v1/policies/p?version=3", &admin).status, 404);
    let wrong = write("X: y", "name = 1");
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("line 1"), "{}", wrong.text());
}

/// Equal requests at the same time, some to each of two servers.
#[test]
fn of_equal_requests_at_once_one_is_carried_out_and_all_get_its_answer() {
    for engine in [Engine::Sqlite, Engine::Postgres].into_iter().filter(|one| one.is_here()) {
        let place = Place::new(engine);
        let key = place.key("underwriter", None);
        let servers = [(), ()].map(|()| place.serve("requests_per_second = 0"));
        for round in 0..5 {
            let body = json!({ "id": format!("c{round}"), "name": "C" }).to_string();
            let headers = [&bearer(&key) as &str, &format!("Idempotency-Key: k{round}")];
            let answers: Vec<_> = std::thread::scope(|scope| {
                let asked = (0..8).map(|number| {
                    let (server, body) = (&servers[number % 2], body.as_bytes());
                    scope.spawn(move || server.call("POST", "/v1/clients", &headers, body))
                });
                let asked: Vec<_> = asked.collect();
                asked.into_iter().map(|one| one.join().expect("an answer")).collect()
            });
            for answer in answers {
                assert_eq!(answer.status, 201, "{engine:?}: {}", answer.text());
                assert_eq!(answer.header("etag"), Some("\"1\""));
            }
        }
        let log = "SELECT number FROM audit WHERE action = 'client.created'";
        assert_eq!(sql(&place, engine, log).len(), 5, "each once");
    }
}

/// Refused as the first is, not answered with what the first without it got.
#[test]
fn a_parameter_that_there_is_not_is_refused_before_an_answer_is_repeated() {
    let place = Place::new(Engine::Sqlite);
    let key = place.key("underwriter", None);
    let server = place.serve("");
    let ask = |path: &str| {
        let headers = [&bearer(&key) as &str, "Idempotency-Key: k"];
        server.call("POST", path, &headers, b"{\"id\": \"a\", \"name\": \"A\"}")
    };
    for _ in 0..2 {
        let wrong = ask("/v1/clients?dry_run=true").expect(400);
        assert_eq!([&wrong["field"], &wrong["detail"]], ["query", "There is no such parameter."]);
        ask("/v1/clients").expect(201);
    }
}

#[test]
fn an_answer_is_forgotten_after_a_day() {
    for engine in [Engine::Sqlite, Engine::Postgres].into_iter().filter(|one| one.is_here()) {
        let place = Place::new(engine);
        let key = place.key("underwriter", None);
        let server = place.serve("");
        let ask = |server: &super::server::Server, body: &[u8]| {
            let headers = [&bearer(&key) as &str, "Idempotency-Key: k"];
            server.call("POST", "/v1/clients", &headers, body).status
        };
        assert_eq!(ask(&server, b"{\"id\": \"a\", \"name\": \"A\"}"), 201);
        assert_eq!(ask(&server, b"{\"id\": \"b\", \"name\": \"B\"}"), 422, "another request");
        drop(server);
        sql(&place, engine, "UPDATE idempotency SET created_at = '2026-06-30T09:00:00Z'");
        let server = place.serve("");
        let ends = Instant::now() + Duration::from_mins(2);
        while !sql(&place, engine, "SELECT status FROM idempotency").is_empty() {
            assert!(Instant::now() < ends, "it is kept");
            std::thread::sleep(Duration::from_millis(50));
        }
        assert_eq!(ask(&server, b"{\"id\": \"b\", \"name\": \"B\"}"), 201);
    }
}

#[test]
fn a_repeated_request_gets_the_headers_of_the_first_and_the_job_of_today() {
    let place = Place::new(Engine::Sqlite);
    let key = place.key("underwriter", None);
    let server = place.serve("");
    let once = |path: &str, own: &str, body: &str| {
        let headers = [&bearer(&key) as &str, &format!("Idempotency-Key: {own}")];
        server.call("POST", path, &headers, body.as_bytes())
    };
    for _ in 0..2 {
        let made = once("/v1/clients", "k1", "{\"id\": \"a\", \"name\": \"A\"}");
        assert_eq!((made.status, made.header("etag")), (201, Some("\"1\"")));
    }
    let upload = "/v1/clients/a/ledgers?file_name=good.csv";
    let job = once(upload, "k2", GOOD).expect(202);
    server.ended(job.clone(), &key);
    let again = once(upload, "k2", GOOD);
    let path = format!("/v1/jobs/{}", job["id"].as_str().expect("an id"));
    assert_eq!(again.header("location"), Some(path.as_str()));
    assert_eq!(again.expect(202)["status"], "finished", "the job as it is now");
}
