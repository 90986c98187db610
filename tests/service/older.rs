//! Offers and policies of older formats, as a database keeps them.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::GOOD;
use super::database::sql;
use super::server::{Engine, Place, Server, bearer, data};

/// Members that the first offers did not have.
const NEWER: [&str; 9] = [
    "menu",
    "disclosures",
    "verification_queue",
    "changes",
    "curve",
    "also_fails",
    "score_reasons",
    "expected_dilution",
    "dilution_spread",
];

/// Sections that the first policies did not have.
const NEWER_SECTIONS: [&str; 7] = [
    "[eligibility.limits]",
    "[advance.reserve]",
    "[price]",
    "[price.capital]",
    "[verification]",
    "[risk]",
    "[disclosure",
];

/// The standard policy as it would have stood in the first format.
fn older_policy() -> String {
    let text = String::from_utf8(data("policies/standard.toml")).expect("UTF-8");
    let mut is_newer = false;
    let lines = text.lines().filter(|line| {
        if line.starts_with('[') {
            is_newer = NEWER_SECTIONS.iter().any(|section| line.starts_with(section));
        }
        !is_newer && !line.starts_with("by = ")
    });
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// Removes the newer members of every debtor, line and part.
fn without_newer(value: &mut Value, removed: &mut usize) {
    match value {
        Value::Object(members) => {
            let before = members.len();
            members.retain(|name, _| !NEWER.contains(&name.as_str()));
            *removed += before - members.len();
            members.values_mut().for_each(|member| without_newer(member, removed));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| without_newer(item, removed)),
        _ => {}
    }
}

/// The document as an older engine wrote it, with the id of its content.
fn older_document(document: &Value) -> String {
    let mut offer = document["offer"].clone();
    let mut removed = 0;
    for list in ["debtors", "lines"] {
        without_newer(&mut offer["parts"][0][list], &mut removed);
    }
    let part = offer["parts"][0].as_object_mut().expect("a part");
    part.retain(|name, _| !NEWER.contains(&name.as_str()));
    assert!(removed > 0, "today's document has the members");
    let offer = offer.to_string();
    let id = basics::hex(&Sha256::digest(offer.as_bytes()));
    let (envelope, provenance) = (&document["envelope"], &document["provenance"]);
    format!(
        r#"{{"envelope":{envelope},"offer":{offer},"offer_id":"{id}","provenance":{provenance}}}"#
    )
}

/// A server with a client and its ledger, and an underwriter's key.
fn with_ledger(place: &Place) -> (Server, String, String) {
    let underwriter = place.key("underwriter", None);
    let server = place.serve("");
    server.post("/v1/clients", &underwriter, &json!({ "id": "a", "name": "A" })).expect(201);
    let job = server.upload("a", &underwriter, "good.csv", GOOD.as_bytes());
    let ledger = super::server::result(&job);
    (server, underwriter, format!("{ledger}/evaluations"))
}

fn engines() -> impl Iterator<Item = Engine> {
    [Engine::Sqlite, Engine::Postgres].into_iter().filter(|engine| engine.is_here())
}

#[test]
fn an_offer_of_an_older_format_is_shown_and_accepted() {
    for engine in engines() {
        let place = Place::new(engine);
        let (server, key, evaluations) = with_ledger(&place);
        let admin = place.key("admin", None);
        server.put_text("/v1/policies/long", &admin, &super::long_policy()).expect(200);
        let asked = json!({ "as_of": "2026-06-30", "policy": "long" });
        let offer = server.finished(&evaluations, &key, &asked);
        let document = older_document(&server.get(&offer, &key).expect(200));
        let stored = document.replace('\'', "''");
        sql(&place, engine, &format!("UPDATE offer SET document = '{stored}'"));
        let shown = server.get(&offer, &key).expect(200);
        assert_eq!(shown, serde_json::from_str::<Value>(&document).expect("JSON"));
        assert!(shown["offer"]["parts"][0]["debtors"][0].get("curve").is_none());
        let workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        for (kind, starts) in [("text/html", "<!DOCTYPE html>"), (workbook, "PK")] {
            let headers = [&bearer(&key) as &str, &format!("Accept: {kind}")];
            let answer = server.call("GET", &offer, &headers, b"");
            assert_eq!(answer.status, 200, "{}", answer.text());
            assert!(answer.body.starts_with(starts.as_bytes()), "{kind}");
        }
        for member in ["menu", "disclosures", "verification-queue"] {
            server.get(&format!("{offer}/{member}"), &key).expect(200);
        }
        let body = json!({ "by": "A. Reed" });
        let taken = server.post(&format!("{offer}/accept"), &key, &body).expect(200);
        assert_eq!(taken["status"], "accepted");
    }
}

#[test]
fn a_policy_of_an_older_format_is_shown_and_evaluates() {
    for engine in engines() {
        let place = Place::new(engine);
        let (server, key, evaluations) = with_ledger(&place);
        let policy = older_policy();
        let stored = policy.replace('\'', "''");
        let row = format!(
            "INSERT INTO written (kind, name, version, text, key_prefix, created_at) VALUES \
             ('policy', 'older', 1, '{stored}', 'fk_1', '2026-06-30T09:00:00Z')"
        );
        sql(&place, engine, &row);
        assert_eq!(server.get("/v1/policies/older", &key).expect(200)["text"], policy);
        let asked = json!({ "as_of": "2026-06-30", "policy": "older" });
        let offer = server.finished(&evaluations, &key, &asked);
        let shown = server.get(&offer, &key).expect(200);
        assert_eq!(shown["offer"]["policy"]["text"], policy);
        assert!(shown["offer"]["parts"][0].get("menu").is_none(), "it does not solve");
    }
}
