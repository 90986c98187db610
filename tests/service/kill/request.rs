//! The requests of callers, and what of them was acknowledged.

use crate::service::server::{Answer, Server, bearer};

/// The changes that the service has acknowledged.
#[derive(Default)]
pub struct Acknowledged {
    pub clients: Vec<String>,
    pub jobs: Vec<String>,
    pub results: Vec<String>,
    pub accepted: Vec<String>,
    pub sold: Vec<String>,
    pub funded: Vec<String>,
    pub withdrawn: Vec<String>,
    /// Number of requests that were never answered before they were sent again.
    pub again: usize,
}

/// The keys of two persons.
#[derive(Clone, Copy)]
pub struct Keys<'a> {
    pub underwriter: &'a str,
    pub funder: &'a str,
}

/// What a request does, to what.
pub enum Does {
    Client(String),
    Job,
    Accept(String),
    Sell,
    Fund(String),
    Withdraw(String),
}

/// A request under an idempotency key of its own.
pub struct Request {
    pub does: Does,
    pub path: String,
    pub once: String,
    pub body: String,
}

impl Request {
    /// Sends it to a server; no answer if that is gone.
    pub fn sent(&self, server: &Server, keys: Keys<'_>) -> Option<Answer> {
        let key = match self.does {
            Does::Fund(_) => keys.funder,
            _ => keys.underwriter,
        };
        let headers = [&bearer(key) as &str, &format!("Idempotency-Key: {}", self.once)];
        server.try_call("POST", &self.path, &headers, self.body.as_bytes()).ok()
    }

    /// Sends it to both servers at once; the answers of those that live.
    pub fn raced(&self, servers: &[Server; 2], keys: Keys<'_>) -> Vec<Answer> {
        std::thread::scope(|scope| {
            let other = scope.spawn(|| self.sent(&servers[1], keys));
            [self.sent(&servers[0], keys), other.join().expect("an end")]
                .into_iter()
                .flatten()
                .collect()
        })
    }

    fn status(&self) -> u16 {
        match self.does {
            Does::Accept(_) => 200,
            Does::Job => 202,
            _ => 201,
        }
    }
}

impl Acknowledged {
    /// Notes the answers to one request, which are one answer.
    pub fn note(&mut self, request: &Request, answers: &[Answer]) {
        for answer in answers {
            let (path, text) = (&request.path, answer.text());
            assert_eq!(answer.status, request.status(), "{path}: {text}");
            match request.does {
                // A job is shown as it is now.
                Does::Job => assert_eq!(answer.json()["id"], answers[0].json()["id"]),
                _ => assert_eq!(text, answers[0].text(), "{path}"),
            }
        }
        let id = || answers[0].json()["id"].as_str().expect("an id").to_owned();
        match &request.does {
            Does::Client(id) => self.clients.push(id.clone()),
            Does::Job => self.jobs.push(id()),
            Does::Accept(offer) => self.accepted.push(offer.clone()),
            Does::Sell => self.sold.push(id()),
            Does::Fund(id) => self.funded.push(id.clone()),
            Does::Withdraw(id) => self.withdrawn.push(id.clone()),
        }
    }

    /// Adds what another was told.
    pub fn add(&mut self, other: Self) {
        self.clients.extend(other.clients);
        self.jobs.extend(other.jobs);
        self.results.extend(other.results);
        self.accepted.extend(other.accepted);
        self.sold.extend(other.sold);
        self.funded.extend(other.funded);
        self.withdrawn.extend(other.withdrawn);
        self.again += other.again;
    }
}
