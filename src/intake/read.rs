use std::sync::Arc;

use sheet::{Input, Progress, Source};

use super::error::IntakeError;
use super::file_read::FileRead;
use super::options::IngestOptions;
use super::{general, plain};

/// Reads files that together form one ledger, and returns each with its name: in the order given,
/// those of a folder or archive in order of their names.
///
/// # Errors
/// If a file cannot be opened, is not a ledger, lacks a required column, or has dates or amounts
/// that can be read in two ways. A bad row is a reject, not an error.
pub fn read(
    sources: &[Source],
    options: &IngestOptions,
    progress: Progress<'_>,
) -> Result<Vec<(Arc<str>, FileRead)>, IntakeError> {
    let inputs = sources.iter().map(Input::of).collect::<Result<Vec<_>, _>>()?;
    match plain::read(&inputs, options, progress)? {
        Some(files) => Ok(files),
        None => general::read(&inputs, options, progress),
    }
}
