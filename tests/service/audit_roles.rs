//! On PostgreSQL the service works under a role that can neither change nor delete what is only
//! ever added, nor migrate.

use std::fs;
use std::process::Command;

use serde_json::json;

use super::GOOD;
use super::database::sql;
use super::payout::paid_out;
use super::server::{Engine, Place, result};

/// A role of its own on the server, gone with the test.
struct OwnRole(String);

impl OwnRole {
    fn new(place: &Place) -> Self {
        let name = place.database.rsplit('/').next().expect("a name");
        let role = format!("service_of_{name}");
        sql(place, Engine::Postgres, &format!("CREATE ROLE {role} LOGIN"));
        Self(role)
    }

    /// The same database under this role, with the same key.
    fn place(&self, owner: &Place) -> Place {
        let folder = tempfile::tempdir().expect("a folder");
        let key = "factorage.audit-key";
        if owner.folder.path().join(key).exists() {
            fs::copy(owner.folder.path().join(key), folder.path().join(key)).expect("a copy");
        }
        let database = owner.database.replacen("postgres@", &format!("{}@", self.0), 1);
        assert_ne!(database, owner.database);
        Place::of(folder, database)
    }
}

/// What the server says to a statement of a role.
fn said(place: &Place, statement: &str) -> String {
    let output = Command::new("psql")
        .args(["--quiet", "-v", "ON_ERROR_STOP=1", "--command", statement])
        .arg(&place.database)
        .output()
        .expect("psql runs");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_service_works_under_a_role_that_only_adds() {
    if !Engine::Postgres.is_here() {
        return;
    }
    let owner = Place::new(Engine::Postgres);
    let role = OwnRole::new(&owner);
    let migrated = owner.done(&["migrate", "--service-role", &role.0]);
    assert!(migrated.ends_with(&format!("Granted {} the rights of the service.\n", role.0)));
    let again = owner.done(&["migrate", "--service-role", &role.0]);
    assert!(again.starts_with("Nothing to migrate.\n"), "{again}");
    let place = role.place(&owner);
    let (key, admin) = (place.key("underwriter", None), place.key("admin", None));
    let server = place.serve("");
    server.post("/v1/clients", &key, &json!({ "id": "a", "name": "A" })).expect(201);
    let ledger = result(&server.upload("a", &key, "good.csv", GOOD.as_bytes()));
    server.put_text("/v1/policies/p", &admin, &super::long_policy()).expect(200);
    let asked = json!({ "as_of": "2026-06-30", "policy": "p" });
    let offer = server.finished(&format!("{ledger}/evaluations"), &key, &asked);
    server.post(&format!("{offer}/accept"), &key, &json!({})).expect(200);
    paid_out(&place, &server, &key, "2026-06-30");
    drop(server);
    assert!(place.done(&["audit", "verify"]).contains("none altered"));
    for statement in [
        "UPDATE audit SET detail = ''",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "UPDATE audit_start SET number = 9",
        "INSERT INTO audit_start VALUES ('x', 1, '', '')",
        "DELETE FROM position",
        "TRUNCATE position",
        "UPDATE position SET advance = 1",
        "UPDATE written SET text = ''",
        "DELETE FROM confirmation",
        "UPDATE settlement SET rebate = 1",
        "UPDATE offer SET document = ''",
        "UPDATE purchase SET advance = 1",
        "DELETE FROM purchase_line",
        "UPDATE funding SET amount = 1",
        "UPDATE payee SET account = ''",
        "DELETE FROM payee_call",
        "UPDATE api_key SET role = 'admin'",
        "DELETE FROM _sqlx_migrations",
    ] {
        let refused = said(&place, statement);
        assert!(refused.contains("permission denied"), "{statement}: {refused}");
    }
    let refused = said(&place, "ALTER TABLE audit DISABLE TRIGGER ALL");
    assert!(refused.contains("must be owner"), "{refused}");
    let itself = owner.run(&["migrate", "--service-role", "postgres"]);
    let stderr = String::from_utf8_lossy(&itself.stderr);
    assert!(stderr.contains("postgres: this role owns the tables"), "{stderr}");
}

#[test]
fn a_role_that_may_not_migrate_is_told_what_to_run() {
    if !Engine::Postgres.is_here() {
        return;
    }
    let owner = Place::new(Engine::Postgres);
    let role = OwnRole::new(&owner);
    let place = role.place(&owner);
    let serve = ["serve", "--listen", "127.0.0.1:0"];
    let refused = place.run(&serve);
    let stderr = String::from_utf8_lossy(&refused.stderr);
    let run = "run `factorage migrate --service-role ROLE` as the role that owns the database";
    assert!(refused.status.code() == Some(1) && stderr.contains(run), "{stderr}");
    owner.done(&["migrate", "--service-role", &role.0]);
    let place = role.place(&owner);
    sql(&owner, Engine::Postgres, "DELETE FROM _sqlx_migrations WHERE version > 2");
    let refused = place.run(&serve);
    let stderr = String::from_utf8_lossy(&refused.stderr);
    let run = "lacks the migration 0003_seals; run `factorage migrate`";
    assert!(refused.status.code() == Some(1) && stderr.contains(run), "{stderr}");
}

#[test]
fn sqlite_has_no_roles() {
    let place = Place::new(Engine::Sqlite);
    let refused = place.run(&["migrate", "--service-role", "service"]);
    let stderr = String::from_utf8_lossy(&refused.stderr);
    assert!(stderr.contains("--service-role needs PostgreSQL"), "{stderr}");
}
