//! Accept, confirm, fund: no money moves before a second person pays it out to an account that the
//! client was called back about.

use serde_json::{Value, json};

use super::GOOD;
use super::buying::{Desk, engines, invoice, refused};
use super::payout::Funder;
use super::server::{Answer, Engine, Place, bearer};

/// What a client sells, recorded and not paid out; the purchase.
fn made(desk: &Desk, number: &str) -> Value {
    let asked = Desk::asked("a", &json!([invoice(number)]), &json!({}));
    desk.server.post("/v1/positions", &desk.key, &asked).expect(201)
}

fn id(purchase: &Value) -> &str {
    purchase["id"].as_str().expect("an id")
}

pub fn named_key(place: &Place, role: &str, name: &str) -> String {
    place.done(&["keys", "create", "--role", role, "--name", name]).trim().to_owned()
}

fn withdrawn(desk: &Desk, purchase: &str) -> Answer {
    let reason = json!({ "reason": "The client has changed its mind." });
    desk.server.post(&format!("/v1/purchases/{purchase}/withdrawal"), &desk.key, &reason)
}

#[test]
fn no_money_moves_before_a_second_person_pays_out() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let purchase = made(&desk, "1");
        assert_eq!([&purchase["status"], &purchase["payout"]], ["accepted", "800.00"]);
        assert_eq!(desk.positions(), [] as [Value; 0]);
        desk.second().called("a");
        // One person with two keys, one of them an administrator's.
        let keys = ["R. Low", "r.low", " R.  LOW"];
        let [first, second, third] = keys.map(|name| named_key(&desk.place, "admin", name));
        let asked = Desk::asked("a", &json!([invoice("2")]), &json!({}));
        let own = desk.server.post("/v1/positions", &first, &asked).expect(201);
        for key in [&first, &second, &third] {
            let same = Funder { server: &desk.server, staff: &desk.key, key };
            refused(&same.pays(id(&own), "2026-01-01"), "The same person accepted");
        }
        let client = desk.place.key("client", Some("a"));
        for key in [&client, &desk.key] {
            let not = Funder { server: &desk.server, staff: &desk.key, key };
            assert_eq!(not.pays(id(&own), "2026-01-01").status, 403);
        }
        assert_eq!(desk.server.post("/v1/positions", &client, &asked).status, 403);
        desk.second().pays(id(&own), "2026-01-01").expect(201);
        refused(&desk.second().pays(id(&own), "2026-01-01"), "was funded on 2026-01-01");
        assert_eq!(desk.positions().len(), 1, "the other one waits");
        let seen = desk.server.get(&format!("/v1/purchases/{}", id(&own)), &client).expect(200);
        assert_eq!([&seen["accepted_by"], &seen["funding"]["funded_by"]], [&Value::Null; 2]);
        let other = desk.place.key("client", Some("b"));
        assert_eq!(desk.server.get(&format!("/v1/purchases/{}", id(&own)), &other).status, 404);
    }
}

