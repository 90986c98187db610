//! A service on a database of its own that the tests begin with: without a socket, on a day that
//! never changes.

use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use tempfile::TempDir;

use app::{EvaluateRequest, ModelChoice, evaluate};
use basics::{Amount, Currency};
use ledger::Source;
use policy::Policy;
use purchases::{NamedPositions, Payment, PositionTerms};
use store::{
    Artefact, FinishedJob, Identity, JobRow, Keying, LedgerRow, Location, OfferRow, Outcome, Role,
    Store,
};

use super::jobs::{NewJob, Task};
use super::{
    Asked, AskedFunding, Caller, Expected, Limits, NewClient, Once, Outside, PayeeOf,
    RecordedInvoice, RecordedPurchase, Reply, Right, Service, ServiceError, ShownPurchase, Turn,
    Underwriter,
};

/// Two open invoices, both due in July 2026.
const LEDGER: &str = "\
invoice_number,debtor_id,debtor_name,invoice_date,due_date,currency,amount,paid_date
1,10,North Mill,2026-05-04,2026-06-03,USD,1250.00,2026-06-08
2,11,South Mill,2026-06-18,2026-07-17,USD,349.95,
3,12,East Mill,2026-06-20,2026-07-20,USD,800.00,
";

/// The morning on which the tests stand.
fn now() -> DateTime<Utc> {
    "2026-06-30T09:00:00Z".parse().expect("a time")
}

/// Bits that are never the same.
fn random(bits: &mut [u8]) -> bool {
    static DRAWN: AtomicU64 = AtomicU64::new(0);
    let drawn = DRAWN.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    bits.iter_mut().zip(drawn.iter().cycle()).for_each(|(bit, own)| *bit = *own);
    true
}

pub fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("a runtime").block_on(test);
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

pub fn amount(text: &str) -> Amount {
    Amount(text.parse().expect("a decimal"))
}

pub fn identity(role: Role, client: Option<&str>) -> Identity {
    let client = client.map(str::to_owned);
    let key = format!("fk_{}", role.as_str());
    Identity { holder: key.clone(), key, role, client }
}

/// A caller with a right.
pub fn by<R: Right>(role: Role) -> R {
    R::of(identity(role, (role == Role::Client).then_some("a"))).expect("the right")
}

pub fn staff() -> Underwriter {
    by(Role::Underwriter)
}

/// The factor's desk, with the client `a`.
pub struct Desk {
    pub service: Service,
    _folder: TempDir,
}

