//! The line binds every purchase, in every currency and at the same time on two servers.

use serde_json::{Value, json};

use super::GOOD;
use super::buying::{Desk, engines, refused};

/// An invoice of this advance.
fn invoice(number: &str, advance: &str, debtor: &str) -> Value {
    json!({
        "debtor_id": debtor, "invoice_number": number, "amount": advance, "advance": advance,
        "due_on": "2026-02-01"
    })
}

fn agreed(desk: &Desk, client: &str, facility: &str) {
    let path = format!("/v1/facilities/{client}");
    desk.server.put_text(&path, &desk.key, facility).expect(200);
}

/// Cents of the advances of a client.
fn advanced(desk: &Desk) -> i64 {
    let cents = |own: &Value| -> i64 {
        own["advance"].as_str().expect("an amount").replace('.', "").parse().expect("cents")
    };
    desk.positions().iter().map(cents).sum()
}

#[test]
fn at_the_same_time_on_two_servers_no_more_is_bought_than_the_line() {
    for engine in engines() {
        let desk = Desk::new(engine);
        agreed(&desk, "a", "currency = \"USD\"\nline = 10000\n");
        let other = desk.place.serve("requests_per_second = 0");
        let sold = |at: usize| {
            let server = [&desk.server, &other][at % 2];
            let own = json!([invoice(&format!("{}", 220 + at), "10000", &format!("D{at}"))]);
            server.post("/v1/positions", &desk.key, &Desk::asked("a", &own, &json!({})))
        };
        let mut answers = std::thread::scope(|scope| {
            let all: Vec<_> = (0..8).map(|at| scope.spawn(move || sold(at))).collect();
            all.into_iter().map(|one| one.join().expect("an answer")).collect::<Vec<_>>()
        });
        answers.sort_by_key(|answer| answer.status);
        assert_eq!(answers[0].status, 201, "{}", answers[0].text());
        for over in &answers[1..] {
            refused(over, "The line is 10000.00 USD: 10000.00 is in use, and this purchase would");
        }
        desk.second().pays_all("2026-01-01");
        assert_eq!(advanced(&desk), 1_000_000);
    }
}

#[test]
fn offers_show_what_they_would_use_and_are_accepted_within_the_line() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let (first, second) = (
            desk.offered("a", GOOD),
            desk.offered("a", &GOOD.replace("\n2,", "\n22,").replace("\n3,", "\n33,")),
        );
        let line = |offer: &str| {
            let shown = desk.server.get(&format!("{offer}/line"), &desk.key).expect(200);
            shown[0].clone()
        };
        let bare = line(&first);
        assert_eq!((&bare["line"], &bare["in_use"]), (&Value::Null, &json!("0.00")));
        let advance = bare["would_use"].as_str().expect("an amount").to_owned();
        assert_ne!(advance, "0.00");
        agreed(&desk, "a", &format!("currency = \"USD\"\nline = \"{advance}\"\n"));
        assert_eq!(line(&first)["left"], "0.00");
        desk.accepted(&first).expect(200);
        let after = line(&second);
        assert_eq!((&after["in_use"], &after["line"]), (&json!(advance), &json!(advance)));
        assert!(after["left"].as_str().expect("an amount").starts_with('-'), "{after}");
        assert_eq!(line(&first)["would_use"], "0.00", "it is accepted");
        refused(&desk.accepted(&second), "The line is");
        let still = desk.server.get(&format!("{second}/history"), &desk.key).expect(200);
        assert_eq!(still["status"], "offered");
        let client = desk.place.key("client", Some("b"));
        assert_eq!(desk.server.get(&format!("{first}/line"), &client).status, 404);
    }
}

