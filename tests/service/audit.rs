//! The audit log proves what was written: heads are exported, two servers write one chain, a stored
//! file is compared with its hash, and a wrong database is no good one.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::GOOD;
use super::server::{Engine, Place, Server, result};

fn engines() -> impl Iterator<Item = Engine> {
    [Engine::Sqlite, Engine::Postgres].into_iter().filter(|engine| engine.is_here())
}

fn client(server: &Server, key: &str, id: &str) {
    server.post("/v1/clients", key, &json!({ "id": id, "name": id })).expect(201);
}

/// The heads in a place, once there are so many.
fn heads(place: &Place, least: usize) -> Vec<Value> {
    let file = place.folder.path().join("heads/heads.jsonl");
    let ends = Instant::now() + Duration::from_mins(2);
    loop {
        let text = fs::read_to_string(&file).unwrap_or_default();
        let heads: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).expect("a head")).collect();
        if heads.len() >= least {
            return heads;
        }
        assert!(Instant::now() < ends, "{text}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn the_server_exports_a_head_when_something_was_written() {
    for engine in engines() {
        let place = Place::new(engine);
        let key = place.key("underwriter", None);
        let mut server = place.serve("audit_heads = \"heads\"\naudit_heads_seconds = 1");
        assert_eq!(heads(&place, 1)[0]["number"], 2, "the database and its first key");
        client(&server, &key, "a");
        assert_eq!(heads(&place, 2)[1]["number"], 3);
        client(&server, &key, "b");
        assert!(server.stop(), "told to stop, it exports what is left");
        assert_eq!(heads(&place, 3)[2]["number"], 4);
        assert_eq!(heads(&place, 3).len(), 3, "nothing was written in between");
        let verify = ["audit", "verify", "--heads", "heads/heads.jsonl"];
        assert_eq!(
            place.done(&verify),
            "4 rows, none altered; 3 sealed rows and 0 files as written.\n"
        );
        let printed = place.done(&["audit", "export"]);
        let printed: Value = serde_json::from_str(&printed).expect("a head");
        assert_eq!(printed["hash"], heads(&place, 3)[2]["hash"]);
        let appended = place.done(&["audit", "export", "--audit-heads", "heads"]);
        assert!(appended.starts_with("Exported row 4 to heads/heads.jsonl."), "{appended}");
        assert_eq!(heads(&place, 4).len(), 4);
    }
}

#[test]
fn two_servers_that_write_at_once_make_one_chain() {
    for engine in engines() {
        let place = Place::new(engine);
        let key = place.key("underwriter", None);
        let servers = [0, 1].map(|_| place.serve("requests_per_second = 0"));
        std::thread::scope(|scope| {
            for (number, server) in servers.iter().enumerate() {
                for half in 0..2 {
                    let key = &key;
                    scope.spawn(move || {
                        for step in 0..10 {
                            client(server, key, &format!("c{number}-{half}-{step}"));
                        }
                    });
                }
            }
        });
        drop(servers);
        let said = place.done(&["audit", "verify"]);
        assert_eq!(said, "42 rows, none altered; 41 sealed rows and 0 files as written.\n");
    }
}

#[test]
fn a_stored_file_that_was_changed_is_not_served_and_named_to_the_operator_alone() {
    let place = Place::new(Engine::Sqlite);
    let key = place.key("underwriter", None);
    let server = place.serve("");
    client(&server, &key, "a");
    let ledger = result(&server.upload("a", &key, "good.csv", GOOD.as_bytes()));
    let path = format!("{ledger}/file");
    assert_eq!(server.get(&path, &key).body, GOOD.as_bytes());
    let shown = server.get(&ledger, &key).expect(200);
    let sha256 = shown["sha256"].as_str().expect("a hash").to_owned();
    let stored = place.folder.path().join("factorage.files").join(&sha256);
    fs::write(stored, GOOD.replace("800.00", "900.00")).expect("altered");
    let refused = server.get(&path, &key);
    assert_eq!(refused.status, 500);
    assert!(!refused.text().contains(&sha256), "{}", refused.text());
    let log = fs::read_to_string(place.folder.path().join("log")).expect("a log");
    assert!(log.contains(&format!("file {sha256} is damaged: its content was changed")), "{log}");
    let asked = server.post(&format!("{ledger}/evaluations"), &key, &json!({})).expect(202);
    let failed = server.ended(asked, &key);
    assert_eq!(failed["status"], "failed", "no offer is made from it");
    let verified = place.run(&["audit", "verify"]);
    assert_eq!(verified.status.code(), Some(1));
    let said = String::from_utf8_lossy(&verified.stdout);
    assert!(
        said.starts_with(&format!("file {sha256}: its content was changed (ledger ")),
        "{said}"
    );
}

#[test]
fn a_wrong_database_is_an_error() {
    for engine in engines() {
        let place = Place::new(engine);
        place.key("underwriter", None);
        let (name, said) = match engine {
            Engine::Sqlite => ("other.sqlite".to_owned(), "no Factorage database found"),
            Engine::Postgres => (format!("{}_other", place.database), "does not exist"),
        };
        let other = Place::of(tempfile::tempdir().expect("a folder"), name);
        let refused = other.run(&["audit", "verify"]);
        let stderr = String::from_utf8_lossy(&refused.stderr);
        assert!(refused.status.code() == Some(1) && stderr.contains(said), "{stderr}");
        // One that is there and empty is none either.
        let empty = Place::new(engine);
        if engine == Engine::Sqlite {
            fs::write(empty.folder.path().join("factorage.sqlite"), "").expect("a file");
        }
        let refused = empty.run(&["audit", "verify"]);
        let stderr = String::from_utf8_lossy(&refused.stderr);
        let said = "no Factorage database found";
        assert!(refused.status.code() == Some(1) && stderr.contains(said), "{stderr}");
    }
}
