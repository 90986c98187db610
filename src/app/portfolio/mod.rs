//! The risk report of a whole portfolio: each client's ledger is read, judged and released in turn,
//! so that memory holds the books and not the ledgers.

mod book;
mod client_entry;
mod found;
mod identity;
mod judged;
mod manifest;
mod manifest_error;
mod origin;
mod reading;
mod result;
mod split;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Deserialize;
use thiserror::Error;

use basics::{Currency, MoneyError, OutOfRange, counted, grouped, refusal};
use ledger::{
    self, ConversionRates, DebtorFile, FootingCertificate, Guidance, Ledger, LedgerError,
};
use offer::Facility;
use policy::Policy;
use portfolio::{Buckets, ClientBook, Scenario};
use pricing::PricingError;

use super::context::Context;
use super::ingest::ingest_options;
use client_entry::ClientEntry;
use identity::Identities;
use manifest::Manifest;
use reading::Reading;
pub use result::{Failure, PortfolioReport};

pub use manifest_error::ManifestError;

/// The most debtors listed in each currency.
const MOST_LISTED: usize = 50;

/// A portfolio to report on.
#[derive(Debug, Clone)]
pub struct ReportRequest {
    /// A folder with or without `portfolio.toml`, a `portfolio.toml`, or one file of several
    /// clients.
    pub portfolio: PathBuf,
    /// The as-of date; when absent, the manifest's, else the latest date of any ledger.
    pub as_of: Option<NaiveDate>,
    /// A file of scenarios to run in addition to the standard ones.
    pub scenarios: Option<PathBuf>,
    /// An earlier day whose key figures are shown for comparison.
    pub compare: Option<NaiveDate>,
    /// The policy; when absent, the manifest's, else the usual one.
    pub policy: Option<Policy>,
    /// The policy if neither the request nor the manifest names one; when absent, the standard one.
    pub usual_policy: Option<Policy>,
}

/// An error of a portfolio report.
#[derive(Debug, Error)]
pub enum PortfolioError {
    /// The portfolio or its manifest cannot be read.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// A file of the portfolio other than a ledger is not valid.
    #[error("{file}: {message}")]
    File {
        /// The file.
        file: String,
        /// The fault.
        message: String,
    },
    /// The day to compare with is after the as-of date.
    #[error(
        "the day to compare with, {compare}, is after the as-of date, {as_of}; choose an earlier day"
    )]
    CompareAfter {
        /// The day to compare with.
        compare: NaiveDate,
        /// The as-of date.
        as_of: NaiveDate,
    },
    /// The rates cannot be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// No client's ledger could be read.
    #[error("no ledger could be read; the first error: {0}")]
    Nothing(String),
    /// A sum does not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A figure of the report lies outside its range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// A file cannot be read or written.
    #[error("{file}: {}", refusal(source))]
    Io {
        /// The file.
        file: String,
        /// The system's error.
        source: std::io::Error,
    },
}

/// One ledger to read: a client's, or part of a file of several clients.
struct Source {
    name: String,
    /// The client, if the portfolio names it.
    client: Option<String>,
    sector: String,
    files: Vec<ledger::Source>,
    currency: Option<Currency>,
    policy: Arc<Policy>,
    facility: Option<Facility>,
    debtors: Option<PathBuf>,
}

