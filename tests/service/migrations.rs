//! Databases of version 0.1.0, which kept a record of migrations of its own, and databases that
//! this version refuses.

use std::fs;
use std::path::Path;

use serde_json::json;

use super::database::{Cells, sql};
use super::server::{Engine, Place};

/// A key in the database of 0.1.0.
const ADMIN: &str = "fk_00112233_44556677445566774455667744556677445566774455667744556677";

const TABLES: [&str; 13] = [
    "client",
    "api_key",
    "written",
    "ledger",
    "artefact",
    "job",
    "offer",
    "position",
    "collection",
    "settlement",
    "report",
    "quote",
    "idempotency",
];

/// A place with the database that version 0.1.0 left.
fn left_by_0_1_0(engine: Engine) -> Place {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/service/databases");
    let text = |name| fs::read_to_string(folder.join(name)).expect("statements");
    let own = match engine {
        Engine::Sqlite => text("0.1.0.sqlite.sql"),
        Engine::Postgres => text("0.1.0.postgres.sql"),
    };
    let place = Place::new(engine);
    sql(&place, engine, &format!("{}{own}", text("0.1.0.sql")));
    place
}

fn rows_of(place: &Place, engine: Engine) -> Vec<(&'static str, Cells)> {
    let tables = TABLES.into_iter().chain(["audit"]);
    // By columns, because tables have keys of one, two or three.
    let rows = |table| sql(place, engine, &format!("SELECT * FROM {table} ORDER BY 1, 2, 3"));
    tables.map(|table| (table, rows(table))).collect()
}

fn engines() -> impl Iterator<Item = Engine> {
    [Engine::Sqlite, Engine::Postgres].into_iter().filter(|engine| engine.is_here())
}

#[test]
fn a_database_of_0_1_0_is_migrated_and_keeps_its_rows() {
    for engine in engines() {
        let place = left_by_0_1_0(engine);
        let before = rows_of(&place, engine);
        assert!(before.iter().all(|(_, rows)| !rows.is_empty()));
        // A command that only reads changes nothing.
        let early = place.run(&["audit", "verify"]);
        let told = String::from_utf8_lossy(&early.stderr);
        assert!(told.contains("lacks the migration 0002_confirmations"), "{told}");
        assert_eq!(sql(&place, engine, "SELECT name FROM migration").len(), 1);
        assert_eq!(place.done(&["migrate"]), "Migrated: 0002_confirmations.\n");
        assert_eq!(rows_of(&place, engine), before);
        let order = "SELECT version, description FROM _sqlx_migrations ORDER BY version";
        let done = sql(&place, engine, order);
        let cells = done.into_iter().flatten().filter_map(|(_, cell)| cell).collect::<Vec<_>>();
        assert_eq!(cells, ["1", "0001_start", "2", "0002_confirmations"]);
        assert_eq!(place.done(&["migrate"]), "Nothing to migrate.\n");
        assert_eq!(place.done(&["audit", "verify"]), "5 rows, none altered.\n");
    }
}

#[test]
fn a_database_of_0_1_0_is_served_and_its_audit_log_goes_on() {
    for engine in engines() {
        let place = left_by_0_1_0(engine);
        place.done(&["migrate"]);
        let server = place.serve("");
        let client = server.get("/v1/clients/acme", ADMIN).expect(200);
        assert_eq!(client["name"], "Acme O'Neill Ltd");
        let position = server.get("/v1/positions/pos_2", ADMIN).expect(200);
        assert_eq!(position["status"], "settled", "{position}");
        server.post("/v1/clients", ADMIN, &json!({ "id": "c", "name": "C" })).expect(201);
        drop(server);
        assert_eq!(place.done(&["audit", "verify"]), "6 rows, none altered.\n");
    }
}

/// A program of version 0.1.0 that ended before its first migration left an empty record.
#[test]
fn an_empty_record_of_0_1_0_is_a_new_database() {
    for engine in engines() {
        let place = Place::new(engine);
        sql(&place, engine, "CREATE TABLE migration (name TEXT PRIMARY KEY)");
        let run = "Migrated: 0001_start, 0002_confirmations.\n";
        assert_eq!(place.done(&["migrate"]), run);
        assert_eq!(place.done(&["migrate"]), "Nothing to migrate.\n");
    }
}

#[track_caller]
fn refused(place: &Place, said: &str) {
    for command in [&["migrate"] as &[_], &["audit", "verify"], &["serve", "--listen", "[::1]:0"]] {
        let output = place.run(command);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{command:?}: {stderr}");
        assert!(stderr.contains(said), "{command:?}: {stderr}");
    }
}

#[test]
fn a_database_with_other_migrations_is_refused_and_kept_as_it_is() {
    for engine in engines() {
        let place = Place::new(engine);
        place.done(&["migrate"]);
        let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, \
             execution_time) SELECT 7, '0007_later', success, checksum, 0 FROM _sqlx_migrations \
             WHERE version = 1";
        sql(&place, engine, later);
        refused(
            &place,
            "the database was migrated by a later version of Factorage (migration 7 is unknown to \
             this one); use that version, or restore a backup from before that migration",
        );
        let other = match engine {
            Engine::Sqlite => "UPDATE _sqlx_migrations SET checksum = X'00'",
            Engine::Postgres => r"UPDATE _sqlx_migrations SET checksum = '\x00'",
        };
        sql(&place, engine, &format!("DELETE FROM _sqlx_migrations WHERE version = 7; {other}"));
        refused(
            &place,
            "migration 0001_start of the database differs from the one in this program (checksum \
             mismatch); use the build that ran it, or restore a backup",
        );
        assert_eq!(sql(&place, engine, "SELECT version FROM _sqlx_migrations").len(), 2);
    }
}

/// Builds before 0.1.0 recorded other tables under the same name.
#[test]
fn a_database_from_before_0_1_0_is_refused() {
    for engine in engines() {
        let place = left_by_0_1_0(engine);
        sql(&place, engine, "ALTER TABLE position DROP COLUMN last_paid_on");
        refused(&place, "the database was made by a build before version 0.1.0 and cannot be");
        assert_eq!(sql(&place, engine, "SELECT name FROM migration").len(), 1);
    }
}