#[test]
fn a_changed_account_waits_for_a_call_by_a_second_person() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let purchase = made(&desk, "1");
        let pays = || desk.second().pays(id(&purchase), "2026-01-01");
        assert_eq!(pays().status, 404, "no account");
        desk.second().called("a");
        let path = "/v1/clients/a/payees/main";
        let admin = named_key(&desk.place, "admin", "R. Low");
        let put = |account: &str| {
            let body = json!({ "account": account });
            desk.server.send("PUT", path, &admin, &body).expect(200)
        };
        let same = desk.server.get(path, &desk.key).expect(200)["account"].clone();
        let kept = put(same.as_str().expect("a number"));
        assert_eq!((&kept["version"], &kept["called_back"]), (&json!(1), &json!(true)));
        assert_eq!(put("GB33 BUKB 2020 1555 5555 55")["called_back"], false);
        refused(&pays(), "Nobody has called the client back about the account main");
        let call = |key: &str| {
            let account = "gb33bukb20201555555555";
            let note = json!({ "account": account, "note": "R. Miller, at the number on file." });
            desk.server.send("PUT", &format!("{path}/call"), key, &note)
        };
        let other = json!({ "account": same, "note": "R. Miller" });
        let other = desk.server.send("PUT", &format!("{path}/call"), &desk.funder, &other);
        assert_eq!((other.status, &other.json()["field"]), (422, &json!("account")));
        refused(&call(&admin), "The same person wrote this account");
        assert_eq!(call(&desk.key).status, 403, "an underwriter");
        call(&desk.funder).expect(200);
        refused(&call(&desk.funder), "already called back");
        let paid = pays().expect(201);
        assert_eq!(paid["funding"]["payee_version"], 2);
        let client = desk.place.key("client", Some("a"));
        let seen = desk.server.get(path, &client).expect(200);
        assert_eq!([&seen["account"], &seen["written_by"]], [&json!("…5555"), &Value::Null]);
    }
}

#[test]
fn a_payout_is_dated_back_as_far_as_the_service_allows() {
    let desk = Desk::new(Engine::Sqlite);
    desk.place.clock.set("2026-01-20");
    let purchase = made(&desk, "1");
    desk.second().called("a");
    let strict = desk.place.serve("back_dating_days = 5");
    let second = Funder { server: &strict, staff: &desk.key, key: &desk.funder };
    desk.place.clock.set("2026-01-30");
    for day in ["1999-12-31", "2026-01-19", "2026-01-24", "2026-01-31", "2200-01-01"] {
        let wrong = second.pays(id(&purchase), day);
        assert_eq!((wrong.status, &wrong.json()["field"]), (422, &json!("funded_on")), "{day}");
    }
    second.pays(id(&purchase), "2026-01-25").expect(201);
    let mut asked = Desk::asked("a", &json!([invoice("2")]), &json!({}));
    asked["purchased_on"] = "2000-01-01".into();
    assert_eq!(strict.post("/v1/positions", &desk.key, &asked).status, 400, "no day is taken");
    let offer = desk.offered("b", GOOD);
    desk.place.clock.set("2026-12-31");
    refused(&strict.post(&format!("{offer}/accept"), &desk.key, &json!({})), "recourse");
}

/// Nobody has agreed to it before, and no transfer is made tomorrow.
#[test]
fn a_payout_is_between_the_day_of_acceptance_and_today() {
    for engine in engines() {
        let desk = Desk::new(engine);
        desk.place.clock.set("2026-01-10");
        let purchase = made(&desk, "1");
        desk.second().called("a");
        desk.place.clock.set("2026-01-12");
        let tried = |day: &str| desk.second().pays(id(&purchase), day).expect(422);
        let early = tried("2026-01-09");
        let said = "Must not be before 2026-01-10, when the purchase was accepted.";
        assert_eq!([&early["field"], &early["detail"]], [&json!("funded_on"), &json!(said)]);
        let said = "Must not be after 2026-01-12, today in UTC.";
        assert_eq!(tried("2026-01-13")["detail"], said);
        desk.second().pays(id(&purchase), "2026-01-10").expect(201);
        let paid = json!({ "invoice_number": "1", "amount": "1", "received_on": "2026-01-09" });
        let paid = json!({ "client_id": "a", "payments": [paid] });
        let paid = desk.server.post("/v1/collections", &desk.key, &paid).expect(422);
        assert_eq!(paid["field"], "payments[0].received_on");
        let undone = json!({ "on": "2026-01-09", "reason": "paid to another account" });
        let path = format!("/v1/purchases/{}/reversal", id(&purchase));
        desk.server.post(&path, &desk.key, &undone).expect(422);
        // An offer, accepted days after it was made.
        let offer = desk.offered("b", GOOD);
        desk.place.clock.set("2026-07-02");
        desk.server.post(&format!("{offer}/accept"), &desk.key, &json!({})).expect(200);
        desk.second().called("b");
        desk.place.clock.set("2026-07-05");
        let waiting = desk.second().waiting();
        let early = desk.second().pays(id(&waiting[0]), "2026-07-01").expect(422);
        assert_eq!(early["field"], "funded_on");
        desk.second().pays(id(&waiting[0]), "2026-07-02").expect(201);
    }
}

