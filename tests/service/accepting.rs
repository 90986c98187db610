//! What is looked at when an offer is accepted and when its purchase is paid out: its day, what
//! debtors have said since, and what became of the offer that it completes.

use chrono::{Days, Utc};
use serde_json::{Value, json};

use super::GOOD;
use super::buying::{Desk, engines, refused};
use super::completing::{LEDGER, answered};
use super::server::result;
use super::tampering::behind;

#[test]
fn an_offer_is_accepted_from_its_day_on() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let ledger = result(&desk.server.upload("a", &desk.key, "good.csv", GOOD.as_bytes()));
        let day = Utc::now().date_naive() + Days::new(20);
        let asked = json!({ "as_of": day, "policy": "p", "model": "km", "previous": "none" });
        let offer = desk.server.finished(&format!("{ledger}/evaluations"), &desk.key, &asked);
        let said = format!("The offer is of {day}; it can be accepted from then on.");
        refused(&desk.accepted(&offer), &said);
        let withdrawn = desk.server.post(&format!("{offer}/withdraw"), &desk.key, &json!({}));
        withdrawn.expect(200);
    }
}

/// Records an answer of a debtor at an hour of the day.
fn said(desk: &Desk, (debtor, invoice): (&str, &str), outcome: &str, hour: u32) {
    let amount = if outcome == "wrong_amount" { json!("10.00") } else { Value::Null };
    answered(
        desk,
        &json!({
            "debtor": debtor, "invoice": invoice, "outcome": outcome, "amount": amount,
            "at": format!("2026-06-30T{hour:02}:00:00Z")
        }),
    );
}

#[test]
fn what_debtors_say_after_the_offer_stops_acceptance_and_payout() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let client = desk.place.key("client", Some("a"));
        let offer = desk.offered("a", LEDGER);
        let accept = |key: &str| desk.server.post(&format!("{offer}/accept"), key, &json!({}));
        said(&desk, ("Alder", "A-1"), "disputed", 9);
        let neutral = "Invoice A-1 has to be checked before it can be bought; we will be in touch.";
        refused(&accept(&client), neutral);
        refused(&accept(&desk.key), "Invoice A-1 cannot be bought: its debtor disputes it;");
        said(&desk, ("Alder", "A-1"), "confirmed", 10);
        accept(&client).expect(200);
        desk.second().called("a");
        let purchase = desk.second().waiting()[0]["id"].as_str().expect("an id").to_owned();
        let pays = || desk.second().pays(&purchase, "2026-06-30");
        said(&desk, ("Cedar", "C-1"), "wrong_amount", 9);
        refused(&pays(), "Invoice C-1 cannot be bought: its debtor says that it owes 10.00 USD;");
        said(&desk, ("Cedar", "C-1"), "confirmed", 10);
        said(&desk, ("Dogwood", "D-9"), "unknown_debtor", 9);
        refused(&pays(), "Invoice D-1 cannot be bought: its debtor says that it does not know");
        said(&desk, ("Dogwood", "D-9"), "confirmed", 10);
        let insolvent = |is_so: bool| {
            let facts = json!({ "insolvent": is_so });
            desk.server.send("PUT", "/v1/clients/a/debtors/5", &desk.key, &facts).expect(200);
        };
        insolvent(true);
        refused(&pays(), "Invoice E-1 cannot be bought: its debtor 5 is recorded as insolvent.");
        insolvent(false);
        pays().expect(201);
        assert!(desk.place.done(&["audit", "verify"]).contains("none altered"));
        assert_eq!(desk.positions().len(), 4);
    }
}

#[test]
fn staff_may_buy_what_is_disputed_or_leave_it_out() {
    for engine in engines() {
        let desk = Desk::new(engine);
        desk.place.clock.set("2026-06-30");
        let offer = desk.offered("a", LEDGER);
        let decides = |invoice: (&str, &str), decision: &str| {
            let decided = json!({
                "debtor": invoice.0, "invoice": invoice.1, "decision": decision, "by": "R. Low",
                "reason": "We have seen the delivery note."
            });
            desk.server.post(&format!("{offer}/overrides"), &desk.key, &decided).expect(200);
        };
        for (debtor, own) in [("1", "A-1"), ("3", "C-1")] {
            said(&desk, (debtor, own), "disputed", 9);
            decides((debtor, own), "exclude");
        }
        // The last decision counts, and it was made with what is on record.
        decides(("1", "A-1"), "buy");
        desk.accepted(&offer).expect(200);
        let bought = desk.positions();
        let numbers = bought.iter().map(|own| own["invoice_number"].as_str().expect("a number"));
        let numbers: Vec<&str> = numbers.collect();
        assert!(numbers.contains(&"A-1") && !numbers.contains(&"C-1"), "{numbers:?}");
    }
}

/// The answers that a payout rests on are sealed with it.
#[test]
fn an_answer_that_was_another_for_the_payout_is_named() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let offer = desk.offered("a", LEDGER);
        desk.server.post(&format!("{offer}/accept"), &desk.key, &json!({})).expect(200);
        desk.second().called("a");
        said(&desk, ("Alder", "A-1"), "disputed", 9);
        let purchase = desk.second().waiting()[0]["id"].as_str().expect("an id").to_owned();
        let pays = || desk.second().pays(&purchase, "2026-06-30");
        refused(&pays(), "its debtor disputes it");
        let change = |from: &str, to: &str| {
            let set = format!("UPDATE confirmation SET answer = REPLACE(answer, '{from}', '{to}')");
            behind(&desk.place, engine, &set);
        };
        change("disputed", "no_answer");
        pays().expect(201);
        change("no_answer", "disputed");
        let told = desk.place.run(&["audit", "verify"]).stdout;
        let told = String::from_utf8(told).expect("UTF-8");
        assert!(told.contains("it was changed behind the service's back when row"), "{told}");
        assert!(told.contains("confirmation "), "{told}");
    }
}
