//! The whole story on each engine: key, client, upload, progress, certificate, evaluation, offer,
//! override, acceptance, collections, statement, report.

use serde_json::{Value, json};

use super::long_policy;
use super::payout::Funder;
use super::server::{Engine, Place, Server, bearer, data, result};

struct Story {
    place: Place,
    server: Server,
    underwriter: String,
    admin: String,
    client: String,
}

impl Story {
    fn begun(engine: Engine) -> Self {
        let place = Place::new(engine);
        let underwriter = place.key("underwriter", None);
        let admin = place.key("admin", None);
        let server = place.serve("");
        server.call("GET", "/health", &[], b"").expect(200);
        server.call("GET", "/ready", &[], b"").expect(200);
        let acme = json!({ "id": "acme", "name": "Acme Ltd", "sector": "retail" });
        let made = server.post("/v1/clients", &underwriter, &acme);
        assert_eq!(made.header("etag"), Some("\"1\""));
        made.expect(201);
        let asked = json!({ "role": "client", "client_id": "acme", "name": "portal" });
        let client = server.post("/v1/keys", &admin, &asked).expect(201);
        let client = client["key"].as_str().expect("a key").to_owned();
        Self { place, server, underwriter, admin, client }
    }

    /// Uploads the sample and follows its job; returns the ledger's place.
    fn uploaded(&self) -> String {
        let sample = data("sample_ledger.csv");
        let upload = "/v1/clients/acme/ledgers?file_name=..%2F..%2Fsample_ledger.csv";
        let job = self.server.call("POST", upload, &[&bearer(&self.client)], &sample);
        let place = job.header("location").expect("a place").to_owned();
        job.expect(202);
        let events = self.server.get(&format!("{place}/events"), &self.client);
        assert_eq!(events.header("content-type"), Some("text/event-stream"));
        assert!(events.text().contains("event: finished"), "{}", events.text());
        let ledger = result(&self.server.get(&place, &self.client).expect(200));
        let shown = self.server.get(&ledger, &self.client).expect(200);
        assert_eq!(shown["file_name"], "sample_ledger.csv", "no path is taken from outside");
        assert_eq!(shown["certificate"]["foots"], true);
        let file = self.server.get(&format!("{ledger}/file"), &self.client);
        assert_eq!(file.body, sample, "byte for byte");
        ledger
    }

    /// Every page of a list.
    fn all(&self, path: &str) -> Vec<Value> {
        let mut all = Vec::new();
        let mut after = String::new();
        loop {
            let page = self.server.get(&format!("{path}limit=50&after={after}"), &self.client);
            let page = page.expect(200);
            all.extend(page["items"].as_array().expect("items").clone());
            match page["next"].as_str() {
                Some(next) => next.clone_into(&mut after),
                None => return all,
            }
        }
    }
}

fn cents(value: &Value) -> i64 {
    let text = value.as_str().expect("an amount");
    text.replace('.', "").parse().expect("cents")
}

fn story(engine: Engine) {
    let story = Story::begun(engine);
    let ledger = story.uploaded();
    pages(&story, &ledger);
    let offer = offered(&story, &ledger);
    let (bought, advanced) = accepted(&story, &offer);
    collected(&story, bought, advanced);
    reported(&story);
    let Story { place, mut server, .. } = story;
    assert!(server.stop(), "told to stop, it ends well");
    let audit = place.done(&["audit", "verify"]);
    assert!(audit.contains("rows, none altered"), "{audit}");
    let books = place.done(&["book", "check"]);
    assert!(books.contains("the books balance"), "{books}");
}

/// Invoices come in pages, filtered and sorted.
fn pages(story: &Story, ledger: &str) {
    let open = story.all(&format!("{ledger}/invoices?open=true&sort=open&descending=true&"));
    let amounts: Vec<i64> = open.iter().map(|invoice| cents(&invoice["open"])).collect();
    assert!(amounts.is_sorted_by(|a, b| a >= b) && amounts.iter().all(|&open| open != 0));
    let all = story.all(&format!("{ledger}/invoices?"));
    let sum = |rows: &[Value]| rows.iter().map(|row| cents(&row["open"])).sum::<i64>();
    assert_eq!(sum(&all), sum(&open), "the rest owes nothing");
    let certificate = story.server.get(ledger, &story.client).expect(200);
    assert_eq!(all.len() as u64, certificate["certificate"]["rows"]["invoices"], "every invoice");
    let debtor = all[0]["debtor_id"].as_str().expect("an id");
    let own = story.all(&format!("{ledger}/invoices?debtor={debtor}&"));
    let expected = all.iter().filter(|row| row["debtor_id"] == debtor).count();
    assert_eq!(own.len(), expected);
    assert_eq!(story.all(&format!("{ledger}/rejects?")), Vec::<Value>::new());
}

