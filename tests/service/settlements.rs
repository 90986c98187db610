//! Payments and the ends of positions: fee by the day of the last payment, what was lost comes
//! back, nothing is booked in another currency.

use serde_json::{Value, json};

use super::payout::{Funder, first_position};
use super::server::{Engine, Place, Server};

struct Desk {
    server: Server,
    key: String,
    funder: String,
    _place: Place,
}

impl Desk {
    fn new() -> Self {
        let place = Place::new(Engine::Sqlite);
        let (key, funder) = (place.key("underwriter", None), place.key("funder", None));
        let server = place.serve("requests_per_second = 0");
        server.post("/v1/clients", &key, &json!({ "id": "a", "name": "A" })).expect(201);
        Self { server, key, funder, _place: place }
    }

    /// Buys 1,000 at 80 % on the first of January 2026, due in a month, recourse 60 days later, at
    /// 3 % up to day 30 and 1 % more for every 10 days begun; a wire of 25 is charged.
    fn bought(&self, number: &str, recourse: &str) -> String {
        let asked = json!({
            "client_id": "a", "currency": "USD",
            "terms": {
                "fee_plan": {
                    "components": [{
                        "kind": "tiered", "first_percent": "3", "first_days": 30,
                        "step_percent": "1", "step_days": 10
                    }],
                    "charges": { "events": [{ "event": "wire", "amount": "25", "per": "funding" }] }
                },
                "recourse": recourse, "recourse_days": 60
            },
            "invoices": [{
                "debtor_id": "D1", "invoice_number": number, "amount": "1000", "advance": "800",
                "due_on": "2026-02-01"
            }]
        });
        let made = self.server.post("/v1/positions", &self.key, &asked);
        let second = Funder { server: &self.server, staff: &self.key, key: &self.funder };
        first_position(&second.pays_made(made, "2026-01-01").expect(201))
    }

    fn paid(&self, payments: &Value) -> super::server::Answer {
        let body = json!({ "client_id": "a", "payments": payments });
        self.server.post("/v1/collections", &self.key, &body)
    }

    fn statement(&self) -> Value {
        let all = self.server.get("/v1/clients/a/statement", &self.key).expect(200);
        all["statements"][0].clone()
    }
}

fn payment(number: &str, amount: &str, on: &str) -> Value {
    json!({ "invoice_number": number, "amount": amount, "received_on": on })
}

#[test]
fn the_fee_runs_to_the_last_payment_whenever_it_was_recorded() {
    let desk = Desk::new();
    let id = desk.bought("1", "full");
    desk.paid(&json!([payment("1", "500", "2026-03-10")])).expect(201);
    let early = json!({ "on": "2026-02-01", "cause": "dilution" });
    let path = format!("/v1/positions/{id}/settlement");
    assert_eq!(desk.server.post(&path, &desk.key, &early).status, 422, "it was paid later");
    let settled = desk.paid(&json!([payment("1", "500", "2026-01-10")])).expect(201);
    let settled = &settled["settlements"][0];
    // Day 68: 3 % and four blocks of 10 days begun; 1,000 - 800 - 70 comes back.
    assert_eq!(settled["settled_on"], "2026-03-10");
    assert_eq!((&settled["fee"], &settled["rebate"]), (&"70.00".into(), &"130.00".into()));
    let statement = desk.statement();
    assert_eq!(statement["charges"], "25.00");
    // 800 - 25 at once, 130 later.
    assert_eq!(statement["to_client"], "905.00");
}

#[test]
fn what_the_factor_lost_is_the_factors_when_it_comes() {
    let desk = Desk::new();
    let id = desk.bought("1", "non_recourse");
    let path = format!("/v1/positions/{id}/settlement");
    let ended = json!({ "on": "2026-04-02", "cause": "credit" });
    let settled = desk.server.post(&path, &desk.key, &ended).expect(201);
    // Day 91: 3 % and seven blocks of 10 days begun.
    assert_eq!((&settled["fee"], &settled["factor_loss"]), (&"100.00".into(), &"900.00".into()));
    assert_eq!(settled["rebate"], "0.00");
    let later = desk.paid(&json!([payment("1", "700", "2026-05-02")])).expect(201);
    assert_eq!(later["collections"][0]["kind"], "recovery");
    let more = desk.paid(&json!([payment("1", "300", "2026-05-03")])).expect(201);
    let parts = more["collections"].as_array().expect("parts");
    let told: Vec<(&Value, &Value)> = parts.iter().map(|p| (&p["kind"], &p["amount"])).collect();
    let (recovery, unapplied) = (Value::from("recovery"), Value::from("unapplied"));
    let (two, one) = (Value::from("200.00"), Value::from("100.00"));
    assert_eq!(told, [(&recovery, &two), (&unapplied, &one)], "beyond the loss it is the client's");
    // 800 - 25 at once, and the last 100.
    assert_eq!(desk.statement()["to_client"], "875.00");
}

#[test]
fn nothing_is_booked_in_another_currency_or_on_a_day_to_come() {
    let desk = Desk::new();
    desk.bought("1", "full");
    let mut euros = payment("1", "1000", "2026-02-01");
    euros["currency"] = "EUR".into();
    assert_eq!(desk.paid(&json!([euros])).status, 422);
    assert_eq!(desk.paid(&json!([payment("1", "1000", "2999-01-01")])).status, 422);
    assert_eq!(desk.paid(&json!([payment("1", "1e15", "2026-02-01")])).status, 422);
    assert_eq!(desk.statement()["funds_in_use"], "800.00");
}

#[test]
fn payments_at_the_same_time_all_count() {
    let desk = Desk::new();
    desk.bought("1", "full");
    std::thread::scope(|scope| {
        let pay = || desk.paid(&json!([payment("1", "50", "2026-02-01")])).expect(201);
        let all: Vec<_> = (0..20).map(|_| scope.spawn(pay)).collect();
        all.into_iter().for_each(|one| _ = one.join().expect("booked"));
    });
    let position = desk.server.get("/v1/positions", &desk.key).expect(200)["items"][0].clone();
    assert_eq!(
        (&position["collected"], &position["status"]),
        (&"1000.00".into(), &"settled".into())
    );
}