#[test]
fn another_currency_uses_the_line_at_the_stated_rate() {
    for engine in engines() {
        let desk = Desk::new(engine);
        agreed(&desk, "a", "currency = \"USD\"\nline = 40000\n");
        let euros = |number: &str, advance: &str| {
            let own = json!([invoice(number, advance, "D1")]);
            let asked = Desk::asked("a", &own, &json!({ "currency": "EUR" }));
            desk.buys(&asked)
        };
        refused(&euros("1", "30600"), "states no rate for EUR");
        let dated =
            "currency = \"USD\"\nline = 40000\nrates_on = 2026-06-30\n[rates]\nEUR = \"1.1\"\n";
        agreed(&desk, "a", dated);
        euros("1", "30600").expect(201);
        refused(&euros("2", "5763.64"), "33660.00 is in use, and this purchase would add 6340.01");
        euros("2", "5763.63").expect(201);
        let undated = desk.server.put_text(
            "/v1/facilities/a",
            &desk.key,
            "currency = \"USD\"\n[rates]\nEUR = \"1.1\"\n",
        );
        assert_eq!(undated.status, 422);
        assert!(undated.text().contains("rates_on"), "{}", undated.text());
    }
}

#[test]
fn debtors_and_groups_have_limits_across_clients() {
    for engine in engines() {
        let desk = Desk::new(engine);
        // One of them by what is recorded for the client, the other by a link.
        let put = |path: &str, body: Value| desk.server.send("PUT", path, &desk.key, &body);
        put("/v1/clients/a/debtors/D2", json!({ "group": "G" })).expect(200);
        put("/v1/debtors/mills", json!({ "group": "G" })).expect(200);
        let link = json!({ "known_debtor": "mills" });
        put("/v1/clients/a/debtors/D3/link", link).expect(200);
        let limits = "currency = \"USD\"\n[limits]\ndebtor = 500\ngroup = 800\n";
        agreed(&desk, "a", limits);
        let named = |number: &str, advance: &str, debtor: &str| {
            let mut own = invoice(number, advance, debtor);
            own["debtor_name"] = format!("{debtor} Mill Ltd").into();
            own
        };
        desk.sold("b", &named("21", "400", "D1")).expect(201);
        desk.sold("a", &named("22", "400", "D1")).expect(201);
        refused(&desk.sold("a", &named("23", "101", "D1")), "The limit on debtor D1 is 500.00 USD");
        desk.sold("a", &named("24", "500", "D2")).expect(201);
        refused(&desk.sold("a", &named("25", "301", "D3")), "The limit on the group G is 800.00");
        agreed(&desk, "a", &format!("{limits}across_clients = true\n"));
        refused(&desk.sold("a", &named("26", "1", "D1")), "800.00 is bought and not yet paid");
    }
}

/// What staff wrote for one debtor binds an offer that was made before, and its payout.
#[test]
fn a_limit_of_one_debtor_binds_acceptances_and_payouts() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let limited = |limit: &str| {
            let path = "/v1/clients/a/debtors/D1";
            desk.server.send("PUT", path, &desk.key, &json!({ "limit": limit })).expect(200);
        };
        limited("500");
        let asked = |number: &str, amount: &str| {
            let own = json!([invoice(number, amount, "D1")]);
            desk.server.post("/v1/positions", &desk.key, &Desk::asked("a", &own, &json!({})))
        };
        let said = "The limit on debtor D1 is 500.00 USD";
        refused(&asked("1", "501"), said);
        let first = asked("1", "400").expect(201);
        // What waits for its payout uses it as well.
        refused(&asked("2", "101"), "400.00 is bought and not yet paid, and this purchase would");
        asked("2", "100").expect(201);
        desk.second().called("a");
        limited("499");
        let pays = || desk.second().pays(first["id"].as_str().expect("an id"), "2026-01-01");
        refused(&pays(), "The limit on debtor D1 is 499.00 USD: 100.00 is bought");
        limited("500");
        desk.second().pays_all("2026-01-01");
        // Lowered after the offer was made, which is told to the client without figures.
        let offer = desk.offered("b", GOOD);
        let path = "/v1/clients/b/debtors/11";
        desk.server.send("PUT", path, &desk.key, &json!({ "limit": "10" })).expect(200);
        let client = desk.place.key("client", Some("b"));
        let told = desk.server.post(&format!("{offer}/accept"), &client, &json!({}));
        refused(&told, "The limit on debtor 11 does not allow this purchase.");
        refused(&desk.accepted(&offer), "The limit on debtor 11 is 10.00 USD: 0.00 is bought");
        desk.server.send("PUT", path, &desk.key, &json!({ "limit": "1000" })).expect(200);
        desk.accepted(&offer).expect(200);
        assert!(desk.place.done(&["audit", "verify"]).contains("none altered"));
    }
}
