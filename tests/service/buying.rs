//! Nothing is bought twice: not under another spelling, debtor id or name, not after it was
//! collected, not from two clients.

use serde_json::{Value, json};

use super::GOOD;
use super::database::sql;
use super::payout::{Funder, first_position};
use super::server::{Answer, Engine, Place, Server, bearer, result};

/// A factor with the clients `a` and `b`.
pub struct Desk {
    pub engine: Engine,
    pub place: Place,
    pub server: Server,
    pub key: String,
    pub funder: String,
}

/// An invoice of 1,000 at 80 %, due on the first of February 2026.
pub fn invoice(number: &str) -> Value {
    json!({
        "debtor_id": "D1", "debtor_name": "North Mill Ltd", "invoice_number": number,
        "amount": "1000", "advance": "800", "due_on": "2026-02-01"
    })
}

impl Desk {
    pub fn new(engine: Engine) -> Self {
        let place = Place::new(engine);
        let (key, admin) = (place.key("underwriter", None), place.key("admin", None));
        let funder = place.key("funder", None);
        let server = place.serve("requests_per_second = 0");
        for (id, name) in [("a", "Acme Foods"), ("b", "Borough Bakers")] {
            server.post("/v1/clients", &key, &json!({ "id": id, "name": name })).expect(201);
        }
        server.put_text("/v1/policies/p", &admin, &super::long_policy()).expect(200);
        Self { engine, place, server, key, funder }
    }

    /// What a client sells, recorded without an offer, with these members beside the usual ones.
    pub fn asked(client: &str, invoices: &Value, more: &Value) -> Value {
        let mut asked = json!({
            "client_id": client, "currency": "USD",
            "terms": {
                "fee_plan": { "components": [{ "kind": "flat", "percent": "3" }] },
                "recourse": "full", "recourse_days": 60
            },
            "invoices": invoices
        });
        let members = asked.as_object_mut().expect("an object");
        members.extend(more.as_object().expect("members").clone());
        asked
    }

    pub fn second(&self) -> Funder<'_> {
        Funder { server: &self.server, staff: &self.key, key: &self.funder }
    }

    /// Records a purchase and pays it out; returns the answer to the first step.
    pub fn buys(&self, asked: &Value) -> Answer {
        let made = self.server.post("/v1/positions", &self.key, asked);
        self.second().pays_made(made, "2026-01-01")
    }

    pub fn sold(&self, client: &str, invoice: &Value) -> Answer {
        self.buys(&Self::asked(client, &json!([invoice]), &json!({})))
    }

    fn sold_again(&self, invoice: &Value, repurchases: &[&str]) -> Answer {
        let asked = Self::asked("a", &json!([invoice]), &json!({ "repurchases": repurchases }));
        self.buys(&asked)
    }

    pub fn paid(&self, number: &str) {
        let payment = json!({
            "invoice_number": number, "amount": "1000", "received_on": "2026-01-20"
        });
        let body = json!({ "client_id": "a", "payments": [payment] });
        self.server.post("/v1/collections", &self.key, &body).expect(201);
    }

    fn charged_back(&self, position: &str) {
        let path = format!("/v1/positions/{position}/settlement");
        let ended = json!({ "on": "2026-04-02", "cause": "credit" });
        let settled = self.server.post(&path, &self.key, &ended).expect(201);
        assert_eq!(settled["chargeback"], "1000.00", "{settled}");
    }

    /// An offer on a client's ledger; its place.
    pub fn offered(&self, client: &str, ledger: &str) -> String {
        let job = self.server.upload(client, &self.key, "good.csv", ledger.as_bytes());
        self.evaluated(&result(&job))
    }

    pub fn evaluated(&self, ledger: &str) -> String {
        // What a ledger before it shows would hold some.
        let asked =
            json!({ "as_of": "2026-06-30", "policy": "p", "model": "km", "previous": "none" });
        self.server.finished(&format!("{ledger}/evaluations"), &self.key, &asked)
    }

    pub fn accepted(&self, offer: &str) -> Answer {
        let taken = self.server.post(&format!("{offer}/accept"), &self.key, &json!({}));
        if taken.status == 200 {
            self.second().pays_all("2026-06-30");
        }
        taken
    }

    pub fn positions(&self) -> Vec<Value> {
        let all = self.server.get("/v1/positions?limit=200", &self.key).expect(200);
        all["items"].as_array().expect("positions").clone()
    }
}

