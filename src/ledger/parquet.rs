//! Parquet: the same cells as text, whatever type each column has.

use std::borrow::Cow;
use std::io::{Cursor, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use polars::prelude::{
    ArrowDataType, ChunkApply, Column, DataFrame, DataType, IntoColumn, ParquetReader, PolarsError,
    PolarsResult, SerReader, StringChunked, TimeUnit,
};
use sha2::{Digest, Sha256};

use super::batch::{Batch, RowReader};
use super::field::{Columns, Field};
use super::reject::check_count;
use super::row::Cells;
use super::sheet::{CellKind, Sheet};
use super::source::Seekable;
use super::unit::{self, Numbers, has_decimals};
use super::{FileRead, IngestOptions, LedgerError, Progress, Shard, own_output};

const ROWS_PER_BATCH: usize = 1 << 16;

/// Reads one Parquet file. Dates, timestamps, decimals, 32 and 64 bit numbers and booleans are
/// taken by their text form, so that every check and every reject is that of a text file; the line
/// of a reject is the row number.
pub(super) fn read(
    mut input: Seekable,
    file: &Arc<str>,
    file_index: u16,
    options: &IngestOptions,
    progress: Progress<'_>,
) -> Result<FileRead, LedgerError> {
    let (bytes, sha256) = digest(&mut input, file)?;
    let frame_error = |source| LedgerError::Frame { file: file.to_string(), source };
    let (frame, columns, header) = decode(file, input)?;
    progress(bytes);
    let texts = texts(&frame, &columns, &header).map_err(frame_error)?;
    let numbers = |at: usize| {
        let field = Field::all().find(|&field| columns.position(field) == Some(at));
        let text = field.and_then(|field| texts[field as usize].as_ref());
        let column = header.get(at).and_then(|name| frame.column(name).ok());
        column.zip(text).map_or(Numbers::Unsaid, |(column, text)| numbers(column.dtype(), text))
    };
    let unit = unit::judged(file, &columns, numbers)?;
    let mut reader = RowReader::new(Arc::clone(file), file_index, &columns, options);
    let mut batches = Vec::new();
    for first in (0..frame.height()).step_by(ROWS_PER_BATCH) {
        let last = frame.height().min(first + ROWS_PER_BATCH);
        let mut batch = Batch::with_capacity(last - first);
        for row in first..last {
            batch.counts.read += 1;
            let cells = FrameCells { texts: &texts, columns: &columns, row };
            if texts.iter().flatten().all(|column| cells.text(column).is_empty()) {
                batch.counts.classes.blank += 1;
            } else {
                reader.take(&cells, row as u64 + 1, &mut batch);
            }
        }
        batches.push(batch);
        check_count(file, batches.iter().flat_map(|batch: &Batch| &batch.rejects))?;
    }
    let shards = vec![Shard { debtors: reader.debtors.into_debtors(), batches }];
    let mut read = FileRead::plain(shards, bytes, sha256, &columns);
    read.notes.readings.extend(unit);
    Ok(read)
}

/// Whether the columns are those of the plain layout.
pub(super) fn is_plain(input: Seekable, file: &str) -> bool {
    let columns = guarded(file, || {
        let schema =
            ParquetReader::new(input).schema().map_err(|error| undecodable(file, &error))?;
        let header: Vec<String> = schema.iter_names().map(ToString::to_string).collect();
        Columns::recognise(file, &header)
    });
    columns.is_ok_and(|columns| {
        columns.is_plain() && own_output::of_header(columns.header()).is_none()
    })
}

/// Every column of a file as a sheet; row 1 is the header, row 2 the first of the file.
pub(super) fn sheet(file: &str, bytes: Vec<u8>) -> Result<Sheet, LedgerError> {
    let frame_error = |source| LedgerError::Frame { file: file.to_owned(), source };
    let frame = guarded(file, || {
        let mut parquet = ParquetReader::new(Cursor::new(bytes));
        let schema = parquet.schema().map_err(|error| undecodable(file, &error))?;
        let readable = |(at, (_, field)): (usize, (_, &polars::prelude::ArrowField))| {
            is_readable(field.dtype()).then_some(at)
        };
        let wanted = schema.iter().enumerate().filter_map(readable).collect();
        let read = parquet.with_projection(Some(wanted)).finish();
        read.map_err(|error| undecodable(file, &error))
    })?;
    let mut sheet = Sheet::new("");
    let damaged = |source| LedgerError::Sheet { file: file.to_owned(), source };
    sheet.start_row(1, false);
    let mut columns = Vec::new();
    for (at, column) in frame.columns().iter().enumerate() {
        sheet.push(at, CellKind::Text, column.name()).map_err(damaged)?;
        let kind = match column.dtype() {
            DataType::String => CellKind::Text,
            DataType::Date | DataType::Datetime(..) => CellKind::Date,
            DataType::Boolean => CellKind::Bool,
            _ => CellKind::Number,
        };
        let texts = text_of(column).map_err(frame_error)?;
        sheet.numbers.push(numbers(column.dtype(), &texts));
        columns.push((kind, texts));
    }
    for row in 0..frame.height() {
        sheet.start_row(row as u64 + 2, false);
        for (at, (kind, texts)) in columns.iter().enumerate() {
            sheet.push(at, *kind, texts.get(row).unwrap_or_default()).map_err(damaged)?;
        }
    }
    Ok(sheet)
}

/// How many decoders are at work.
static DECODING: AtomicUsize = AtomicUsize::new(0);

/// Whether a panic may be one of a decoder on damaged bytes, which becomes an error.
pub fn is_decoding() -> bool {
    DECODING.load(Ordering::SeqCst) > 0
}

type Decoded = (DataFrame, Columns, Vec<String>);

/// Decodes the columns that are read. The decoder panics on some damaged files; that is no less an
/// error of the file than those it reports.
fn decode(file: &Arc<str>, input: Seekable) -> Result<Decoded, LedgerError> {
    guarded(file, || decode_columns(file, input))
}

/// Runs a decoder, a panic of which becomes an error.
fn guarded<T>(
    file: &str,
    decode: impl FnOnce() -> Result<T, LedgerError>,
) -> Result<T, LedgerError> {
    DECODING.fetch_add(1, Ordering::SeqCst);
    let decoded = catch_unwind(AssertUnwindSafe(decode));
    DECODING.fetch_sub(1, Ordering::SeqCst);
    decoded.unwrap_or_else(|_| Err(LedgerError::DamagedParquet(file.to_owned())))
}

fn decode_columns(file: &Arc<str>, input: Seekable) -> Result<Decoded, LedgerError> {
    let mut parquet = ParquetReader::new(input);
    let schema = parquet.schema().map_err(|error| undecodable(file, &error))?;
    let header: Vec<String> = schema.iter_names().map(ToString::to_string).collect();
    let columns = Columns::recognise(file, &header)?;
    // Only the columns that are read, so that a type of another column cannot matter.
    let wanted: Vec<usize> =
        (0..Field::COUNT).filter_map(|slot| columns.position_of_slot(slot)).collect();
    for field in wanted.iter().filter_map(|&index| schema.get_at_index(index)).map(|(_, f)| f) {
        if !is_readable(field.dtype()) {
            return Err(LedgerError::ColumnType {
                file: file.to_string(),
                column: field.name.to_string(),
                found: format!("{:?}", field.dtype()).chars().take(40).collect(),
            });
        }
    }
    let frame = parquet.with_projection(Some(wanted)).finish();
    let frame = frame.map_err(|error| undecodable(file, &error))?;
    Ok((frame, columns, header))
}

/// A file that the decoder refuses, in words of ours.
fn undecodable(file: &str, error: &PolarsError) -> LedgerError {
    match error {
        PolarsError::IO { error, .. } if error.raw_os_error().is_some() => {
            LedgerError::Io { file: file.to_owned(), source: error.kind().into() }
        }
        _ => LedgerError::DamagedParquet(file.to_owned()),
    }
}

/// The types that a cell of a ledger can have.
fn is_readable(dtype: &ArrowDataType) -> bool {
    use ArrowDataType as Type;
    matches!(
        dtype,
        Type::Null
            | Type::Boolean
            | Type::Int32
            | Type::Int64
            | Type::UInt32
            | Type::UInt64
            | Type::Float32
            | Type::Float64
            | Type::Timestamp(..)
            | Type::Date32
            | Type::Date64
            | Type::Decimal(..)
            | Type::Utf8
            | Type::LargeUtf8
            | Type::Utf8View
            | Type::Dictionary(..)
    )
}

fn digest(input: &mut Seekable, file: &str) -> Result<(u64, String), LedgerError> {
    let io = |source| LedgerError::Io { file: file.to_owned(), source };
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut bytes = 0;
    loop {
        let read = input.read(&mut buffer).map_err(io)?;
        if read == 0 {
            break;
        }
        hash.update(&buffer[..read]);
        bytes += read as u64;
    }
    input.rewind().map_err(io)?;
    Ok((bytes, basics::hex(&hash.finalize())))
}

type Texts = [Option<StringChunked>; Field::COUNT];

fn texts(frame: &DataFrame, columns: &Columns, header: &[String]) -> PolarsResult<Texts> {
    let mut texts: Texts = std::array::from_fn(|_| None);
    for (slot, text) in texts.iter_mut().enumerate() {
        if let Some(index) = columns.position_of_slot(slot) {
            *text = Some(text_of(frame.column(&header[index])?)?);
        }
    }
    Ok(texts)
}

/// The text form of a column. A timestamp is its day in UTC; a float that is not a number is no
/// value.
fn text_of(column: &Column) -> PolarsResult<StringChunked> {
    let text = match column.dtype() {
        DataType::Datetime(unit, _) => {
            let per_day = match unit {
                TimeUnit::Milliseconds => 86_400_000,
                TimeUnit::Microseconds => 86_400_000_000,
                TimeUnit::Nanoseconds => 86_400_000_000_000,
            };
            let day = |instant: i64| instant.div_euclid(per_day);
            let days = column.datetime()?.physical().apply(|instant| instant.map(day));
            days.into_column()
                .cast(&DataType::Int32)?
                .cast(&DataType::Date)?
                .cast(&DataType::String)?
        }
        DataType::Float32 | DataType::Float64 => {
            let numbers = column.cast(&DataType::Float64)?;
            let finite = |number: Option<f64>| number.filter(|number| !number.is_nan());
            numbers.f64()?.apply(finite).into_column().cast(&DataType::String)?
        }
        // The scale is that of the column: 12.340 is 12.34, whatever the currency of the row.
        DataType::Decimal(..) => {
            let text = column.cast(&DataType::String)?;
            text.str()?.apply_values(|number| Cow::Borrowed(without_zeros(number))).into_column()
        }
        _ => column.cast(&DataType::String)?,
    };
    Ok(text.str()?.rechunk().into_owned())
}

/// A decimal without the zeros behind its last decimal.
fn without_zeros(number: &str) -> &str {
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number }
}

