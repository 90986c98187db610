//! Parquet: cells as text, whatever the type of their column.

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
use super::error::SheetError;
use super::file_error::FileError;
use super::input::Seekable;
use super::numbers::{Numbers, has_decimals};

/// The needed columns of a file, as text.
pub struct ParquetColumns {
    /// The names of all columns, including those that were not read.
    pub header: Vec<String>,
    /// The number of rows.
    pub height: usize,
    /// The columns that were read, by position in the header.
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

    /// The trimmed text of the cell in a 0-based row; empty if the cell is null.
    pub fn text(&self, row: usize) -> &str {
        self.texts.get(row).map_or("", str::trim)
    }

    /// The first 0-based row with a NUL in its cell.
    fn row_with_nul(&self) -> Option<usize> {
        if self.dtype.is_primitive_numeric() || self.dtype.is_temporal() || self.dtype.is_bool() {
            return None;
        }
        let has_nul = |text: Option<&str>| text.is_some_and(|text| text.contains('\0'));
        self.texts.iter().position(has_nul)
    }

    /// The evidence of the type and the cells about the unit of the amounts.
    pub fn numbers(&self) -> Numbers {
        numbers(&self.dtype, &self.texts)
    }
}

impl ParquetColumns {
    /// Decodes the columns that `wanted` selects by their position in the header.
    ///
    /// Dates, timestamps, decimals, 32- and 64-bit numbers and booleans become text, so that every
    /// later check is that of a text file.
    ///
    /// # Errors
    /// If the file cannot be read or is damaged, if a selected column has another type or a cell
    /// with a NUL, or if `wanted` fails.
    pub fn read<E: From<FileError>>(
        file: &str,
        input: Seekable,
        wanted: impl FnOnce(&[String]) -> Result<Vec<usize>, E>,
    ) -> Result<Self, E> {
        let (header, places, frame) = guarded(file, || -> Result<_, E> {
            let mut parquet = ParquetReader::new(input);
            let schema = parquet.schema().map_err(|error| undecodable(file, &error))?;
            let header: Vec<String> = schema.iter_names().map(ToString::to_string).collect();
            // Only the selected columns, so that an exotic type elsewhere does not matter.
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
            let column = column.map_err(source)?;
            if let Some(row) = column.row_with_nul() {
                let source = SheetError::Nul { line: row as u64 + 1, column: place + 1 };
                return Err(FileError::Sheet { file: file.to_owned(), source }.into());
            }
            columns[place] = Some(column);
        }
        Ok(Self { header, height: frame.height(), columns })
    }

    /// The column at this position of the header, if it was read.
    pub fn column(&self, place: usize) -> Option<&TextColumn> {
        self.columns.get(place)?.as_ref()
    }
}

/// Reads the names of the columns.
///
/// # Errors
/// If the file cannot be read or is damaged.
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

/// Reads every supported column of a file as a sheet, with the header as row 1.
///
/// # Errors
/// If the file is damaged or exceeds the limits of a sheet.
pub fn sheet(file: &str, bytes: Vec<u8>) -> Result<Sheet, FileError> {
    let frame_error = |source| FileError::Frame { file: file.to_owned(), source };
    let frame = guarded(file, || {
        let mut parquet = ParquetReader::new(Cursor::new(bytes));
        let schema = parquet.schema().map_err(|error| undecodable(file, &error))?;
        // Nothing says yet which columns are needed, so that one of an exotic type is left out.
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

/// The number of decoders at work.
static DECODING: AtomicUsize = AtomicUsize::new(0);

/// Returns true if a panic may come from a decoder of damaged bytes, where it becomes an error.
///
/// The panic hook asks, so that such a panic is not reported as a defect of the program.
pub fn is_decoding() -> bool {
    DECODING.load(Ordering::SeqCst) > 0
}

/// Runs a decoder and turns a panic into an error.
///
/// The decoder panics on some damaged files, which is an error of the file like those it reports.
fn guarded<T, E: From<FileError>>(
    file: &str,
    decode: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    // A counter and no flag, as several files may be decoded at once.
    DECODING.fetch_add(1, Ordering::SeqCst);
    // Unwind-safe because nothing that the decoder touched is used after a panic.
    let decoded = catch_unwind(AssertUnwindSafe(decode));
    DECODING.fetch_sub(1, Ordering::SeqCst);
    decoded.unwrap_or_else(|_| Err(FileError::DamagedParquet(file.to_owned()).into()))
}

/// Converts an error of the decoder to one in our own words.
fn undecodable(file: &str, error: &PolarsError) -> FileError {
    match error {
        // Damage, too, may come as an I/O error, but without a code of the system.
        PolarsError::IO { error, .. } if error.raw_os_error().is_some() => {
            FileError::Io { file: file.to_owned(), source: error.kind().into() }
        }
        _ => FileError::DamagedParquet(file.to_owned()),
    }
}

/// Returns true for the types that can hold the cells of a ledger.
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

/// The size and the SHA-256 (in lower-case hexadecimal) of a file, which is rewound afterwards.
///
/// # Errors
/// If the file cannot be read.
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

/// Converts a column to text. A timestamp becomes its day in UTC, and NaN becomes null.
fn text_of(column: &Column) -> PolarsResult<StringChunked> {
    let text = match column.dtype() {
        DataType::Datetime(unit, _) => {
            let per_day = match unit {
                TimeUnit::Milliseconds => 86_400_000,
                TimeUnit::Microseconds => 86_400_000_000,
                TimeUnit::Nanoseconds => 86_400_000_000_000,
            };
            // Rounded down, so that an instant before 1970 falls on its own day.
            let day = |instant: i64| instant.div_euclid(per_day);
            let days = column.datetime()?.physical().apply(|instant| instant.map(day));
            days.into_column()
                .cast(&DataType::Int32)?
                .cast(&DataType::Date)?
                .cast(&DataType::String)?
        }
        DataType::Float32 | DataType::Float64 => {
            let numbers = column.cast(&DataType::Float64)?;
            // NaN is how data frames write a missing number; an infinite one stays and is refused.
            let finite = |number: Option<f64>| number.filter(|number| !number.is_nan());
            numbers.f64()?.apply(finite).into_column().cast(&DataType::String)?
        }
        // The scale belongs to the column, not the amount: 12.340 is 12.34, whatever the currency
        // of the row.
        DataType::Decimal(..) => {
            let text = column.cast(&DataType::String)?;
            text.str()?.apply_values(|number| Cow::Borrowed(without_zeros(number))).into_column()
        }
        _ => column.cast(&DataType::String)?,
    };
    Ok(text.str()?.rechunk().into_owned())
}

/// Strips the trailing zeros of a decimal.
fn without_zeros(number: &str) -> &str {
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number }
}

/// The evidence of a column, its type and its cells, about the unit of its amounts.
fn numbers(dtype: &DataType, texts: &StringChunked) -> Numbers {
    let any = |is: fn(&str) -> bool| texts.iter().flatten().any(is);
    let is_some = |number: &str| number.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
    let otherwise = match dtype {
        DataType::Int32 | DataType::Int64 | DataType::UInt32 | DataType::UInt64 => {
            Numbers::Integers
        }
        DataType::Float32 | DataType::Float64 | DataType::Decimal(_, 0) => Numbers::Whole,
        // A type with decimals is in major units, whole amounts or not, and leaves no question.
        DataType::Decimal(..) => Numbers::Unsaid,
        _ => return Numbers::Unsaid,
    };
    match () {
        () if any(has_decimals) => Numbers::Decimals,
        () if any(is_some) => otherwise,
        () => Numbers::Unsaid,
    }
}