pub fn engines() -> impl Iterator<Item = Engine> {
    [Engine::Sqlite, Engine::Postgres].into_iter().filter(|engine| engine.is_here())
}

pub fn id(made: &Value) -> String {
    first_position(made)
}

#[track_caller]
pub fn refused(answer: &Answer, said: &str) {
    assert_eq!(answer.status, 409, "{}", answer.text());
    assert!(answer.text().contains(said), "{}", answer.text());
}

#[test]
fn an_invoice_is_bought_once_whatever_is_changed_about_it() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let id = id(&desk.sold("a", &invoice("INV-0042")).expect(201));
        let told = format!("has already been bought, as position {id}");
        let with = |change: &dyn Fn(&mut Value)| {
            let mut again = invoice("INV-0042");
            change(&mut again);
            desk.sold("a", &again)
        };
        let changes: [&dyn Fn(&mut Value); 7] = [
            &|_| (),
            &|own| own["invoice_number"] = "inv 42".into(),
            &|own| own["invoice_number"] = "N\u{B0} 42".into(),
            &|own| own["invoice_number"] = "Rechnung Nr. 42".into(),
            &|own| own["debtor_id"] = "D9".into(),
            &|own| (own["debtor_id"], own["due_on"]) = ("D9".into(), "2026-03-01".into()),
            &|own| (own["debtor_id"], own["debtor_name"]) = ("D9".into(), "Other".into()),
        ];
        let tried = || changes.iter().for_each(|change| refused(&with(change), &told));
        tried();
        desk.paid("INV-0042");
        tried();
        with(&|own| own["invoice_number"] = "INV-0043".into()).expect(201);
        with(&|own| {
            (own["debtor_id"], own["debtor_name"]) = ("D9".into(), "Other".into());
            own["due_on"] = "2026-03-01".into();
        })
        .expect(201);
        // Twice in one purchase.
        let both = json!([invoice("INV-77"), invoice("inv77")]);
        let asked = Desk::asked("a", &both, &json!({}));
        refused(&desk.server.post("/v1/positions", &desk.key, &asked), "has already been bought");
        assert_eq!(desk.positions().len(), 3, "all or none");
    }
}

#[test]
fn what_was_charged_back_is_bought_again_by_name() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let own = invoice("7");
        let first = id(&desk.sold("a", &own).expect(201));
        refused(&desk.sold_again(&own, &[&first]), "has already been bought");
        desk.charged_back(&first);
        refused(&desk.sold("a", &own), "it was charged back");
        let other = desk.sold_again(&invoice("8"), &[&first]);
        assert_eq!((other.status, &other.json()["field"]), (422, &json!("repurchases")));
        let second = id(&desk.sold_again(&own, &[&first]).expect(201));
        refused(&desk.sold_again(&own, &[&first]), &second);
        desk.charged_back(&second);
        refused(&desk.sold_again(&own, &[&first]), "it was charged back");
        desk.sold_again(&own, &[&second]).expect(201);
    }
}

/// The same invoices of a ledger, however often it is evaluated or an older offer is accepted.
#[test]
fn an_older_offer_and_a_stale_ledger_buy_nothing_again() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let job = desk.server.upload("a", &desk.key, "good.csv", GOOD.as_bytes());
        let ledger = result(&job);
        let (older, taken) = (desk.evaluated(&ledger), desk.evaluated(&ledger));
        desk.accepted(&taken).expect(200);
        let bought = desk.positions();
        assert!(!bought.is_empty());
        let payments: Vec<Value> = bought
            .iter()
            .map(|own| {
                json!({
                    "invoice_number": own["invoice_number"], "amount": own["amount"],
                    "received_on": "2026-07-20"
                })
            })
            .collect();
        let body = json!({ "client_id": "a", "payments": payments });
        desk.server.post("/v1/collections", &desk.key, &body).expect(201);
        refused(&desk.accepted(&older), "has already been bought");
        let part =
            &desk.server.get(&desk.evaluated(&ledger), &desk.key).expect(200)["offer"]["parts"][0];
        for own in &bought {
            let lines = part["lines"].as_array().expect("lines");
            let line = lines.iter().find(|line| line["invoice_number"] == own["invoice_number"]);
            assert_eq!(line.expect("a line")["decision"], "exclude", "it is collected");
        }
        let notices = part["notices"].to_string();
        assert!(!notices.contains("funded_unknown"), "{notices}");
        // Another spelling in a later ledger.
        let spelt = GOOD.replace("\n2,", "\nINV-0002,").replace("\n3,", "\nNo. 3,");
        refused(&desk.accepted(&desk.offered("a", &spelt)), "has already been bought");
        assert_eq!(desk.positions().len(), bought.len());
    }
}

