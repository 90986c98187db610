//! Nobody approves an override of their own above the policy's limit.

use serde_json::json;

use super::GOOD;
use super::payout::paid_out;
use super::server::{Engine, Place, result};

#[test]
fn an_override_above_the_limit_waits_for_a_second_key() {
    let place = Place::new(Engine::Sqlite);
    let (first, second) = (place.key("underwriter", None), place.key("underwriter", None));
    let admin = place.key("admin", None);
    let server = place.serve("requests_per_second = 0");
    server.post("/v1/clients", &first, &json!({ "id": "a", "name": "A" })).expect(201);
    let policy = super::long_policy();
    let policy = policy.replace("valid_days = 365", "valid_days = 365\noverride_limit = \"500\"");
    server.put_text("/v1/policies/p", &admin, &policy).expect(200);
    let disputed = GOOD.replace("amount,paid_date", "amount,paid_date,disputed");
    let disputed = disputed.replace("349.95,", "349.95,,yes").replace("800.00,", "800.00,,yes");
    let job = server.upload("a", &first, "good.csv", disputed.as_bytes());
    let asked = json!({ "as_of": "2026-06-30", "policy": "p", "model": "km" });
    let offer = server.finished(&format!("{}/evaluations", result(&job)), &first, &asked);
    let line = |debtor: &str, invoice: &str, decision: &str| {
        json!({
            "debtor": debtor, "invoice": invoice, "decision": decision, "by": "A. Reed",
            "reason": "The dispute is settled."
        })
    };
    let overrides = format!("{offer}/overrides");
    let small = server.post(&overrides, &first, &line("11", "2", "buy")).expect(200);
    assert!(small["overrides"][0]["needs_approval"].is_null(), "{small}");
    let large = server.post(&overrides, &first, &line("12", "3", "buy")).expect(200);
    assert_eq!(large["overrides"][1]["needs_approval"], true, "{large}");
    let accept = format!("{offer}/accept");
    let taken = json!({ "by": "A. Reed" });
    let refused = server.post(&accept, &first, &taken);
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("not approved"), "{}", refused.text());
    let approval = format!("{offer}/overrides/approval");
    let by = |name: &str| json!({ "debtor": "12", "invoice": "3", "by": name });
    for (key, name) in [(&first, "A. Reed"), (&first, "B. Low"), (&second, " a.  REED")] {
        assert_eq!(server.post(&approval, key, &by(name)).status, 409, "its own override");
    }
    let approved = server.post(&approval, &second, &by("B. Low")).expect(200);
    assert_eq!(approved["overrides"][1]["approval"]["by"], "B. Low");
    assert_eq!(server.post(&approval, &second, &by("B. Low")).status, 409, "only once");
    server.post(&overrides, &first, &line("11", "2", "exclude")).expect(200);
    server.post(&accept, &first, &taken).expect(200);
    paid_out(&place, &server, &first, "2026-06-30");
    // Bought whole, at the advance rate of the offer.
    let bought = server.get("/v1/positions", &first).expect(200);
    let document = server.get(&offer, &first).expect(200);
    let rate = &document["offer"]["parts"][0]["terms"]["advance_rate_percent"];
    let rate: f64 = rate.as_str().expect("a rate").parse().expect("a number");
    let items = bought["items"].as_array().expect("positions");
    assert_eq!((items.len(), &items[0]["amount"]), (1, &"800.00".into()));
    assert_eq!(items[0]["advance"], format!("{:.2}", 8.0 * rate));
}
