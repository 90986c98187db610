//! What an accepted offer held is bought at its price once customers have confirmed it.

use serde_json::{Value, json};

use super::buying::{Desk, engines, refused};
use super::confirmations::line;
use super::funding::named_key;
use super::payout::Funder;
use super::server::result;

/// Four debtors have paid before; Birch is new to the client, so its invoices are held.
pub const LEDGER: &str = "\
invoice_number,debtor_id,debtor_name,invoice_date,due_date,currency,amount,paid_date
A-0,1,Alder,2026-04-01,2026-05-01,USD,2000.00,2026-05-06
A-1,1,Alder,2026-06-10,2026-07-10,USD,2000.00,
C-0,3,Cedar,2026-04-01,2026-05-01,USD,2000.00,2026-05-06
C-1,3,Cedar,2026-06-10,2026-07-10,USD,2100.00,
D-0,4,Dogwood,2026-04-01,2026-05-01,USD,2000.00,2026-05-06
D-1,4,Dogwood,2026-06-10,2026-07-10,USD,2200.00,
E-0,5,Elm,2026-04-01,2026-05-01,USD,2000.00,2026-05-06
E-1,5,Elm,2026-06-10,2026-07-10,USD,2300.00,
B-1,2,Birch,2026-06-10,2026-07-10,USD,1300.00,
B-2,2,Birch,2026-06-11,2026-07-11,USD,700.00,
";

pub fn completed(desk: &Desk, offer: &str) -> String {
    let asked = json!({ "as_of": "2026-06-30" });
    desk.server.finished(&format!("{offer}/completions"), &desk.key, &asked)
}

fn confirmed(members: &Value) -> Value {
    let mut answer = json!({
        "outcome": "confirmed", "by": "A. Reed", "at": "2026-06-30", "how": "telephone"
    });
    let own = answer.as_object_mut().expect("an object");
    own.extend(members.as_object().expect("members").clone());
    answer
}

/// Records that a debtor confirmed an invoice, or what else these members say.
pub fn answered(desk: &Desk, members: &Value) {
    let answer = confirmed(members);
    desk.server.post("/v1/clients/a/confirmations", &desk.key, &answer).expect(201);
}

fn part(desk: &Desk, offer: &str) -> Value {
    desk.server.get(offer, &desk.key).expect(200)["offer"]["parts"][0].clone()
}

#[test]
fn what_an_offer_held_is_bought_once_confirmed_at_its_price() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let offer = desk.offered("a", LEDGER);
        let first = part(&desk, &offer);
        assert_eq!(first["totals"]["held"]["invoices"], 2, "{first}");
        let completions = format!("{offer}/completions");
        let asked = || desk.server.post(&completions, &desk.key, &json!({}));
        refused(&asked(), "The offer is offered");
        desk.accepted(&offer).expect(200);
        assert_eq!(desk.positions().len(), 4);
        // Nothing is confirmed, so nothing is offered.
        let waiting = part(&desk, &completed(&desk, &offer));
        assert_eq!(waiting["totals"]["amount_bought"], "0.00");
        answered(&desk, &json!({ "debtor": "Birch", "invoice": "B-1" }));
        let second = completed(&desk, &offer);
        let then = part(&desk, &second);
        for member in ["advance_rate_percent", "discount_rate_percent", "fee_plan"] {
            assert_eq!(then["terms"][member], first["terms"][member]);
        }
        assert_eq!(then["totals"]["advance"], first["totals"]["held"]["advance"], "{then}");
        let document = desk.server.get(&second, &desk.key).expect(200);
        assert_eq!(line(&document, "A-1")["reason"], "already_funded");
        let inputs = desk.server.get(&format!("{second}/inputs"), &desk.key).expect(200);
        let names: Vec<&Value> =
            inputs.as_array().expect("inputs").iter().map(|own| &own["name"]).collect();
        assert!(names.contains(&&json!("completes.json")), "{names:?}");
        // A twin of it buys nothing twice.
        let twin = completed(&desk, &offer);
        let taken = desk.server.post(&format!("{second}/accept"), &desk.key, &json!({}));
        taken.expect(200);
        desk.second().pays_all("2026-07-01");
        assert_eq!(desk.positions().len(), 6);
        refused(&desk.accepted(&twin), "already been bought");
        // A client cannot ask for it, and a declined offer is not completed.
        let client = desk.place.key("client", Some("a"));
        assert_eq!(desk.server.post(&completions, &client, &json!({})).status, 403);
        refused(
            &desk.server.post(&format!("{twin}/completions"), &desk.key, &json!({})),
            "holds no",
        );
        assert!(desk.place.done(&["audit", "verify"]).contains("none altered"));
        desk.place.done(&["book", "check"]);
    }
}