#[test]
fn an_invoice_that_two_clients_sell_is_bought_from_one() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let first = desk.offered("a", GOOD);
        let second = desk.offered("b", &GOOD.replace(",11,South Mill", ",S1,SOUTH MILL LTD."));
        desk.accepted(&first).expect(200);
        let bought = desk.positions();
        let staff = desk.accepted(&second);
        refused(&staff, "has already been bought from the client a, as position");
        let position = bought[0]["id"].as_str().expect("an id").to_owned();
        let (name, face) = match bought[0]["invoice_number"].as_str() {
            Some("2") => ("South Mill", "349.95"),
            _ => ("East Mill", "800.00"),
        };
        let own = json!({
            "debtor_id": "S7", "debtor_name": name, "invoice_number": bought[0]["invoice_number"],
            "amount": "10", "advance": "1", "face": face, "due_on": bought[0]["due_on"]
        });
        refused(&desk.sold("b", &own), "from the client a");
        let log = "SELECT subject, detail FROM audit WHERE action = 'invoice.sold_twice'";
        let log = sql(&desk.place, desk.engine, log);
        assert_eq!(log.len(), 2, "{log:?}");
        assert_eq!(log[0][0].1.as_deref(), Some("b"));
        assert!(log[0][1].1.as_deref().is_some_and(|detail| detail.contains("position")));
        // A client reads of no other client. Recourse on these has passed by today, unless it is
        // asked first whether they are sold.
        let client = desk.place.key("client", Some("b"));
        let asked = desk.server.call("POST", &format!("{second}/accept"), &[&bearer(&client)], b"");
        assert_eq!(asked.status, 409, "{}", asked.text());
        assert!(!asked.text().contains(&position) && !asked.text().contains("client a"));
        let audit = desk.place.done(&["audit", "verify"]);
        assert!(audit.contains("none altered"), "{audit}");
    }
}

#[test]
fn a_ledger_that_names_another_client_is_refused() {
    let desk = Desk::new(Engine::Sqlite);
    let naming = |name: &str| {
        let text = GOOD.replace("invoice_number,", "client_id,invoice_number,");
        ["1,", "2,", "3,"]
            .iter()
            .fold(text, |text, row| text.replace(&format!("\n{row}"), &format!("\n{name},{row}")))
    };
    let sent = |name: &str| desk.server.upload("a", &desk.key, "l.csv", naming(name).as_bytes());
    for own in ["a", "ACME FOODS LTD", "Acme", "10023"] {
        assert_eq!(sent(own)["status"], "finished", "{own}");
    }
    for other in ["Globex", "b", "Borough Bakers"] {
        let failed = sent(other);
        let why = failed["problem"].as_str().expect("why");
        assert!(why.contains("names the client") && why.contains(other), "{failed}");
    }
    let path = "/v1/clients/a/ledgers?file_name=l.csv&client_name_confirmed=true";
    let send = |key: &str| {
        let headers = [&bearer(key) as &str, "Prefer: wait=60"];
        desk.server.call("POST", path, &headers, naming("Globex").as_bytes())
    };
    let client = desk.place.key("client", Some("a"));
    let own = send(&client);
    assert_eq!((own.status, &own.json()["field"]), (422, &json!("client_name_confirmed")));
    let job = send(&desk.key).expect(202);
    assert_eq!(desk.server.ended(job, &desk.key)["status"], "finished");
}
