//! What changed since a client's last ledger is held, and bought once the debtor has confirmed it;
//! the client learns neither whom the factor asks nor what was answered.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::database::sql;
use super::server::{Answer, Engine, Place, Server, bearer, result};

/// Three customers that pay, and two open invoices.
pub const FIRST: &str = "\
invoice_number,debtor_id,debtor_name,invoice_date,due_date,currency,amount,paid_date
1,10,North Mill,2026-04-04,2026-05-04,USD,1250.00,2026-05-08
2,11,South Mill,2026-04-06,2026-05-06,USD,900.00,2026-05-09
3,12,East Mill,2026-04-10,2026-05-10,USD,850.00,2026-05-11
4,11,South Mill,2026-05-18,2026-06-17,USD,349.95,
5,12,East Mill,2026-05-20,2026-06-19,USD,800.00,
";

/// A month later, one of them has another date.
fn second() -> String {
    let second = FIRST.replace("2026-05-18,2026-06-17", "2026-06-16,2026-07-16");
    assert_ne!(second, FIRST);
    second
}

/// A server with two clients, and a caller of each kind.
pub struct Desk {
    pub place: Place,
    pub server: Server,
    pub underwriter: String,
    pub own: String,
    pub other: String,
}

impl Desk {
    pub fn new(engine: Engine) -> Self {
        let place = Place::new(engine);
        let underwriter = place.key("underwriter", None);
        let server = place.serve("requests_per_second = 0");
        for id in ["a", "b"] {
            server.post("/v1/clients", &underwriter, &json!({ "id": id, "name": id })).expect(201);
        }
        let (own, other) = (place.key("client", Some("a")), place.key("client", Some("b")));
        Self { place, server, underwriter, own, other }
    }

    pub fn uploaded(&self, text: &str) -> String {
        result(&self.server.upload("a", &self.own, "ledger.csv", text.as_bytes()))
    }

    /// The offer on a ledger.
    pub fn evaluated(&self, ledger: &str, mut asked: Value) -> String {
        asked["model"] = "km".into();
        self.server.finished(&format!("{ledger}/evaluations"), &self.underwriter, &asked)
    }

    fn staff(&self, path: &str) -> Answer {
        self.server.get(path, &self.underwriter)
    }

    pub fn document(&self, offer: &str) -> Value {
        self.staff(offer).expect(200)
    }

    pub fn page(&self, offer: &str, key: &str) -> String {
        let page = self.server.call("GET", offer, &[&bearer(key), "Accept: text/html"], b"");
        assert_eq!(page.status, 200, "{}", page.text());
        page.text()
    }
}

/// The line of an invoice.
pub fn line<'a>(document: &'a Value, number: &str) -> &'a Value {
    let lines = document["offer"]["parts"][0]["lines"].as_array().expect("lines");
    lines.iter().find(|line| line["invoice_number"] == number).expect("a line")
}

/// Checks that an invoice is bought today, as far as the limit of its customer leaves it.
#[track_caller]
fn bought_now(document: &Value, number: &str) {
    let line = line(document, number);
    let decision = line["decision"].as_str().expect("a decision");
    assert!(matches!(decision, "buy" | "part") && line["advance"].is_string(), "{line}");
}

fn confirmed() -> Value {
    json!({
        "debtor": "south mill", "invoice": "4", "outcome": "confirmed", "by": "A. Reed",
        "at": "2026-06-29T10:00:00Z", "how": "telephone", "note": "Reached Mr Unusual.",
        "document_sha256": "AB".repeat(32)
    })
}

