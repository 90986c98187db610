use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use thiserror::Error;

use basics::{Currency, Money, Rate, counted};
use ledger::{self, AsOf, AsOfReason, Guidance, Ledger, LedgerError, Progress, Source, warning};
use offer::{
    Completed, Envelope, FORMAT, Facility, LaterRows, LedgerFile, Offer, OfferPart, PolicyDocument,
    Provenance,
};
use policy::{ConfirmTerms, Policy};
use pricing::PricingError;
use scoring::TooFewPaid;
use words::say;

use super::answered::Told;
use super::choice::{ModelChoice, leans_on_pool};
use super::completing::{CompletingError, demand_ledgers, demand_terms};
use super::confirmations::{ByClient, ConfirmationFile, ConfirmationsError};
use super::context::{Context, Model};
use super::earlier::read_earlier;
use super::evaluation::Evaluation;
use super::ingest::ingest_options;
use super::part::client_parts;
use super::prepared::Prepared;
use super::previous::Previous;

/// A ledger to evaluate, and how.
#[derive(Debug, Clone)]
pub struct EvaluateRequest {
    /// The files that together are the ledger.
    pub ledgers: Vec<Source>,
    /// The as-of date; chosen from the ledger when absent.
    pub as_of: Option<NaiveDate>,
    /// The policy.
    pub policy: Policy,
    /// The largest advance rate that the client asks for; a lower one is priced to earn the same
    /// return.
    pub advance: Option<Rate>,
    /// The ledgers that the client sent before, each a file or a folder of files, for comparison;
    /// may be empty.
    pub previous: Vec<Source>,
    /// The file of what debtors answered when they were asked to confirm invoices.
    pub confirmations: Option<Source>,
    /// The offer that is completed: what it held and debtors have confirmed since is bought on its
    /// terms, under its policy and from its ledger.
    pub completes: Option<Completed>,
    /// Draws the invoices that are confirmed at random; a policy that draws some needs it.
    pub selection_seed: Option<u64>,
    /// The facility agreed with the client and the funds drawn, for the borrowing base.
    pub facility: Option<Facility>,
    /// The user's instructions for reading the files.
    pub guidance: Guidance,
    /// The model that scores the invoices.
    pub model: ModelChoice,
    /// The issue time for the envelope; no clock is read.
    pub issued_at: Option<String>,
}

impl EvaluateRequest {
    /// A request for these ledgers under this policy, with defaults for the rest.
    pub fn new<S: Into<Source>>(ledgers: impl IntoIterator<Item = S>, policy: Policy) -> Self {
        Self {
            ledgers: ledgers.into_iter().map(Into::into).collect(),
            as_of: None,
            policy,
            advance: None,
            previous: Vec::new(),
            confirmations: None,
            completes: None,
            selection_seed: None,
            facility: None,
            guidance: Guidance::default(),
            model: ModelChoice::Auto,
            issued_at: None,
        }
    }
}

/// An error of an evaluation.
#[derive(Debug, Error)]
pub enum EvaluateError {
    /// The ledger cannot be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// An amount or rate cannot be computed.
    #[error("{}{source}", named(client))]
    Pricing {
        /// The client.
        client: String,
        /// The amount or rate that could not be computed.
        source: PricingError,
    },
    /// The file of confirmations cannot be used.
    #[error(transparent)]
    Confirmations(#[from] ConfirmationsError),
    /// It does not complete the offer that was named.
    #[error(transparent)]
    Completing(#[from] CompletingError),
    /// The policy draws invoices at random, and no seed was given.
    #[error(
        "the policy draws invoices at random for confirmation; give a number with \
         --selection-seed, so that anybody can repeat the draw"
    )]
    NoSeed,
    /// The model asked for cannot be trained.
    #[error(transparent)]
    Model(#[from] TooFewPaid),
    /// The files contain payments or customers, but no invoices.
    #[error("the files contain no invoices to evaluate, only {0}")]
    NoInvoice(String),
    /// The ledger lists payables, not receivables.
    #[error("{0}; payables cannot be bought")]
    Payables(String),
    /// The previous ledger is a later one.
    #[error(
        "the previous ledger runs to {previous}, which is after the as-of date, {as_of}: pass the ledger that the client sent before this one, or a later as-of date"
    )]
    PreviousLater {
        /// The previous ledger's own date.
        previous: NaiveDate,
        /// The as-of date.
        as_of: NaiveDate,
    },
    /// No invoice was issued by the as-of date.
    #[error(
        "no invoice was issued by {as_of}; the ledger's invoices and settlements date from {first} to {last}"
    )]
    NothingIssued {
        /// The as-of date.
        as_of: NaiveDate,
        /// The first issue date.
        first: NaiveDate,
        /// The ledger's own date.
        last: NaiveDate,
    },
}

