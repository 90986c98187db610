//! What is looked at when an offer is accepted and when its purchase is paid out: its day, what
//! debtors have said since, and what became of the offer that it completes.

use chrono::{Days, Utc};
use serde_json::json;

use super::GOOD;
use super::buying::{Desk, engines, refused};
use super::server::result;

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
