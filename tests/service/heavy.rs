//! Requests that cost a lot: what they cost is bounded, and who sends many of them keeps nobody
//! else waiting.

use std::time::{Duration, Instant};

use serde_json::json;

use super::server::{Engine, Place, Server};

/// The most memory that a process has had, in megabytes.
fn most_memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("a process");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("a figure");
    let kilobytes: u64 = line.split_whitespace().nth(1).expect("a figure").parse().expect("kB");
    kilobytes / 1024
}

/// Sixty quotes of 100,000 invoices took 19.5 GB.
#[test]
fn a_quote_costs_the_same_however_many_invoices_it_is_for() {
    let place = Place::new(Engine::Sqlite);
    let key = place.key("analyst", None);
    let server = place.serve("requests_per_second = 0");
    let quote = |invoices: u32| {
        let face = "98765432.10";
        let body = json!({ "face": face, "terms_days": 60, "debtors": invoices.div_ceil(3),
            "invoices": invoices });
        server.post("/v1/quotes", &key, &body).expect(200)
    };
    quote(1);
    let before = most_memory(server.id());
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..60).map(|_| scope.spawn(|| quote(100_000))).collect();
        for one in all {
            let bought = one.join().expect("an answer")["quote"]["amount_bought"].clone();
            assert_eq!(bought, "98765432.10");
        }
    });
    let more = most_memory(server.id()) - before;
    assert!(more < 100, "{more} MB");
}

/// The slowest of a few requests of another key.
fn slowest(server: &Server, key: &str, path: &str) -> Duration {
    let one = |_| {
        let start = Instant::now();
        server.get(path, key).expect(200);
        start.elapsed()
    };
    (0..5).map(one).max().unwrap_or_default()
}

#[test]
fn a_key_that_asks_for_much_waits_behind_itself() {
    let place = Place::new(Engine::Sqlite);
    let [much, little, staff] = ["analyst", "analyst", "underwriter"].map(|r| place.key(r, None));
    let server = place.serve("requests_per_second = 0");
    server.post("/v1/clients", &staff, &json!({ "id": "a", "name": "A" })).expect(201);
    let row =
        |at: usize| format!("{at},{},Mill {},2026-05-04,2026-06-03,USD,12.50,\n", at % 99, at % 99);
    let header = "invoice_number,debtor_id,debtor_name,invoice_date,due_date,currency,amount,\
                  paid_date\n";
    let ledger: String = [header.to_owned()].into_iter().chain((0..20_000).map(row)).collect();
    let job = server.upload("a", &staff, "l.csv", ledger.as_bytes());
    let path = format!("{}/invoices?limit=200&sort=face", super::server::result(&job));
    let alone = slowest(&server, &little, &path);
    std::thread::scope(|scope| {
        let all: Vec<_> =
            (0..40).map(|_| scope.spawn(|| server.get(&path, &much).status)).collect();
        std::thread::sleep(alone * 2);
        let beside = slowest(&server, &little, &path);
        // Behind what is running, and never behind the forty.
        assert!(beside < alone * 12 + Duration::from_millis(200), "{alone:?} {beside:?}");
        assert!(all.into_iter().all(|one| one.join().expect("an answer") == 200));
    });
}