/// What the type of a column and its cells say of the unit of its amounts.
fn numbers(dtype: &DataType, texts: &StringChunked) -> Numbers {
    let any = |is: fn(&str) -> bool| texts.iter().flatten().any(is);
    let is_some = |number: &str| number.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
    let otherwise = match dtype {
        DataType::Int32 | DataType::Int64 | DataType::UInt32 | DataType::UInt64 => {
            Numbers::Integers
        }
        DataType::Float32 | DataType::Float64 | DataType::Decimal(_, 0) => Numbers::Whole,
        DataType::Decimal(..) => Numbers::Unsaid,
        _ => return Numbers::Unsaid,
    };
    match () {
        () if any(has_decimals) => Numbers::Decimals,
        () if any(is_some) => otherwise,
        () => Numbers::Unsaid,
    }
}

struct FrameCells<'a> {
    texts: &'a Texts,
    columns: &'a Columns,
    row: usize,
}

impl FrameCells<'_> {
    fn text<'a>(&self, column: &'a StringChunked) -> &'a str {
        column.get(self.row).map_or("", str::trim)
    }
}

impl Cells for FrameCells<'_> {
    fn cell(&self, field: Field) -> &str {
        self.texts[field as usize].as_ref().map_or("", |column| self.text(column))
    }

    fn is_minor(&self, field: Field) -> bool {
        self.columns.is_minor(field)
    }
}
