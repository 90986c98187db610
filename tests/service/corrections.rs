//! Corrections: a payment, a settlement and a purchase are undone by a row of their own, each once,
//! through every figure, and earlier periods stay as they are.

use serde_json::{Value, json};

use super::payout::{Funder, first_position};
use super::server::{Answer, Engine, Place, Server};

/// A client `a` with an underwriter at the desk.
pub struct Desk {
    pub place: Place,
    pub server: Server,
    pub key: String,
    pub funder: String,
}

impl Desk {
    pub fn new(engine: Engine) -> Self {
        let place = Place::new(engine);
        let (key, funder) = (place.key("underwriter", None), place.key("funder", None));
        let server = place.serve("requests_per_second = 0");
        server.post("/v1/clients", &key, &json!({ "id": "a", "name": "A" })).expect(201);
        Self { place, server, key, funder }
    }

    /// Buys 1,000 at 80 % on the first of January 2026, due in a month, for 3 %; recourse 60 days
    /// later.
    pub fn buys(&self, number: &str, recourse: &str) -> Answer {
        self.made(&Self::asked(number, recourse))
    }

    /// Records a purchase and pays it out; returns the answer to the first step.
    fn made(&self, asked: &Value) -> Answer {
        let made = self.server.post("/v1/positions", &self.key, asked);
        let second = Funder { server: &self.server, staff: &self.key, key: &self.funder };
        second.pays_made(made, "2026-01-01")
    }

    fn asked(number: &str, recourse: &str) -> Value {
        json!({
            "client_id": "a", "currency": "USD",
            "terms": {
                "fee_plan": { "components": [{ "kind": "flat", "percent": "3" }] },
                "recourse": recourse, "recourse_days": 60
            },
            "invoices": [{
                "debtor_id": "D1", "invoice_number": number, "amount": "1000", "advance": "800",
                "due_on": "2026-02-01"
            }]
        })
    }

    pub fn bought(&self, number: &str, recourse: &str) -> String {
        let made = self.buys(number, recourse).expect(201);
        first_position(&made)
    }

    pub fn pays(&self, payments: &Value) -> Answer {
        let body = json!({ "client_id": "a", "payments": payments });
        self.server.post("/v1/collections", &self.key, &body)
    }

    /// Pays an invoice; returns the parts of the payment.
    fn paid(&self, number: &str, amount: &str, on: &str) -> Vec<Value> {
        let payment = json!({ "invoice_number": number, "amount": amount, "received_on": on });
        let made = self.pays(&json!([payment])).expect(201);
        made["collections"].as_array().expect("parts").clone()
    }

    fn settled(&self, id: &str, on: &str) -> Value {
        let path = format!("/v1/positions/{id}/settlement");
        self.server.post(&path, &self.key, &json!({ "on": on, "cause": "credit" })).expect(201)
    }

    /// Asks for the reversal of what is at a path.
    pub fn reverses(&self, path: &str, on: &str) -> Answer {
        let body = json!({ "on": on, "reason": "booked to the wrong client" });
        self.server.post(&format!("{path}/reversal"), &self.key, &body)
    }

    fn position(&self, id: &str) -> Value {
        self.server.get(&format!("/v1/positions/{id}"), &self.key).expect(200)
    }

    fn statement(&self, query: &str) -> Value {
        let path = format!("/v1/clients/a/statement{query}");
        self.server.get(&path, &self.key).expect(200)
    }

    /// The books balance, now and on some days.
    pub fn balances(&self) {
        for query in ["", "?date=2026-01-15", "?date=2026-02-10", "?date=2026-03-01"] {
            let path = format!("/v1/book/check{query}");
            let check = self.server.get(&path, &self.key).expect(200);
            assert_eq!(check["balances"], true, "{query}: {check}");
        }
        let told = self.place.done(&["book", "check", "--date", "2026-02-10"]);
        assert!(told.ends_with(": the books balance.\n"), "{told}");
    }
}

pub fn engines() -> impl Iterator<Item = Engine> {
    [Engine::Sqlite, Engine::Postgres].into_iter().filter(|engine| engine.is_here())
}

