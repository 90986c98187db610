//! The books are proved: whatever is altered behind the service's back is named.

use serde_json::{Value, json};

use super::corrections::{Desk, engines};
use super::database::sql;
use super::server::Engine;

/// Runs a statement that the triggers of append-only tables would refuse.
fn forced(desk: &Desk, engine: Engine, table: &str, statement: &str) {
    let without = match engine {
        Engine::Sqlite => format!(
            "DROP TRIGGER IF EXISTS {table}_is_not_changed; \
             DROP TRIGGER IF EXISTS {table}_is_not_deleted; {statement}"
        ),
        Engine::Postgres => {
            format!("DROP TRIGGER IF EXISTS {table}_is_append_only ON {table}; {statement}")
        }
    };
    sql(&desk.place, engine, &without);
}

/// The command fails and names the fault; the API says the same to staff.
#[track_caller]
fn named(desk: &Desk, expected: &str) {
    let output = desk.place.run(&["book", "check"]);
    let told = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains(expected), "expected {expected}: {told}");
    let check = desk.server.get("/v1/book/check", &desk.key).expect(200);
    assert_eq!(check["balances"], false);
    let faults = check["faults"].as_array().expect("faults");
    let text = |fault: &Value| fault["fault"].as_str().expect("a text").to_owned();
    assert!(faults.iter().any(|fault| text(fault).contains(expected)), "{check}");
}

/// A position paid in part, one in full, and one lost with a recovery.
fn worked(engine: Engine) -> Desk {
    let desk = Desk::new(engine);
    desk.bought("1", "full");
    desk.bought("2", "full");
    let lost = desk.bought("3", "non_recourse");
    let pay = |number: &str, amount: &str, on: &str| {
        let received_on = on;
        json!({ "invoice_number": number, "amount": amount, "received_on": received_on })
    };
    let paid = [pay("1", "400", "2026-01-20"), pay("2", "1005", "2026-01-21")];
    desk.pays(&json!(paid)).expect(201);
    let path = format!("/v1/positions/{lost}/settlement");
    let ended = json!({ "on": "2026-02-02", "cause": "credit" });
    desk.server.post(&path, &desk.key, &ended).expect(201);
    desk.pays(&json!([pay("3", "50", "2026-02-05")])).expect(201);
    desk.balances();
    desk
}

/// What is altered: the table, what of it, by which statement, and what is said of it.
fn altered() -> [(&'static str, &'static str, String, &'static str); 9] {
    let of_purchase = "(SELECT id FROM movement WHERE kind = 'purchase' AND invoice_number = '1')";
    [
        (
            "position",
            "collected",
            "UPDATE position SET collected = collected + 1 WHERE invoice_number = '1'".to_owned(),
            "collected 400.01",
        ),
        (
            "position",
            "advance",
            "UPDATE position SET advance = advance + 1 WHERE invoice_number = '1'".to_owned(),
            "the row says",
        ),
        (
            "position",
            "last_paid_on",
            "UPDATE position SET last_paid_on = '2026-01-01' WHERE invoice_number = '1'".to_owned(),
            "last paid 2026-01-01",
        ),
        (
            "collection",
            "amount",
            "UPDATE collection SET amount = amount - 1 WHERE kind = 'unapplied'".to_owned(),
            "unapplied",
        ),
        (
            "collection",
            "a row",
            "DELETE FROM collection WHERE kind = 'recovery'".to_owned(),
            "has no position, payment, settlement or reversal behind it",
        ),
        (
            "settlement",
            "fee",
            "UPDATE settlement SET fee = fee - 1, rebate = rebate + 1 WHERE factor_loss = 0"
                .to_owned(),
            "the row says",
        ),
        (
            "entry",
            "amount",
            format!(
                "UPDATE entry SET amount = amount + 1 WHERE account = 'funds' \
                 AND movement_id = {of_purchase}"
            ),
            "sum to 1 minor units, not to 0",
        ),
        (
            "entry",
            "a pair",
            format!(
                "UPDATE entry SET amount = amount + CASE account WHEN 'funds' THEN 1 ELSE -1 END \
                 WHERE account IN ('funds', 'client') AND movement_id = {of_purchase}"
            ),
            "by the positions",
        ),
        (
            "movement",
            "a day",
            "UPDATE movement SET booked_on = '2026-01-02' WHERE kind = 'settlement'".to_owned(),
            "booked is",
        ),
    ]
}

#[test]
fn what_is_altered_is_named() {
    let cases = altered();
    for engine in engines() {
        for (table, what, statement, expected) in &cases {
            let desk = worked(engine);
            forced(&desk, engine, table, statement);
            println!("{engine:?} {table} {what}");
            named(&desk, expected);
        }
    }
}

#[test]
fn movements_that_are_gone_are_named_and_cannot_be_changed() {
    for engine in engines() {
        let desk = worked(engine);
        let last = "DELETE FROM entry WHERE movement_id = 'a.9'; \
                    DELETE FROM movement WHERE id = 'a.9'";
        let triggers = "DROP TRIGGER IF EXISTS entry_is_not_deleted;";
        match engine {
            Engine::Sqlite => forced(&desk, engine, "movement", &format!("{triggers} {last}")),
            Engine::Postgres => {
                let triggers = "DROP TRIGGER entry_is_append_only ON entry;";
                forced(&desk, engine, "movement", &format!("{triggers} {last}"));
            }
        }
        named(&desk, "was not booked");
    }
}
