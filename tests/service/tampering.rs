//! What somebody changes behind the service's back is named: rows of every table, the log's own
//! rows, its end, its key.

use std::fs;

use serde_json::json;

use super::database::sql;
use super::migrations::{ADMIN, left_by_0_1_0};
use super::payout::Funder;
use super::server::{Engine, Place, Server};

/// A sealed table: its primary key, a column to change, and what a second row must have otherwise.
struct Table {
    name: &'static str,
    key: &'static [&'static str],
    changed: &'static str,
    unique: &'static [&'static str],
}

const fn table(
    name: &'static str,
    key: &'static [&'static str],
    changed: &'static str,
    unique: &'static [&'static str],
) -> Table {
    Table { name, key, changed, unique }
}

/// The sealed tables. A test in the store compares its list with the database.
const TABLES: [Table; 23] = [
    table("client", &["id"], "name", &["id"]),
    table("api_key", &["prefix"], "expires_at", &["prefix", "hash"]),
    table("written", &["kind", "name", "version"], "text", &["name"]),
    table("ledger", &["id"], "certificate", &["id"]),
    table("artefact", &["owner_id", "name"], "sha256", &["owner_id"]),
    table("job", &["id"], "problem", &["id"]),
    table("offer", &["id"], "envelope", &["id"]),
    table("position", &["id"], "advance", &["id", "invoice_number"]),
    table("collection", &["id"], "amount", &["id"]),
    table("settlement", &["id"], "rebate", &["id"]),
    table("report", &["id"], "as_of", &["id"]),
    table("quote", &["id"], "answer", &["id"]),
    table("confirmation", &["id"], "answer", &["id"]),
    table("client_debtor", &["client_id", "debtor_id", "version"], "facts", &["debtor_id"]),
    table("claim", &["position_id"], "invoice_number", &["position_id"]),
    table("movement", &["id"], "invoice_number", &["id", "subject", "client_id"]),
    table("reversal", &["id"], "reason", &["id", "subject"]),
    table("purchase", &["id"], "advance", &["id"]),
    table("purchase_line", &["position_id"], "advance", &["position_id"]),
    table("funding", &["purchase_id"], "amount", &["purchase_id"]),
    table("withdrawal", &["purchase_id"], "reason", &["purchase_id"]),
    table("payee", &["client_id", "alias", "version"], "account", &["alias"]),
    table("payee_call", &["client_id", "alias", "version"], "note", &["alias"]),
];

pub fn engines() -> impl Iterator<Item = Engine> {
    [Engine::Sqlite, Engine::Postgres].into_iter().filter(|engine| engine.is_here())
}

/// A place with a row in every table, and a head of its log.
pub fn full(engine: Engine) -> Place {
    let place = left_by_0_1_0(engine);
    place.done(&["migrate"]);
    let server = place.serve("");
    let answer = json!({
        "debtor": "D1", "invoice": "INV-1", "outcome": "no_answer", "by": "A. Reed",
        "at": "2026-06-30", "how": "telephone"
    });
    let undone = json!({ "on": "2026-06-30", "reason": "another client's" });
    server.post("/v1/collections/col_1/reversal", ADMIN, &undone).expect(201);
    purchases(&place, &server);
    // The last row of the log describes one other row.
    server.post("/v1/clients/acme/confirmations", ADMIN, &answer).expect(201);
    drop(server);
    fs::write(place.folder.path().join("head"), place.done(&["audit", "export"])).expect("a head");
    place
}

/// A purchase that is paid out, and one that is withdrawn.
fn purchases(place: &Place, server: &Server) {
    let key = place.key("funder", None);
    let second = Funder { server, staff: ADMIN, key: &key };
    let made = |number: &str| {
        let own = json!([super::buying::invoice(number)]);
        let asked = super::buying::Desk::asked("acme", &own, &json!({}));
        server.post("/v1/positions", ADMIN, &asked)
    };
    second.pays_made(made("P-1"), "2026-01-01").expect(201);
    let id = made("P-2").expect(201)["id"].as_str().expect("an id").to_owned();
    let gone = json!({ "reason": "The client has changed its mind." });
    server.post(&format!("/v1/purchases/{id}/withdrawal"), ADMIN, &gone).expect(201);
}

