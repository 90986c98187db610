//! The plain layout: header in the first record, one row per invoice, ISO dates, decimal points. It
//! is read in one pass on all cores, and only its checked rows are held in memory.

use std::sync::Arc;

use sheet::{Input, Progress, Stream, open_stream};

use super::field::field_named;
use super::notation::{DateOrder, Decimal, canonical_amount, canonical_date, serial_day};
use super::{
    FileRead, IngestOptions, IntakeError, Reject, RejectCode, delimited, general, parquet,
};

/// Bytes above which files are not read a second time for the sake of a few rejects.
const SMALL: u64 = 64 << 20;

/// One row in this many counts as a few.
const FEW: u64 = 100;

/// The files, each with its name.
type Files = Vec<(Arc<str>, FileRead)>;

/// Reads the files if all of them are in the plain layout; otherwise returns `None`.
///
/// Rejected rows may use another notation, or may be titles and totals rather than documents: if
/// reading the files in the general way gives fewer rejects, that reading is used.
pub fn read(
    inputs: &[Input],
    options: &IngestOptions,
    progress: Progress<'_>,
) -> Result<Option<Files>, IntakeError> {
    let open = options.guidance.leaves_reading_open();
    if !open || !inputs.iter().all(is_plain) {
        return Ok(None);
    }
    let mut files = Vec::with_capacity(inputs.len());
    for (index, input) in inputs.iter().enumerate() {
        let name = Arc::clone(input.name());
        let index = u16::try_from(index).map_err(|_| IntakeError::TooManyFiles)?;
        let read = match open_stream(input)? {
            Stream::Delimited(input) => delimited::read(input, &name, index, options, progress),
            Stream::Parquet(input) => parquet::read(input, &name, index, options, progress),
        };
        match read {
            Ok(read) => files.push((name, read)),
            Err(error @ IntakeError::TooManyRejects { .. }) => {
                // Their rows would take memory while the files are read again.
                drop(files);
                return otherwise(inputs, options, error);
            }
            Err(error) => return Err(error),
        }
    }
    if !may_be_read_otherwise(&files) {
        return Ok(Some(files));
    }
    // Progress was told in the first reading, and the same bytes count once.
    match general::read(inputs, options, &|_| ()) {
        // A question about the notation helps more than rejects, if most rows are rejects.
        Ok(other) if rejects(&other).count() < rejects(&files).count() => Ok(Some(other)),
        Err(
            ambiguous @ (IntakeError::AmbiguousDates { .. } | IntakeError::AmbiguousDecimal { .. }),
        ) if 2 * rejects(&files).count() as u64 > rows(&files) => Err(ambiguous),
        _ => Ok(Some(files)),
    }
}

/// Reads files in the general way after the plain reading rejected too many rows. If that fails
/// too, the first error is returned, unless the second one asks how dates or amounts are written.
fn otherwise(
    inputs: &[Input],
    options: &IngestOptions,
    error: IntakeError,
) -> Result<Option<Files>, IntakeError> {
    match general::read(inputs, options, &|_| ()) {
        Ok(files) => Ok(Some(files)),
        Err(
            ambiguous @ (IntakeError::AmbiguousDates { .. } | IntakeError::AmbiguousDecimal { .. }),
        ) => Err(ambiguous),
        Err(_) => Err(error),
    }
}

fn is_plain(input: &Input) -> bool {
    match open_stream(input) {
        Ok(Stream::Delimited(text)) => delimited::is_plain(text, input.name()),
        Ok(Stream::Parquet(file)) => parquet::is_plain(file, input.name()),
        Err(_) => false,
    }
}

fn rejects(files: &Files) -> impl Iterator<Item = &Reject> {
    let shards = files.iter().flat_map(|(_, file)| &file.shards);
    shards.flat_map(|shard| &shard.batches).flat_map(|batch| &batch.rejects)
}

/// Rows that are not blank.
fn rows(files: &Files) -> u64 {
    let shards = files.iter().flat_map(|(_, file)| &file.shards);
    let batches = shards.flat_map(|shard| &shard.batches);
    batches.map(|batch| batch.counts.read - batch.counts.classes.blank).sum()
}

/// True if the files may not be plain after all: most of their rows use another notation, or some
/// may be titles, totals or repeated headers.
fn may_be_read_otherwise(files: &Files) -> bool {
    let bytes: u64 = files.iter().map(|(_, file)| file.bytes).sum();
    let (mut otherwise, mut no_document) = (0, 0);
    for reject in rejects(files) {
        let names_field = || field_named(&reject.value).is_some();
        match reject.code {
            // A header repeated on every page has column names where dates and amounts belong.
            RejectCode::BadDate | RejectCode::BadAmount if names_field() => no_document += 1,
            RejectCode::BadDate => otherwise += u64::from(is_date(&reject.value)),
            RejectCode::BadAmount | RejectCode::TooPrecise => {
                otherwise += u64::from(is_amount(&reject.value));
            }
            RejectCode::ColumnCount
            | RejectCode::MissingInvoiceNumber
            | RejectCode::MissingDebtor
            | RejectCode::MissingDate => no_document += 1,
            _ => {}
        }
    }
    let rows = rows(files);
    2 * otherwise > rows || no_document > 0 && (bytes <= SMALL || no_document * FEW > rows)
}

fn is_date(cell: &str) -> bool {
    let orders = [DateOrder::Dmy, DateOrder::Mdy];
    orders.iter().any(|&order| canonical_date(cell, order).is_ok()) || serial_day(cell).is_some()
}

fn is_amount(cell: &str) -> bool {
    [Decimal::Point, Decimal::Comma].iter().any(|&mark| canonical_amount(cell, mark).is_ok())
}
