//! What a client reads of its offers and its facility is not what staff wrote for each other.

use serde_json::{Value, json};

use super::GOOD;
use super::buying::{Desk, engines};
use super::server::bearer;

#[test]
fn reasons_that_staff_write_are_not_the_clients() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let client = desk.place.key("client", Some("a"));
        let (withdrawn, declined) = (desk.offered("a", GOOD), desk.offered("a", GOOD));
        let secret = "Our risk team suspects fraud.";
        let line = json!({
            "debtor": "11", "invoice": "2", "by": "U. Low", "decision": "exclude", "reason": secret
        });
        for offer in [&withdrawn, &declined] {
            desk.server.post(&format!("{offer}/overrides"), &desk.key, &line).expect(200);
        }
        let step = json!({ "by": "U. Low", "reason": secret });
        desk.server.post(&format!("{withdrawn}/withdraw"), &desk.key, &step).expect(200);
        let own = json!({ "by": "O. Owner", "reason": "Too dear." }).to_string();
        let path = format!("{declined}/decline");
        let answer = desk.server.call("POST", &path, &[&bearer(&client)], own.as_bytes());
        let answer = answer.expect(200);
        assert_eq!(answer["history"][0]["reason"], "Too dear.", "its own stays");
        for offer in [&withdrawn, &declined] {
            let history = desk.server.get(&format!("{offer}/history"), &client).expect(200);
            let document = desk.server.get(offer, &client).expect(200);
            for envelope in [&history, &document["envelope"]] {
                assert_eq!(envelope["overrides"][0]["reason"], Value::Null);
                assert!(!envelope.to_string().contains("fraud"), "{envelope}");
            }
            let staff = desk.server.get(&format!("{offer}/history"), &desk.key).expect(200);
            assert_eq!(staff["overrides"][0]["reason"], secret);
        }
    }
}

#[test]
fn a_client_reads_the_terms_of_its_facility_and_no_comment() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let client = desk.place.key("client", Some("a"));
        let text = "# watch this client\ncurrency = \"USD\"\nline = \"90000.00\" # until May\n\
                    [limits]\ndebtor = \"5000\"\n";
        desk.server.put_text("/v1/facilities/a", &desk.key, text).expect(200);
        let read = |key: &str| desk.server.get("/v1/facilities/a", key).expect(200);
        let (own, staff) = (read(&client), read(&desk.key));
        assert_eq!(staff["text"], text);
        assert!(staff["written_by"].as_str().is_some_and(|key| key.starts_with("fk_")));
        assert_eq!(own["written_by"], Value::Null);
        let told = own["text"].as_str().expect("a text");
        assert!(!told.contains('#'), "{told}");
        let parsed = |text: &str| text.parse::<toml::Table>().expect("TOML");
        assert_eq!(parsed(told), parsed(text), "the terms are the same");
    }
}