fn named(client: &str) -> String {
    if client.is_empty() { String::new() } else { format!("client '{client}': ") }
}

/// Reads a ledger, scores it, applies the policy and prices the invoices bought. The result is
/// byte-identical for any number of threads and any order of rows, except for the provenance.
///
/// # Errors
/// If a ledger cannot be read, if this one lists payables, contains no invoices or none issued by
/// the as-of date, if the previous one is dated after that, if the file of confirmations has a
/// fault, if it differs from the offer that it is to complete, if the policy draws invoices and
/// there is no seed, if the model cannot be trained, or if
/// an amount is out of range. A bad row is a reject in the result instead.
pub fn evaluate(
    request: &EvaluateRequest,
    progress: Progress<'_>,
) -> Result<Evaluation, EvaluateError> {
    let policy = &request.policy;
    let options = ingest_options(policy, &request.guidance);
    let completed = request.completes.as_ref();
    let terms = |of| demand_terms(of, policy, request.advance, request.selection_seed);
    completed.map_or(Ok(()), terms)?;
    let seed = selection_seed(request)?;
    let answers = answers(request)?;
    let ledger = ledger::read(&request.ledgers, &options, progress)?;
    demand_receivables(&ledger)?;
    let as_of = ledger.as_of(request.as_of)?;
    // Under the same options, so that another way of reading cannot look like a change.
    let before = read_earlier(&request.previous, &options)?;
    completed.map_or(Ok(()), |completed| demand_ledgers(completed, &ledger, &before, &as_of))?;
    let beside = Beside {
        previous: before.iter().map(Previous::of).collect::<Result<_, _>>()?,
        by_client: answers.as_ref().map(|file| file.by_client(&ledger)).transpose()?,
        answers,
        seed,
    };
    refuse_later(&beside.previous, as_of.date)?;
    // Both walk the whole ledger, and neither needs the other.
    let (judged, warnings) =
        rayon::join(|| all_parts(&ledger, &as_of, request, &beside), || ledger.warnings(&as_of));
    let (Judged { parts, later, told }, mut warnings) = (judged?, warnings?);
    let notes = beside.answers.as_ref().map(|file| told.notes(file, policy.confirm(), as_of.day()));
    warnings.extend(notes.unwrap_or_default());
    let policy_sha256 = sha256(policy.text().as_bytes());
    let provenance = Provenance {
        facility_sha256: request.facility.as_ref().map(|facility| facility.sha256.clone()),
        previous_files: before.iter().flat_map(files).collect(),
        confirmations: beside.answers.as_ref().map(ConfirmationFile::provenance),
        completes: completed.map(|completed| completed.offer_id.clone()),
        selection_seed: seed,
        ..provenance(&ledger, &as_of, &policy_sha256, later)
    };
    let valid_days = Days::new(u64::from(policy.valid_days()));
    let offer = Offer {
        format: FORMAT.into(),
        as_of: as_of.date,
        as_of_reason: reason(as_of.reason),
        valid_until: as_of.date.checked_add_days(valid_days).unwrap_or(NaiveDate::MAX),
        parts,
        policy: PolicyDocument {
            name: policy.name().to_owned(),
            version: policy.version().to_owned(),
            sha256: policy_sha256,
            text: policy.text().to_owned(),
        },
    };
    let envelope = Envelope::issued(request.issued_at.clone());
    let Ledger { rejects, certificate, .. } = ledger;
    Ok(Evaluation { envelope, offer, provenance, rejects, certificate, warnings })
}

