//! Killed at any moment, the service comes up with everything that it has acknowledged.
//! `KILL_ROUNDS=200 cargo test --test main service::kill` is the long form.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::GOOD;
use super::server::{Engine, Place, Server, bearer};

/// A payout on a day on which nothing was past recourse.
const PAID: &str = "{\"funded_on\": \"2026-06-30\", \"payee\": \"main\", \"reference\": \"wire\"}";

/// The record of a call about the account.
const CALL: &str = "{\"account\": \"DE02 1203 0000 0020 2051\", \"note\": \"R. Low\"}";

/// The changes that the service has acknowledged.
#[derive(Default)]
struct Acknowledged {
    clients: Vec<String>,
    jobs: Vec<String>,
    results: Vec<String>,
    accepted: Vec<String>,
    funded: Vec<String>,
}

/// A ledger with numbers of its own: no two clients sell one invoice.
fn ledger_of(client: &str) -> String {
    // With letters between, as punctuation alone makes no other number.
    let own = client.replace('-', "s");
    GOOD.replace("\n2,", &format!("\n{own}n2,")).replace("\n3,", &format!("\n{own}n3,"))
}

fn rounds() -> u32 {
    std::env::var("KILL_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(4)
}

/// A number from 0 to `below`, the same for the same step: a plain congruential generator.
fn drawn(state: &mut u64, below: u64) -> u64 {
    // Knuth's constants for MMIX; the low bits of such a generator repeat soon and are dropped.
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) % below
}

/// Two persons at a server, told from others by a name.
struct Worker<'a> {
    server: &'a Server,
    key: &'a str,
    funder: &'a str,
    name: &'a str,
}

/// Sends what callers send, again and again, until the service is gone.
fn work(by: &Worker<'_>, done: &mut Acknowledged, heard: &AtomicBool) -> Option<()> {
    let Worker { server, key, funder, name } = *by;
    let call_as = |key: &str, method: &str, path: &str, own: &str, body: &str| {
        let headers =
            [&bearer(key) as &str, &format!("Idempotency-Key: {name}-{own}"), "Prefer: wait=30"];
        server.try_call(method, path, &headers, body.as_bytes()).ok()
    };
    let call =
        |method: &str, path: &str, own: &str, body: &str| call_as(key, method, path, own, body);
    for step in 0.. {
        let client = format!("{name}-{step}");
        let body = json!({ "id": client, "name": client }).to_string();
        let made = call("POST", "/v1/clients", &format!("c{step}"), &body)?;
        assert_eq!(made.status, 201, "{}", made.text());
        done.clients.push(client.clone());
        heard.store(true, Ordering::Relaxed);
        let path = format!("/v1/clients/{client}/ledgers?file_name=good.csv");
        let ledger = ledger_of(&client);
        let read = finished(&call("POST", &path, &format!("l{step}"), &ledger)?, done)?;
        let asked = json!({ "as_of": "2026-06-30", "policy": "p", "model": "km" }).to_string();
        let path = format!("{read}/evaluations");
        let offer = finished(&call("POST", &path, &format!("e{step}"), &asked)?, done)?;
        let payee = format!("/v1/clients/{client}/payees/main");
        call("PUT", &payee, "", "{\"account\": \"DE02 1203 0000 0020 2051\"}")?.expect(200);
        call_as(funder, "PUT", &format!("{payee}/call"), "", CALL)?.expect(200);
        let taken = call("POST", &format!("{offer}/accept"), &format!("a{step}"), "")?;
        assert_eq!(taken.status, 200, "{}", taken.text());
        let id = offer.rsplit('/').next()?;
        done.accepted.push(offer.clone());
        let of_offer = format!("/v1/purchases?offer={id}");
        let waiting = call("GET", &of_offer, "", "")?.expect(200)["items"].clone();
        for purchase in waiting.as_array()? {
            let id = purchase["id"].as_str()?.to_owned();
            let path = format!("/v1/purchases/{id}/funding");
            let paid = call_as(funder, "POST", &path, &format!("f{id}"), PAID)?;
            assert_eq!(paid.status, 201, "{}", paid.text());
            done.funded.push(id);
        }
    }
    None
}

/// The result of a job that was waited for.
fn finished(answer: &super::server::Answer, done: &mut Acknowledged) -> Option<String> {
    assert_eq!(answer.status, 202, "{}", answer.text());
    let job = answer.json();
    done.jobs.push(job["id"].as_str().expect("an id").to_owned());
    let result = job["result"].as_str()?.to_owned();
    done.results.push(result.clone());
    Some(result)
}