#[test]
fn what_is_withdrawn_may_be_sold_again_and_uses_no_line() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let facility = "currency = \"USD\"\nline = 800\n";
        desk.server.put_text("/v1/facilities/a", &desk.key, facility).expect(200);
        let first = made(&desk, "1");
        let asked = |number: &str| Desk::asked("a", &json!([invoice(number)]), &json!({}));
        let again = |number: &str| desk.server.post("/v1/positions", &desk.key, &asked(number));
        refused(&again("2"), "The line is 800.00 USD");
        withdrawn(&desk, id(&first)).expect(201);
        refused(&withdrawn(&desk, id(&first)), "The purchase was withdrawn");
        desk.second().called("a");
        refused(&desk.second().pays(id(&first), "2026-01-01"), "The purchase was withdrawn");
        let second = again("1").expect(201);
        let facility = facility.replace("800", "1600");
        desk.server.put_text("/v1/facilities/a", &desk.key, &facility).expect(200);
        refused(&again("INV-1"), "has already been bought");
        desk.second().pays(id(&second), "2026-01-01").expect(201);
        refused(&withdrawn(&desk, id(&second)), "was funded on 2026-01-01");
        assert_eq!(desk.positions().len(), 1);
        assert!(desk.place.done(&["audit", "verify"]).contains("none altered"));
        assert!(desk.place.done(&["book", "check"]).contains("the books balance"));
    }
}

#[test]
fn a_payout_is_reversed_with_all_its_positions_once() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let own = json!([invoice("1"), invoice("2")]);
        let both = desk.buys(&Desk::asked("a", &own, &json!({}))).expect(201);
        let reversed = |id: &str| {
            let asked = json!({ "on": "2026-01-05", "reason": "paid to another account" });
            desk.server.post(&format!("/v1/purchases/{id}/reversal"), &desk.key, &asked)
        };
        let payment = json!({ "invoice_number": "2", "amount": "1", "received_on": "2026-01-03" });
        let body = json!({ "client_id": "a", "payments": [payment] });
        let paid = desk.server.post("/v1/collections", &desk.key, &body).expect(201);
        refused(&reversed(id(&both)), "Payments on the position stand");
        assert!(desk.positions().iter().all(|own| own["status"] == "open"), "all or none");
        let path = paid["collections"][0]["id"].as_str().expect("an id").to_owned();
        let undo = json!({ "on": "2026-01-04", "reason": "booked by mistake" });
        let path = format!("/v1/collections/{path}/reversal");
        desk.server.post(&path, &desk.key, &undo).expect(201);
        let done = reversed(id(&both)).expect(201);
        assert_eq!(done["reversed"].as_array().map(Vec::len), Some(2));
        refused(&reversed(id(&both)), "already reversed on 2026-01-05");
        let statement = desk.server.get("/v1/clients/a/statement", &desk.key).expect(200);
        assert_eq!(statement["statements"][0]["to_client"], "0.00");
        let waits = made(&desk, "1");
        refused(&reversed(id(&waits)), "The purchase is not funded");
        assert!(desk.place.done(&["book", "check"]).contains("the books balance"));
    }
}

