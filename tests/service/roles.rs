//! Every operation of the OpenAPI document with every kind of key, against the table below.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::GOOD;
use super::payout::{Funder, first_position};
use super::server::{Answer, Engine, Place, Server, bearer, result};

/// The callers that may use an operation: c a client for its own, u underwriters, n analysts, a
/// administrators. `o` marks what belongs to a client: another client is told that it is not there.
const TABLE: &[(&str, &str)] = &[
    ("get /v1/keys", "a"),
    ("post /v1/keys", "a"),
    ("delete /v1/keys/{prefix}", "a"),
    ("get /v1/jobs", "cunfa"),
    ("post /v1/jobs/{id}/cancellation", "cua o"),
    ("post /v1/jobs/{id}/retry", "cua o"),
    ("get /v1/jobs/{id}", "cunfa o"),
    ("get /v1/jobs/{id}/events", "cunfa o"),
    ("get /v1/clients", "unfa"),
    ("post /v1/clients", "ua"),
    ("get /v1/clients/{id}", "cunfa o"),
    ("patch /v1/clients/{id}", "ua"),
    ("get /v1/clients/{id}/statement", "cunfa o"),
    ("get /v1/clients/{id}/ledgers", "cunfa o"),
    ("post /v1/clients/{id}/ledgers", "cua o"),
    ("get /v1/ledgers/{id}", "cunfa o"),
    ("get /v1/ledgers/{id}/rejects", "cunfa o"),
    ("get /v1/ledgers/{id}/invoices", "cunfa o"),
    ("get /v1/ledgers/{id}/file", "cunfa o"),
    ("post /v1/ledgers/{id}/evaluations", "ua"),
    ("get /v1/clients/{id}/confirmations", "unfa"),
    ("post /v1/clients/{id}/confirmations", "ua"),
    ("get /v1/confirmations/{id}", "unfa"),
    ("get /v1/offers", "cunfa"),
    ("get /v1/offers/{id}", "cunfa o"),
    ("get /v1/offers/{id}/line", "cunfa o"),
    ("post /v1/offers/{id}/completions", "ua"),
    ("get /v1/offers/{id}/menu", "cunfa o"),
    ("get /v1/offers/{id}/disclosures", "cunfa o"),
    ("get /v1/offers/{id}/verification-queue", "unfa"),
    ("get /v1/offers/{id}/inputs", "unfa"),
    ("get /v1/offers/{id}/inputs/{name}", "unfa"),
    ("get /v1/offers/{id}/history", "cunfa o"),
    ("post /v1/offers/{id}/accept", "cua o"),
    ("post /v1/offers/{id}/decline", "cua o"),
    ("post /v1/offers/{id}/withdraw", "ua"),
    ("post /v1/offers/{id}/overrides", "ua"),
    ("post /v1/offers/{id}/overrides/approval", "ua"),
    ("post /v1/quotes", "cunfa"),
    ("post /v1/quotes/invoice", "cunfa"),
    ("get /v1/quotes", "unfa"),
    ("get /v1/policies", "unfa"),
    ("get /v1/policies/{name}", "unfa"),
    ("put /v1/policies/{name}", "a"),
    ("get /v1/models", "unfa"),
    ("get /v1/models/{name}", "unfa"),
    ("put /v1/models/{name}", "a"),
    ("get /v1/facilities", "unfa"),
    ("get /v1/facilities/{client}", "cunfa o"),
    ("put /v1/facilities/{client}", "ua"),
    ("get /v1/clients/{id}/debtors", "unfa"),
    ("get /v1/clients/{id}/debtors/{debtor}", "unfa"),
    ("put /v1/clients/{id}/debtors/{debtor}", "ua"),
    ("put /v1/clients/{id}/debtors/{debtor}/link", "ua"),
    ("get /v1/debtors", "unfa"),
    ("get /v1/debtors/{id}", "unfa"),
    ("put /v1/debtors/{id}", "ua"),
    ("get /v1/clients/{id}/payees", "cunfa o"),
    ("get /v1/clients/{id}/payees/{alias}", "cunfa o"),
    ("put /v1/clients/{id}/payees/{alias}", "ua"),
    ("put /v1/clients/{id}/payees/{alias}/call", "fa"),
    ("get /v1/purchases", "cunfa"),
    ("get /v1/purchases/{id}", "cunfa o"),
    ("post /v1/purchases/{id}/funding", "fa"),
    ("post /v1/purchases/{id}/reversal", "ua"),
    ("post /v1/purchases/{id}/withdrawal", "ua"),
    ("get /v1/positions", "cunfa"),
    ("post /v1/positions", "ua"),
    ("get /v1/positions/{id}", "cunfa o"),
    ("post /v1/positions/{id}/settlement", "ua"),
    ("post /v1/positions/{id}/settlement/reversal", "ua"),
    ("post /v1/positions/{id}/reversal", "ua"),
    ("post /v1/collections", "ua"),
    ("post /v1/collections/{id}/reversal", "ua"),
    ("get /v1/book/check", "unfa"),
    ("post /v1/reports", "ua"),
    ("get /v1/reports", "unfa"),
    ("get /v1/reports/{id}", "unfa"),
    ("get /v1/portfolio/{section}", "unfa"),
];

