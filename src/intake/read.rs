use std::sync::Arc;

use sheet::{Input, Progress, Source};

use super::error::IntakeError;
use super::file_read::FileRead;
use super::options::IngestOptions;
use super::{general, plain};

/// Reads files that together are one ledger; each with its name, in the order given, those of a
/// folder or archive in order of their names.
///
/// # Errors
/// [`IntakeError`] when a file cannot be a ledger; a bad row is a reject instead.
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
