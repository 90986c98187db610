//! The log of the service, as an operator's collector reads it.

use std::fs;

use serde_json::{Value, json};

use super::GOOD;
use super::server::{Engine, Place, result};

/// The lines of the log, each an object of its own.
#[track_caller]
fn lines(place: &Place) -> Vec<Value> {
    let log = fs::read_to_string(place.folder.path().join("log")).expect("a log");
    let line = |line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
    log.lines().map(line).collect()
}

#[test]
fn every_request_and_job_has_a_line_and_a_failure_its_cause_there_alone() {
    let place = Place::new(Engine::Sqlite);
    let key = place.key("underwriter", None);
    let mut server = place.serve("log_format = \"json\"");
    server.get("/health", &key).expect(200);
    server.post("/v1/clients", &key, &json!({ "id": "a", "name": "A" })).expect(201);
    let ledger = result(&server.upload("a", &key, "good.csv", GOOD.as_bytes()));
    fs::remove_dir_all(place.folder.path().join("factorage.files")).expect("a folder");
    let failed = server.get(&format!("{ledger}/file"), &key);
    assert!(server.stop());
    let lines = lines(&place);
    let of = |id: Option<&str>| -> Vec<&Value> {
        lines.iter().filter(|line| line["span"]["id"].as_str() == id).collect()
    };
    let own = of(failed.header("x-request-id"));
    let [line] = own[..] else { panic!("{own:?}") };
    assert_eq!((failed.status, &line["status"]), (503, &json!(503)), "{line}");
    assert_eq!((&line["level"], &line["span"]["method"]), (&json!("ERROR"), &json!("GET")));
    assert_eq!(line["span"]["route"], "/v1/ledgers/{id}/file");
    let cause = line["cause"].as_str().expect("a cause");
    assert!(!failed.text().contains(cause), "{}", failed.text());
    let job = |line: &&Value| line["span"]["kind"] == "ingest" && line["message"] == "finished";
    assert_eq!(lines.iter().filter(job).count(), 1, "{lines:?}");
    let created = |line: &&Value| line["span"]["route"] == "/v1/clients" && line["status"] == 201;
    assert_eq!(lines.iter().filter(created).count(), 1, "{lines:?}");
    assert!(lines.iter().all(|line| line["span"]["route"] != "/health"), "{lines:?}");
}
