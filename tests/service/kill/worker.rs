//! What callers do on two servers while these are killed: each request goes to either, to both at
//! once, again to the other, and to the survivor if one dies of it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use super::drawn;
use super::request::{Acknowledged, Does, Keys, Request};
use crate::service::GOOD;
use crate::service::server::{Server, bearer};

/// A payout of a purchase, whose id is its reference, on a day on which nothing was past recourse.
fn payout(purchase: &str) -> String {
    json!({ "funded_on": "2026-06-30", "payee": "main", "reference": purchase }).to_string()
}

/// The account of every client.
const ACCOUNT: &str = "DE02 1203 0000 0020 2051";

/// Two persons at two servers, told from others by a name.
pub struct Worker<'a> {
    pub servers: &'a [Server; 2],
    pub keys: Keys<'a>,
    pub name: String,
    /// Where its draws are.
    pub state: u64,
    /// Set when the round is over though a server goes on.
    pub stop: &'a AtomicBool,
    /// Set once anything was acknowledged.
    pub heard: &'a AtomicBool,
    pub done: Acknowledged,
    /// What was sent and never answered.
    pub pending: Option<Request>,
}

/// A ledger with numbers of its own: no two clients sell one invoice.
pub fn ledger_of(client: &str) -> String {
    // With letters between, as punctuation alone makes no other number.
    let own = client.replace('-', "s");
    GOOD.replace("\n2,", &format!("\n{own}n2,")).replace("\n3,", &format!("\n{own}n3,"))
}

impl Worker<'_> {
    /// Sells by offers, until the round is over.
    pub fn offers(&mut self) {
        for step in 0.. {
            if self.offer(step).is_none() {
                return;
            }
        }
    }

    /// Sells without offers, until the round is over.
    pub fn sells(&mut self) {
        let client = self.name.clone();
        if self.client(&client).and_then(|()| self.account(&client)).is_none() {
            return;
        }
        for step in 0.. {
            if self.sale(step).is_none() {
                return;
            }
        }
    }

    fn offer(&mut self, step: u32) -> Option<()> {
        let client = format!("{}-{step}", self.name);
        self.client(&client)?;
        let path = format!("/v1/clients/{client}/ledgers?file_name=good.csv");
        let read = self.finished(path, ledger_of(&client))?;
        let asked = json!({ "as_of": "2026-06-30", "policy": "p", "model": "km" });
        let offer = self.finished(format!("{read}/evaluations"), asked.to_string())?;
        self.account(&client)?;
        self.send(Does::Accept(offer.clone()), format!("{offer}/accept"), String::new())?;
        let id = offer.rsplit('/').next()?;
        let waiting = self.read(&format!("/v1/purchases?offer={id}"))?["items"].clone();
        for purchase in waiting.as_array()? {
            self.ends(purchase["id"].as_str()?)?;
        }
        Some(())
    }

    fn sale(&mut self, step: u32) -> Option<()> {
        let number = format!("{}s{step}n1", self.name);
        let body = json!({
            "client_id": self.name, "currency": "USD",
            "terms": {
                "fee_plan": { "components": [{ "kind": "flat", "percent": "3" }] },
                "recourse": "full", "recourse_days": 60
            },
            "invoices": [{
                "debtor_id": "D1", "debtor_name": format!("Mill {number} Ltd"),
                "invoice_number": number, "amount": "1000", "advance": "800",
                "due_on": "2026-12-31"
            }]
        });
        // Once more if it was withdrawn: its claim is free then.
        for _ in 0..2 {
            self.send(Does::Sell, "/v1/positions".to_owned(), body.to_string())?;
            let purchase = self.done.sold.last()?.clone();
            if !self.ends(&purchase)? {
                break;
            }
        }
        Some(())
    }

    /// Pays a purchase out, withdraws it or leaves it; true if it was withdrawn.
    fn ends(&mut self, purchase: &str) -> Option<bool> {
        let (id, path) = (purchase.to_owned(), format!("/v1/purchases/{purchase}"));
        let drawn = drawn(&mut self.state, 6);
        match drawn {
            0 => {}
            1 => {
                let reason = json!({ "reason": "no longer wanted" }).to_string();
                self.send(Does::Withdraw(id), format!("{path}/withdrawal"), reason)?;
            }
            _ => {
                let asked = payout(&id);
                self.send(Does::Fund(id), format!("{path}/funding"), asked)?;
            }
        }
        Some(drawn == 1)
    }

    fn client(&mut self, id: &str) -> Option<()> {
        let body = json!({ "id": id, "name": id }).to_string();
        self.send(Does::Client(id.to_owned()), "/v1/clients".to_owned(), body)?;
        self.heard.store(true, Ordering::Relaxed);
        Some(())
    }

    /// Writes the account of a client, and that it was called back about it. Neither takes an
    /// idempotency key: a call that was recorded by a server that died is refused.
    fn account(&mut self, client: &str) -> Option<()> {
        let path = format!("/v1/clients/{client}/payees/main");
        let Keys { underwriter, funder } = self.keys;
        self.call("PUT", &path, underwriter, &json!({ "account": ACCOUNT }), &[200])?;
        let call = json!({ "account": ACCOUNT, "note": "R. Low" });
        self.call("PUT", &format!("{path}/call"), funder, &call, &[200, 409]).map(drop)
    }

    /// The result of a job, once it has ended.
    fn finished(&mut self, path: String, body: String) -> Option<String> {
        self.send(Does::Job, path, body)?;
        let path = format!("/v1/jobs/{}", self.done.jobs.last()?);
        while !self.stop.load(Ordering::Relaxed) {
            let job = self.read(&path)?;
            assert_ne!(job["status"], "failed", "{job}");
            if let Some(result) = job["result"].as_str() {
                self.done.results.push(result.to_owned());
                return Some(result.to_owned());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        None
    }

    fn read(&mut self, path: &str) -> Option<Value> {
        self.call("GET", path, self.keys.underwriter, &Value::Null, &[200])
    }

    /// The answer of a server that lives.
    fn call(
        &mut self,
        method: &str,
        path: &str,
        key: &str,
        body: &Value,
        expected: &[u16],
    ) -> Option<Value> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let call =
            |server: &Server| server.try_call(method, path, &[&bearer(key)], body.as_bytes()).ok();
        let answer = self.order().into_iter().find_map(|at| call(&self.servers[at]))?;
        assert!(expected.contains(&answer.status), "{path}: {}", answer.text());
        Some(answer.json())
    }

    /// Both servers, in the order in which they are asked.
    fn order(&mut self) -> [usize; 2] {
        if drawn(&mut self.state, 2) == 0 { [0, 1] } else { [1, 0] }
    }

    /// Sends a request until it is answered; none if both servers are gone or the round is over.
    fn send(&mut self, does: Does, path: String, body: String) -> Option<()> {
        if self.stop.load(Ordering::Relaxed) {
            return None;
        }
        let once = format!("{}-{}", self.name, self.state);
        let request = Request { does, path, once, body };
        let ([first, second], keys) = (self.order(), self.keys);
        let sent = |at: usize| request.sent(&self.servers[at], keys);
        let answers: Vec<_> = match drawn(&mut self.state, 4) {
            0 => request.raced(self.servers, keys),
            1 => [first, second].into_iter().filter_map(sent).collect(),
            _ => sent(first).or_else(|| sent(second)).into_iter().collect(),
        };
        if answers.is_empty() {
            self.pending = Some(request);
            return None;
        }
        self.done.note(&request, &answers);
        Some(())
    }
}
