//! What hangs on a sealed row or lies beside it is no place to hide a change either: entries of
//! movements, remembered answers, the start of the log.

use serde_json::json;

use super::database::sql;
use super::migrations::ADMIN;
use super::server::{Engine, Place, bearer};
use super::tampering::{behind, engines, faults, full};

/// The first cell of the only row.
fn cell(place: &Place, engine: Engine, statement: &str) -> String {
    sql(place, engine, statement)[0][0].1.clone().expect("a text")
}

#[test]
fn an_entry_is_sealed_with_its_movement() {
    for engine in engines() {
        let first = "SELECT movement_id FROM entry WHERE account = 'funds' ORDER BY 1 LIMIT 1";
        let changes = [
            "UPDATE entry SET amount = amount + 1 WHERE id = '{}.funds'",
            "DELETE FROM entry WHERE id = '{}.funds'",
            "UPDATE entry SET account = 'fees' WHERE id = '{}.funds'",
            "UPDATE entry SET id = 'x' WHERE id = '{}.funds'",
        ];
        for change in changes {
            let place = full(engine);
            let movement = cell(&place, engine, first);
            behind(&place, engine, &change.replace("{}", &movement));
            let found = faults(&place);
            let said = format!("movement {movement}: it was changed behind the service's back");
            assert!(found.contains(&said), "{change}: {found:?}");
            let renamed = change.contains("SET id") || change.contains("SET account");
            assert_eq!(found.len(), 1 + usize::from(renamed), "{change}: {found:?}");
        }
        let place = full(engine);
        let movement = cell(&place, engine, first);
        let added =
            "INSERT INTO entry (id, movement_id, account, amount) VALUES ('x', '{}', 'x', 1)";
        behind(&place, engine, &added.replace("{}", &movement));
        let found = faults(&place);
        assert!(found.len() == 1 && found[0].starts_with("entry x: it was added"), "{found:?}");
    }
}

#[test]
fn an_answer_that_would_be_repeated_is_sealed() {
    for engine in engines() {
        let place = full(engine);
        let server = place.serve("");
        let body = json!({ "id": "b", "name": "B" }).to_string();
        let headers = [&bearer(ADMIN) as &str, "Idempotency-Key: one"];
        let made = server.call("POST", "/v1/clients", &headers, body.as_bytes());
        assert_eq!(made.status, 201, "{}", made.text());
        drop(server);
        assert_eq!(faults(&place), [] as [&str; 0]);
        behind(&place, engine, "UPDATE idempotency SET body = '{}' WHERE idempotency_key = 'one'");
        let prefix = cell(&place, engine, "SELECT key_prefix FROM idempotency");
        let said = format!("idempotency {prefix}/one: it was changed behind the service's back");
        assert_eq!(faults(&place), [said]);
        // They are forgotten after a day.
        behind(&place, engine, "DELETE FROM idempotency");
        assert_eq!(faults(&place), [] as [&str; 0]);
        let added = "INSERT INTO idempotency (key_prefix, idempotency_key, request_sha256, status, \
                     body, created_at) VALUES ('fk', 'two', '', 201, '{}', '')";
        behind(&place, engine, added);
        let said = "idempotency fk/two: it was added behind the service's back";
        assert_eq!(faults(&place), [said]);
    }
}

#[test]
fn a_second_start_of_the_log_is_named_and_stops_nothing() {
    for engine in engines() {
        let place = full(engine);
        let added = "INSERT INTO audit_start (id, number, created_at, seal) \
                     VALUES ('', 1, 'now', 'none')";
        behind(&place, engine, added);
        assert_eq!(faults(&place), ["audit_start : it was added behind the service's back"]);
        drop(place.serve(""));
    }
}
