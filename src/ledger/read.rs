use intake::{DebtorMaster, IngestOptions};
use sheet::{Progress, Source};

use super::assemble::assemble;
use super::error::LedgerError;
use super::ledger::Ledger;

/// Reads files that together form one ledger.
///
/// # Errors
/// If a file cannot be read as part of a ledger, if the debtor file has a fault, or if no usable
/// invoice is left. A bad row is a reject, not an error.
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