/// Returns the seed that draws invoices; none if the policy draws none.
fn selection_seed(request: &EvaluateRequest) -> Result<Option<u64>, EvaluateError> {
    let of_completed = request.completes.as_ref().and_then(|completed| completed.selection_seed);
    let seed = request.selection_seed.or(of_completed);
    match (request.policy.confirm().is_some_and(ConfirmTerms::draws), seed) {
        (true, None) => Err(EvaluateError::NoSeed),
        (draws, seed) => Ok(seed.filter(|_| draws)),
    }
}

/// Reads the file of confirmations, if there is one.
fn answers(request: &EvaluateRequest) -> Result<Option<ConfirmationFile>, EvaluateError> {
    let Some(source) = &request.confirmations else { return Ok(None) };
    if request.policy.confirm().is_none() {
        return Err(ConfirmationsError::NoTerms(source.name()).into());
    }
    Ok(Some(ConfirmationFile::read(source)?))
}

/// Refuses payables, and files that only accompany a ledger.
fn demand_receivables(ledger: &Ledger) -> Result<(), EvaluateError> {
    let warnings = &ledger.certificate.warnings;
    if let Some(note) = warnings.iter().find(|note| note.code == warning::PAYABLES) {
        return Err(EvaluateError::Payables(note.message.clone()));
    }
    if ledger.invoices.height() > 0 {
        return Ok(());
    }
    let rows = &ledger.certificate.rows;
    let settlements = rows.classified.payment + rows.classified.credit_note;
    Err(EvaluateError::NoInvoice(format!(
        "{} and {}",
        counted(settlements, "payment or credit", "payments and credits"),
        counted(rows.classified.customer, "customer", "customers")
    )))
}

/// Refuses a previous ledger that shows more than was known at the as-of date. One of the same day
/// is a ledger that was sent twice.
fn refuse_later(previous: &[Previous<'_>], as_of: NaiveDate) -> Result<(), EvaluateError> {
    match previous.last().map(Previous::date) {
        Some(previous) if previous > as_of => Err(EvaluateError::PreviousLater { previous, as_of }),
        _ => Ok(()),
    }
}

/// Returns the code `given`, or the sentence that says where the as-of date comes from.
fn reason(reason: AsOfReason) -> String {
    let sentence = match reason {
        AsOfReason::Given => return "given".to_owned(),
        AsOfReason::Stated => "as_of_date.stated",
        AsOfReason::LatestAssumed => "as_of_date.latest_assumed",
        AsOfReason::LatestInLedger => "as_of_date.latest_in_ledger",
    };
    say(sentence)
}

/// Invoices issued later, by currency: count and sum of faces.
type Later = BTreeMap<Currency, (usize, i128)>;

/// The inputs beside the ledger, as they were read.
struct Beside<'a> {
    previous: Vec<Previous<'a>>,
    answers: Option<ConfirmationFile>,
    by_client: Option<ByClient>,
    seed: Option<u64>,
}

/// The parts of an offer, and the rows that they do not show.
struct Judged {
    parts: Vec<OfferPart>,
    later: Later,
    /// The answers of which there is something to tell.
    told: Told,
}