/// Reads every ledger of a portfolio and reports on those that could be read. Calls `progress` with
/// the number of bytes read since the last call and the total.
///
/// # Errors
/// If the manifest, the policy, the rates or another file of the portfolio is not valid, the day to
/// compare with is after the as-of date, or no ledger can be read. A single ledger that cannot be
/// read is a failure in the report instead.
pub fn report(
    request: &ReportRequest,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<PortfolioReport, PortfolioError> {
    let reading = Reading::new(progress);
    let mut report = report_alone(request, &reading)?;
    if let Some(day) = request.compare {
        let other = ReportRequest { as_of: Some(day), compare: None, ..request.clone() };
        report.compared = Some((day, report_alone(&other, &reading)?.key_figures));
    }
    Ok(report)
}

fn report_alone(
    request: &ReportRequest,
    reading: &Reading<'_>,
) -> Result<PortfolioReport, PortfolioError> {
    let (manifest, folder) = Manifest::of(&request.portfolio)?;
    let policy = policy(request, &manifest, &folder)?;
    let by_id = manifest.same_id_is_same_debtor.unwrap_or(true);
    let list = manifest.debtors.as_ref().map_or(String::new(), |file| file.display().to_string());
    let identities = Identities::new(manifest.debtor_list(&folder)?, by_id)
        .map_err(|error| fault(&list, &error))?;
    let buckets = buckets(&manifest)?;
    let parts = parts(request, &manifest)?;
    let sources = match &parts {
        Some(parts) => parts.files.iter().map(|f| whole(f, &request.portfolio, &policy)).collect(),
        None if manifest.client.is_empty() => {
            vec![whole(&request.portfolio, &request.portfolio, &policy)]
        }
        None => sources(&manifest, &folder, &policy)?,
    };
    let stated = request.as_of.or(manifest.as_of);
    // Ledgers are read again for the latest date, and for the day to compare with.
    let passes = 1 + u64::from(stated.is_none()) + u64::from(request.compare.is_some());
    reading.start(sources.iter().flat_map(|source| &source.files), passes);
    let as_of = match stated {
        Some(as_of) => as_of,
        None => latest_date(&sources, reading)?,
    };
    if let Some(compare) = request.compare.filter(|&day| day > as_of) {
        return Err(PortfolioError::CompareAfter { compare, as_of });
    }
    let read: Vec<Result<_, String>> = sources
        .par_iter()
        .map(|source| {
            // A failure becomes a sentence of the report; the other clients go on.
            let ledger = source.read(reading).map_err(|error| error.to_string())?;
            let kept_out = kept_out(&source.name, &ledger.certificate);
            Ok((books(source, ledger, as_of, &identities, &buckets)?, kept_out))
        })
        .collect();
    let (mut all, mut failures, mut kept_out) = (Vec::new(), Vec::new(), Vec::new());
    for (source, read) in sources.iter().zip(read) {
        match read {
            Ok((books, rejects)) => {
                all.extend(books);
                kept_out.extend(rejects);
            }
            Err(reason) => failures.push(Failure { client: source.name.clone(), reason }),
        }
    }
    if let (true, Some(first)) = (all.is_empty(), failures.first()) {
        return Err(PortfolioError::Nothing(format!("{}: {}", first.client, first.reason)));
    }
    // A file of several clients and files of one each give the same order.
    all.sort_by(|a, b| (&a.client, a.currency).cmp(&(&b.client, b.currency)));
    let rates = manifest.rates.as_ref().map(|file| ConversionRates::read(&folder.join(file)));
    let mut warnings = kept_out;
    warnings.extend(self::warnings(&all, &identities));
    if !manifest.skipped.is_empty() {
        let skipped = found::words(&manifest.skipped);
        warnings.push(format!("Skipped because they are not ledgers: {skipped}."));
    }
    let match_rule = identities.words();
    let read = Read { as_of, failures, match_rule, warnings, rates: rates.transpose()? };
    let scenarios: Scenarios = request
        .scenarios
        .as_ref()
        .map_or(Ok(Scenarios::default()), |file| manifest::parsed(file, |_| Vec::new()))?;
    read.judged(all, &buckets, &policy, &scenarios.scenario)
}

/// Splits a single large file of several clients by client.
fn parts(
    request: &ReportRequest,
    manifest: &Manifest,
) -> Result<Option<split::Parts>, PortfolioError> {
    if !manifest.client.is_empty() {
        return Ok(None);
    }
    let io = |source| PortfolioError::Io { file: request.portfolio.display().to_string(), source };
    split::split(&request.portfolio).map_err(io)
}

/// A file of scenarios.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Scenarios {
    #[serde(default)]
    scenario: Vec<Scenario>,
}

