//! Payouts of what was accepted: a second person calls the client back and funds.

use serde_json::{Value, json};

use super::server::{Answer, Place, Server};

/// A second person with the right to fund, beside the one whose key is given.
pub struct Funder<'a> {
    pub server: &'a Server,
    /// The underwriter's key.
    pub staff: &'a str,
    /// The funder's key.
    pub key: &'a str,
}

impl Funder<'_> {
    /// Writes the client's account and calls back about it.
    pub fn called(&self, client: &str) {
        let account = json!({ "account": "DE02 1203 0000 0020 2051" });
        let path = format!("/v1/clients/{client}/payees/main");
        let payee = self.server.send("PUT", &path, self.staff, &account).expect(200);
        if payee["called_back"] == false {
            let note = "R. Miller at the number on file confirmed it.";
            let note = json!({ "account": account["account"], "note": note });
            self.server.send("PUT", &format!("{path}/call"), self.key, &note).expect(200);
        }
    }

    /// Pays a purchase out.
    pub fn pays(&self, purchase: &str, on: &str) -> Answer {
        let reference = format!("wire {purchase}");
        let asked = json!({ "funded_on": on, "payee": "main", "reference": reference });
        self.server.post(&format!("/v1/purchases/{purchase}/funding"), self.key, &asked)
    }

    /// Pays out what was just recorded without an offer, if it was; returns the first answer.
    pub fn pays_made(&self, made: Answer, on: &str) -> Answer {
        if made.status == 201 {
            let purchase = made.json();
            self.called(purchase["client_id"].as_str().expect("a client"));
            self.pays(purchase["id"].as_str().expect("an id"), on).expect(201);
        }
        made
    }

    /// What waits to be paid out.
    pub fn waiting(&self) -> Vec<Value> {
        let path = "/v1/purchases?status=accepted&limit=200";
        let all = self.server.get(path, self.staff).expect(200);
        all["items"].as_array().expect("purchases").clone()
    }

    /// Pays out everything that waits.
    pub fn pays_all(&self, on: &str) {
        for purchase in self.waiting() {
            self.called(purchase["client_id"].as_str().expect("a client"));
            self.pays(purchase["id"].as_str().expect("an id"), on).expect(201);
        }
    }
}

/// Pays out everything that waits, with a funder's key of its own.
pub fn paid_out(place: &Place, server: &Server, staff: &str, on: &str) {
    let key = place.key("funder", None);
    Funder { server, staff, key: &key }.pays_all(on);
}

/// The id of the first position that a purchase becomes.
pub fn first_position(made: &Value) -> String {
    made["invoices"][0]["position_id"].as_str().expect("an id").to_owned()
}
