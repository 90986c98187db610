use intake::{DebtorMaster, IngestOptions};
use sheet::{Progress, Source};

use super::assemble::assemble;
use super::error::LedgerError;
use super::ledger::Ledger;

/// Reads files that together are one ledger.
///
/// # Errors
/// [`LedgerError`] when a file cannot be a ledger or nothing usable is left; a bad row is a reject
/// instead.
pub fn read(
    sources: &[Source],
    options: &IngestOptions,
    progress: Progress<'_>,
) -> Result<Ledger, LedgerError> {
    let master = match &options.guidance.debtors {
        Some(file) => DebtorMaster::read(file)?,
        None => DebtorMaster::default(),
    };
    let files = intake::read(sources, options, progress)?;
    assemble(files, options, &master)
}
