use std::path::PathBuf;

use chrono::NaiveDate;

use ledger::{self, ConversionRates, Guidance, IngestOptions, LedgerError, Progress, Source};
use policy::Policy;

use super::ingested::Ingested;

/// A ledger to read, and how.
#[derive(Debug, Clone)]
pub struct IngestRequest {
    /// The files that together are the ledger.
    pub ledgers: Vec<Source>,
    /// The as-of date; when absent, the one that the files state, else one chosen from the ledger.
    pub as_of: Option<NaiveDate>,
    /// The policy, for its assumptions about missing values.
    pub policy: Policy,
    /// A file of rates for adding up balances in several currencies.
    pub rates: Option<PathBuf>,
    /// The user's instructions for reading the files.
    pub guidance: Guidance,
}

impl IngestRequest {
    /// A request for these ledgers under this policy, with defaults for the rest.
    pub fn new<S: Into<Source>>(ledgers: impl IntoIterator<Item = S>, policy: Policy) -> Self {
        Self {
            ledgers: ledgers.into_iter().map(Into::into).collect(),
            as_of: None,
            policy,
            rates: None,
            guidance: Guidance::default(),
        }
    }
}

/// The options for reading a ledger: the user's instructions, then the policy's assumptions.
pub(super) fn ingest_options(policy: &Policy, guidance: &Guidance) -> IngestOptions {
    IngestOptions {
        currency: guidance.currency.unwrap_or_else(|| policy.assumed_currency()),
        assumed_terms_days: policy.assumed_terms_days(),
        client: guidance.client.clone().unwrap_or_default(),
        guidance: guidance.clone(),
    }
}

/// Reads a ledger and proves that it foots.
///
/// # Errors
/// If a file cannot be read or is not a ledger, or a rate is missing. A bad row is a reject in the
/// result instead.
pub fn ingest(request: &IngestRequest, progress: Progress<'_>) -> Result<Ingested, LedgerError> {
    let options = ingest_options(&request.policy, &request.guidance);
    // Before the ledger: a slip in a short file is told without reading a long one.
    let rates = request.rates.as_deref().map(ConversionRates::read).transpose()?;
    let ledger = ledger::read(&request.ledgers, &options, progress)?;
    let as_of = ledger.as_of(request.as_of)?;
    let warnings = ledger.warnings(&as_of)?;
    let standing = ledger.standing()?;
    let converted = rates
        .map(|rates| rates.convert(&standing.open_balance, &standing.net_balance, as_of.date))
        .transpose()?;
    Ok(Ingested { ledger, as_of, warnings, standing, converted })
}