/// Staff exclude an invoice that the first offer holds, and the completion does not bring it back.
#[test]
fn what_staff_excluded_is_not_bought_by_what_completes_the_offer() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let offer = desk.offered("a", LEDGER);
        let path = format!("{offer}/overrides");
        let decided = json!({
            "debtor": "2", "invoice": "B-1", "decision": "exclude", "by": "R. Low",
            "reason": "Looks wrong."
        });
        desk.server.post(&path, &desk.key, &decided).expect(200);
        desk.accepted(&offer).expect(200);
        assert_eq!(desk.positions().len(), 4);
        for invoice in ["B-1", "B-2"] {
            answered(&desk, &json!({ "debtor": "Birch", "invoice": invoice }));
        }
        let second = completed(&desk, &offer);
        let document = desk.server.get(&second, &desk.key).expect(200);
        let own = line(&document, "B-1");
        assert_eq!([&own["decision"], &own["reason"]], ["exclude", "not_offered"], "{own}");
        let why = own["why"].as_str().expect("a sentence");
        assert!(why.ends_with("was excluded from the offer that this one completes."), "{why}");
        assert_eq!(part(&desk, &second)["totals"]["amount_bought"], "700.00");
        desk.accepted(&second).expect(200);
        assert_eq!(desk.positions().len(), 5);
        desk.place.done(&["audit", "verify"]);
    }
}

/// An offer on what was held is worth nothing once nothing of the first offer stands.
#[test]
fn what_completes_an_offer_that_does_not_stand_is_refused() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let offer = desk.offered("a", LEDGER);
        desk.server.post(&format!("{offer}/accept"), &desk.key, &json!({})).expect(200);
        for invoice in ["B-1", "B-2"] {
            answered(&desk, &json!({ "debtor": "Birch", "invoice": invoice }));
        }
        let (taken, later) = (completed(&desk, &offer), completed(&desk, &offer));
        let client = desk.place.key("client", Some("a"));
        let accept =
            |offer: &str| desk.server.post(&format!("{offer}/accept"), &client, &json!({}));
        let purchases = |offer: &str| {
            let id = offer.rsplit('/').next().expect("an id");
            let all = desk.server.get(&format!("/v1/purchases?offer={id}"), &desk.key).expect(200);
            all["items"][0]["id"].as_str().expect("an id").to_owned()
        };
        accept(&taken).expect(200);
        let withdrawn = |offer: &str| {
            let path = format!("/v1/purchases/{}/withdrawal", purchases(offer));
            let reason = json!({ "reason": "It was a mistake." });
            desk.server.post(&path, &desk.key, &reason).expect(201);
        };
        withdrawn(&offer);
        let said = "The offer that this one completes is reversed";
        desk.second().called("a");
        refused(&desk.second().pays(&purchases(&taken), "2026-06-30"), said);
        withdrawn(&taken);
        refused(&accept(&later), said);
        assert!(desk.positions().is_empty());
    }
}

/// Of an offer that buys nothing and stays open, too.
#[test]
fn what_completes_a_declined_offer_is_refused() {
    let held: Vec<&str> =
        LEDGER.lines().filter(|row| !row.contains("-1,") || row.starts_with('B')).collect();
    let held = held.join("\n") + "\n";
    for engine in engines() {
        for (step, said) in [("decline", "declined"), ("withdraw", "withdrawn")] {
            let desk = Desk::new(engine);
            let offer = desk.offered("a", &held);
            assert_eq!(part(&desk, &offer)["totals"]["amount_bought"], "0.00");
            answered(&desk, &json!({ "debtor": "Birch", "invoice": "B-1" }));
            let second = completed(&desk, &offer);
            desk.server.post(&format!("{offer}/{step}"), &desk.key, &json!({})).expect(200);
            let said = format!("The offer that this one completes is {said}");
            refused(&desk.accepted(&second), &said);
        }
    }
}

/// Neither who asked for the first offer nor who recorded what freed an invoice pays for it.
#[test]
fn who_had_a_part_in_what_is_bought_does_not_pay_it_out() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let named = |role: &str, name: &str| named_key(&desk.place, role, name);
        let (asker, confirmer) = (named("underwriter", "A. Asker"), named("underwriter", "C. Low"));
        let ledger = result(&desk.server.upload("a", &asker, "l.csv", LEDGER.as_bytes()));
        let asked =
            json!({ "as_of": "2026-06-30", "policy": "p", "model": "km", "previous": "none" });
        let offer = desk.server.finished(&format!("{ledger}/evaluations"), &asker, &asked);
        desk.accepted(&offer).expect(200);
        let answer = confirmed(&json!({ "debtor": "Birch", "invoice": "B-1" }));
        desk.server.post("/v1/clients/a/confirmations", &confirmer, &answer).expect(201);
        let second = completed(&desk, &offer);
        desk.server.post(&format!("{second}/accept"), &desk.key, &json!({})).expect(200);
        let purchase = desk.second().waiting()[0]["id"].as_str().expect("an id").to_owned();
        for (name, said) in [
            ("Asker, A.", "asked for this offer or one that it completes"),
            ("c.low", "recorded what a debtor confirmed about one of the invoices"),
        ] {
            let key = named("funder", name);
            let payer = Funder { server: &desk.server, staff: &desk.key, key: &key };
            refused(&payer.pays(&purchase, "2026-06-30"), said);
        }
        desk.second().pays(&purchase, "2026-06-30").expect(201);
        assert!(desk.place.done(&["audit", "verify"]).contains("none altered"));
    }
}