impl Desk {
    pub async fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let location = Location::File(folder.path().join("factorage.sqlite"));
        let file = folder.path().join("audit-key");
        let at = now().to_rfc3339();
        let keying = Keying { file, fresh: [7; 32], database: [1; 16], at };
        let store = Store::open(&location, None, &keying).await.expect("a database");
        let limits = Limits {
            program: "/nowhere".into(),
            most_bytes: 1000,
            jobs: 1,
            job_memory: 1 << 30,
            job_time: std::time::Duration::from_secs(1),
            back_dating_days: 200,
        };
        let outside = Outside { now, random };
        let policy = Policy::standard().expect("the standard policy");
        let desk =
            Self { service: Service::new(store, policy, limits, outside, None), _folder: folder };
        let new = NewClient { id: "a".into(), name: "A".into(), sector: String::new() };
        let answer = |client: &store::Client| Reply::json(201, &client.id);
        let once = desk.once("a client").await;
        let made = desk.service.create_client(&staff(), new, &once, answer).await;
        drop(made.expect("a client"));
        desk
    }

    /// A request that was not sent before.
    pub async fn once(&self, route: &str) -> Once {
        self.turn(None, route).await.expect("its turn")
    }

    /// A request with an idempotency key; an answer that was given before is an error.
    pub async fn turn(&self, key: Option<&str>, route: &str) -> Result<Once, ServiceError> {
        let caller: Caller = by(Role::Underwriter);
        match self.service.once(Asked { caller: &caller, key, route, body: b"{}" }).await? {
            Turn::New(once) => Ok(once),
            Turn::Answered(reply) => Err(ServiceError::Invalid(reply.body)),
        }
    }

    /// Buys an invoice of 1,000 at 80 % on the first of January 2026, due in a month; returns its
    /// position.
    pub async fn bought(&self, number: &str) -> Result<String, ServiceError> {
        let once = self.once(number).await.dated("2026-01-01T09:00:00Z");
        let recorded = purchase(&[number]);
        let made = self.service.record_purchase(&staff(), recorded, &once, ids).await?;
        let (purchase, position): (String, String) =
            serde_json::from_str(&made.body).expect("two ids");
        self.funded(&purchase, "2026-01-01").await?;
        Ok(position)
    }

    /// Pays out a purchase, on a day, to an account that was called back about.
    pub async fn funded(&self, purchase: &str, on: &str) -> Result<Reply, ServiceError> {
        let (of, none) = (PayeeOf { client: "a", alias: "main" }, || Expected::new(Ok(None)));
        let payee = self.service.write_payee(&staff(), of, "DE02 1203", none()).await?;
        if payee.called_by.is_none() {
            self.service.call_back(&by(Role::Funder), of, ("DE02 1203", "R. Low"), none()).await?;
        }
        let (once, expected) = (self.once("funding").await, none());
        let (payee, reference) = ("main".to_owned(), format!("wire {purchase}"));
        let (on, duplicate_of) = (Some(day(on)), None);
        let asked = AskedFunding { id: purchase, on, payee, reference, duplicate_of, expected };
        self.service.fund(&by(Role::Funder), asked, &once, ids).await
    }

    /// An offer of the client on its two open invoices, valid for two weeks; returns its id.
    pub async fn offered(&self) -> String {
        let request = EvaluateRequest {
            as_of: Some(day("2026-06-30")),
            model: ModelChoice::Km,
            ..EvaluateRequest::new(
                [Source::bytes("ledger.csv", LEDGER)],
                Policy::standard().expect("the standard policy").without_holds(),
            )
        };
        let evaluation = evaluate(&request, &|_| {}).expect("an evaluation");
        let mut document = Vec::new();
        evaluation.write_offer(&mut document).expect("JSON");
        let (created_at, sha256) = (self.service.now(), "0".repeat(64));
        let (id, file_name, certificate) =
            ("l".to_owned(), "ledger.csv".to_owned(), "{}".to_owned());
        let ledger = LedgerRow {
            id,
            client_id: "a".into(),
            file_name,
            sha256,
            bytes: 1,
            certificate,
            created_at: created_at.clone(),
        };
        self.finished(Outcome::Ledger(ledger), Vec::new()).await;
        let offer = OfferRow {
            id: "o".into(),
            client_id: "a".into(),
            ledger_id: "l".into(),
            document: String::from_utf8(document).expect("UTF-8"),
            envelope: serde_json::to_string(&evaluation.envelope).expect("JSON"),
            status: "offered".into(),
            valid_until: evaluation.offer.valid_until.to_string(),
            version: 1,
            created_at,
        };
        self.finished(Outcome::Offer(Box::new(offer)), Vec::new()).await;
        "o".to_owned()
    }

    /// A job that somebody has worked on.
    pub async fn finished(&self, outcome: Outcome, artefacts: Vec<Artefact>) {
        let once = self.once("a job").await;
        let (as_of, sections, ledgers) = (None, Vec::new(), Vec::new());
        let task = Task::Report { as_of, sections, ledgers };
        let new = NewJob { task: &task, client: Some("a".into()), bytes: 1 };
        self.service.queue(new, &once, shown).await.expect("queued");
        let (store, now) = (&self.service.store, self.service.now());
        let job =
            store.claim_job(&now, TimeDelta::seconds(5)).await.expect("a database").expect("a job");
        let finished = FinishedJob { outcome, artefacts };
        store.finish_job(&job, &finished, &now).await.expect("finished");
    }
}

/// The word of an answer.
pub fn word(reply: &Reply) -> String {
    serde_json::from_str(&reply.body).expect("a text")
}

/// The id of a job as its answer.
pub fn shown(job: &JobRow) -> Result<Reply, ServiceError> {
    Reply::json(202, &job.id)
}

/// The ids of a purchase and of the first position that it becomes, as the answer.
pub fn ids(own: &ShownPurchase) -> Result<Reply, ServiceError> {
    Reply::json(201, &(&own.purchase.id, &own.invoices[0].id))
}

/// Invoices of the debtor `D1`, without recourse for 3 %.
pub fn purchase(numbers: &[&str]) -> RecordedPurchase {
    let terms = r#"{
        "fee_plan": { "components": [{ "kind": "flat", "percent": "3" }] },
        "recourse": "non_recourse", "recourse_days": 60
    }"#;
    let terms: PositionTerms = serde_json::from_str(terms).expect("terms");
    let invoice = |number: &&str| RecordedInvoice {
        debtor_id: "D1".into(),
        invoice_number: (*number).to_owned(),
        amount: amount("1000"),
        advance: amount("800"),
        due_on: day("2026-02-01"),
        debtor_name: None,
        tax_number: None,
        face: None,
        issued_on: None,
    };
    RecordedPurchase {
        client_id: "a".into(),
        currency: Currency::USD,
        terms,
        invoices: numbers.iter().map(invoice).collect(),
        named: NamedPositions::default(),
    }
}

pub fn payment(number: &str, paid: &str, on: &str) -> Payment {
    Payment {
        invoice_number: number.to_owned(),
        debtor_id: None,
        amount: amount(paid),
        currency: None,
        received_on: day(on),
        reference: String::new(),
        account: String::new(),
        duplicate_of: None,
    }
}
