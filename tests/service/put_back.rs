//! What somebody changes behind the service's back for the moment of a payout is named after it was
//! put back: the payout's row of the log says how everything was that it rests on.

use serde_json::json;

use super::buying::{Desk, engines, invoice, refused};
use super::database::sql;
use super::payout::Funder;
use super::server::{Answer, Engine, Place};
use super::tampering::behind;

/// A factor with an agreed line, whose purchase waits; the purchase.
fn waiting(engine: Engine) -> (Desk, String) {
    let desk = Desk::new(engine);
    let facility = "currency = \"USD\"\nline = 800\n";
    desk.server.put_text("/v1/facilities/a", &desk.key, facility).expect(200);
    desk.second().called("a");
    let purchase = recorded(&desk, &desk.key, "1");
    (desk, purchase)
}

fn recorded(desk: &Desk, key: &str, number: &str) -> String {
    let asked = Desk::asked("a", &json!([invoice(number)]), &json!({}));
    let made = desk.server.post("/v1/positions", key, &asked).expect(201);
    made["id"].as_str().expect("an id").to_owned()
}

fn pays(desk: &Desk, purchase: &str) -> Answer {
    desk.second().pays(purchase, "2026-01-01")
}

/// The lines that a command prints about faults; none if there are none.
fn told(place: &Place, command: [&str; 2]) -> String {
    String::from_utf8(place.run(&command).stdout).expect("UTF-8")
}

#[track_caller]
fn named(desk: &Desk, command: [&str; 2], expected: &[&str]) {
    let told = told(&desk.place, command);
    for part in expected {
        assert!(told.contains(part), "{:?}: expected {part}: {told}", desk.engine);
    }
}

#[track_caller]
fn clean(desk: &Desk) {
    assert!(told(&desk.place, ["audit", "verify"]).contains("none altered"));
    assert!(told(&desk.place, ["book", "check"]).contains("the books balance"));
}

#[test]
fn an_account_that_was_another_for_the_payout_is_named() {
    for engine in engines() {
        let (desk, purchase) = waiting(engine);
        behind(&desk.place, engine, "UPDATE payee SET account = 'GB33 BUKB 2020 1555'");
        pays(&desk, &purchase).expect(201);
        behind(&desk.place, engine, "UPDATE payee SET account = 'DE02 1203 0000 0020 2051'");
        let said = "payee a/main/1: it was changed behind the service's back when row";
        named(&desk, ["audit", "verify"], &[said]);
    }
}

#[test]
fn a_call_that_was_there_for_the_payout_is_named() {
    for engine in engines() {
        let (desk, purchase) = waiting(engine);
        let other = json!({ "account": "GB33 BUKB 2020 1555 5555 55" });
        desk.server.send("PUT", "/v1/clients/a/payees/main", &desk.key, &other).expect(200);
        refused(&pays(&desk, &purchase), "Nobody has called the client back");
        let forged = "INSERT INTO payee_call (client_id, alias, version, note, called_by, \
                      created_at) VALUES ('a', 'main', 2, '', 'Z', '')";
        behind(&desk.place, engine, forged);
        pays(&desk, &purchase).expect(201);
        behind(&desk.place, engine, "DELETE FROM payee_call WHERE version = 2");
        let said = "payee_call a/main/2: it was added behind the service's back when row";
        named(&desk, ["audit", "verify"], &[said]);
        let said = "was paid to version 2 of the account main, about which no second person";
        named(&desk, ["book", "check"], &[said]);
    }
}

#[test]
fn a_call_about_an_account_that_was_another_is_named() {
    for engine in engines() {
        let (desk, _) = waiting(engine);
        let own = json!({ "account": "GB33 BUKB 2020 1555 5555 55" });
        desk.server.send("PUT", "/v1/clients/a/payees/main", &desk.key, &own).expect(200);
        let account = |number: &str| {
            let set = format!("UPDATE payee SET account = '{number}' WHERE version = 2");
            behind(&desk.place, engine, &set);
        };
        account("DE99 1111 2222");
        let called = json!({ "account": "DE99 1111 2222", "note": "R. Miller" });
        let path = "/v1/clients/a/payees/main/call";
        desk.server.send("PUT", path, &desk.funder, &called).expect(200);
        account("GB33 BUKB 2020 1555 5555 55");
        let said = "payee a/main/2: it was changed behind the service's back when row";
        named(&desk, ["audit", "verify"], &[said]);
    }
}

#[test]
fn a_holder_who_was_another_for_the_payout_is_named() {
    for engine in engines() {
        let (desk, _) = waiting(engine);
        let keys = ["underwriter", "funder"].map(|role| {
            let made = ["keys", "create", "--role", role, "--name", "R. Low"];
            desk.place.done(&made).trim().to_owned()
        });
        desk.server.put_text("/v1/facilities/a", &desk.key, "currency = \"USD\"\n").expect(200);
        let [first, second] = [1, 2].map(|at| recorded(&desk, &keys[0], &format!("R-{at}")));
        let prefix = keys[1].rsplit_once('_').expect("a prefix").0;
        let rename = |name: &str| {
            let set = format!("UPDATE api_key SET name = '{name}' WHERE prefix = '{prefix}'");
            behind(&desk.place, engine, &set);
        };
        let own = Funder { server: &desk.server, staff: &desk.key, key: &keys[1] };
        rename("Z");
        own.pays(&first, "2026-01-01").expect(201);
        rename("R. Low");
        let said = [
            &format!("api_key {prefix}: it was changed behind the service's back when row"),
            &format!("funding {first}: its funded_by is Z, but the key {prefix} that wrote it"),
        ];
        named(&desk, ["audit", "verify"], &said.map(String::as_str));
        // The service may remember the name of a moment ago.
        own.pays(&second, "2026-01-01").expect(201);
        let said = format!("funding {second}: its funded_by is Z");
        named(&desk, ["audit", "verify"], &[&said]);
    }
}