/// What is accepted uses the line whenever the facility was written, and is paid within it.
#[test]
fn a_payout_is_within_the_line_of_its_day() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let first = made(&desk, "1");
        desk.second().called("a");
        let agreed = |line: u32| {
            let text = format!("currency = \"USD\"\nline = {line}\noutstanding = 900\n");
            desk.server.put_text("/v1/facilities/a", &desk.key, &text).expect(200);
        };
        std::thread::sleep(std::time::Duration::from_millis(1_100));
        agreed(1600);
        let asked = Desk::asked("a", &json!([invoice("2")]), &json!({}));
        let second = desk.server.post("/v1/positions", &desk.key, &asked);
        refused(&second, "The line is 1600.00 USD: 1700.00 is in use");
        refused(&desk.second().pays(id(&first), "2026-01-01"), "The line is 1600.00 USD");
        agreed(1700);
        desk.second().pays(id(&first), "2026-01-01").expect(201);
        let mut dear = Desk::asked("a", &json!([invoice("3")]), &json!({}));
        let wire = json!([{ "event": "wire", "amount": "801", "per": "funding" }]);
        dear["terms"]["fee_plan"]["charges"] = json!({ "events": wire });
        let dear = desk.server.post("/v1/positions", &desk.key, &dear);
        refused(&dear, "The charges of 801.00 exceed the advances of 800.00");
    }
}

/// What is accepted is offered no more, and a withdrawn purchase of it is offered again.
#[test]
fn what_is_accepted_is_offered_once() {
    let desk = Desk::new(Engine::Sqlite);
    let job = desk.server.upload("a", &desk.key, "good.csv", GOOD.as_bytes());
    let ledger = super::server::result(&job);
    let older = desk.evaluated(&ledger);
    let taken = desk.evaluated(&ledger);
    let client = desk.place.key("client", Some("a"));
    let accept = |offer: &str| {
        desk.server.call("POST", &format!("{offer}/accept"), &[&bearer(&client)], b"")
    };
    accept(&taken).expect(200);
    refused(&accept(&older), "has already been bought");
    let bought = |offer: &str| {
        let document = desk.server.get(offer, &desk.key).expect(200);
        let lines = document["offer"]["parts"][0]["lines"].as_array().expect("lines").clone();
        lines.iter().filter(|line| line["amount_bought"].is_string()).count()
    };
    assert_eq!(bought(&desk.evaluated(&ledger)), 0, "it waits for its payout");
    for purchase in desk.second().waiting() {
        withdrawn(&desk, id(&purchase)).expect(201);
    }
    assert_ne!(bought(&desk.evaluated(&ledger)), 0);
    accept(&older).expect(200);
}

#[test]
fn of_two_payouts_at_once_on_two_servers_one_counts() {
    for engine in engines() {
        let desk = Desk::new(engine);
        desk.second().called("a");
        let other = desk.place.serve("requests_per_second = 0");
        let purchase = made(&desk, "1");
        let pays = |at: usize| {
            let server = [&desk.server, &other][at % 2];
            let second = Funder { server, staff: &desk.key, key: &desk.funder };
            second.pays(id(&purchase), "2026-01-01")
        };
        let answers = std::thread::scope(|scope| {
            let all: Vec<_> = (0..6).map(|at| scope.spawn(move || pays(at))).collect();
            all.into_iter().map(|one| one.join().expect("an answer")).collect::<Vec<_>>()
        });
        let (done, late): (Vec<_>, Vec<_>) = answers.iter().partition(|own| own.status == 201);
        assert_eq!(done.len(), 1);
        late.into_iter().for_each(|own| refused(own, "was funded on 2026-01-01 by fk_"));
        let path = format!("/v1/purchases/{}/funding", id(&purchase));
        let body = json!({ "funded_on": "2026-01-01", "payee": "main", "reference": "R" });
        let stale = [&bearer(&desk.funder) as &str, "If-Match: \"1\""];
        let stale = other.call("POST", &path, &stale, body.to_string().as_bytes());
        assert_eq!(stale.status, 412, "a version that was read before");
        let statement = desk.server.get("/v1/clients/a/statement", &desk.key).expect(200);
        assert_eq!(statement["statements"][0]["funds_in_use"], "800.00");
    }
}