/// Runs statements as somebody who may do everything: no trigger and no reference stands in the
/// way.
pub fn behind(place: &Place, engine: Engine, statements: &str) {
    let free = match engine {
        Engine::Sqlite => {
            let tables =
                TABLES.iter().map(|table| table.name).chain(["audit", "audit_start", "entry"]);
            let dropped = tables.map(|name| {
                format!(
                    "DROP TRIGGER IF EXISTS {name}_is_not_changed; \
                     DROP TRIGGER IF EXISTS {name}_is_not_deleted;"
                )
            });
            format!("PRAGMA foreign_keys = OFF; {}", dropped.collect::<String>())
        }
        Engine::Postgres => "SET session_replication_role = replica;".to_owned(),
    };
    sql(place, engine, &format!("{free} {statements}"));
}

/// The faults that are found, but for the files that the old database names and nobody has.
pub fn faults(place: &Place) -> Vec<String> {
    let output = place.run(&["audit", "verify", "--heads", "head"]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let stdout = String::from_utf8(output.stdout).expect("UTF-8");
    stdout.lines().filter(|line| !line.starts_with("file ")).map(str::to_owned).collect()
}

/// The cells of every row of a table, by column.
fn rows(place: &Place, engine: Engine, table: &Table) -> super::database::Cells {
    sql(place, engine, &format!("SELECT * FROM {}", table.name))
}

fn key_of(table: &Table, row: &[(String, Option<String>)]) -> String {
    let cell = |name: &&str| {
        let found = row.iter().find(|(column, _)| column == name);
        found.and_then(|(_, cell)| cell.clone()).expect("a key")
    };
    table.key.iter().map(cell).collect::<Vec<_>>().join("/")
}

/// The faults that every row of every table should have.
fn of_all(place: &Place, engine: Engine, said: &str) -> Vec<String> {
    let named = |table: &Table| {
        let rows = rows(place, engine, table);
        assert!(!rows.is_empty(), "no row in {}", table.name);
        let faults =
            rows.iter().map(|row| format!("{} {}: {said}", table.name, key_of(table, row)));
        faults.collect::<Vec<_>>()
    };
    let mut all: Vec<String> = TABLES.iter().flat_map(named).collect();
    all.sort_unstable();
    all
}

fn sorted(mut all: Vec<String>) -> Vec<String> {
    all.sort_unstable();
    all
}

#[test]
fn a_changed_row_of_any_table_is_named() {
    for engine in engines() {
        let place = full(engine);
        assert_eq!(faults(&place), [] as [&str; 0]);
        let expected = of_all(&place, engine, "it was changed behind the service's back");
        for Table { name, changed, .. } in TABLES {
            let other = match changed {
                "advance" | "amount" | "rebate" => "1",
                _ => "'{}1'",
            };
            behind(&place, engine, &format!("UPDATE {name} SET {changed} = {other}"));
        }
        assert_eq!(sorted(faults(&place)), expected, "{engine:?}");
    }
}

#[test]
fn a_deleted_row_of_any_table_is_named() {
    for engine in engines() {
        let place = full(engine);
        let expected = of_all(&place, engine, "it was deleted behind the service's back");
        for Table { name, .. } in TABLES {
            behind(&place, engine, &format!("DELETE FROM {name}"));
        }
        behind(&place, engine, "DELETE FROM entry");
        assert_eq!(sorted(faults(&place)), expected, "{engine:?}");
    }
}

#[test]
fn an_added_row_of_any_table_is_named() {
    for engine in engines() {
        let place = full(engine);
        let mut expected = Vec::new();
        for table in TABLES {
            let mut row = rows(&place, engine, &table).swap_remove(0);
            for (_, cell) in row.iter_mut().filter(|(name, _)| table.unique.contains(&&**name)) {
                *cell = cell.as_ref().map(|text| format!("{text}x"));
            }
            let names = row.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
            let cell = |(_, cell): &(String, Option<String>)| {
                let quoted = |text: &String| format!("'{}'", text.replace('\'', "''"));
                cell.as_ref().map_or("NULL".to_owned(), quoted)
            };
            let cells = row.iter().map(cell).collect::<Vec<_>>().join(", ");
            behind(
                &place,
                engine,
                &format!("INSERT INTO {} ({names}) VALUES ({cells})", table.name),
            );
            let key = key_of(&table, &row);
            expected.push(format!("{} {key}: it was added behind the service's back", table.name));
        }
        assert_eq!(sorted(faults(&place)), sorted(expected), "{engine:?}");
    }
}

#[test]
fn a_log_that_was_cut_or_emptied_is_told_by_its_head() {
    for engine in engines() {
        let place = full(engine);
        // Cut with care: the row that the last one describes is gone as well.
        let last = sql(&place, engine, "SELECT MAX(number) AS number FROM audit");
        let last = last[0][0].1.clone().expect("a number");
        let cut = format!("DELETE FROM confirmation; DELETE FROM audit WHERE number = {last}");
        behind(&place, engine, &cut);
        let cut = faults(&place);
        assert_eq!(cut.len(), 1, "{cut:?}");
        let said = "missing: the end of the log was cut after its head was exported at ";
        assert!(cut[0].starts_with(&format!("audit {last}: {said}")), "{cut:?}");
        let without = place.run(&["audit", "verify"]);
        let without = String::from_utf8_lossy(&without.stdout).into_owned();
        assert!(without.lines().all(|line| line.starts_with("file ")), "this is why: {without}");
        behind(&place, engine, "DELETE FROM audit");
        let emptied = faults(&place);
        assert_eq!(emptied[0], "audit 1 to 6: missing: the end of the log was cut");
        assert!(emptied[1].starts_with(&format!("audit 7 to {last}: missing")), "{emptied:?}");
        // With all of its tables.
        for Table { name, .. } in TABLES {
            behind(&place, engine, &format!("DELETE FROM {name}"));
        }
        behind(&place, engine, "DELETE FROM entry");
        assert_eq!(faults(&place), emptied[..2]);
        behind(&place, engine, "DELETE FROM audit_start");
        let refused = place.run(&["audit", "verify"]);
        let said = String::from_utf8_lossy(&refused.stderr);
        let gone = "audit log start is damaged: its row in audit_start is gone";
        assert!(refused.status.code() == Some(1) && said.contains(gone), "{said}");
    }
}

#[test]
fn a_row_of_the_log_itself_is_named() {
    for engine in engines() {
        let place = full(engine);
        // One from before there were keys, and one that is keyed.
        behind(&place, engine, "UPDATE audit SET detail = 'X' WHERE number IN (2, 6)");
        let said =
            |number: u32| format!("audit {number}: it was changed, or added without the key");
        assert_eq!(faults(&place), [said(2), said(6)]);
    }
}

#[test]
fn another_key_is_named() {
    for engine in engines() {
        let place = full(engine);
        fs::write(place.folder.path().join("other"), [7; 32]).expect("a key");
        let refused = place.run(&["audit", "verify", "--audit-key", "other"]);
        let said = String::from_utf8_lossy(&refused.stderr);
        let other = "other: not the audit key that this database was sealed with";
        assert!(refused.status.code() == Some(1) && said.contains(other), "{said}");
        let refused = place.run(&["audit", "verify", "--audit-key", "none"]);
        let said = String::from_utf8_lossy(&refused.stderr);
        assert!(said.contains("none: no audit key found"), "{said}");
        // A database that was made anew does not pass for the one whose head was exported.
        let anew = Place::new(engine);
        anew.key("admin", None);
        let names = ["factorage.audit-key", "head"];
        let [key, head] = names.map(|name| place.folder.path().join(name));
        fs::copy(&head, anew.folder.path().join("head")).expect("a copy");
        assert_eq!(faults(&anew), ["head 1: it was not sealed with this key, or it was changed"]);
        let same = Place::new(engine);
        fs::copy(&key, same.folder.path().join("factorage.audit-key")).expect("a copy");
        fs::copy(&head, same.folder.path().join("head")).expect("a copy");
        same.key("admin", None);
        assert_eq!(faults(&same), ["head 1: it is a head of another database"]);
    }
}