#[test]
fn a_line_that_was_higher_for_the_payout_is_named() {
    for engine in engines() {
        let (desk, purchase) = waiting(engine);
        let cut = "currency = \"USD\"\nline = 700\n";
        desk.server.put_text("/v1/facilities/a", &desk.key, cut).expect(200);
        refused(&pays(&desk, &purchase), "The line is 700.00 USD");
        let text = |of: &str, to: &str| {
            let set = format!(
                "UPDATE written SET text = REPLACE(text, '{of}', '{to}') WHERE version = 2"
            );
            behind(&desk.place, engine, &set);
        };
        text("700", "900");
        pays(&desk, &purchase).expect(201);
        text("900", "700");
        let said = "written facility/a/2: it was changed behind the service's back when row";
        named(&desk, ["audit", "verify"], &[said]);
    }
}

#[test]
fn rows_of_a_payout_that_do_not_agree_are_named_by_the_books() {
    for engine in engines() {
        let (desk, purchase) = waiting(engine);
        pays(&desk, &purchase).expect(201);
        clean(&desk);
        let altered = [
            ("funding", "amount = amount + 1", "the payout of purchase"),
            ("funding", "payee_version = payee_version + 1", "no second person has called"),
            ("purchase_line", "advance = advance - 1", "advance 800.00, agreed 799.99"),
            ("purchase_line", "amount = amount + 1", "amount 1000.00 USD, agreed 1000.01 USD"),
            ("purchase_line", "prepaid = prepaid + 1", "charges 0.00, agreed 0.01"),
            ("purchase_line", "due_on = '2026-02-02'", "due date 2026-02-01, agreed 2026-02-02"),
            ("purchase_line", "debtor_id = 'D2'", "debtor D1, agreed D2"),
            ("purchase_line", "invoice_number = '7'", "invoice 1, agreed 7"),
            ("purchase", "advance = advance + 1", "was accepted for 1000.00 USD"),
        ];
        for (table, set, expected) in altered {
            let key = if table == "purchase" { "id" } else { "purchase_id" };
            let before = sql(&desk.place, engine, &format!("SELECT * FROM {table}"));
            behind(&desk.place, engine, &format!("UPDATE {table} SET {set}"));
            named(&desk, ["book", "check"], &[expected]);
            let column = set.split(' ').next().expect("a column");
            let cell = before[0].iter().find(|(name, _)| name == column).expect("a cell");
            let cell = cell.1.as_deref().unwrap_or_default();
            let back = format!("UPDATE {table} SET {column} = '{cell}' WHERE {key} IS NOT NULL");
            behind(&desk.place, engine, &back);
            clean(&desk);
        }
        behind(&desk.place, engine, "DELETE FROM funding");
        named(&desk, ["book", "check"], &["its state is funded, but by its rows accepted"]);
    }
}

/// Raised before the payout and put back after it, sums and all.
#[test]
fn a_purchase_that_was_larger_for_the_payout_is_named() {
    for engine in engines() {
        let (desk, purchase) = waiting(engine);
        let raise = |by: &str| {
            let lines = format!("UPDATE purchase_line SET advance = advance {by};");
            let sums = format!("UPDATE purchase SET advance = advance {by};");
            behind(&desk.place, engine, &(lines + &sums));
        };
        raise("- 100");
        pays(&desk, &purchase).expect(201);
        raise("+ 100");
        named(&desk, ["book", "check"], &["advance 799.00, agreed 800.00"]);
        let said = format!("purchase {purchase}: what never changes was changed");
        named(&desk, ["audit", "verify"], &[&said]);
    }
}

/// Who pays is told what is damaged, and that nothing was paid; the log has the cause.
#[test]
fn a_purchase_that_was_changed_before_its_payout_is_not_paid() {
    for engine in engines() {
        let (desk, purchase) = waiting(engine);
        let whole = format!("Purchase {purchase} is not as it was accepted. Nothing was paid out;");
        for (damage, mend, said) in [
            ("advance = advance - 1", "advance = advance + 1", &whole as &str),
            ("due_on = '2026-02-02'", "due_on = '2026-02-01'", "Purchase line "),
            ("invoice_number = '7'", "invoice_number = '1'", "Purchase line "),
            ("debtor_id = 'D2'", "debtor_id = 'D1'", "Purchase line "),
            ("terms = 'x' || terms", "terms = SUBSTR(terms, 2)", "Purchase line "),
        ] {
            let change = |set: &str| {
                behind(&desk.place, engine, &format!("UPDATE purchase_line SET {set}"));
            };
            change(damage);
            let told = pays(&desk, &purchase);
            refused(&told, said);
            refused(&told, "Nothing was paid out; have an operator run factorage audit verify.");
            change(mend);
        }
        let log = std::fs::read_to_string(desk.place.folder.path().join("log")).expect("a log");
        let faults: Vec<&str> = log.lines().filter(|line| line.contains("ERROR")).collect();
        assert_eq!(faults.len(), 5, "{log}");
        assert!(faults[1].contains("it is not the invoice of its claim"), "{}", faults[1]);
        pays(&desk, &purchase).expect(201);
        clean(&desk);
    }
}
