//! What has to be there after servers were killed.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::request::Acknowledged;
use super::worker::ledger_of;
use crate::service::server::Server;

/// A job that was given up, and says so: each of its workers was killed.
fn is_given_up(job: &Value) -> bool {
    job["problem"] == "The service stopped five times while working on this job."
}

/// The last so many of what was acknowledged are there, and every ledger is whole.
pub fn check(server: &Server, key: &str, done: &Acknowledged, last: usize) {
    let get = |path: &str| server.get(path, key).expect(200);
    let some = |all: &[String]| all[all.len().saturating_sub(last)..].to_vec();
    for client in &some(&done.clients) {
        get(&format!("/v1/clients/{client}"));
        let ledgers = get(&format!("/v1/clients/{client}/ledgers"));
        for ledger in ledgers["items"].as_array().expect("ledgers") {
            let place = format!("/v1/ledgers/{}", ledger["id"].as_str().expect("an id"));
            assert_eq!(get(&place)["certificate"]["foots"], true);
            let file = server.get(&format!("{place}/file"), key);
            assert_eq!(file.body, ledger_of(client).as_bytes(), "a half-written ledger");
            assert_eq!(
                get(&format!("{place}/invoices"))["items"].as_array().map(Vec::len),
                Some(3)
            );
        }
    }
    for job in &some(&done.jobs) {
        let job = get(&format!("/v1/jobs/{job}"));
        assert!(job["status"] != "failed" || is_given_up(&job), "{job}");
    }
    for result in &some(&done.results) {
        get(result);
    }
    for offer in &some(&done.accepted) {
        // Some were withdrawn since, whoever heard of that.
        let status = get(offer)["envelope"]["status"].clone();
        assert!(status == "accepted" || status == "reversed", "{status}");
    }
    let all = [(&done.sold, ""), (&done.funded, "funded"), (&done.withdrawn, "withdrawn")];
    for (purchases, status) in all {
        for purchase in &some(purchases) {
            let own = get(&format!("/v1/purchases/{purchase}"));
            assert!(own["status"] == status || status.is_empty(), "{own}");
        }
    }
}

/// Waits until no job is left, then counts: everything was bought once,
/// and is a position if and only if it was paid out. Returns the number of jobs given up.
pub fn settle(server: &Server, key: &str, done: &Acknowledged) -> usize {
    let mut given_up = 0;
    let ends = Instant::now() + Duration::from_mins(10);
    for job in &done.jobs {
        let path = format!("/v1/jobs/{job}");
        loop {
            let job = server.get(&path, key).expect(200);
            if job["status"] == "finished" {
                server.get(job["result"].as_str().expect("a place"), key).expect(200);
                break;
            }
            if is_given_up(&job) {
                given_up += 1;
                break;
            }
            assert!(Instant::now() < ends && job["status"] != "failed", "{job}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    let (purchases, positions) =
        (all(server, key, "/v1/purchases"), all(server, key, "/v1/positions"));
    // Of one offer there may be two, in two currencies; every other request makes one.
    let without_offer = purchases.iter().filter(|own| own["offer_id"].is_null()).count();
    assert_eq!(without_offer, done.sold.len(), "a sale is lost or doubled");
    assert!(purchases.len() >= done.accepted.len() + without_offer, "an acceptance is lost");
    let ids: BTreeSet<&str> = positions.iter().filter_map(|own| own["id"].as_str()).collect();
    let mut paid = 0;
    for purchase in &purchases {
        let path = format!("/v1/purchases/{}", purchase["id"].as_str().expect("an id"));
        let lines = server.get(&path, key).expect(200)["invoices"].clone();
        for line in lines.as_array().expect("invoices") {
            let is_there = ids.contains(line["position_id"].as_str().expect("an id"));
            assert_eq!(is_there, purchase["status"] == "funded", "{purchase}");
            paid += usize::from(is_there);
        }
    }
    assert_eq!(paid, positions.len(), "a position without its payout");
    for (status, acknowledged) in [("funded", &done.funded), ("withdrawn", &done.withdrawn)] {
        let there = purchases.iter().filter(|own| own["status"] == status).count();
        assert_eq!(there, acknowledged.len(), "{status}, but nobody was told, or told twice");
    }
    let mut bought: Vec<String> = positions
        .iter()
        .map(|own| format!("{} {}", own["client_id"], own["invoice_number"]))
        .collect();
    bought.sort_unstable();
    bought.dedup();
    assert_eq!(bought.len(), positions.len(), "an invoice was bought twice");
    given_up
}

/// Every entry of a list.
fn all(server: &Server, key: &str, list: &str) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let page = server.get(&format!("{list}?limit=200&after={after}"), key).expect(200);
        all.extend(page["items"].as_array().expect("items").clone());
        let Some(next) = page["next"].as_str() else { return all };
        next.clone_into(&mut after);
    }
}