/// A server on which client a has one of everything.
struct World {
    place: Place,
    server: Server,
    /// By the first part of a path: what stands for its parameter.
    ids: BTreeMap<&'static str, String>,
    underwriter: String,
    funder: String,
    admin: String,
    own: String,
    other: String,
}

impl World {
    fn new() -> Self {
        let place = Place::new(Engine::Sqlite);
        let (underwriter, admin) = (place.key("underwriter", None), place.key("admin", None));
        let server = place.serve("requests_per_second = 0");
        for id in ["a", "b"] {
            server.post("/v1/clients", &underwriter, &json!({ "id": id, "name": id })).expect(201);
        }
        let (own, other) = (place.key("client", Some("a")), place.key("client", Some("b")));
        let job = server.upload("a", &own, "good.csv", GOOD.as_bytes());
        let ledger = result(&job);
        let model = trained(place.folder.path());
        let model = server.call("PUT", "/v1/models/m", &[&bearer(&admin)], &model).expect(200);
        let asked = json!({ "model": "m", "as_of": "2026-06-30" });
        let offer = server.finished(&format!("{ledger}/evaluations"), &underwriter, &asked);
        let funder = place.key("funder", None);
        let second = Funder { server: &server, staff: &underwriter, key: &funder };
        let made = server.post("/v1/positions", &underwriter, &position());
        let purchase = second.pays_made(made, "2026-06-30").expect(201);
        let paid = json!({ "invoice_number": "2", "amount": "1", "received_on": "2026-07-01" });
        let paid = json!({ "client_id": "a", "payments": [paid] });
        let paid = server.post("/v1/collections", &underwriter, &paid).expect(201);
        let answer = json!({
            "debtor": "11", "invoice": "2", "outcome": "no_answer", "by": "A. Reed",
            "at": "2026-06-30", "how": "telephone"
        });
        let answers = "/v1/clients/a/confirmations";
        let answer = server.post(answers, &underwriter, &answer).expect(201);
        let asked = json!({ "sections": ["ageing"] });
        let report = server.finished("/v1/reports", &underwriter, &asked);
        server.put_text("/v1/policies/p", &admin, &super::long_policy()).expect(200);
        let scored = server.get(&offer, &own).text();
        assert!(scored.contains(model["sha256"].as_str().expect("a hash")), "scored by the model");
        server.put_text("/v1/facilities/a", &underwriter, "currency = \"USD\"\n").expect(200);
        let limit = json!({ "limit": "100" });
        server.send("PUT", "/v1/debtors/11", &underwriter, &limit).expect(200);
        server.send("PUT", "/v1/clients/a/debtors/11", &underwriter, &limit).expect(200);
        let spare = place.key("analyst", None);
        let last = |path: &str| path.rsplit('/').next().expect("an id").to_owned();
        let ids = BTreeMap::from([
            ("clients", "a".to_owned()),
            ("confirmations", answer["id"].as_str().expect("an id").to_owned()),
            ("jobs", job["id"].as_str().expect("an id").to_owned()),
            ("ledgers", last(&ledger)),
            ("offers", last(&offer)),
            ("purchases", purchase["id"].as_str().expect("an id").to_owned()),
            ("positions", first_position(&purchase)),
            ("reports", last(&report)),
            ("collections", paid["collections"][0]["id"].as_str().expect("an id").to_owned()),
            ("policies", "p".to_owned()),
            ("models", "m".to_owned()),
            ("facilities", "a".to_owned()),
            ("debtors", "11".to_owned()),
            ("keys", spare[..11].to_owned()),
            ("portfolio", "ageing".to_owned()),
        ]);
        Self { place, server, ids, underwriter, funder, admin, own, other }
    }

    /// The path with its parameters; a second one is an input of the offer or a debtor.
    fn path(&self, path: &str) -> String {
        let path = path.replace("/inputs/{name}", "/inputs/model.json");
        let path = path.replace("/debtors/{debtor}", "/debtors/11");
        let path = path.replace("/payees/{alias}", "/payees/main");
        let first = path.split('/').nth(2).expect("a resource");
        match (path.find('{'), path.find('}')) {
            (Some(start), Some(end)) => {
                format!("{}{}{}", &path[..start], self.ids[first], &path[end + 1..])
            }
            _ => path,
        }
    }

