//! What was undone says so wherever it is shown: purchases, offers, refusals.

use serde_json::{Value, json};

use super::GOOD;
use super::buying::{Desk, engines, invoice, refused};
use super::server::Engine;

fn recorded(desk: &Desk, numbers: &[&str]) -> String {
    let invoices: Vec<Value> = numbers.iter().map(|number| invoice(number)).collect();
    let asked = Desk::asked("a", &json!(invoices), &json!({}));
    let made = desk.server.post("/v1/positions", &desk.key, &asked).expect(201);
    made["id"].as_str().expect("an id").to_owned()
}

fn shown(desk: &Desk, purchase: &str) -> Value {
    desk.server.get(&format!("/v1/purchases/{purchase}"), &desk.key).expect(200)
}

/// The number of purchases in a list by status.
fn listed(desk: &Desk, status: &str) -> usize {
    let path = format!("/v1/purchases?status={status}");
    let all = desk.server.get(&path, &desk.key).expect(200);
    all["items"].as_array().expect("purchases").len()
}

fn reversed(desk: &Desk, path: &str) {
    let asked = json!({ "on": "2026-06-30", "reason": "paid to another account" });
    desk.server.post(&format!("{path}/reversal"), &desk.key, &asked).expect(201);
}

#[test]
fn a_purchase_is_reversed_once_none_of_its_positions_stands() {
    for engine in engines() {
        let desk = Desk::new(engine);
        desk.second().called("a");
        let (both, other) = (recorded(&desk, &["1", "2"]), recorded(&desk, &["3"]));
        for purchase in [&both, &other] {
            desk.second().pays(purchase, "2026-01-01").expect(201);
        }
        let funded = shown(&desk, &both);
        assert_eq!(funded["status"], "funded");
        assert_eq!(funded["funding"]["reversed_on"], Value::Null);
        let position = |at: usize| funded["invoices"][at]["position_id"].as_str().expect("an id");
        reversed(&desk, &format!("/v1/positions/{}", position(0)));
        assert_eq!(shown(&desk, &both)["status"], "funded", "one position stands");
        assert_eq!((listed(&desk, "funded"), listed(&desk, "reversed")), (2, 0));
        reversed(&desk, &format!("/v1/purchases/{both}"));
        let own = shown(&desk, &both);
        let told = [&own["status"], &own["funding"]["reversed_on"], &own["funding"]["funded_on"]];
        assert_eq!(told, ["reversed", "2026-06-30", "2026-01-01"]);
        assert_eq!((listed(&desk, "funded"), listed(&desk, "reversed")), (1, 1));
        refused(
            &desk.second().pays(&both, "2026-01-01"),
            "was funded on 2026-01-01 and reversed on 2026-06-30",
        );
        let again = json!({ "on": "2026-06-30", "reason": "once more" });
        let path = format!("/v1/purchases/{both}/reversal");
        refused(&desk.server.post(&path, &desk.key, &again), "already reversed on 2026-06-30");
        assert!(desk.place.done(&["book", "check"]).contains("the books balance"));
        assert!(desk.place.done(&["audit", "verify"]).contains("none altered"));
    }
}

/// The status of an offer in the list, in its document and in its history.
fn of_offer(desk: &Desk, offer: &str, key: &str) -> [String; 3] {
    let text = |value: &Value| value.as_str().expect("a status").to_owned();
    let all = desk.server.get("/v1/offers", key).expect(200);
    let id = offer.rsplit('/').next().expect("an id");
    let items = all["items"].as_array().expect("offers");
    let own = items.iter().find(|own| own["id"] == id).expect("in the list");
    let document = desk.server.get(offer, key).expect(200);
    let history = desk.server.get(&format!("{offer}/history"), key).expect(200);
    [&own["status"], &document["envelope"]["status"], &history["status"]].map(text)
}

#[test]
fn an_offer_of_which_nothing_stands_is_reversed() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let client = desk.place.key("client", Some("a"));
        let offer = desk.offered("a", GOOD);
        desk.server.post(&format!("{offer}/accept"), &desk.key, &json!({})).expect(200);
        assert_eq!(of_offer(&desk, &offer, &client), ["accepted"; 3]);
        let [waits] = &desk.second().waiting()[..] else { panic!("one purchase") };
        let path = format!("/v1/purchases/{}", waits["id"].as_str().expect("an id"));
        let gone = json!({ "reason": "The client has changed its mind." });
        desk.server.post(&format!("{path}/withdrawal"), &desk.key, &gone).expect(201);
        assert_eq!(of_offer(&desk, &offer, &client), ["reversed"; 3]);
        let again = desk.server.post(&format!("{offer}/accept"), &desk.key, &json!({}));
        refused(&again, "The offer has been reversed");
        let paid = desk.offered("a", GOOD);
        desk.accepted(&paid).expect(200);
        assert_eq!(of_offer(&desk, &paid, &desk.key), ["accepted"; 3]);
        let all = desk.server.get("/v1/purchases?status=funded", &desk.key).expect(200);
        let id = all["items"][0]["id"].as_str().expect("an id");
        reversed(&desk, &format!("/v1/purchases/{id}"));
        assert_eq!(of_offer(&desk, &paid, &client), ["reversed"; 3]);
        assert!(desk.place.done(&["audit", "verify"]).contains("none altered"));
    }
}

#[test]
fn what_is_only_accepted_is_named_by_its_purchase() {
    let desk = Desk::new(Engine::Sqlite);
    let purchase = recorded(&desk, &["1"]);
    let asked = Desk::asked("a", &json!([invoice("INV 1")]), &json!({}));
    let again = || desk.server.post("/v1/positions", &desk.key, &asked);
    let said = format!("has already been bought, in purchase {purchase}, which waits for its");
    refused(&again(), &said);
    desk.second().called("a");
    desk.second().pays(&purchase, "2026-01-01").expect(201);
    let position = shown(&desk, &purchase)["invoices"][0]["position_id"].clone();
    let position = position.as_str().expect("an id");
    refused(&again(), &format!("has already been bought, as position {position}."));
    desk.server.get(&format!("/v1/positions/{position}"), &desk.key).expect(200);
}
