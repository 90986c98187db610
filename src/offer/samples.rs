//! A small pool, a policy and scored curves that the tests begin with.

use chrono::NaiveDate;

use basics::{CollectionCurve, Currency, DebtorFacts, Money, Rate, day_number};
use policy::{DebtorAccount, Policy, Pool, Receivable, UsualTerms, assess};
use pricing::LinePrice;
use scoring::{Basis, CurveWeights, ExpectedDilution};

use super::desk::Desk;
use super::terms::Terms;
use super::{
    Envelope, FORMAT, LaterRows, LedgerFile, Offer, OfferPart, PartInput, PolicyDocument,
    Provenance, RollForward, Scored, ScoringNote, ShownDebtor, ShownInvoice, ShownLedger, Signed,
    Standing, TrailingSales, offer_json,
};

pub fn currency(code: &str) -> Currency {
    code.parse().expect("a currency")
}

pub fn usd(cents: i64) -> Money {
    Money::from_minor(cents, Currency::USD)
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

pub fn percent(text: &str) -> Rate {
    Rate::from_percent(text.parse().expect("a number"))
}

pub fn as_of() -> NaiveDate {
    day("2026-06-30")
}

/// The standard policy, but for these lines of TOML.
pub fn policy(changes: &str) -> Policy {
    let text = format!("extends = \"standard\"\nname = \"sample\"\nversion = \"1\"\n{changes}");
    text.parse().expect("a policy")
}

/// 80 % is advanced; 3 % up to day 30 and 1 % for every 10 days begun after it are charged, and no
/// debtor is too large. `more` are further tables.
pub fn listed_with(more: &str) -> Policy {
    policy(&format!(
        "without = [\"price\", \"advance.reserve\"]\n[advance]\nrate_percent = 80\n\
         [eligibility.concentration]\nlimit_percent = 100\n{more}"
    ))
}

pub fn listed() -> Policy {
    listed_with("")
}

/// The standard policy, which solves for advance and price, without a limit on one debtor.
pub fn solved_with(more: &str) -> Policy {
    policy(&format!("[eligibility.concentration]\nlimit_percent = 100\n{more}"))
}

/// So much, in major units, is taken out of the advance.
pub fn wire(amount: &str) -> String {
    format!("[[charges.events]]\nevent = \"wire\"\namount = \"{amount}\"\nper = \"funding\"\n")
}

/// Open invoices, ... of debtors D1, D2, ...: (index of the debtor, days to the due date,
/// open balance in minor units). Issued 60 days before they are due; all facts are known.
pub fn pool_of(currency: Currency, invoices: &[(usize, i32, i64)]) -> Pool {
    let as_of = day_number(as_of());
    let receivable = |(at, &(debtor, days, open)): (usize, &(usize, i32, i64))| {
        Receivable::new(
            format!("A-{}", at + 1),
            debtor,
            (as_of + days - 60, as_of + days),
            Money::from_minor(open, currency),
        )
    };
    let debtor = |at: usize| DebtorAccount {
        facts: DebtorFacts {
            government: Some(false),
            affiliate: Some(false),
            insolvent: Some(false),
            consumer: Some(false),
            progress_billing: Some(false),
            non_assignable: Some(false),
            ..DebtorFacts::default()
        },
        ..DebtorAccount::new(
            format!("D{}", at + 1),
            format!("Debtor {}", at + 1),
            UsualTerms::assumed(30),
            currency,
        )
    };
    let debtors = invoices.iter().map(|invoice| invoice.0 + 1).max().unwrap_or(0);
    Pool {
        currency,
        as_of,
        receivables: invoices.iter().enumerate().map(receivable).collect(),
        debtors: (0..debtors).map(debtor).collect(),
        room: None,
        selection_seed: None,
    }
}

/// Four invoices of two debtors, of which the third, 61 days past due, is not bought; 100 minor
/// units are taken to be one major.
pub fn pool_in(currency: Currency) -> Pool {
    pool_of(currency, &[(0, 30, 100_000), (0, 45, 250_050), (1, -61, 40_000), (1, 10, 400_000)])
}

pub fn pool() -> Pool {
    pool_in(Currency::USD)
}

/// Nothing is collected before the day, and this share of it on it.
pub fn paid_on(day: usize, share: f64) -> CollectionCurve {
    let by = |at: usize| if at < day { 0.0 } else { share };
    CollectionCurve::new((0..=day).map(by).collect()).expect("a curve")
}

/// Of each invoice 99 % is expected 10 days after its due date, or after today where that has
/// passed; recourse is taken 90 days after the same day.
pub fn scored(pool: &Pool) -> Vec<Scored> {
    let of = |receivable: &Receivable| {
        let due = (receivable.due - pool.as_of).max(0).unsigned_abs();
        Scored {
            curve: paid_on(due as usize + 10, 0.99),
            recourse_day: due + 90,
            weights: CurveWeights { debtor: 0.5, client: 0.3, prior: 0.2 },
            reasons: Vec::new(),
        }
    };
    pool.receivables.iter().map(of).collect()
}

/// No debtor's history shows its dilution.
pub type NoHistory = fn(usize) -> Option<ExpectedDilution>;

/// A pool of which everything is bought, under a policy.
pub struct Case {
    pub policy: Policy,
    pub pool: Pool,
    pub bought: Vec<Money>,
    pub scored: Vec<Scored>,
}

impl Case {
    pub fn of(policy: Policy, pool: Pool) -> Self {
        let bought = pool.receivables.iter().map(|receivable| receivable.open).collect();
        let scored = scored(&pool);
        Self { policy, pool, bought, scored }
    }

    pub fn desk(&self) -> Desk<'_, NoHistory> {
        Desk {
            policy: &self.policy,
            purchase: as_of(),
            pool: &self.pool,
            bought: &self.bought,
            scored: &self.scored,
            dilution: Rate::default(),
            debtor_dilution: |_| None,
            loss: self.policy.loss_terms(None),
            requested: None,
            agreed: None,
            equal: &[],
        }
    }

    /// The largest advance and the fee plan as the policy lists them.
    pub fn terms(&self) -> Terms {
        let (desk, plan) = (self.desk(), self.policy.fee_plan().clone());
        desk.terms(self.policy.advance_cap(), plan, &desk.pool_lines()).expect("terms")
    }

    pub fn prices(&self) -> Vec<Option<LinePrice>> {
        self.desk().line_prices(&self.terms(), &self.bought).expect("prices")
    }
}

