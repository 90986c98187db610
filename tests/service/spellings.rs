//! Spellings that pass for another invoice, debtor, client or bank line, and what only looks like
//! one.

use serde_json::{Value, json};

use super::GOOD;
use super::buying::{Desk, engines, id, invoice, refused};
use super::server::Engine;

/// An invoice with other values for these members.
fn with(number: &str, change: &[(&str, &str)]) -> Value {
    let mut own = invoice(number);
    for (name, value) in change {
        own[*name] = (*value).into();
    }
    own
}

/// Another amount and due date, which no spelling of the number takes into account.
const OTHER_FACTS: [(&str, &str); 4] =
    [("amount", "700"), ("advance", "500"), ("due_on", "2026-03-01"), ("issued_on", "2026-01-01")];

#[test]
fn no_spelling_of_a_number_is_another_invoice() {
    for engine in engines() {
        let desk = Desk::new(engine);
        desk.sold("a", &invoice("INV-0042")).expect(201);
        desk.sold("a", &invoice("KR0077")).expect(201);
        for spelt in [
            "INV-00 42",
            "INV-00-42",
            "1NV42",
            "\u{FF29}\u{FF2E}\u{FF36}-\u{FF14}\u{FF12}",
            "INV-\u{664}\u{662}",
            "INV-\u{2463}\u{2461}",
            "INV-4\u{B2}",
            "INV-\u{1D7D2}\u{1D7D0}",
            "\u{406}NV-42",
            "\u{399}NV-42",
            "\u{130}NV-42",
            "KR-00-77",
            "\u{41A}R 77",
        ] {
            refused(&desk.sold("a", &with(spelt, &OTHER_FACTS)), "has already been bought");
        }
        // Punctuation alone tells less: amount and issue date decide.
        desk.sold("a", &invoice("421")).expect(201);
        refused(&desk.sold("a", &invoice("42-1")), "has already been bought");
        desk.sold("a", &with("42-1", &OTHER_FACTS)).expect(201);
    }
}

#[test]
fn no_spelling_of_a_debtor_is_another_one() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let own = [("debtor_id", "Cust7"), ("tax_number", "GB123")];
        desk.sold("a", &with("42", &own)).expect(201);
        let other = |change: &[(&str, &str)]| {
            let usual = [("debtor_id", "D9"), ("debtor_name", "Other"), ("due_on", "2026-03-01")];
            desk.sold("a", &with("42", &[&usual, change].concat()))
        };
        for change in
            [("debtor_id", "CUST 7"), ("debtor_name", "The North Mill"), ("tax_number", "GB-0123")]
        {
            refused(&other(&[change]), "has already been bought");
        }
        let mut euros = Desk::asked("a", &json!([with("42", &own)]), &json!({}));
        euros["currency"] = "EUR".into();
        euros["invoices"][0]["debtor_id"] = "D9".into();
        euros["invoices"][0]["debtor_name"] = "Other".into();
        let euros = desk.server.post("/v1/positions", &desk.key, &euros);
        refused(&euros, "has already been bought");
        // Staff say that two are one.
        let said = json!({ "same_as": "Cust7" });
        desk.server.send("PUT", "/v1/clients/a/debtors/D9", &desk.key, &said).expect(200);
        refused(&other(&[]), "has already been bought");
        let limits = "currency = \"USD\"\n[limits]\ndebtor = 1500\n";
        desk.server.put_text("/v1/facilities/a", &desk.key, limits).expect(200);
        let more = with("55", &[("debtor_id", "d9"), ("debtor_name", "Other")]);
        refused(&desk.sold("a", &more), "The limit on debtor d9 is 1500.00 USD");
    }
}

#[test]
fn a_customer_number_is_no_name_across_clients() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let limits = "currency = \"USD\"\n[limits]\ndebtor = 1500\nacross_clients = true\n";
        desk.server.put_text("/v1/facilities/b", &desk.key, limits).expect(200);
        let mut own = with("42", &[("debtor_id", "4711")]);
        own.as_object_mut().expect("an object").remove("debtor_name");
        desk.sold("a", &own).expect(201);
        desk.sold("b", &own).expect(201);
    }
}

#[test]
fn a_client_learns_nothing_of_others_from_the_ledgers_it_sends() {
    let desk = Desk::new(Engine::Sqlite);
    desk.server.post("/v1/clients", &desk.key, &json!({ "id": "77001", "name": "X" })).expect(201);
    let naming = |name: &str| {
        let text = GOOD.replace("invoice_number,", "client_id,invoice_number,");
        ["1,", "2,", "3,"]
            .iter()
            .fold(text, |text, row| text.replace(&format!("\n{row}"), &format!("\n{name},{row}")))
    };
    let client = desk.place.key("client", Some("a"));
    let sent = |key: &str, name: &str| {
        desk.server.upload("a", key, "l.csv", naming(name).as_bytes())["status"].clone()
    };
    for number in ["77001", "77002", "1000"] {
        assert_eq!(sent(&client, number), "finished", "{number}");
    }
    for other in ["b", "c"] {
        assert_eq!(sent(&client, other), "failed", "{other}");
    }
    assert_eq!(
        (sent(&desk.key, "77001"), sent(&desk.key, "77002")),
        ("failed".into(), "finished".into())
    );
}

