//! A copy that was made while the service runs, restored as the guide says: the database first,
//! then the files.

use std::fs;
use std::process::Command;

use serde_json::json;

use super::GOOD;
use super::server::{Engine, Place, result};

fn copied(from: &Place, to: &Place) {
    let folder = from.folder.path().join("factorage.files");
    let files = to.folder.path().join("factorage.files");
    let key = "factorage.audit-key";
    fs::copy(from.folder.path().join(key), to.folder.path().join(key)).expect("the key");
    fs::create_dir_all(&files).expect("a folder");
    // Folders belong to jobs and uploads that are going on; the database refers to none of them.
    for entry in fs::read_dir(folder).expect("files").flatten() {
        if entry.path().is_file() {
            fs::copy(entry.path(), files.join(entry.file_name())).expect("a copy");
        }
    }
}

/// Does what `sqlite3 factorage.sqlite '.backup copy.sqlite'` does.
fn backup_of_sqlite(from: &Place, to: &Place) {
    let url = format!("sqlite://{}", from.folder.path().join("factorage.sqlite").display());
    let target = to.folder.path().join("factorage.sqlite").display().to_string();
    let run = async {
        let mut database = <sqlx::SqliteConnection as sqlx::Connection>::connect(&url).await?;
        sqlx::query("VACUUM INTO $1").bind(target).execute(&mut database).await
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(run).expect("a copy");
}

fn backup_of_postgres(from: &Place, to: &Place) {
    let copy = to.folder.path().join("copy.sql");
    let dumped = Command::new("pg_dump").arg("-f").arg(&copy).arg(&from.database).status();
    assert!(dumped.expect("pg_dump runs").success());
    let restored = Command::new("psql")
        .args(["--quiet", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-f"])
        .arg(&copy)
        .arg(&to.database)
        .status();
    assert!(restored.expect("psql runs").success());
}

fn restored(engine: Engine) {
    let place = Place::new(engine);
    let underwriter = place.key("underwriter", None);
    let server = place.serve("");
    server.post("/v1/clients", &underwriter, &json!({ "id": "a", "name": "A" })).expect(201);
    let ledger = result(&server.upload("a", &underwriter, "good.csv", GOOD.as_bytes()));
    let other = Place::new(engine);
    match engine {
        Engine::Sqlite => backup_of_sqlite(&place, &other),
        Engine::Postgres => backup_of_postgres(&place, &other),
    }
    copied(&place, &other);
    let shown = server.get(&ledger, &underwriter).expect(200);
    drop(server);
    let again = other.serve("");
    assert_eq!(again.get(&ledger, &underwriter).expect(200), shown, "the key is known as well");
    let file = again.get(&format!("{ledger}/file"), &underwriter);
    assert_eq!(file.body, GOOD.as_bytes());
    again.get(&format!("{ledger}/invoices"), &underwriter).expect(200);
    assert!(other.done(&["audit", "verify"]).contains("none altered"));
}

#[test]
fn a_copy_of_sqlite_is_restored() {
    restored(Engine::Sqlite);
}

#[test]
fn a_copy_of_postgresql_is_restored() {
    if Engine::Postgres.is_here() {
        restored(Engine::Postgres);
    }
}
