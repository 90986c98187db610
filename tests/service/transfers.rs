//! Transfers of payouts: each has its own reference, and none precedes what it pays for. What a
//! client reads of them and of its offers names nobody of the staff.

use serde_json::{Value, json};

use super::GOOD;
use super::buying::{Desk, engines, invoice, refused};
use super::server::{Answer, Engine, bearer};

fn recorded(desk: &Desk, invoice: &Value) -> String {
    let asked = Desk::asked("a", &json!([invoice]), &json!({}));
    let made = desk.server.post("/v1/positions", &desk.key, &asked).expect(201);
    made["id"].as_str().expect("an id").to_owned()
}

/// A payout with these members beside the usual ones.
fn pays(desk: &Desk, purchase: &str, more: &Value) -> Answer {
    let mut asked = json!({ "funded_on": "2026-01-01", "payee": "main", "reference": "R-1" });
    let members = asked.as_object_mut().expect("an object");
    members.extend(more.as_object().expect("members").clone());
    desk.server.post(&format!("/v1/purchases/{purchase}/funding"), &desk.funder, &asked)
}

#[test]
fn a_transfer_pays_one_purchase_unless_it_is_said_to_be_another() {
    for engine in engines() {
        let desk = Desk::new(engine);
        desk.second().called("a");
        let [first, second, third, fourth] =
            ["1", "2", "3", "4"].map(|number| recorded(&desk, &invoice(number)));
        pays(&desk, &first, &json!({})).expect(201);
        let said = format!("The reference is on record with the payout of purchase {first}");
        for more in [json!({}), json!({ "reference": " r-1" }), json!({ "duplicate_of": second })] {
            refused(&pays(&desk, &second, &more), &said);
        }
        pays(&desk, &second, &json!({ "duplicate_of": first })).expect(201);
        refused(&pays(&desk, &third, &json!({ "duplicate_of": second })), &said);
        let other = json!({ "account": "GB33 BUKB 2020 1555 5555 55" });
        let path = "/v1/clients/a/payees/other";
        desk.server.send("PUT", path, &desk.key, &other).expect(200);
        let called = json!({ "account": other["account"], "note": "R. Miller" });
        desk.server.send("PUT", &format!("{path}/call"), &desk.funder, &called).expect(200);
        pays(&desk, &third, &json!({ "payee": "other" })).expect(201);
        // What is undone has no reference any more.
        let undo = json!({ "on": "2026-01-05", "reason": "the transfer came back" });
        for purchase in [&first, &second] {
            let path = format!("/v1/purchases/{purchase}/reversal");
            desk.server.post(&path, &desk.key, &undo).expect(201);
        }
        pays(&desk, &fourth, &json!({})).expect(201);
        assert!(desk.place.done(&["book", "check"]).contains("the books balance"));
    }
}

#[test]
fn nothing_is_paid_before_its_invoice_was_issued() {
    let desk = Desk::new(Engine::Sqlite);
    desk.second().called("a");
    let mut own = invoice("1");
    own["issued_on"] = "2026-01-05".into();
    // Tomorrow, which it may be elsewhere.
    desk.place.clock.set("2026-01-04");
    let purchase = recorded(&desk, &own);
    desk.place.clock.set("2026-01-06");
    let early = pays(&desk, &purchase, &json!({ "funded_on": "2026-01-04" })).expect(422);
    assert_eq!(early["field"], "funded_on");
    let said = "Must not be before 2026-01-05, when invoice 1 was issued.";
    assert_eq!(early["detail"], said);
    pays(&desk, &purchase, &json!({ "funded_on": "2026-01-05" })).expect(201);
}

#[test]
fn a_client_reads_no_names_of_staff_in_the_history_of_an_offer() {
    let desk = Desk::new(Engine::Sqlite);
    let client = desk.place.key("client", Some("a"));
    let offer = desk.offered("a", GOOD);
    let line = json!({
        "debtor": "11", "invoice": "2", "by": "U. Low", "decision": "exclude", "reason": "Paid."
    });
    desk.server.post(&format!("{offer}/overrides"), &desk.key, &line).expect(200);
    let body = json!({ "by": "O. Owner" }).to_string();
    let path = format!("{offer}/accept");
    let taken = desk.server.call("POST", &path, &[&bearer(&client)], body.as_bytes()).expect(200);
    let history = desk.server.get(&format!("{offer}/history"), &client).expect(200);
    assert_eq!(taken, history, "the answer is the same");
    let document = desk.server.get(&offer, &client).expect(200);
    for envelope in [&history, &document["envelope"]] {
        assert_eq!(envelope["overrides"][0]["by"], "the factor");
        assert_eq!(envelope["history"][0]["by"], "O. Owner", "its own name");
        let text = envelope.to_string();
        assert!(!text.contains("U. Low") && !text.contains("fk_"), "{text}");
    }
    let staff = desk.server.get(&format!("{offer}/history"), &desk.key).expect(200);
    assert_eq!(staff["overrides"][0]["by"], "U. Low");
    assert!(staff.to_string().contains("fk_"), "{staff}");
}

#[test]
fn a_member_that_is_given_twice_is_refused() {
    let desk = Desk::new(Engine::Sqlite);
    let asked = Desk::asked("a", &json!([invoice("1")]), &json!({})).to_string();
    let twice = |of: &str, both: &str, path: &str| {
        let body = asked.replacen(of, both, 1);
        assert_ne!(body, asked, "{of}");
        let headers = [&bearer(&desk.key) as &str, "Content-Type: application/json"];
        let wrong = desk.server.call("POST", "/v1/positions", &headers, body.as_bytes());
        let wrong = wrong.expect(422);
        assert_eq!(wrong["field"], path);
        assert_eq!(wrong["detail"], "The member is given more than once.");
    };
    let client = "\"client_id\":\"a\"";
    twice(client, &format!("{client},\"client_id\":\"b\""), "client_id");
    let advance = "\"advance\":\"800\"";
    let path = "invoices[0].advance";
    twice(advance, &format!("\"advance\":\"1\",{advance}"), path);
    let percent = "\"percent\":\"3\"";
    let path = "terms.fee_plan.components[0].percent";
    twice(percent, &format!("{percent},\"percent\":\"3\""), path);
    assert_eq!(desk.positions(), [] as [Value; 0]);
}
