//! Parquet: the same cells as text, whatever type each column has.

use std::borrow::Cow;
use std::io::{Cursor, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

use polars::prelude::{
    ArrowDataType, ArrowField, ChunkApply, Column, DataType, IntoColumn, ParquetReader,
    PolarsError, PolarsResult, SerReader, StringChunked, TimeUnit,
};
use sha2::{Digest, Sha256};

use super::cells::{CellKind, Sheet};
use super::file_error::FileError;
use super::input::Seekable;
use super::numbers::{Numbers, has_decimals};

/// The columns of a file that are read, as text.
pub struct ParquetColumns {
    /// The names of all columns, those that are not read included.
    pub header: Vec<String>,
    /// Number of rows.
    pub height: usize,
    /// Those that are read, by their place in the header.
    columns: Vec<Option<TextColumn>>,
}

/// A column as text.
pub struct TextColumn {
    dtype: DataType,
    texts: StringChunked,
}

impl TextColumn {
    fn of(column: &Column) -> PolarsResult<Self> {
        Ok(Self { dtype: column.dtype().clone(), texts: text_of(column)? })
    }

    /// The cell in a row, 0-based, without white space around it; empty when it has none.
    pub fn text(&self, row: usize) -> &str {
        self.texts.get(row).map_or("", str::trim)
    }

    /// What type and cells say of the unit of its amounts.
    pub fn numbers(&self) -> Numbers {
        numbers(&self.dtype, &self.texts)
    }
}

impl ParquetColumns {
    /// Decodes the columns that `wanted` chooses from the header, by their place in it. Dates,
    /// timestamps, decimals, 32 and 64 bit numbers and booleans are taken by their text form, so
    /// that every check is that of a text file.
    ///
    /// # Errors
    /// [`FileError::ColumnType`] for a column of another type, [`FileError::DamagedParquet`] for
    /// bytes that contradict themselves, and those of `wanted`.
    pub fn read<E: From<FileError>>(
        file: &str,
        input: Seekable,
        wanted: impl FnOnce(&[String]) -> Result<Vec<usize>, E>,
    ) -> Result<Self, E> {
        let (header, places, frame) = guarded(file, || -> Result<_, E> {
            let mut parquet = ParquetReader::new(input);
            let schema = parquet.schema().map_err(|error| undecodable(file, &error))?;
            let header: Vec<String> = schema.iter_names().map(ToString::to_string).collect();
            // Only the columns that are read, so that a type of another column cannot matter.
            let places = wanted(&header)?;
            let fields = places.iter().filter_map(|&place| schema.get_at_index(place));
            fields.map(|(_, field)| field).try_for_each(|field| check_type(file, field))?;
            let frame = parquet.with_projection(Some(places.clone())).finish();
            Ok((header, places, frame.map_err(|error| undecodable(file, &error))?))
        })?;
        let mut columns: Vec<Option<TextColumn>> = header.iter().map(|_| None).collect();
        for place in places {
            let column = frame.column(&header[place]).and_then(TextColumn::of);
            let source = |source| FileError::Frame { file: file.to_owned(), source };
            columns[place] = Some(column.map_err(source)?);
        }
        Ok(Self { header, height: frame.height(), columns })
    }

    /// The column at this place of the header, if it was read.
    pub fn column(&self, place: usize) -> Option<&TextColumn> {
        self.columns.get(place)?.as_ref()
    }
}

/// The names of the columns.
///
/// # Errors
/// [`FileError::DamagedParquet`].
pub fn parquet_header(file: &str, input: Seekable) -> Result<Vec<String>, FileError> {
    guarded(file, || {
        let schema =
            ParquetReader::new(input).schema().map_err(|error| undecodable(file, &error))?;
        Ok(schema.iter_names().map(ToString::to_string).collect())
    })
}

fn check_type(file: &str, field: &ArrowField) -> Result<(), FileError> {
    if is_readable(field.dtype()) {
        return Ok(());
    }
    Err(FileError::ColumnType {
        file: file.to_owned(),
        column: field.name.to_string(),
        found: format!("{:?}", field.dtype()).chars().take(40).collect(),
    })
}

/// Every column of a file as a sheet; row 1 is the header, row 2 the first of the file.
pub fn sheet(file: &str, bytes: Vec<u8>) -> Result<Sheet, FileError> {
    let frame_error = |source| FileError::Frame { file: file.to_owned(), source };
    let frame = guarded(file, || {
        let mut parquet = ParquetReader::new(Cursor::new(bytes));
        let schema = parquet.schema().map_err(|error| undecodable(file, &error))?;
        let readable =
            |(at, (_, field)): (usize, (_, &ArrowField))| is_readable(field.dtype()).then_some(at);
        let wanted = schema.iter().enumerate().filter_map(readable).collect();
        let read = parquet.with_projection(Some(wanted)).finish();
        read.map_err(|error| undecodable(file, &error))
    })?;
    let mut sheet = Sheet::new("");
    let damaged = |source| FileError::Sheet { file: file.to_owned(), source };
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

/// Runs a decoder. It panics on some damaged files; that is no less an error of the file than those
/// that it reports.
fn guarded<T, E: From<FileError>>(
    file: &str,
    decode: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    DECODING.fetch_add(1, Ordering::SeqCst);
    let decoded = catch_unwind(AssertUnwindSafe(decode));
    DECODING.fetch_sub(1, Ordering::SeqCst);
    decoded.unwrap_or_else(|_| Err(FileError::DamagedParquet(file.to_owned()).into()))
}

/// A file that the decoder refuses, in words of ours.
fn undecodable(file: &str, error: &PolarsError) -> FileError {
    match error {
        PolarsError::IO { error, .. } if error.raw_os_error().is_some() => {
            FileError::Io { file: file.to_owned(), source: error.kind().into() }
        }
        _ => FileError::DamagedParquet(file.to_owned()),
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

/// Size and SHA-256 (in lower-case hexadecimal) of a file, which is rewound.
///
/// # Errors
/// [`FileError::Io`].
pub fn digest(input: &mut Seekable, file: &str) -> Result<(u64, String), FileError> {
    let io = |source| FileError::Io { file: file.to_owned(), source };
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
