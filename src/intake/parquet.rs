//! Parquet in the plain layout: its cells become text and are checked like those of a text file.

use std::sync::Arc;

use sheet::{Numbers, ParquetColumns, Progress, Seekable, TextColumn, parquet_header};

use super::batch::{Batch, RowReader};
use super::error::IntakeError;
use super::field::{Columns, Field};
use super::file_read::{FileRead, Shard};
use super::options::IngestOptions;
use super::own_output;
use super::reject::check_count;
use super::row_cells::Cells;
use super::unit;

// Positions in a batch have 32 bits; this many rows stay far below that.
const ROWS_PER_BATCH: usize = 1 << 16;

/// Reads one Parquet file; the line of a reject is the row number.
pub fn read(
    mut input: Seekable,
    file: &Arc<str>,
    file_index: u16,
    options: &IngestOptions,
    progress: Progress<'_>,
) -> Result<FileRead, IntakeError> {
    let (bytes, sha256) = sheet::digest(&mut input, file)?;
    let parquet = ParquetColumns::read(file, input, |header| {
        let columns = Columns::recognise(file, header)?;
        let wanted = (0..Field::COUNT).filter_map(|slot| columns.position_of_slot(slot));
        Ok::<_, IntakeError>(wanted.collect())
    })?;
    let columns = Columns::recognise(file, &parquet.header)?;
    progress(bytes);
    let numbers = |place| parquet.column(place).map_or(Numbers::Unsaid, TextColumn::numbers);
    let unit = unit::judged(file, &columns, numbers)?;
    let texts: Texts<'_> = std::array::from_fn(|slot| {
        columns.position_of_slot(slot).and_then(|place| parquet.column(place))
    });
    let mut reader = RowReader::new(Arc::clone(file), file_index, &columns, options);
    let mut batches = Vec::new();
    for first in (0..parquet.height).step_by(ROWS_PER_BATCH) {
        let last = parquet.height.min(first + ROWS_PER_BATCH);
        let mut batch = Batch::with_capacity(last - first);
        for row in first..last {
            batch.counts.read += 1;
            if texts.iter().flatten().all(|column| column.text(row).is_empty()) {
                batch.counts.classes.blank += 1;
            } else {
                let cells = ParquetCells { texts: &texts, columns: &columns, row };
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

/// True if the columns are those of the plain layout.
pub fn is_plain(input: Seekable, file: &str) -> bool {
    let columns = parquet_header(file, input)
        .map_err(IntakeError::from)
        .and_then(|header| Columns::recognise(file, &header));
    columns.is_ok_and(|columns| {
        columns.is_plain() && own_output::of_header(columns.header()).is_none()
    })
}

/// The columns read, by field.
type Texts<'a> = [Option<&'a TextColumn>; Field::COUNT];

struct ParquetCells<'a> {
    texts: &'a Texts<'a>,
    columns: &'a Columns,
    row: usize,
}

impl Cells for ParquetCells<'_> {
    fn cell(&self, field: Field) -> &str {
        self.texts[field as usize].map_or("", |column| column.text(self.row))
    }

    fn is_minor(&self, field: Field) -> bool {
        self.columns.is_minor(field)
    }
}
