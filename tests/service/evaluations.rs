//! What an evaluation is given without being asked: the ledger to compare with, and a seed.

use serde_json::json;

use super::confirmations::{Desk, FIRST};
use super::server::{Engine, bearer, result};

#[test]
fn a_ledger_to_compare_with_is_the_clients_own() {
    let desk = Desk::new(Engine::Sqlite);
    let ledger = desk.uploaded(FIRST);
    let others = desk.server.upload("b", &desk.other, "ledger.csv", FIRST.as_bytes());
    let last = |path: &str| path.rsplit('/').next().expect("an id").to_owned();
    for id in [last(&ledger), last(&result(&others)), "nothing".to_owned()] {
        let asked = json!({ "previous": id });
        let path = format!("{ledger}/evaluations");
        let refused = desk.server.post(&path, &desk.underwriter, &asked);
        assert_eq!((refused.status, refused.json()["field"].clone()), (422, "previous".into()));
    }
}

/// Where the policy draws invoices, the service draws the seed, and tells only its staff.
#[test]
fn what_is_drawn_is_drawn_anew_for_every_offer_and_the_client_cannot_tell() {
    let desk = Desk::new(Engine::Sqlite);
    let admin = desk.place.key("admin", None);
    let policy = "extends = \"standard\"\nname = \"d\"\nversion = \"1\"\n\
                  [confirm]\nhold = [\"drawn\"]\nrandom_percent = 50\n";
    desk.server.put_text("/v1/policies/d", &admin, policy).expect(200);
    let ledger = desk.uploaded(FIRST);
    let asked = || json!({ "as_of": "2026-05-31", "policy": "d" });
    let seeds = [asked(), asked()].map(|asked| {
        let offer = desk.evaluated(&ledger, asked);
        let seed = desk.document(&offer)["provenance"]["selection_seed"].clone();
        let seed = seed.as_u64().expect("a seed");
        assert!(seed < 1 << 53, "{seed}: every reader of JSON keeps it");
        assert!(!desk.page(&offer, &desk.own).contains(&seed.to_string()));
        let csv = [&bearer(&desk.own) as &str, "Accept: text/csv"];
        for shown in [
            desk.server.get(&offer, &desk.own),
            desk.server.get(&format!("{offer}/history"), &desk.own),
            desk.server.call("GET", &offer, &csv, b""),
        ] {
            assert_eq!(shown.status, 200);
            let text = shown.text();
            assert!(!text.contains(&seed.to_string()) && !text.contains("selection_seed"));
        }
        seed
    });
    assert_ne!(seeds[0], seeds[1]);
}
