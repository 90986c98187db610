use std::path::PathBuf;

use chrono::NaiveDate;

use ledger::{self, ConversionRates, Guidance, IngestOptions, LedgerError, Progress, Source};
use policy::Policy;

use super::ingested::Ingested;

/// What to read, and how.
#[derive(Debug, Clone)]
pub struct IngestRequest {
    /// The files that together are the ledger.
    pub ledgers: Vec<Source>,
    /// The as-of date; the one that the report states, else chosen from the ledger, when absent.
    pub as_of: Option<NaiveDate>,
    /// What is assumed where a row is silent.
    pub policy: Policy,
    /// Rates by which the balances of several currencies are added.
    pub rates: Option<PathBuf>,
    /// What the user says about how the files are to be read.
    pub guidance: Guidance,
}

impl IngestRequest {
    /// These ledgers under this policy; everything else as it is when nothing is said.
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

/// How a ledger is read: as the user says, and by the policy's assumptions where a row is silent.
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
/// [`LedgerError`] when the files are no ledger; a bad row is a reject in the result instead.
pub fn ingest(request: &IngestRequest, progress: Progress<'_>) -> Result<Ingested, LedgerError> {
    let options = ingest_options(&request.policy, &request.guidance);
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