/// 1,000 issued since, of which 400 are paid, 50 credited and 10 written off.
pub fn rolled(currency: Currency) -> RollForward {
    let (mut opening, mut closing) = (Standing::default(), Standing::default());
    opening.add(20_000, 20_000, 0, 0);
    closing.merge(opening);
    closing.add(100_000, 54_000, 5_000, 1_000);
    RollForward::between(day("2026-05-31"), opening, closing, currency).expect("it fits")
}

pub fn note() -> ScoringNote {
    ScoringNote {
        model: "km".into(),
        model_sha256: None,
        basis: Basis::Blended,
        paid_invoices: 12,
        own_history_weight: 0.24,
        sentence: "The curves rest on 12 paid invoices.".to_owned(),
        loss_given_non_payment: None,
        unpaid_invoices_seen: None,
    }
}

/// An open invoice of the first debtor, with dates that are stated.
pub fn shown<'a>(number: &'a str, issue: &str, due: &str, minor: i64) -> ShownInvoice<'a> {
    ShownInvoice {
        place: 0,
        debtor: 0,
        number,
        currency: Currency::USD,
        issue: day_number(day(issue)),
        due: day_number(day(due)),
        issue_assumed: false,
        due_assumed: false,
        face: minor,
        open: minor,
        is_collected: false,
        credited: 0,
        credited_on: None,
    }
}