fn story(engine: Engine) {
    let desk = Desk::new(engine);
    let Desk { server, underwriter, own, other, .. } = &desk;
    let first = desk.uploaded(FIRST);
    let offer = desk.evaluated(&first, json!({ "as_of": "2026-05-31" }));
    let document = desk.document(&offer);
    bought_now(&document, "4");
    assert_eq!(desk.staff(&format!("{offer}/inputs")).expect(200), json!([]));
    // Times are to the second, and of one second ids decide which came first.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let ledger = desk.uploaded(&second());
    let held = desk.evaluated(&ledger, json!({ "as_of": "2026-06-30" }));
    let document = desk.document(&held);
    assert_eq!(line(&document, "4")["decision"], "hold", "{}", line(&document, "4"));
    assert_eq!(line(&document, "4")["holds"][0]["reason"], "re_dated");
    bought_now(&document, "5");
    let queue = desk.staff(&format!("{held}/verification-queue")).expect(200);
    assert_eq!(queue[0]["verification_queue"][0]["invoice_number"], "4");
    let apart = desk.evaluated(&ledger, json!({ "as_of": "2026-06-30", "previous": "none" }));
    bought_now(&desk.document(&apart), "4");
    // Beside what is known of the debtors and the facility.
    let facility = "currency = \"USD\"\nline = 500000\n";
    server.put_text("/v1/facilities/a", underwriter, facility).expect(200);
    let limit = json!({ "limit": "100000" });
    server.send("PUT", "/v1/clients/a/debtors/99", underwriter, &limit).expect(200);
    recorded(&desk);
    let bought = desk.evaluated(&ledger, json!({ "as_of": "2026-06-30" }));
    let document = desk.document(&bought);
    bought_now(&document, "4");
    assert_eq!(document["provenance"]["confirmations"]["answers"], 1);
    recomputed(&desk, &bought, &ledger);
    hidden(&desk, &[&held, &bought]);
    for path in [&bought, &ledger] {
        assert_eq!(server.get(path, other).status, 404, "another client's");
    }
    let list = server.get("/v1/offers", other).expect(200);
    assert_eq!(list["items"], json!([]));
    assert_eq!(server.get(&bought, own).status, 200);
    let audit = desk.place.done(&["audit", "verify"]);
    assert!(audit.contains("rows, none altered"), "{audit}");
}

/// Records the answer of a debtor, once.
fn recorded(desk: &Desk) {
    let Desk { place: _, server, underwriter, .. } = desk;
    let path = "/v1/clients/a/confirmations";
    let body = confirmed().to_string();
    let headers = [&bearer(underwriter) as &str, "Idempotency-Key: one"];
    let made = server.call("POST", path, &headers, body.as_bytes());
    let place = made.header("location").expect("a place").to_owned();
    let made = made.expect(201);
    assert_eq!(made["client_id"], "a");
    assert_eq!(made["document_sha256"], "ab".repeat(32));
    assert_eq!(server.call("POST", path, &headers, body.as_bytes()).expect(201), made);
    assert_eq!(desk.staff(&place).expect(200), made);
    let all = desk.staff(path).expect(200);
    assert_eq!(all, json!({ "items": [made], "next": null }));
    let others = desk.staff("/v1/clients/b/confirmations").expect(200);
    assert_eq!(others["items"], json!([]));
}

/// From what is kept of an offer, it can be recomputed.
fn recomputed(desk: &Desk, offer: &str, ledger: &str) {
    let folder = desk.place.folder.path();
    let inputs = desk.staff(&format!("{offer}/inputs")).expect(200);
    let inputs = inputs.as_array().expect("inputs");
    let names: Vec<&str> = inputs.iter().filter_map(|one| one["name"].as_str()).collect();
    assert_eq!(names, ["confirmations.csv", "debtors.csv", "facility.toml", "previous.csv"]);
    for (input, name) in inputs.iter().zip(&names) {
        let file = desk.staff(&format!("{offer}/inputs/{name}"));
        assert_eq!(input["sha256"], basics::hex(&Sha256::digest(&file.body)), "{name}");
        assert_eq!(input["bytes"], file.body.len(), "{name}");
        std::fs::write(folder.join(name), file.body).expect("a file");
    }
    let answers = &inputs[0]["sha256"];
    let document = desk.staff(offer);
    assert_eq!(document.json()["provenance"]["confirmations"]["sha256"], *answers);
    assert_eq!(desk.staff(&format!("{offer}/inputs/offer.json")).status, 404, "no input");
    std::fs::write(folder.join("offer.json"), document.body).expect("a file");
    let file = desk.staff(&format!("{ledger}/file")).body;
    std::fs::write(folder.join("ledger.csv"), file).expect("a file");
    let verified = crate::command_line::factorage()
        .current_dir(folder)
        .args(["verify", "offer.json", "ledger.csv", "--client", "a"])
        .args(["--previous", "previous.csv", "--confirmations", "confirmations.csv"])
        .args(["--facility", "facility.toml", "--debtor-register", "debtors.csv"])
        .output()
        .expect("the binary runs");
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
}