/// The last so many of what was acknowledged are there, and every ledger is whole.
fn check(server: &Server, key: &str, done: &Acknowledged, last: usize) {
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
        assert_ne!(job["status"], "failed", "{job}");
    }
    for result in &some(&done.results) {
        get(result);
    }
    for offer in &some(&done.accepted) {
        assert_eq!(get(offer)["envelope"]["status"], "accepted");
    }
    for purchase in &some(&done.funded) {
        assert_eq!(get(&format!("/v1/purchases/{purchase}"))["status"], "funded");
    }
}

/// Waits until no job is left, then counts: everything was bought once,
/// and is a position if and only if it was paid out.
fn settle(server: &Server, key: &str, done: &Acknowledged) {
    let ends = Instant::now() + Duration::from_mins(10);
    for job in &done.jobs {
        let path = format!("/v1/jobs/{job}");
        loop {
            let job = server.get(&path, key).expect(200);
            if job["status"] == "finished" {
                server.get(job["result"].as_str().expect("a place"), key).expect(200);
                break;
            }
            assert!(Instant::now() < ends && job["status"] != "failed", "{job}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    let (purchases, positions) =
        (all(server, key, "/v1/purchases"), all(server, key, "/v1/positions"));
    assert!(purchases.len() >= done.accepted.len(), "an acceptance is lost");
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
    let mut bought: Vec<String> = positions
        .iter()
        .map(|own| format!("{} {}", own["client_id"], own["invoice_number"]))
        .collect();
    bought.sort_unstable();
    bought.dedup();
    assert_eq!(bought.len(), positions.len(), "an invoice was bought twice");
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

fn killed(engine: Engine) {
    let place = Place::new(engine);
    let (underwriter, admin) = (place.key("underwriter", None), place.key("admin", None));
    let funder = place.key("funder", None);
    let config = "requests_per_second = 0";
    let policy = super::long_policy();
    place.serve(config).put_text("/v1/policies/p", &admin, &policy).expect(200);
    let mut all = Acknowledged::default();
    let mut state = 20_261_122;
    let heard = AtomicBool::new(false);
    for round in 0..rounds() {
        let mut server = place.serve(config);
        check(&server, &underwriter, &all, 20);
        let wait = Duration::from_millis(drawn(&mut state, 900));
        let pid = server.id();
        let own = std::thread::scope(|scope| {
            let names = ["x", "y"].map(|name| format!("{name}{round}"));
            let workers: Vec<_> = names
                .into_iter()
                .map(|name| {
                    let (server, heard) = (&server, &heard);
                    let (key, funder) = (underwriter.as_str(), funder.as_str());
                    scope.spawn(move || {
                        let mut done = Acknowledged::default();
                        // It ends when the service is gone.
                        let _ =
                            work(&Worker { server, key, funder, name: &name }, &mut done, heard);
                        done
                    })
                })
                .collect();
            std::thread::sleep(wait);
            // On a busy machine the rounds may all end before anything was acknowledged.
            while round + 1 == rounds() && !heard.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(1));
            }
            super::server::kill_9(pid);
            workers.into_iter().map(|w| w.join().expect("done")).collect::<Vec<_>>()
        });
        server.kill();
        let last = own.len();
        for done in own {
            all.clients.extend(done.clients);
            all.jobs.extend(done.jobs);
            all.results.extend(done.results);
            all.accepted.extend(done.accepted);
            all.funded.extend(done.funded);
        }
        assert_eq!(last, 2);
    }
    let server = place.serve(config);
    check(&server, &underwriter, &all, usize::MAX);
    settle(&server, &underwriter, &all);
    drop(server);
    assert!(!all.clients.is_empty(), "nothing was acknowledged at all");
    let audit = place.done(&["audit", "verify"]);
    assert!(audit.contains("none altered"), "{audit}");
    let books = place.done(&["book", "check"]);
    assert!(books.contains("the books balance"), "{books}");
    if std::env::var_os("KILL_ROUNDS").is_some() {
        let (clients, jobs) = (all.clients.len(), all.jobs.len());
        let told = format!(
            "{engine:?}: {} rounds, {clients} clients, {jobs} jobs, {} offers accepted, all there\n",
            rounds(),
            all.accepted.len()
        );
        std::io::Write::write_all(&mut std::io::stderr(), told.as_bytes()).expect("told");
    }
}

#[test]
fn killed_in_a_loop_on_sqlite() {
    killed(Engine::Sqlite);
}

#[test]
fn killed_in_a_loop_on_postgresql() {
    if Engine::Postgres.is_here() {
        killed(Engine::Postgres);
    }
}
