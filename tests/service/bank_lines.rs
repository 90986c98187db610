//! A line of a bank account is booked once, however often it is sent.

use serde_json::{Value, json};

use super::corrections::{Desk, engines};
use super::server::Engine;

fn line(number: &str, reference: &str) -> Value {
    json!({
        "invoice_number": number, "amount": "100", "received_on": "2026-01-20",
        "reference": reference
    })
}

fn collected(desk: &Desk) -> Value {
    let all = desk.server.get("/v1/positions", &desk.key).expect(200);
    all["items"][0]["collected"].clone()
}

#[test]
fn the_same_line_five_times_counts_once() {
    for engine in engines() {
        let desk = Desk::new(engine);
        desk.bought("1", "full");
        let first = desk.pays(&json!([line("1", "R-1")])).expect(201);
        let first = first["collections"][0]["id"].as_str().expect("an id").to_owned();
        for _ in 0..4 {
            let again = desk.pays(&json!([line("1", "R-1")]));
            assert!(again.text().contains(&first), "{}", again.text());
            again.expect(409);
        }
        assert_eq!(collected(&desk), "100.00");
        let mut other = line("1", "R-1");
        other["duplicate_of"] = "another".into();
        assert_eq!(desk.pays(&json!([other])).status, 409, "not the first one");
        other["duplicate_of"] = first.clone().into();
        desk.pays(&json!([other])).expect(201);
        assert_eq!(collected(&desk), "200.00");
        // What is reversed may be paid again.
        let second = desk.pays(&json!([line("1", "R-2")])).expect(201);
        let id = second["collections"][0]["id"].as_str().expect("an id");
        desk.reverses(&format!("/v1/collections/{id}"), "2026-01-21").expect(201);
        desk.pays(&json!([line("1", "R-2")])).expect(201);
        desk.balances();
    }
}

#[test]
fn a_line_may_pay_several_invoices_of_one_request_but_none_twice_alike() {
    let desk = Desk::new(Engine::Sqlite);
    desk.bought("1", "full");
    desk.bought("2", "full");
    let twice = json!([line("1", "R-1"), line("2", "R-1"), line("1", "R-1")]);
    let refused = desk.pays(&twice).expect(422);
    assert_eq!(refused["field"], "payments[2].reference", "{refused}");
    desk.pays(&json!([line("1", "R-1"), line("2", "R-1")])).expect(201);
    assert_eq!(desk.pays(&json!([line("2", "R-1")])).status, 409);
    // Without a reference nothing is compared.
    desk.pays(&json!([line("1", ""), line("1", "")])).expect(201);
}

#[test]
fn an_account_has_its_references_across_clients() {
    let desk = Desk::new(Engine::Sqlite);
    desk.bought("1", "full");
    desk.server.post("/v1/clients", &desk.key, &json!({ "id": "b", "name": "B" })).expect(201);
    let mut on_account = line("1", "R-1");
    on_account["account"] = "DE-1".into();
    desk.pays(&json!([on_account])).expect(201);
    on_account["currency"] = "USD".into();
    let of_b = |payment: &Value| {
        let body = json!({ "client_id": "b", "payments": [payment] });
        desk.server.post("/v1/collections", &desk.key, &body).status
    };
    assert_eq!(of_b(&on_account), 409, "the same line of the same account");
    on_account["account"] = "DE-2".into();
    assert_eq!(of_b(&on_account), 201);
    let mut nobody_says = line("1", "R-1");
    nobody_says["currency"] = "USD".into();
    assert_eq!(of_b(&nobody_says), 201);
    assert_eq!(of_b(&nobody_says), 409);
}