/// What a client is shown of an offer holds nothing of how the factor checks it.
fn hidden(desk: &Desk, offers: &[&str]) {
    let Desk { server, own, underwriter, .. } = desk;
    for offer in offers {
        let copy = server.get(offer, own).expect(200);
        let whole = desk.document(offer);
        let count =
            |document: &Value| document["offer"]["parts"][0]["lines"].as_array().map(Vec::len);
        assert_eq!(count(&copy), count(&whole));
        assert!(whole["offer"]["parts"][0]["verification_queue"].is_array());
        let csv = server.call("GET", offer, &[&bearer(own), "Accept: text/csv"], b"").text();
        let page = desk.page(offer, own);
        for text in [&copy.to_string(), &page, &csv] {
            for word in [
                "verification_queue",
                "Unusual",
                "selection_seed",
                "confirmations.csv",
                "\"reason\":\"re_dated\"",
                "An earlier ledger shows",
                "\"look_wrong\"",
                "amount_looks_wrong",
            ] {
                assert!(!text.contains(word), "{word} in {text}");
            }
        }
        let title = "Confirm with the customers first";
        assert!(desk.page(offer, underwriter).contains(title) && !page.contains(title));
        for member in ["verification-queue", "inputs", "inputs/confirmations.csv"] {
            assert_eq!(server.get(&format!("{offer}/{member}"), own).status, 403, "{member}");
        }
    }
    let list = "/v1/clients/a/confirmations";
    let id = desk.staff(list).expect(200)["items"][0]["id"].as_str().expect("an id").to_owned();
    // The same whether there is one or not.
    for path in [list, &format!("/v1/confirmations/{id}"), "/v1/confirmations/none"] {
        assert_eq!(server.get(path, own).status, 403, "{path}");
    }
    assert_eq!(server.post(list, own, &confirmed()).status, 403);
}

#[test]
fn what_was_re_dated_is_held_until_it_is_confirmed_on_sqlite() {
    story(Engine::Sqlite);
}

#[test]
fn what_was_re_dated_is_held_until_it_is_confirmed_on_postgresql() {
    if Engine::Postgres.is_here() {
        story(Engine::Postgres);
    }
}

#[test]
fn a_confirmation_is_never_changed_or_deleted() {
    for engine in [Engine::Sqlite, Engine::Postgres].into_iter().filter(|own| own.is_here()) {
        let desk = Desk::new(engine);
        recorded(&desk);
        for statement in
            ["UPDATE confirmation SET answer = '{}'", "DELETE FROM confirmation WHERE id <> ''"]
        {
            let changed = std::panic::catch_unwind(|| sql(&desk.place, engine, statement));
            assert!(changed.is_err(), "{statement}");
        }
        let all = desk.staff("/v1/clients/a/confirmations").expect(200);
        assert_eq!(all["items"].as_array().map(Vec::len), Some(1));
    }
}

#[test]
fn an_answer_with_a_fault_is_refused() {
    let desk = Desk::new(Engine::Sqlite);
    let with = |member: &str, value: Value| {
        let mut body = confirmed();
        body[member] = value;
        body
    };
    for (body, status, field) in [
        (with("debtor", " ".into()), 422, "debtor"),
        (with("invoice", "".into()), 422, "invoice"),
        (with("note", "a\nb".into()), 422, "note"),
        (with("outcome", "wrong_amount".into()), 422, "amount"),
        (with("at", "2999-01-01".into()), 422, "at"),
        (with("document_sha256", "12".into()), 422, "document_sha256"),
        (with("outcome", "yes".into()), 400, "outcome"),
        (with("how", "letter".into()), 400, "how"),
        (with("at", "today".into()), 400, "at"),
        (with("amount", "12,50".into()), 400, "amount"),
        (with("client", "b".into()), 400, "client"),
    ] {
        let refused = desk.server.post("/v1/clients/a/confirmations", &desk.underwriter, &body);
        let problem = refused.json();
        assert_eq!((refused.status, &problem["field"]), (status, &field.into()), "{problem}");
    }
    let nobody = "/v1/clients/none/confirmations";
    assert_eq!(desk.server.post(nobody, &desk.underwriter, &confirmed()).status, 404);
    assert_eq!(desk.staff(nobody).status, 404);
    let none = desk.staff("/v1/clients/a/confirmations").expect(200);
    assert_eq!(none["items"], json!([]));
}
