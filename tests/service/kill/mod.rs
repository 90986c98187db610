//! Two servers on one database, killed at any moment, one of them or both: what was acknowledged
//! stays, and what is sent again is done once.
//! `KILL_ROUNDS=300 cargo test --test main service::kill` is the long form.

mod request;
mod there;
mod worker;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::database::sql;
use super::server::{Engine, Place, Server, kill_9};
use request::{Acknowledged, Keys, Request};
use there::{check, settle};
use worker::Worker;

const CONFIG: &str = "requests_per_second = 0";

fn rounds() -> u32 {
    std::env::var("KILL_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(4)
}

/// A number from 0 to `below`, the same for the same step: a plain congruential generator.
fn drawn(state: &mut u64, below: u64) -> u64 {
    // Knuth's constants for MMIX; the low bits of such a generator repeat soon and are dropped.
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) % below
}

/// The servers to kill, in order, and the time before each.
fn victims(state: &mut u64) -> Vec<(usize, Duration)> {
    let first = usize::from(drawn(state, 2) == 1);
    let mut victims = vec![(first, Duration::from_millis(drawn(state, 1200)))];
    if drawn(state, 2) == 0 {
        victims.push((1 - first, Duration::from_millis(drawn(state, 300))));
    }
    victims
}

/// Lets callers work until the servers are killed; what they were told, and what they were not.
fn round(
    servers: &[Server; 2],
    keys: Keys<'_>,
    (number, is_last): (u32, bool),
    victims: &[(usize, Duration)],
) -> Vec<(Acknowledged, Option<Request>)> {
    let (stop, heard) = (AtomicBool::new(false), AtomicBool::new(!is_last));
    std::thread::scope(|scope| {
        let workers = ["x", "y", "z"].map(|name| {
            let (stop, heard) = (&stop, &heard);
            scope.spawn(move || {
                let name = format!("{name}{number}");
                let state = name.bytes().fold(0, |state, byte| (state << 8) | u64::from(byte));
                let (done, pending) = (Acknowledged::default(), None);
                let mut own = Worker { servers, keys, name, state, stop, heard, done, pending };
                if own.name.starts_with('z') {
                    own.sells();
                } else {
                    own.offers();
                }
                (own.done, own.pending)
            })
        });
        for (victim, wait) in victims {
            std::thread::sleep(*wait);
            // On a busy machine the rounds may all end before anything was acknowledged.
            while !heard.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(1));
            }
            kill_9(servers[*victim].id());
        }
        if victims.len() == 1 {
            // The survivor goes on.
            std::thread::sleep(Duration::from_millis(300));
            stop.store(true, Ordering::Relaxed);
        }
        workers.map(|worker| worker.join().expect("done")).into()
    })
}

fn killed(engine: Engine) {
    let place = Place::new(engine);
    // The day of its payouts.
    place.clock.set("2026-06-30");
    let keys = ["underwriter", "funder", "admin"].map(|role| place.key(role, None));
    let [underwriter, funder, admin] = &keys;
    let keys = Keys { underwriter, funder };
    let mut servers = [(), ()].map(|()| place.serve(CONFIG));
    servers[0].put_text("/v1/policies/p", admin, &super::long_policy()).expect(200);
    let mut all = Acknowledged::default();
    let mut state = 20_261_122;
    for number in 0..rounds() {
        let victims = victims(&mut state);
        let told = round(&servers, keys, (number, number + 1 == rounds()), &victims);
        for (victim, _) in victims {
            servers[victim].kill();
            servers[victim] = place.serve(CONFIG);
        }
        for (done, pending) in told {
            all.add(done);
            // Nobody holds its key any longer, whether or not it was carried out.
            if let Some(request) = pending {
                let answers = servers.each_ref().map(|server| request.sent(server, keys));
                all.note(&request, &answers.map(|answer| answer.expect("a server that lives")));
                all.again += 1;
            }
        }
        check(&servers[drawn(&mut state, 2) as usize], underwriter, &all, 20);
    }
    check(&servers[0], underwriter, &all, usize::MAX);
    let given_up = settle(&servers[1], underwriter, &all);
    drop(servers);
    assert!(!all.clients.is_empty(), "nothing was acknowledged at all");
    let log = "SELECT subject FROM audit WHERE action = 'purchase.funded'";
    assert_eq!(sql(&place, engine, log).len(), all.funded.len(), "each payout once");
    let audit = place.done(&["audit", "verify"]);
    assert!(audit.contains("none altered"), "{audit}");
    let books = place.done(&["book", "check"]);
    assert!(books.contains("the books balance"), "{books}");
    if std::env::var_os("KILL_ROUNDS").is_some() {
        let told = format!(
            "{engine:?}: {} rounds, {} clients, {} jobs ({given_up} given up), {} offers accepted, {} sales without, {} \
             paid out, {} withdrawn, {} sent again after both died: all there, once\n",
            rounds(),
            all.clients.len(),
            all.jobs.len(),
            all.accepted.len(),
            all.sold.len(),
            all.funded.len(),
            all.withdrawn.len(),
            all.again
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