#[test]
fn a_payment_in_full_is_undone_with_its_settlement_and_its_rest() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let id = desk.bought("1", "full");
        let parts = desk.paid("1", "1005", "2026-01-20");
        assert_eq!(parts[0]["payment_id"], parts[1]["payment_id"]);
        let january = desk.statement("?to=2026-01-31");
        let path = format!("/v1/collections/{}", parts[1]["id"].as_str().expect("an id"));
        assert_eq!(desk.reverses(&path, "2026-01-19").status, 422, "before it was paid");
        let reversed = desk.reverses(&path, "2026-02-03").expect(201);
        let kinds: Vec<&Value> =
            reversed["reversed"].as_array().expect("steps").iter().map(|s| &s["kind"]).collect();
        assert_eq!(kinds, ["settlement", "collection", "collection"]);
        assert_eq!(reversed["position"]["status"], "open");
        assert_eq!(desk.reverses(&path, "2026-02-03").status, 409, "once");
        let position = desk.position(&id);
        assert_eq!((&position["collected"], &position["status"]), (&"0.00".into(), &"open".into()));
        assert_eq!(position["last_paid_on"], Value::Null);
        let now = desk.statement("");
        let own = &now["statements"][0];
        assert_eq!((&own["fees"], &own["to_client"]), (&"0.00".into(), &"800.00".into()));
        assert_eq!(
            (&own["funds_in_use"], &own["reserve_held"]),
            (&"800.00".into(), &"200.00".into())
        );
        let shown = own["entries"].as_array().expect("entries");
        assert_eq!(shown.iter().filter(|entry| entry["reversal"] == true).count(), 3);
        assert_eq!(desk.statement("?to=2026-01-31")["statements"], january["statements"]);
        // The right payment counts from its day for the fee, and in the books from the reversal.
        let again = desk.paid("1", "1000", "2026-01-21");
        assert_eq!(again[0]["booked_on"], "2026-02-03");
        assert_eq!(desk.statement("?to=2026-01-31")["statements"], january["statements"]);
        assert_eq!(desk.statement("")["statements"][0]["fees"], "30.00");
        let query = format!("?recorded={}", now["recorded"]);
        assert_eq!(desk.statement(&query), now, "made again as it was");
        desk.balances();
    }
}

#[test]
fn a_settlement_is_undone_after_its_recoveries_and_made_anew() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let id = desk.bought("1", "non_recourse");
        let paid = desk.paid("1", "100", "2026-01-20");
        let paid = format!("/v1/collections/{}", paid[0]["id"].as_str().expect("an id"));
        assert_eq!(desk.settled(&id, "2026-02-02")["factor_loss"], "730.00");
        let recovered = desk.paid("1", "50", "2026-02-05");
        let settlement = format!("/v1/positions/{id}/settlement");
        let refused = desk.reverses(&settlement, "2026-02-10");
        assert!(refused.text().contains("Recoveries of the loss stand"), "{}", refused.text());
        refused.expect(409);
        assert_eq!(desk.reverses(&paid, "2026-02-10").status, 409, "the settlement rests on it");
        assert_eq!(desk.reverses(&format!("/v1/positions/{id}"), "2026-02-10").status, 409);
        let recovery = format!("/v1/collections/{}", recovered[0]["id"].as_str().expect("an id"));
        desk.reverses(&recovery, "2026-02-10").expect(201);
        let open = desk.reverses(&settlement, "2026-02-10").expect(201);
        assert_eq!(open["position"]["collected"], "100.00");
        assert_eq!(desk.reverses(&settlement, "2026-02-10").status, 409, "it is open");
        // Settled as of the day of recourse, shown from the reversal on.
        let anew = desk.settled(&id, "2026-02-02");
        assert_eq!(
            (&anew["settled_on"], &anew["booked_on"]),
            (&"2026-02-02".into(), &"2026-02-10".into())
        );
        let own = &desk.statement("")["statements"][0];
        assert_eq!((&own["fees"], &own["funds_in_use"]), (&"30.00".into(), &"0.00".into()));
        desk.balances();
    }
}

