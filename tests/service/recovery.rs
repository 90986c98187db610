//! A store that cannot be written for a while: the probe says so, and nobody has to restart.

use std::fs;

use serde_json::json;

use super::database::while_held;
use super::server::{Engine, Place};

/// The lock of the writers on each engine. The number is that of `store::engine`.
const LOCKS: [(Engine, &str); 2] = [
    (Engine::Sqlite, "BEGIN IMMEDIATE"),
    (Engine::Postgres, "SELECT pg_advisory_lock(1717658484)"),
];

#[test]
fn a_lock_that_does_not_end_shows_in_the_probe_and_nowhere_else_once_it_ended() {
    for (engine, lock) in LOCKS {
        if !engine.is_here() {
            continue;
        }
        let place = Place::new(engine);
        let admin = place.key("admin", None);
        let mut server = place.serve("");
        let probe = |status| server.call("GET", "/ready", &[], b"").expect(status);
        probe(200);
        while_held(&place, engine, lock, || {
            // What was proved within the last second is not proved again.
            std::thread::sleep(std::time::Duration::from_millis(1100));
            probe(503);
            server.call("GET", "/health", &[], b"").expect(200);
            server.get("/v1/clients", &admin).expect(200);
        });
        probe(200);
        server.post("/v1/clients", &admin, &json!({ "id": "a", "name": "A" })).expect(201);
        assert!(server.stop());
    }
}

#[test]
fn a_folder_of_files_that_is_gone_shows_in_the_probe() {
    let place = Place::new(Engine::Sqlite);
    let server = place.serve("");
    let probe = |status| server.call("GET", "/ready", &[], b"").expect(status);
    let files = place.folder.path().join("factorage.files");
    let away = place.folder.path().join("away");
    fs::rename(&files, &away).expect("it is there");
    probe(503);
    fs::rename(&away, &files).expect("it is there");
    probe(200);
}

#[test]
#[cfg(unix)]
fn what_is_stored_is_for_its_owner_alone_and_one_file_after_a_clean_stop() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new(Engine::Sqlite);
    let admin = place.key("admin", None);
    let mut server = place.serve("");
    server.post("/v1/clients", &admin, &json!({ "id": "a", "name": "A" })).expect(201);
    let file = |name| place.folder.path().join(name);
    for name in ["factorage.sqlite", "factorage.sqlite-wal", "factorage.sqlite-shm"] {
        let mode = fs::metadata(file(name)).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    assert!(server.stop());
    assert!(!file("factorage.sqlite-wal").exists());
    let server = place.serve("");
    server.get("/v1/clients/a", &admin).expect(200);
}