fn all_parts(
    ledger: &Ledger,
    as_of: &AsOf,
    request: &EvaluateRequest,
    beside: &Beside<'_>,
) -> Result<Judged, EvaluateError> {
    let policy = &request.policy;
    let columns = ledger.columns()?;
    let context = Context {
        ledger,
        columns: &columns,
        as_of,
        policy,
        facility: request.facility.as_ref(),
        requested: request.advance,
        completed: request.completes.as_ref(),
        confirmations: beside.by_client.as_ref(),
        selection_seed: beside.seed,
        previous: &beside.previous,
        model: None,
    };
    let clients: Vec<Prepared> = (0..ledger.clients.len())
        .into_par_iter()
        .map(|client| Prepared::of(&context, client))
        .collect();
    // By those issued by then: a later row must not decide which model scores.
    let trained = if request.model.trains(columns.issued_by(as_of.day())) {
        let histories: Vec<_> = clients.par_iter().map(|own| own.history(&context)).collect();
        request.model.trained(&histories, policy.prior())?
    } else {
        None
    };
    let model = match (&request.model, &trained) {
        (ModelChoice::File(loaded), _) => {
            Some(Model { hazard: &loaded.file.model, file: Some(&loaded.sha256), leans: true })
        }
        (choice, Some(hazard)) => {
            Some(Model { hazard, file: None, leans: leans_on_pool(hazard, choice) })
        }
        _ => None,
    };
    judged(&Context { model, ..context }, clients)
}

/// Scores and judges the clients of a ledger.
fn judged(context: &Context<'_>, clients: Vec<Prepared>) -> Result<Judged, EvaluateError> {
    let Context { ledger, as_of, .. } = *context;
    let clients: Vec<_> = clients
        .into_par_iter()
        .map(|mut own| {
            let (client, issued) = (own.client, own.position.invoices.len());
            let issued_later = std::mem::take(&mut own.position.issued_later);
            let told = std::mem::take(&mut own.told);
            let parts = client_parts(context, own).map_err(|source| EvaluateError::Pricing {
                client: ledger.clients[client].id.clone(),
                source,
            });
            (parts, issued_later, issued, told)
        })
        .collect();
    // Only the positions tell which invoices were issued by then.
    let issued: usize = clients.iter().map(|(_, _, issued, _)| issued).sum();
    if issued == 0 {
        let first = ledger.first_issue_date()?;
        return Err(EvaluateError::NothingIssued {
            as_of: as_of.date,
            first,
            last: as_of.ledger_date,
        });
    }
    let (mut all, mut later, mut told) = (Vec::new(), Later::new(), Told::default());
    // In the order of the clients, so that of several errors always the same one is told.
    for (parts, issued_later, _, of_client) in clients {
        all.extend(parts?);
        told.extend(of_client);
        for (currency, face) in issued_later {
            let (count, sum) = later.entry(currency).or_default();
            *count += 1;
            *sum += i128::from(face);
        }
    }
    Ok(Judged { parts: all, later, told })
}

fn provenance(ledger: &Ledger, as_of: &AsOf, policy_sha256: &str, later: Later) -> Provenance {
    let mut rejects = BTreeMap::new();
    for reject in &ledger.rejects {
        *rejects.entry(reject.code.as_str()).or_default() += 1;
    }
    let later = later.into_iter().map(|(currency, (invoices, sum))| {
        // Part of the certificate's total of all faces, which fits.
        let minor = i64::try_from(sum).unwrap_or(i64::MAX);
        LaterRows { currency, invoices, face: Money::from_minor(minor, currency) }
    });
    Provenance {
        engine: ENGINE,
        engine_version: env!("CARGO_PKG_VERSION"),
        as_of: as_of.date,
        ledger_date: as_of.ledger_date,
        dates_set_aside: as_of.set_aside.clone(),
        ledger_files: files(ledger),
        policy_sha256: policy_sha256.to_owned(),
        facility_sha256: None,
        previous_files: Vec::new(),
        confirmations: None,
        completes: None,
        selection_seed: None,
        future_dated: later.collect(),
        rejects,
    }
}

fn files(ledger: &Ledger) -> Vec<LedgerFile> {
    let file = |file: &ledger::FileFooting| LedgerFile {
        name: file.name.clone(),
        sha256: file.sha256.clone(),
        bytes: file.bytes,
        rows: file.rows,
    };
    ledger.certificate.files.iter().map(file).collect()
}

/// The name of the engine in every offer, whatever this crate is called.
const ENGINE: &str = "factorage";

fn sha256(bytes: &[u8]) -> String {
    basics::hex(&Sha256::digest(bytes))
}
