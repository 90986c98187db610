//! What an evaluation is given without being asked: the ledger to compare with, and a seed.

use serde_json::json;

use super::confirmations::{Desk, FIRST, line};
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

/// A re-dated ledger that is sent again with another byte is still compared with the first one.
#[test]
fn what_was_re_dated_stays_held_when_it_is_sent_again() {
    let desk = Desk::new(Engine::Sqlite);
    // However soon one follows another.
    desk.uploaded(FIRST);
    let later = FIRST.replace("2026-05-18,2026-06-17", "2026-06-16,2026-07-16");
    let mut last = desk.uploaded(&later);
    for copy in 1..=3 {
        last = desk.uploaded(&format!("{later}{}", "\n".repeat(copy)));
    }
    let offer = desk.evaluated(&last, json!({ "as_of": "2026-06-30" }));
    let document = desk.document(&offer);
    let line = line(&document, "4");
    assert_eq!(line["decision"], "hold", "{line}");
    assert_eq!(line["holds"][0]["reason"], "re_dated");
    let inputs = desk.server.get(&format!("{offer}/inputs"), &desk.underwriter).expect(200);
    let inputs = inputs.as_array().expect("inputs").clone();
    let names: Vec<_> =
        inputs.iter().map(|input| input["name"].as_str().expect("a name")).collect();
    assert_eq!(names, ["previous.csv", "previous_02.csv"], "the last one and the first of the day");
    let files = document["provenance"]["previous_files"].as_array().expect("files");
    for input in &inputs {
        assert!(files.iter().any(|file| file["sha256"] == input["sha256"]), "{input}");
    }
    recomputed(&desk, &offer, &last);
    // A list of them, or one alone.
    let all = desk.server.get("/v1/clients/a/ledgers", &desk.underwriter).expect(200);
    let ids: Vec<_> = all["items"].as_array().expect("ledgers").iter().map(|l| &l["id"]).collect();
    let others: Vec<_> =
        ids.iter().filter(|id| !last.ends_with(id.as_str().expect("an id"))).collect();
    let offer = desk.evaluated(&last, json!({ "as_of": "2026-06-30", "previous": others }));
    let files = desk.document(&offer)["provenance"]["previous_files"].clone();
    assert_eq!(files.as_array().map(Vec::len), Some(4));
    let path = format!("{last}/evaluations");
    for (wrong, status) in [(json!([]), 422), (json!(["none"]), 422), (json!(7), 400)] {
        let refused = desk.server.post(&path, &desk.underwriter, &json!({ "previous": wrong }));
        assert_eq!((refused.status, refused.json()["field"].clone()), (status, "previous".into()));
    }
}

/// From what is kept of an offer, it can be recomputed.
fn recomputed(desk: &Desk, offer: &str, ledger: &str) {
    let folder = desk.place.folder.path();
    let got = |path: &str, name: &str| {
        let file = desk.server.get(path, &desk.underwriter);
        assert_eq!(file.status, 200, "{path}");
        std::fs::write(folder.join(name), file.body).expect("a file");
    };
    got(offer, "offer.json");
    got(&format!("{ledger}/file"), "ledger.csv");
    let names = ["previous.csv", "previous_02.csv"];
    names.iter().for_each(|name| got(&format!("{offer}/inputs/{name}"), name));
    let verified = crate::command_line::factorage()
        .current_dir(folder)
        .args(["verify", "offer.json", "ledger.csv", "--client", "a"])
        .args(["--previous", "previous.csv", "--previous", "previous_02.csv"])
        .output()
        .expect("the binary runs");
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
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