/// The ledger of this date with these invoices of three debtors, each in its place.
pub fn ledger_of<'a>(date: &str, invoices: &[ShownInvoice<'a>]) -> ShownLedger<'a> {
    let all = invoices.iter().enumerate();
    let debtor = |id: &'a str| ShownDebtor { id, name: id, spelled: id.to_owned() };
    ShownLedger {
        date: day(date),
        debtors: ["Alder", "Birch", "Cedar"].map(debtor).into(),
        invoices: all.map(|(place, invoice)| ShownInvoice { place, ..*invoice }).collect(),
    }
}

pub fn input(policy: &Policy, pool: Pool) -> PartInput<'_> {
    PartInput {
        client: "acme",
        policy,
        as_of: as_of(),
        scored: scored(&pool),
        sources: (0..pool.receivables.len()).map(|at| (0, at as u32 + 2)).collect(),
        jobs: Vec::new(),
        basis: Basis::Blended,
        scoring: note(),
        sales: TrailingSales::default(),
        debtor_dilution: None,
        loss: None,
        requested: None,
        agreed: None,
        facility: None,
        roll_forward: rolled(pool.currency),
        previous_ledger: None,
        changes: Vec::new(),
        notices: Vec::new(),
        judged: assess(&pool, policy),
        pool,
    }
}

pub fn part(policy: &Policy) -> OfferPart {
    input(policy, pool()).part().expect("a part")
}

pub fn offer(policy: &Policy, parts: Vec<OfferPart>) -> Offer {
    Offer {
        format: FORMAT.into(),
        as_of: as_of(),
        as_of_reason: "it was given".to_owned(),
        valid_until: day("2026-07-14"),
        parts,
        policy: PolicyDocument {
            name: policy.name().to_owned(),
            version: policy.version().to_owned(),
            sha256: "00".to_owned(),
            text: policy.text().to_owned(),
        },
    }
}

pub fn provenance() -> Provenance {
    Provenance {
        engine: "factorage",
        engine_version: "0",
        as_of: as_of(),
        ledger_date: day("2026-06-29"),
        dates_set_aside: Vec::new(),
        ledger_files: vec![LedgerFile {
            name: "ledger.csv".to_owned(),
            sha256: "00".to_owned(),
            bytes: 400,
            rows: 4,
        }],
        previous_files: Vec::new(),
        policy_sha256: "00".to_owned(),
        facility_sha256: None,
        confirmations: None,
        completes: None,
        selection_seed: None,
        future_dated: vec![LaterRows {
            currency: currency("JPY"),
            invoices: 1,
            face: Money::from_minor(1250, currency("JPY")),
        }],
        rejects: [("no_amount", 2), ("bad_date", 1)].into(),
    }
}

/// The document of an offer.
pub fn document(offer: &Offer) -> String {
    let envelope = Envelope::issued(Some("2026-06-30T09:00:00Z".to_owned()));
    let mut text = Vec::new();
    offer_json(&envelope, offer, &provenance(), &mut text).expect("JSON");
    String::from_utf8(text).expect("UTF-8")
}

pub fn signed(by: &str, at: &str, reason: Option<&str>) -> Signed {
    Signed { by: by.to_owned(), at: at.to_owned(), reason: reason.map(str::to_owned), key: None }
}

/// Asserts that a sentence came out of the catalogue with all its facts. A fact that is missing is
/// written as `{$its_name}`; a sentence that is missing is its name, which has no space.
#[track_caller]
pub fn is_whole(sentence: &str) {
    assert!(!sentence.contains(['{', '$']) && sentence.contains(' '), "{sentence}");
}

/// Writes a value, reads it in the currency of its amounts and writes it again.
pub fn read_back<T: serde::Serialize + serde::de::DeserializeOwned>(value: &T, money: Currency) {
    let written = serde_json::to_string(value).expect("JSON");
    let read: T = Money::reading_in(money, || serde_json::from_str(&written)).expect("it reads");
    assert_eq!(serde_json::to_string(&read).expect("JSON"), written);
}