#[test]
fn an_invoice_is_not_issued_after_today_and_counts_of_records_are_not_negative() {
    let desk = Desk::new(Engine::Sqlite);
    let ahead = desk.sold("a", &with("1", &[("issued_on", "2099-01-01")])).expect(422);
    assert_eq!(ahead["field"], "invoices[0].issued_on", "{ahead}");
    let negative = desk.server.get("/v1/clients/a/statement?recorded=-1", &desk.key).expect(422);
    assert_eq!(negative["field"], "recorded", "{negative}");
}

#[test]
fn a_bank_reference_is_one_in_any_case_and_with_any_blanks() {
    for engine in engines() {
        let desk = Desk::new(engine);
        desk.sold("a", &invoice("1")).expect(201);
        let pays = |reference: &str, account: &str| {
            let payment = json!({
                "invoice_number": "1", "amount": "100", "received_on": "2026-01-20",
                "reference": reference, "account": account
            });
            let body = json!({ "client_id": "a", "payments": [payment] });
            desk.server.post("/v1/collections", &desk.key, &body).status
        };
        assert_eq!((pays("Wire R-1", ""), pays("Wire R-1", "DE 12")), (201, 201));
        for (reference, account) in [("WIRE R-1", ""), (" wire  r-1", ""), ("WireR-1", "de12")] {
            assert_eq!(pays(reference, account), 409, "{reference} {account}");
        }
        assert_eq!(pays("Wire R-2", ""), 201);
    }
}

#[test]
fn a_reversal_above_the_line_is_carried_out_and_says_so() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let line = |text: &str| {
            desk.server.put_text("/v1/facilities/a", &desk.key, text).expect(200);
        };
        line("currency = \"USD\"\nline = 1000\n");
        let first = id(&desk.sold("a", &invoice("1")).expect(201));
        let ended = json!({ "on": "2026-04-02", "cause": "credit" });
        let path = format!("/v1/positions/{first}/settlement");
        desk.server.post(&path, &desk.key, &ended).expect(201);
        let second = id(&desk.sold("a", &invoice("2")).expect(201));
        let undone = json!({ "on": "2026-04-03", "reason": "paid after all" });
        let undo = |path: &str| {
            let path = format!("{path}/reversal");
            desk.server.post(&path, &desk.key, &undone).expect(201)["line"].clone()
        };
        let told = |used: &str, over: &str| json!({ "currency": "USD", "limit": "1000.00", "used": used, "over": over });
        assert_eq!(undo(&path), told("1600.00", "600.00"));
        assert_eq!(undo(&format!("/v1/positions/{second}")), told("800.00", "0.00"));
        line("currency = \"USD\"\n");
        assert_eq!(undo(&format!("/v1/positions/{first}")), Value::Null, "no line");
    }
}

#[test]
fn numbers_that_begin_anew_every_year_are_told_by_staff_and_issue_date() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let of_year = |issued: &str| {
            let mut own = invoice("1");
            own["issued_on"] = issued.into();
            own
        };
        let first = id(&desk.sold("a", &of_year("2025-01-02")).expect(201));
        desk.paid("1");
        let again = |issued: &str| {
            let more = json!({ "distinct_from": [first] });
            desk.buys(&Desk::asked("a", &json!([of_year(issued)]), &more))
        };
        refused(&desk.sold("a", &of_year("2026-01-01")), "has already been bought");
        refused(&again("2025-01-02"), "has already been bought");
        again("2026-01-01").expect(201);
        refused(&again("2026-01-01"), "has already been bought");
    }
}

/// The books know a position by its debtor and number as long as it is open.
#[test]
fn an_old_number_is_paid_out_once_the_old_position_is_settled() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let mut own = invoice("1");
        own["issued_on"] = "2025-01-02".into();
        let first = id(&desk.sold("a", &own).expect(201));
        own["issued_on"] = "2026-01-01".into();
        let asked = Desk::asked("a", &json!([own]), &json!({ "distinct_from": [first] }));
        let made = desk.server.post("/v1/positions", &desk.key, &asked).expect(201);
        let purchase = made["id"].as_str().expect("an id");
        let said = "Another position of debtor D1 with the invoice number 1 is open; settle that";
        refused(&desk.second().pays(purchase, "2026-01-01"), said);
        desk.paid("1");
        desk.second().pays(purchase, "2026-01-01").expect(201);
    }
}