/// Everything that was read except the books.
struct Read {
    as_of: NaiveDate,
    failures: Vec<Failure>,
    match_rule: &'static str,
    warnings: Vec<String>,
    rates: Option<ConversionRates>,
}

/// A ledger is stale if its last date is more than this many days before the as-of date.
const STALE_DAYS: i32 = 31;

/// A warning about the rejected rows of a ledger, which are left out of all figures.
fn kept_out(ledger: &str, certificate: &FootingCertificate) -> Option<String> {
    let rows = &certificate.rows;
    (rows.rejects > 0).then(|| {
        let kept_out = counted(rows.rejects, "row", "rows");
        format!(
            "{ledger}: {kept_out} of {} could not be read and {} left out of all figures; run factorage ingest to list them.",
            grouped(&rows.read.to_string()),
            if rows.rejects == 1 { "is" } else { "are" }
        )
    })
}

/// The warnings about the books and the list of debtors.
fn warnings(books: &[ClientBook], identities: &Identities) -> Vec<String> {
    let mut all = Vec::new();
    let named = |of: &dyn Fn(&&ClientBook) -> bool| -> String {
        let names: BTreeSet<&str> =
            books.iter().filter(of).map(|book| book.client.as_str()).collect();
        names.into_iter().collect::<Vec<_>>().join(", ")
    };
    let stale = named(&|book| book.day() - book.last_known > STALE_DAYS);
    if !stale.is_empty() {
        all.push(format!(
            "The ledger ends more than {STALE_DAYS} days before the as-of date: {stale}."
        ));
    }
    let past = named(&|book| book.exposure.is_drawn && book.last_known > book.day());
    if !past.is_empty() {
        all.push(format!(
            "The as-of date is before the last date of the ledger, but the funds in use come from the \
             facility file, whatever its date: {past}."
        ));
    }
    let known: BTreeSet<(&str, &str)> = books
        .iter()
        .flat_map(|book| book.debtors.iter().map(|d| (book.client.as_str(), d.id.as_str())))
        .collect();
    let unknown = identities.unknown(&known);
    if !unknown.is_empty() {
        all.push(format!(
            "The list of debtors names accounts that are in no ledger: {}.",
            unknown.join(", ")
        ));
    }
    all
}

fn policy(
    request: &ReportRequest,
    manifest: &Manifest,
    folder: &Path,
) -> Result<Arc<Policy>, PortfolioError> {
    if let Some(policy) = &request.policy {
        return Ok(Arc::new(policy.clone()));
    }
    let file = manifest.policy.as_ref().map(|file| folder.join(file));
    let policy = match (file, &request.usual_policy) {
        (Some(file), _) => parsed(&file)?,
        (None, Some(usual)) => usual.clone(),
        (None, None) => Policy::standard().map_err(|error| fault("policy", &error))?,
    };
    Ok(Arc::new(policy))
}

fn fault(file: &str, error: &dyn std::fmt::Display) -> PortfolioError {
    PortfolioError::File { file: file.to_owned(), message: error.to_string() }
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(file: &Path) -> Result<T, PortfolioError> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file).map_err(|error| fault(&name, &refusal(&error)))?;
    text.parse().map_err(|error| fault(&name, &error))
}

fn buckets(manifest: &Manifest) -> Result<Buckets, PortfolioError> {
    let Some(days) = manifest.ageing_days.clone() else { return Ok(Buckets::default()) };
    let shown = format!("{days:?}");
    Buckets::new(days).ok_or_else(|| {
        OutOfRange::new("ageing_days", shown, "ascending days above 0, such as [30, 60, 90]").into()
    })
}

fn whole(file: &Path, named: &Path, policy: &Arc<Policy>) -> Source {
    Source {
        name: named.display().to_string(),
        client: None,
        sector: String::new(),
        files: vec![file.into()],
        currency: None,
        policy: Arc::clone(policy),
        facility: None,
        debtors: None,
    }
}

