//! A debtor is a client's debtor: what is known of one client's customer number 0 says nothing of
//! another's, until staff link both to a debtor that is known across clients.

use serde_json::{Value, json};

use super::database::sql;
use super::migrations::{ADMIN, left_by_0_1_0};
use super::server::{Engine, Place, Server, result};

/// A ledger with an open invoice of customer number 0, beside others.
const LEDGER: &str = "\
invoice_number,debtor_id,debtor_name,invoice_date,due_date,currency,amount,paid_date
1,9,North Mill,2026-05-04,2026-06-03,USD,1250.00,2026-06-08
2,0,South Mill,2026-06-18,2026-07-17,USD,349.95,
3,12,East Mill,2026-06-20,2026-07-20,USD,800.00,
";

fn engines() -> impl Iterator<Item = Engine> {
    [Engine::Sqlite, Engine::Postgres].into_iter().filter(|engine| engine.is_here())
}

struct Desk {
    _place: Place,
    server: Server,
    key: String,
    ledgers: [String; 2],
}

impl Desk {
    /// The clients a and b, each with a customer number 0.
    fn new(engine: Engine) -> Self {
        let place = Place::new(engine);
        let key = place.key("underwriter", None);
        let server = place.serve("requests_per_second = 0");
        let ledgers = ["a", "b"].map(|id| {
            server.post("/v1/clients", &key, &json!({ "id": id, "name": id })).expect(201);
            result(&server.upload(id, &key, "ledger.csv", LEDGER.as_bytes()))
        });
        Self { _place: place, server, key, ledgers }
    }

    /// The decision on the invoice of customer number 0 of the first or the second client.
    fn decision(&self, client: usize) -> Value {
        let path = format!("{}/evaluations", self.ledgers[client]);
        let asked = json!({ "as_of": "2026-06-30", "model": "km" });
        let offer = self.server.finished(&path, &self.key, &asked);
        let offer = self.server.get(&offer, &self.key).expect(200);
        let lines = offer["offer"]["parts"][0]["lines"].as_array().expect("lines").clone();
        let line = lines.iter().find(|line| line["invoice_number"] == "2").expect("the invoice");
        line["decision"].clone()
    }

    fn put(&self, path: &str, body: &Value) -> Value {
        self.server.send("PUT", path, &self.key, body).expect(200)
    }
}

#[test]
fn one_clients_customer_number_0_is_not_anothers() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let usual = desk.decision(1);
        assert_ne!(usual, "exclude", "without any facts it is bought or held");
        let own = desk.put("/v1/clients/a/debtors/0", &json!({ "insolvent": true }));
        assert_eq!((&own["client_id"], &own["version"]), (&json!("a"), &json!(1)));
        assert_eq!([desk.decision(0), desk.decision(1)], [json!("exclude"), usual.clone()]);
        // What is known across clients reaches nobody by its id alone.
        desk.put("/v1/debtors/0", &json!({ "insolvent": true, "group": "Mills" }));
        assert_eq!(desk.decision(1), usual);
        let link = json!({ "known_debtor": "0" });
        let linked = desk.put("/v1/clients/b/debtors/0/link", &link);
        assert_eq!(linked["known_debtor"], "0");
        assert_eq!(desk.decision(1), "exclude");
        let known = desk.server.get("/v1/debtors/0", &desk.key).expect(200);
        assert_eq!(known["links"], json!([{ "client_id": "b", "debtor_id": "0" }]));
        desk.put("/v1/clients/b/debtors/0/link", &json!({ "known_debtor": null }));
        assert_eq!(desk.decision(1), usual);
        let listed = desk.server.get("/v1/clients/b/debtors", &desk.key).expect(200);
        assert_eq!(listed["items"][0]["version"], 2);
        let nowhere = desk.server.get("/v1/clients/b/debtors/1", &desk.key);
        assert_eq!(nowhere.status, 404);
        let unknown = json!({ "known_debtor": "1" });
        let refused = desk.server.send("PUT", "/v1/clients/b/debtors/0/link", &desk.key, &unknown);
        assert_eq!(refused.expect(422)["field"], "known_debtor");
        let owed = desk.server.send("PUT", "/v1/debtors/0", &desk.key, &json!({ "payable": "5" }));
        assert_eq!(owed.expect(422)["field"], "payable");
    }
}

#[test]
fn a_report_takes_one_id_of_two_clients_for_two_debtors_unless_they_are_linked() {
    let desk = Desk::new(Engine::Sqlite);
    let debtors = || {
        let asked = json!({ "as_of": "2026-06-30", "sections": ["concentration"] });
        let report = desk.server.finished("/v1/reports", &desk.key, &asked);
        desk.server.get(&report, &desk.key).expect(200)["concentration"].to_string()
    };
    let apart = debtors();
    assert!(apart.contains("\"a/0\"") && apart.contains("\"b/0\""), "{apart}");
    desk.put("/v1/debtors/south", &json!({ "country": "US" }));
    for client in ["a", "b"] {
        let path = format!("/v1/clients/{client}/debtors/0/link");
        desk.put(&path, &json!({ "known_debtor": "south" }));
    }
    let linked = debtors();
    assert!(linked.contains("\"south\"") && !linked.contains("\"a/0\""), "{linked}");
}

#[test]
fn what_was_known_by_id_alone_is_linked_to_the_clients_that_sold_its_invoices() {
    for engine in engines() {
        let place = left_by_0_1_0(engine);
        let text = |name: &str, facts: &str| {
            format!(
                "INSERT INTO written (kind, name, version, text, key_prefix, created_at) VALUES \
                 ('debtor', '{name}', 3, '{facts}', 'fk_1', '2026-06-30T09:00:00Z');"
            )
        };
        let columns = "debtor_id, invoice_number, currency, amount, advance, prepaid, collected, \
             last_paid_on, purchased_on, due_on, terms, status, version, created_at";
        let also = |id: &str, client: &str, debtor: &str| {
            let others = columns.split_once(", ").expect("columns").1;
            format!(
                "INSERT INTO position (id, client_id, {columns}) SELECT '{id}', '{client}', \
                 '{debtor}', {others} FROM position WHERE id = 'pos_1';"
            )
        };
        let rows = [
            text("D1", "{\"insolvent\":true,\"payable\":\"5\"}"),
            text("D2", "{\"insolvent\":true,\"payable\":\"7\"}"),
            text("D3", "{\"government\":true}"),
            also("pos_3", "bolt", "D2"),
            also("pos_4", "acme", "D2"),
        ];
        sql(&place, engine, &rows.concat());
        let said = place.done(&["migrate"]);
        assert!(said.contains("until staff link them: D3.\n"), "{said}");
        let several = "Debtor D2 is linked to several clients; record for each of them: payable.\n";
        assert!(said.contains(several), "{said}");
        let server = place.serve("");
        let of = |path: &str| server.get(path, ADMIN).expect(200);
        let one = of("/v1/clients/acme/debtors/D1");
        assert_eq!([&one["known_debtor"], &one["payable"]], ["D1", "5"], "one client, so its own");
        assert!(of("/v1/clients/bolt/debtors/D2").get("payable").is_none());
        assert_eq!(of("/v1/debtors/D2")["links"].as_array().map(Vec::len), Some(2));
        assert_eq!(of("/v1/debtors/D3")["links"], json!([]));
        assert_eq!(of("/v1/clients/bolt/debtors")["items"].as_array().map(Vec::len), Some(1));
    }
}