#[test]
fn a_purchase_is_undone_once_nothing_is_paid_and_the_invoice_is_bought_again() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let id = desk.bought("1", "full");
        let own = format!("/v1/positions/{id}");
        let paid = desk.paid("1", "100", "2026-01-20");
        assert_eq!(desk.reverses(&own, "2026-02-10").status, 409, "a payment stands");
        let paid = format!("/v1/collections/{}", paid[0]["id"].as_str().expect("an id"));
        desk.reverses(&paid, "2026-02-10").expect(201);
        assert_eq!(desk.reverses(&own, "2026-02-09").status, 422, "after the payment");
        assert_eq!(desk.buys("1", "full").status, 409, "it stands");
        let reversed = desk.reverses(&own, "2026-02-10").expect(201);
        assert_eq!(reversed["position"]["status"], "reversed");
        assert_eq!(desk.reverses(&own, "2026-02-10").status, 409, "once");
        let settle = json!({ "on": "2026-02-10", "cause": "credit" });
        let path = format!("{own}/settlement");
        assert_eq!(desk.server.post(&path, &desk.key, &settle).status, 409);
        let funds = &desk.statement("")["statements"][0];
        assert_eq!((&funds["funds_in_use"], &funds["to_client"]), (&"0.00".into(), &"0.00".into()));
        desk.balances();
        desk.bought("1", "full");
        assert_eq!(desk.statement("")["statements"][0]["funds_in_use"], "800.00");
        let audit = desk.place.done(&["audit", "verify"]);
        assert!(audit.contains("none altered"), "{audit}");
    }
}

#[test]
fn a_correction_needs_a_reason_a_day_and_the_right() {
    let desk = Desk::new(Engine::Sqlite);
    let id = desk.bought("1", "full");
    let path = format!("/v1/positions/{id}/reversal");
    for wrong in [
        json!({ "on": "2026-02-10", "reason": "" }),
        json!({ "on": "2999-01-01", "reason": "bought twice" }),
        json!({ "reason": "bought twice" }),
    ] {
        let status = desk.server.post(&path, &desk.key, &wrong).status;
        assert!([400, 422].contains(&status), "{wrong}: {status}");
    }
    let analyst = desk.place.key("analyst", None);
    let body = json!({ "on": "2026-02-10", "reason": "bought twice" });
    assert_eq!(desk.server.post(&path, &analyst, &body).status, 403);
    let client = desk.place.key("client", Some("a"));
    assert_eq!(desk.server.post(&path, &client, &body).status, 403);
    assert_eq!(desk.server.get("/v1/book/check", &client).status, 403);
    desk.server.get("/v1/book/check", &analyst).expect(200);
    for path in [
        "/v1/purchases/none",
        "/v1/positions/none",
        "/v1/positions/none/settlement",
        "/v1/collections/none",
    ] {
        assert_eq!(desk.reverses(path, "2026-02-10").status, 404, "{path}");
    }
}

/// What was undone may be bought again, and what was bought again is not undone behind that.
#[test]
fn a_step_is_not_undone_behind_a_purchase_that_rests_on_it() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let first = desk.bought("INV-1", "full");
        assert_eq!(desk.buys("inv 1", "full").status, 409, "another spelling");
        desk.reverses(&format!("/v1/positions/{first}"), "2026-01-02").expect(201);
        let second = desk.bought("inv 1", "full");
        desk.settled(&second, "2026-04-02");
        let again = |numbers: &str| {
            let mut asked = Desk::asked(numbers, "full");
            asked["repurchases"] = json!([second]);
            desk.made(&asked)
        };
        let third = first_position(&again("INV 001").expect(201));
        let settlement = format!("/v1/positions/{second}/settlement");
        assert_eq!(desk.reverses(&settlement, "2026-04-03").status, 409, "it was bought again");
        desk.reverses(&format!("/v1/positions/{third}"), "2026-04-03").expect(201);
        assert_eq!(desk.buys("INV-1", "full").status, 409, "the one before stands once more");
        desk.reverses(&settlement, "2026-04-04").expect(201);
        assert_eq!(again("INV-1").status, 409, "it is charged back no longer");
        desk.balances();
    }
}
