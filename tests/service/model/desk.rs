//! Two servers on one database, and the persons who send requests to them.

use serde_json::{Value, json};

use super::operation::{CLIENTS, INVOICES, Who};
use super::reference::{LINE, Offered};
use crate::service::server::{Answer, Engine, Place, Server, bearer, result};

/// The first day of every sequence.
pub const FIRST_DAY: &str = "2026-07-01";

/// A place with two servers and the keys of the factor's staff.
pub struct World {
    pub place: Place,
    pub servers: [Server; 2],
    underwriter: String,
    second: String,
    same: String,
}

/// The clients of one sequence, with what they sell.
pub struct Sequence<'a> {
    world: &'a World,
    tag: String,
    pub clients: [String; CLIENTS],
    keys: [String; CLIENTS],
    /// Offers to the first client: their places and what they buy.
    pub offers: Vec<(String, Vec<Offered>)>,
}

/// A request: whose key, method, path, body.
pub struct Request<'a> {
    pub key: &'a str,
    pub method: &'static str,
    pub path: String,
    pub body: Value,
}

pub fn cents(value: &Value) -> i64 {
    value.as_str().expect("an amount").replace('.', "").parse().expect("cents")
}

fn named_key(place: &Place, role: &str, name: &str) -> String {
    place.done(&["keys", "create", "--role", role, "--name", name]).trim().to_owned()
}

impl World {
    pub fn new(engine: Engine) -> Self {
        let place = Place::new(engine);
        place.clock.set(FIRST_DAY);
        let keys = [("underwriter", "U. Low"), ("funder", "F. Payne"), ("admin", "u.low")];
        let [underwriter, second, same] = keys.map(|(role, name)| named_key(&place, role, name));
        let servers = [(), ()].map(|()| place.serve("requests_per_second = 0"));
        let policy = crate::service::long_policy();
        servers[0].put_text("/v1/policies/p", &same, &policy).expect(200);
        Self { place, servers, underwriter, second, same }
    }

    pub fn begun(&self, number: usize, has_offers: bool) -> Sequence<'_> {
        // In letters that no spelling turns into digits.
        let digits = number.to_string();
        let letters: String = digits.bytes().map(|own| char::from(own - b'0' + b'p')).collect();
        let tag = format!("k{letters}");
        let clients = ["a", "b"].map(|own| format!("{own}{tag}"));
        self.place.clock.set(FIRST_DAY);
        let server = &self.servers[0];
        let keys = clients.clone().map(|id| {
            let name = format!("Trading {id}");
            server.post("/v1/clients", &self.underwriter, &json!({ "id": id, "name": name }));
            let line = format!("currency = \"USD\"\nline = {}\n", LINE / 100);
            server.put_text(&format!("/v1/facilities/{id}"), &self.underwriter, &line).expect(200);
            let asked = json!({ "role": "client", "client_id": id, "name": format!("owner {id}") });
            let made = server.post("/v1/keys", &self.same, &asked).expect(201);
            made["key"].as_str().expect("a key").to_owned()
        });
        let mut begun = Sequence { world: self, tag, clients, keys, offers: Vec::new() };
        for client in 0..CLIENTS {
            begun.sent(0, &begun.account(client, 0)).expect(200);
        }
        // Of the two, the first is ready to be paid.
        begun.sent(0, &begun.calls(0, 0)).expect(200);
        if has_offers {
            begun.offers = begun.offered();
        }
        begun
    }
}