    fn asked(&self, method: &str, path: &str, key: &str) -> Answer {
        // An upload takes any bytes.
        let body = if path.ends_with("/ledgers") { &b"{\n"[..] } else { &b"{}"[..] };
        self.server.call(&method.to_uppercase(), &self.path(path), &[&bearer(key)], body)
    }
}

/// A model of the sample ledger.
pub fn trained(folder: &std::path::Path) -> Vec<u8> {
    let sample = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sample_ledger.csv");
    let done = crate::command_line::factorage()
        .current_dir(folder)
        .arg("train")
        .arg(sample)
        .args(["--out", "model.json"])
        .output()
        .expect("the binary runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    std::fs::read(folder.join("model.json")).expect("a model")
}

fn position() -> Value {
    json!({
        "client_id": "a", "currency": "USD",
        "terms": {
            "fee_plan": { "components": [{ "kind": "flat", "percent": "3" }] }, "recourse_days": 90
        },
        "invoices": [{
            "debtor_id": "11", "invoice_number": "2", "amount": "349.95", "advance": "300",
            "due_on": "2026-07-17"
        }]
    })
}

/// True if the status is one that this kind of caller is to get: x is another client.
fn is_told(may: &str, letter: char, status: u16) -> bool {
    let (who, belongs) = (may.trim_end_matches(" o"), may.ends_with(" o"));
    let passes = !matches!(status, 401 | 403 | 404 | 500..);
    match letter {
        'x' if belongs => status == 404,
        'x' if who.contains('c') => passes,
        _ if who.contains(letter) => passes,
        _ => status == 403,
    }
}

#[test]
fn every_operation_with_every_key() {
    let world = World::new();
    let (analyst, revoked) = (world.place.key("analyst", None), world.place.key("admin", None));
    let past = ["keys", "create", "--role", "admin", "--expires", "2020-01-01T00:00:00Z"];
    let expired = world.place.done(&past);
    world.place.done(&["keys", "revoke", &revoked[..11]]);
    let table: BTreeMap<&str, &str> = TABLE.iter().copied().collect();
    let document = world.server.call("GET", "/openapi.json", &[], b"").expect(200);
    let mut walked = 0;
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let name = format!("{method} {path}");
            if operation["security"] == json!([]) {
                assert!(!path.starts_with("/v1/"), "{name} needs a key");
                continue;
            }
            let may = table.get(name.as_str());
            let may = may.unwrap_or_else(|| panic!("{name} is not in the table"));
            walked += 1;
            let told = operation["description"].as_str().expect("who may");
            for (role, letter) in [
                ("client", 'c'),
                ("underwriter", 'u'),
                ("analyst", 'n'),
                ("funder", 'f'),
                ("admin", 'a'),
            ] {
                let is_told = told == "Any role." || told.contains(role);
                assert_eq!(is_told, may.contains(letter), "{name} for the role {role}: {told}");
            }
            // One of them for each: an address with too many invalid keys is told something else.
            let wrong = ["fk_00000000_00", revoked.as_str(), expired.trim()][walked % 3];
            for wrong in ["", wrong] {
                let found = world.asked(method, path, wrong);
                assert_eq!(found.status, 401, "{name} with '{wrong}'");
                assert_eq!(found.header("content-type"), Some("application/problem+json"));
            }
            for (key, letter) in [
                (&world.other, 'x'),
                (&world.own, 'c'),
                (&analyst, 'n'),
                (&world.underwriter, 'u'),
                (&world.funder, 'f'),
                (&world.admin, 'a'),
            ] {
                let found = world.asked(method, path, key).status;
                assert!(is_told(may, letter, found), "{name} as {letter}: {found}");
            }
        }
    }
    assert_eq!(walked, TABLE.len(), "the table names operations that are not there");
    for list in ["/v1/offers", "/v1/purchases", "/v1/positions"] {
        let others = world.server.get(list, &world.other).expect(200);
        assert_eq!(others["items"], json!([]), "another client's are not listed");
    }
    // Asked for by name they are as in any other list: there is no such client.
    for (key, client, expected) in [
        (&world.own, "a", 200),
        (&world.other, "a", 404),
        (&world.other, "nobody", 404),
        (&world.underwriter, "a", 200),
        (&world.underwriter, "nobody", 404),
    ] {
        let path = format!("/v1/purchases?client={client}");
        assert_eq!(world.server.get(&path, key).status, expected, "{client}");
    }
}
