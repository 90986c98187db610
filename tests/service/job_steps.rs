//! Jobs of several clients: who is next, what is cancelled, what is done once more.

use std::fmt::Write;

use serde_json::{Value, json};

use super::GOOD;
use super::database::sql;
use super::server::{Engine, Place, Server, bearer};

/// A ledger that takes its worker a while.
fn long() -> String {
    let mut text = GOOD.lines().next().expect("a header").to_owned();
    let row = GOOD.lines().nth(1).expect("a row");
    let rest = row.split_once(',').expect("cells").1;
    for at in 0..60_000 {
        write!(text, "\nL-{at},{rest}").expect("a text");
    }
    text
}

fn sent(server: &Server, client: &str, key: &str, text: &str) -> Value {
    let path = format!("/v1/clients/{client}/ledgers?file_name=l.csv");
    server.call("POST", &path, &[&bearer(key)], text.as_bytes()).expect(202)
}

fn id(job: &Value) -> &str {
    job["id"].as_str().expect("an id")
}

fn desk(engine: Engine) -> (Place, String, Server) {
    let place = Place::new(engine);
    let underwriter = place.key("underwriter", None);
    let server = place.serve("jobs = 1\nrequests_per_second = 0\n");
    for client in ["a", "b"] {
        server
            .post("/v1/clients", &underwriter, &json!({ "id": client, "name": client }))
            .expect(201);
    }
    (place, underwriter, server)
}

fn engines() -> impl Iterator<Item = Engine> {
    [Engine::Sqlite, Engine::Postgres].into_iter().filter(|engine| engine.is_here())
}

/// One client's many ledgers do not make another wait for all of them.
#[test]
fn clients_take_turns() {
    for engine in engines() {
        let (place, key, server) = desk(engine);
        sent(&server, "a", &key, &long());
        let many: Vec<Value> = (0..6).map(|_| sent(&server, "a", &key, GOOD)).collect();
        let other = sent(&server, "b", &key, GOOD);
        for job in many.iter().chain([&other]) {
            let ended = server.ended(job.clone(), &key);
            assert_eq!(ended["status"], "finished", "{ended}");
        }
        let started = "SELECT subject FROM audit WHERE action = 'job.started' ORDER BY number";
        let started = sql(&place, engine, started);
        let place_of = |job: &Value| {
            started.iter().position(|one| one[0].1.as_deref() == Some(id(job))).expect("started")
        };
        assert_eq!(place_of(&other), 1, "after the long one, before the rest: {started:?}");
    }
}

#[test]
fn a_job_is_cancelled_while_it_waits_and_while_it_runs_and_done_once_more() {
    for engine in engines() {
        let (place, key, server) = desk(engine);
        let running = sent(&server, "a", &key, &long());
        let waiting = sent(&server, "a", &key, GOOD);
        let step = |job: &Value, step: &str, key: &str| {
            server.post(&format!("/v1/jobs/{}/{step}", id(job)), key, &json!({}))
        };
        step(&waiting, "retry", &key).expect(409);
        for job in [&waiting, &running] {
            let told = step(job, "cancellation", &key).expect(201);
            assert_eq!(told["status"], "cancelled");
            assert!(told["finished_at"].is_string(), "{told}");
            assert_eq!(step(job, "cancellation", &key).expect(409)["status"], 409);
        }
        // A place is free within seconds, and what was cancelled has made nothing.
        let third = sent(&server, "b", &key, GOOD);
        assert_eq!(server.ended(third, &key)["status"], "finished");
        let made = server.get("/v1/clients/a/ledgers", &key).expect(200);
        assert_eq!(made["items"], json!([]));
        assert_eq!(server.ended(running.clone(), &key)["status"], "cancelled");
        let again = step(&waiting, "retry", &key).expect(202);
        assert_ne!(id(&again), id(&waiting));
        assert_eq!(server.ended(again.clone(), &key)["status"], "finished");
        assert_eq!(step(&again, "retry", &key).status, 409, "it has finished");
        // A client sees what staff sent for it, and cancels and repeats what it sent itself.
        let own = place.key("client", Some("a"));
        let refused = step(&waiting, "retry", &own).expect(409);
        assert!(refused["detail"].as_str().is_some_and(|said| said.contains("another key")));
        let broken = sent(&server, "a", &own, "no ledger");
        assert_eq!(server.ended(broken.clone(), &own)["status"], "failed");
        let again = step(&broken, "retry", &own).expect(202);
        assert_eq!(server.ended(again, &own)["status"], "failed");
        step(&broken, "retry", &place.key("client", Some("b"))).expect(404);
        assert!(place.done(&["audit", "verify"]).contains("none altered"));
    }
}

#[test]
fn jobs_are_listed_the_newest_first_and_page_by_page() {
    for engine in engines() {
        let (place, key, server) = desk(engine);
        for (client, text) in [("a", GOOD), ("b", GOOD), ("a", "no ledger"), ("a", GOOD)] {
            let job = sent(&server, client, &key, text);
            server.ended(job, &key);
        }
        let listed = |query: &str, key: &str| {
            let page = server.get(&format!("/v1/jobs{query}"), key).expect(200);
            page["items"].as_array().expect("jobs").clone()
        };
        let all = listed("", &key);
        let clients: Vec<&Value> = all.iter().map(|job| &job["client_id"]).collect();
        assert_eq!(clients, ["a", "a", "b", "a"]);
        let (mut paged, mut after) = (Vec::new(), String::new());
        loop {
            let page = listed(&format!("?limit=1&after={after}"), &key);
            let Some(job) = page.first() else { break };
            after = id(job).to_owned();
            paged.push(job.clone());
        }
        assert_eq!(paged, all);
        assert_eq!(listed("?status=failed&kind=ingest", &key).len(), 1);
        assert_eq!(listed("?client=b", &key).len(), 1);
        let own = place.key("client", Some("b"));
        assert_eq!(listed("", &own), listed("?client=b", &key));
        assert_eq!(listed("?client=a", &own), Vec::<Value>::new());
        assert_eq!(server.get("/v1/jobs?status=done", &key).status, 400);
    }
}