impl Sequence<'_> {
    /// Two offers on one ledger of the first client.
    fn offered(&self) -> Vec<(String, Vec<Offered>)> {
        let (tag, client, key) = (&self.tag, &self.clients[0], &self.world.underwriter);
        let server = &self.world.servers[0];
        let ledger = format!(
            "invoice_number,debtor_id,debtor_name,invoice_date,due_date,currency,amount\n\
             {tag}m1,11,South {tag} Ltd,2026-06-18,2026-12-17,USD,349.95\n\
             {tag}m2,12,East {tag} Ltd,2026-06-20,2026-12-20,USD,800.00\n"
        );
        let job = server.upload(client, key, "l.csv", ledger.as_bytes());
        let asked =
            json!({ "as_of": "2026-06-30", "policy": "p", "model": "km", "previous": "none" });
        let offer = || {
            let place = server.finished(&format!("{}/evaluations", result(&job)), key, &asked);
            let document = server.get(&place, key).expect(200);
            let lines = document["offer"]["parts"][0]["lines"].as_array().expect("lines").clone();
            let bought = lines.iter().filter(|line| line["amount_bought"].is_string());
            let of = |line: &Value| {
                let number = line["invoice_number"].as_str().expect("a number").to_owned();
                let (amount, advance) = (cents(&line["amount_bought"]), cents(&line["advance"]));
                Offered { invoice: number.clone(), number, amount, advance }
            };
            let all: Vec<Offered> = bought.map(of).collect();
            assert!(!all.is_empty(), "it buys nothing: {document}");
            (place, all)
        };
        vec![offer(), offer()]
    }

    /// An invoice that either client may sell, under one of its spellings.
    pub fn invoice(&self, invoice: usize, spelling: usize) -> Offered {
        let (tag, at) = (&self.tag, invoice % INVOICES + 1);
        let number = match spelling {
            0 => format!("{tag}n{at}"),
            1 => format!("{}N-{at}", tag.to_uppercase()),
            _ => format!("{tag}n 0{at}"),
        };
        Offered { invoice: format!("n{at}"), number, amount: 100_000, advance: 80_000 }
    }

    pub fn sells(&self, client: usize, own: &Offered, named: Option<&str>) -> Request<'_> {
        let named: Vec<&str> = named.into_iter().collect();
        let body = json!({
            "client_id": self.clients[client], "currency": "USD", "repurchases": named,
            "terms": {
                "fee_plan": { "components": [{ "kind": "flat", "percent": "3" }] },
                "recourse": "full", "recourse_days": 60
            },
            "invoices": [{
                "debtor_id": "D1", "debtor_name": format!("Mill {} {} Ltd", self.tag, own.invoice),
                "invoice_number": own.number, "amount": "1000", "advance": "800",
                "due_on": "2026-12-31"
            }]
        });
        self.by_underwriter("/v1/positions".to_owned(), body)
    }

    pub fn by_underwriter(&self, path: String, body: Value) -> Request<'_> {
        Request { key: &self.world.underwriter, method: "POST", path, body }
    }

    /// Lets a day begin.
    pub fn begins(&self, day: &str) {
        self.world.place.clock.set(day);
    }

    pub fn accepts(&self, offer: usize) -> Request<'_> {
        let path = format!("{}/accept", self.offers[offer].0);
        Request { key: &self.keys[0], method: "POST", path, body: json!({}) }
    }

    pub fn funds(&self, purchase: &str, (on, who): (&str, Who)) -> Request<'_> {
        let key = match who {
            Who::Second => &self.world.second,
            Who::Same => &self.world.same,
            Who::Underwriter => &self.world.underwriter,
        };
        let path = format!("/v1/purchases/{purchase}/funding");
        let reference = format!("wire {purchase}");
        let body = json!({ "funded_on": on, "payee": "main", "reference": reference });
        Request { key, method: "POST", path, body }
    }

    pub fn pays(
        &self,
        client: usize,
        number: &str,
        minor: i64,
        (on, line): (&str, &str),
    ) -> Request<'_> {
        let amount = format!("{}.{:02}", minor / 100, minor % 100);
        let payment = json!({
            "invoice_number": number, "amount": amount, "currency": "USD", "received_on": on,
            "reference": line
        });
        let body = json!({ "client_id": self.clients[client], "payments": [payment] });
        self.by_underwriter("/v1/collections".to_owned(), body)
    }

    pub fn account(&self, client: usize, version: usize) -> Request<'_> {
        let path = format!("/v1/clients/{}/payees/main", self.clients[client]);
        let body = json!({ "account": format!("DE02 1203 {version:04}") });
        Request { key: &self.world.underwriter, method: "PUT", path, body }
    }

    pub fn calls(&self, client: usize, account: usize) -> Request<'_> {
        let path = format!("/v1/clients/{}/payees/main/call", self.clients[client]);
        let account = format!("DE02 1203 {account:04}");
        let body = json!({ "account": account, "note": "R. Miller, at the number on file" });
        Request { key: &self.world.second, method: "PUT", path, body }
    }

    pub fn sent(&self, server: usize, request: &Request<'_>) -> Answer {
        self.sent_under(server, request, None)
    }

    pub fn sent_under(&self, server: usize, request: &Request<'_>, once: Option<&str>) -> Answer {
        let Request { key, method, path, body } = request;
        let (bearer, once) = (bearer(key), once.map(|once| format!("Idempotency-Key: {once}")));
        let headers: Vec<&str> = [&bearer].into_iter().chain(&once).map(String::as_str).collect();
        self.world.servers[server].call(method, path, &headers, body.to_string().as_bytes())
    }

    /// What a client reads.
    pub fn read(&self, client: usize, path: &str) -> Value {
        self.world.servers[1].get(path, &self.keys[client]).expect(200)
    }

    pub fn statement(&self, client: usize, query: &str) -> Value {
        self.read(client, &format!("/v1/clients/{}/statement{query}", self.clients[client]))
    }
}
