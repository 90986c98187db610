//! Databases of version 0.1.0, which kept a record of migrations of its own, and databases that
//! this version refuses.

use std::fs;
use std::path::Path;

use serde_json::json;

use super::database::{Cells, sql};
use super::server::{Engine, Place};

/// A key in the database of 0.1.0.
pub const ADMIN: &str = "fk_00112233_44556677445566774455667744556677445566774455667744556677";

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
pub fn left_by_0_1_0(engine: Engine) -> Place {
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
    // By columns, because tables have keys of one, two or three.
    // Columns that a migration has added are left out.
    let rows = |table| {
        let columns = match table {
            "idempotency" => {
                "key_prefix, idempotency_key, request_sha256, status, body, created_at"
            }
            _ => "*",
        };
        sql(place, engine, &format!("SELECT {columns} FROM {table} ORDER BY 1, 2, 3"))
    };
    let log = "SELECT number, at, key_prefix, action, subject, detail, previous, hash FROM audit \
         WHERE action <> 'database.migrated' ORDER BY number";
    let tables = TABLES.into_iter().map(|table| (table, rows(table)));
    tables.chain([("audit", sql(place, engine, log))]).collect()
}

/// The number of missing files: the old database names some that were not kept with it, and
/// nothing else is wrong.
fn only_files_are_missing(place: &Place) -> usize {
    let output = place.run(&["audit", "verify"]);
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(stdout.lines().all(|line| line.contains(": it cannot be read: ")), "{stdout}");
    stdout.lines().count()
}

/// Every cell of the rows is as it was; columns may have come in addition.
fn kept(before: &[(&str, Cells)], after: &[(&str, Cells)]) {
    for ((table, before), (_, after)) in before.iter().zip(after) {
        assert_eq!(before.len(), after.len(), "{table}");
        for (before, after) in before.iter().zip(after) {
            let lost: Vec<_> = before.iter().filter(|cell| !after.contains(cell)).collect();
            assert!(lost.is_empty(), "{table}: {lost:?}");
        }
    }
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
        assert_eq!(
            place.done(&["migrate"]),
            "Migrated: 0002_confirmations, 0003_seals, 0004_client_debtors, 0005_claims, 0006_books, \
             0007_purchases, 0008_jobs.\n"
        );
        kept(&before, &rows_of(&place, engine));
        // What happened before is booked: two purchases, two payments, a settlement.
        let told = place.done(&["book", "check"]);
        assert_eq!(told, "5 movements of 2 clients: the books balance.\n");
        let order = "SELECT version, description FROM _sqlx_migrations ORDER BY version";
        let done = sql(&place, engine, order);
        let cells = done.into_iter().flatten().filter_map(|(_, cell)| cell).collect::<Vec<_>>();
        assert_eq!(
            cells,
            [
                "1",
                "0001_start",
                "2",
                "0002_confirmations",
                "3",
                "0003_seals",
                "4",
                "0004_client_debtors",
                "5",
                "0005_claims",
                "6",
                "0006_books",
                "7",
                "0007_purchases",
                "8",
                "0008_jobs"
            ]
        );
        assert_eq!(place.done(&["migrate"]), "Nothing to migrate.\n");
        assert_eq!(only_files_are_missing(&place), 2);
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
        // What it had bought is not bought again, under another spelling either.
        let asked = super::buying::Desk::asked(
            "acme",
            &json!([super::buying::invoice("inv 2")]),
            &json!({}),
        );
        let again = server.post("/v1/positions", ADMIN, &asked);
        super::buying::refused(&again, "has already been bought, as position pos_2");
        server.post("/v1/clients", ADMIN, &json!({ "id": "c", "name": "C" })).expect(201);
        drop(server);
        assert_eq!(only_files_are_missing(&place), 2);
        let last = sql(&place, engine, "SELECT MAX(number) AS number FROM audit");
        assert_eq!(last[0][0].1.as_deref(), Some("7"), "five rows, the migration, the client");
    }
}

/// A program of version 0.1.0 that ended before its first migration left an empty record.
#[test]
fn an_empty_record_of_0_1_0_is_a_new_database() {
    for engine in engines() {
        let place = Place::new(engine);
        sql(&place, engine, "CREATE TABLE migration (name TEXT PRIMARY KEY)");
        let run = "Migrated: 0001_start, 0002_confirmations, 0003_seals, 0004_client_debtors, \
                   0005_claims, 0006_books, 0007_purchases, 0008_jobs.\n";
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
             execution_time) SELECT 9, '0009_later', success, checksum, 0 FROM _sqlx_migrations \
             WHERE version = 1";
        sql(&place, engine, later);
        refused(
            &place,
            "the database was migrated by a later version of Factorage (migration 9 is unknown to \
             this one); use that version, or restore a backup from before that migration",
        );
        let other = match engine {
            Engine::Sqlite => "UPDATE _sqlx_migrations SET checksum = X'00'",
            Engine::Postgres => r"UPDATE _sqlx_migrations SET checksum = '\x00'",
        };
        sql(&place, engine, &format!("DELETE FROM _sqlx_migrations WHERE version = 9; {other}"));
        refused(
            &place,
            "migration 0001_start of the database differs from the one in this program (checksum \
             mismatch); use the build that ran it, or restore a backup",
        );
        assert_eq!(sql(&place, engine, "SELECT version FROM _sqlx_migrations").len(), 8);
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