fn sources(
    manifest: &Manifest,
    folder: &Path,
    policy: &Arc<Policy>,
) -> Result<Vec<Source>, PortfolioError> {
    // Many clients may name one policy file; it is read once.
    let mut policies: BTreeMap<PathBuf, Arc<Policy>> = BTreeMap::new();
    let mut source = |entry: &ClientEntry| {
        let policy = match &entry.policy {
            None => Arc::clone(policy),
            Some(file) => {
                let file = folder.join(file);
                if !policies.contains_key(&file) {
                    policies.insert(file.clone(), Arc::new(parsed(&file)?));
                }
                Arc::clone(&policies[&file])
            }
        };
        let facility = entry.facility.as_ref().map(|file| parsed(&folder.join(file)));
        Ok(Source {
            name: entry.id.clone(),
            client: Some(entry.id.clone()),
            sector: entry.sector.clone().unwrap_or_default(),
            files: entry.ledger.below(folder).into_iter().map(Into::into).collect(),
            currency: entry.currency,
            policy,
            facility: facility.transpose()?,
            debtors: entry.debtors.as_ref().map(|file| folder.join(file)),
        })
    };
    manifest.client.iter().map(&mut source).collect()
}

/// Returns the latest date of the ledgers that can be read.
fn latest_date(sources: &[Source], reading: &Reading<'_>) -> Result<NaiveDate, PortfolioError> {
    let of = |source: &Source| Ok(source.read(reading)?.as_of(None)?.date);
    let dates: Vec<Result<NaiveDate, LedgerError>> = sources.par_iter().map(of).collect();
    let latest = dates.iter().flatten().max().copied();
    let first = dates.into_iter().find_map(Result::err);
    let reason = || first.map_or_else(String::new, |error| error.to_string());
    latest.ok_or_else(|| PortfolioError::Nothing(reason()))
}

impl Source {
    fn read(&self, reading: &Reading<'_>) -> Result<Ledger, LedgerError> {
        let guidance = Guidance {
            currency: self.currency,
            client: self.client.clone(),
            // One register may serve all clients: a name that this ledger lacks is no slip.
            debtors: self.debtors.clone().map(DebtorFile::Register),
            ..Guidance::default()
        };
        ledger::read(&self.files, &ingest_options(&self.policy, &guidance), &|bytes| {
            reading.inc(bytes);
        })
    }
}

/// The name of a file without its folder and extension.
fn stem(name: &str) -> String {
    let stem = Path::new(name).file_stem();
    stem.map_or_else(|| name.to_owned(), |stem| stem.to_string_lossy().into_owned())
}

/// The books of a ledger, or the reason in words why there are none.
fn books(
    source: &Source,
    mut ledger: Ledger,
    as_of: NaiveDate,
    identities: &Identities,
    buckets: &Buckets,
) -> Result<Vec<ClientBook>, String> {
    // The name in the manifest wins over a column of one client's file; a file without client names
    // gives its own name.
    let unnamed = source.client.as_ref().filter(|_| ledger.clients.len() == 1);
    for client in &mut ledger.clients {
        match unnamed {
            Some(name) => client.id.clone_from(name),
            None if client.id.trim().is_empty() => client.id = stem(&source.name),
            None => {}
        }
    }
    let as_of = ledger.as_of(Some(as_of)).map_err(|error| error.to_string())?;
    let columns = ledger.columns().map_err(|error| error.to_string())?;
    let policy = source.policy.without_holds();
    let context = Context {
        ledger: &ledger,
        columns: &columns,
        as_of: &as_of,
        policy: &policy,
        facility: source.facility.as_ref(),
        requested: None,
        completed: None,
        confirmations: None,
        selection_seed: None,
        previous: &[],
        model: None,
    };
    let clients: Result<Vec<Vec<ClientBook>>, PricingError> = (0..ledger.clients.len())
        .into_par_iter()
        .map(|client| book::client_books(&context, client, identities, buckets))
        .collect();
    let mut books: Vec<ClientBook> =
        clients.map_err(|error| error.to_string())?.into_iter().flatten().collect();
    books.iter_mut().for_each(|book| book.sector.clone_from(&source.sector));
    if books.is_empty() {
        return Err(format!("no invoice was issued by {}", as_of.date));
    }
    Ok(books)
}