/// The offer is the command line's, byte for byte, under a version of a policy.
fn offered(story: &Story, ledger: &str) -> String {
    let Story { place, server, underwriter, admin, client } = story;
    let policy = long_policy();
    let written = server.put_text("/v1/policies/long", admin, &policy).expect(200);
    assert_eq!(written["version"], 1);
    let again = server.put_text("/v1/policies/long", admin, &policy).expect(200);
    assert_eq!(again["version"], 1, "the same text is no new version");
    let asked = json!({ "as_of": "2026-06-30", "policy": "long", "model": "km" });
    let evaluations = format!("{ledger}/evaluations");
    assert_eq!(server.post(&evaluations, client, &asked).status, 403, "not the client's to do");
    let offer = server.finished(&evaluations, underwriter, &asked);
    let document = server.get(&offer, underwriter);
    let folder = place.folder.path();
    std::fs::write(folder.join("sample_ledger.csv"), data("sample_ledger.csv")).expect("a ledger");
    std::fs::write(folder.join("long.toml"), policy).expect("a policy");
    let made = crate::command_line::factorage()
        .current_dir(folder)
        .args(["evaluate", "sample_ledger.csv", "--as-of", "2026-06-30", "--client", "acme"])
        .args(["--policy", "long.toml", "--model", "km", "--out", "o"])
        .output()
        .expect("the binary runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let ours = std::fs::read_to_string(folder.join("o/offer.json")).expect("an offer");
    let offer_and_provenance =
        |text: &str| text[text.find("\"offer\": ").expect("an offer")..].to_owned();
    assert_eq!(offer_and_provenance(&document.text()), offer_and_provenance(&ours));
    for (accept, name) in [("text/html", "report.html"), ("text/csv", "invoices.csv")] {
        let headers = [&bearer(underwriter) as &str, &format!("Accept: {accept}")];
        let shown = server.call("GET", &offer, &headers, b"");
        assert_eq!(shown.body, std::fs::read(folder.join("o").join(name)).expect("a file"));
    }
    let workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let headers = [&bearer(client) as &str, &format!("Accept: {workbook}")];
    let shown = server.call("GET", &offer, &headers, b"");
    assert_eq!((shown.status, &shown.body[..4]), (200, &b"PK\x03\x04"[..]));
    std::fs::write(folder.join("offer.xlsx"), shown.body).expect("a workbook");
    let pictures = [&bearer(client) as &str, "Accept: image/png"];
    assert_eq!(server.call("GET", &offer, &pictures, b"").status, 406);
    for member in ["menu", "disclosures", "verification-queue"] {
        let shown = server.get(&format!("{offer}/{member}"), underwriter).expect(200);
        let name = member.replace('-', "_");
        assert_eq!(shown[0][&name], document.json()["offer"]["parts"][0][&name]);
    }
    offer
}

/// An override leaves an invoice out, acceptance buys the rest; returns amount and advance, cents.
fn accepted(story: &Story, offer: &str) -> (i64, i64) {
    let Story { server, underwriter, client, .. } = story;
    let document = server.get(offer, client).expect(200);
    let lines = document["offer"]["parts"][0]["lines"].as_array().expect("lines");
    let bought: Vec<&Value> =
        lines.iter().filter(|line| line["amount_bought"].is_string()).collect();
    let (left_out, rest) = bought.split_first().expect("something is bought");
    let overridden = json!({
        "debtor": left_out["debtor_id"], "invoice": left_out["invoice_number"],
        "decision": "exclude", "by": "R. Low", "reason": "Paid yesterday."
    });
    let before = server.get(offer, client);
    let tag = format!("If-Match: {}", before.header("etag").expect("a version"));
    server.post(&format!("{offer}/overrides"), underwriter, &overridden).expect(200);
    let path = format!("{offer}/accept");
    let body = json!({ "by": "A. Reed" });
    let text = body.to_string();
    let stale = server.call("POST", &path, &[&bearer(client), &tag], text.as_bytes());
    assert_eq!(stale.status, 412, "changed since it was read");
    let taken = server.post(&path, client, &body).expect(200);
    assert_eq!(taken["status"], "accepted");
    assert_eq!(server.post(&path, underwriter, &body).status, 409, "only once");
    funded(story, offer);
    let positions = story.all("/v1/positions?");
    assert_eq!(positions.len(), rest.len());
    let sum = |rows: &[Value], name: &str| rows.iter().map(|row| cents(&row[name])).sum::<i64>();
    let rest: Vec<Value> = rest.iter().map(|&line| line.clone()).collect();
    assert_eq!(sum(&positions, "amount"), sum(&rest, "amount_bought"));
    assert_eq!(sum(&positions, "advance"), sum(&rest, "advance"));
    (sum(&positions, "amount"), sum(&positions, "advance"))
}

/// What was accepted is no position before a second person pays it out.
fn funded(story: &Story, offer: &str) {
    let Story { place, server, underwriter, client, .. } = story;
    assert_eq!(story.all("/v1/positions?"), Vec::<Value>::new(), "no money has moved");
    let statement = server.get("/v1/clients/acme/statement", client).expect(200);
    assert_eq!(statement["statements"], json!([]));
    let id = offer.rsplit('/').next().expect("an id");
    let waiting = story.all(&format!("/v1/purchases?offer={id}&"));
    assert_eq!((waiting.len(), &waiting[0]["status"]), (1, &json!("accepted")));
    let purchase = waiting[0]["id"].as_str().expect("an id");
    let key = place.key("funder", None);
    let second = Funder { server, staff: underwriter, key: &key };
    second.called("acme");
    // By now recourse on the sample's invoices has passed: nobody buys them today.
    let today = json!({ "payee": "main", "reference": "wire" });
    let path = format!("/v1/purchases/{purchase}/funding");
    let late = server.post(&path, &key, &today);
    assert_eq!(late.status, 409, "{}", late.text());
    second.pays(purchase, "2026-06-30").expect(201);
    assert_eq!(second.pays(purchase, "2026-06-30").status, 409, "only once");
    let own = server.get(&format!("/v1/purchases/{purchase}"), client).expect(200);
    assert_eq!(own["funding"]["amount"], waiting[0]["payout"]);
    assert_eq!(own["funding"]["funded_by"], Value::Null, "a client reads no names of staff");
}

/// Every position is paid in full, one in two parts, one too much: nothing stays out, and the
/// client has got what was collected less the fees.
fn collected(story: &Story, bought: i64, advanced: i64) {
    let Story { server, underwriter, client, .. } = story;
    let positions = story.all("/v1/positions?");
    let payment = |position: &Value, amount: Value| {
        json!({
            "invoice_number": position["invoice_number"], "debtor_id": position["debtor_id"],
            "amount": amount, "received_on": "2026-07-20", "reference": "wire"
        })
    };
    let mut payments = vec![payment(&positions[0], "0.01".into())];
    let rest = cents(&positions[0]["amount"]) - 1;
    payments.push(payment(&positions[0], format!("{}.{:02}", rest / 100, rest % 100).into()));
    let more = cents(&positions[1]["amount"]) + 500;
    payments.push(payment(&positions[1], format!("{}.{:02}", more / 100, more % 100).into()));
    payments.extend(positions[2..].iter().map(|one| payment(one, one["amount"].clone())));
    let body = json!({ "client_id": "acme", "payments": payments });
    let posted = server.post("/v1/collections", underwriter, &body).expect(201);
    let settled = posted["settlements"].as_array().expect("settlements");
    assert_eq!(settled.len(), positions.len(), "all are paid in full");
    let fees: i64 = settled.iter().map(|one| cents(&one["fee"])).sum();
    let statement = server.get("/v1/clients/acme/statement", client).expect(200);
    let statement = &statement["statements"][0];
    assert_eq!((cents(&statement["funds_in_use"]), cents(&statement["reserve_held"])), (0, 0));
    assert_eq!(cents(&statement["fees"]), fees);
    // What the debtors paid is the client's, but for the fees.
    assert_eq!(cents(&statement["to_client"]), bought + 500 - fees);
    assert!(advanced < bought && fees > 0);
    let again = server.post("/v1/collections", underwriter, &body);
    assert_eq!(again.status, 422, "nothing is open any more");
}

/// A report on all clients, whole and in sections.
fn reported(story: &Story) {
    let Story { server, underwriter, client, .. } = story;
    let facility = "currency = \"USD\"\nline = 500000\noutstanding = 1000\n";
    server.put_text("/v1/facilities/acme", underwriter, facility).expect(200);
    assert_eq!(server.get("/v1/portfolio/ageing", underwriter).status, 404, "none was made");
    let limit = json!({ "limit": "1000" });
    server.send("PUT", "/v1/clients/acme/debtors/D00038", underwriter, &limit).expect(200);
    let sections = ["ageing", "borrowing_base", "concentration"];
    let asked = json!({ "as_of": "2026-06-30", "sections": sections });
    let report = server.finished("/v1/reports", underwriter, &asked);
    assert_eq!(server.get(&report, client).status, 403);
    let whole = server.get(&report, underwriter).expect(200);
    assert_eq!(whole["as_of"], "2026-06-30");
    let section = server.get("/v1/portfolio/ageing", underwriter).expect(200);
    assert_eq!(section["section"], whole["ageing"]);
    let limited = &whole["concentration"]["limits"][0];
    assert_eq!([&limited["debtor_id"], &limited["limit"]], ["D00038", "1000.00"]);
    assert_eq!(server.get("/v1/portfolio/stress", underwriter).status, 404, "not asked for");
    let kinds = ["text/html", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"];
    for (kind, start) in kinds.into_iter().zip([b"<!DO", b"PK\x03\x04"]) {
        let headers = [&bearer(underwriter) as &str, &format!("Accept: {kind}")];
        let shown = server.call("GET", &report, &headers, b"");
        assert_eq!((shown.status, &shown.body[..4]), (200, &start[..]));
    }
}

#[test]
fn the_whole_story_on_sqlite() {
    story(Engine::Sqlite);
}

#[test]
fn the_whole_story_on_postgresql() {
    if Engine::Postgres.is_here() {
        story(Engine::Postgres);
    }
}
