//! CSV and other delimited text: finds the header and the delimiter, then reads the records on all
//! cores.

use std::io::Read;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};

use csv::{ByteRecord, StringRecord};

use sheet::{
    Block, BlockReader, DELIMITERS, FileError, MAX_COLUMNS, Progress, blank_lines, csv_reader,
    decoded, swallows_rows,
};

use super::batch::{Batch, RowReader};
use super::documents::currency;
use super::field::{Columns, Field};
use super::own_output;
use super::reject::{MOST_REJECTS, check_count};
use super::row_cells::Cells;
use super::table::has_buckets;
use super::{FileRead, IngestOptions, IntakeError, Shard};

/// Reads one delimited file. Every record becomes a row, a reject or a counted blank.
pub fn read(
    input: impl Read,
    file: &Arc<str>,
    file_index: u16,
    options: &IngestOptions,
    progress: Progress<'_>,
) -> Result<FileRead, IntakeError> {
    let mut blocks = BlockReader::new(input, file);
    let (delimiter, header) = header(file, blocks.peek()?)?;
    blocks.set_delimiter(delimiter);
    let columns = Columns::recognise(file, &header)?;
    let workers = rayon::current_num_threads().max(1);
    // Two blocks per worker keep all of them busy; more would only take memory.
    let (send, receive) = mpsc::sync_channel::<Block>(2 * workers);
    let receive = Mutex::new(receive);
    let layout = Layout { delimiter, columns: &columns };
    let rejected = AtomicUsize::new(0);
    let (sent, shards) = std::thread::scope(|scope| {
        let work = || {
            let mut reader = RowReader::new(Arc::clone(file), file_index, &columns, options);
            let mut batches: Vec<Batch> = Vec::new();
            let mut bytes = 0;
            while let Some(block) = next_block(&receive) {
                let room = Batch::for_bytes(block.bytes.len(), batches.last(), bytes);
                bytes = block.bytes.len();
                let batch = layout.read_block(&block, &mut reader, room);
                rejected.fetch_add(batch.rejects.len(), Ordering::Relaxed);
                batches.push(batch);
            }
            Shard { debtors: reader.debtors.into_debtors(), batches }
        };
        let handles: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let sent = send_blocks(&mut blocks, &send, &rejected, progress);
        // Otherwise the workers would wait for further blocks without end.
        drop(send);
        let shards = handles.into_iter().map(|handle| match handle.join() {
            Ok(shard) => shard,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        (sent, shards.collect())
    });
    sent?;
    let shards: Vec<Shard> = shards;
    let batches = shards.iter().flat_map(|shard| &shard.batches);
    check_count(file, batches.clone().flat_map(|batch| &batch.rejects))?;
    // The first of the file, whichever worker met it.
    if let Some(line) = batches.filter_map(|batch| batch.stray_quote).min() {
        return Err(FileError::StrayQuote { file: file.to_string(), line }.into());
    }
    let bytes = blocks.bytes_read();
    Ok(FileRead::plain(shards, bytes, blocks.sha256(), &columns))
}

fn send_blocks<R: Read>(
    blocks: &mut BlockReader<R>,
    send: &mpsc::SyncSender<Block>,
    rejected: &AtomicUsize,
    progress: Progress<'_>,
) -> Result<(), IntakeError> {
    let mut before = 0;
    while let Some(block) = blocks.next_block()? {
        progress(blocks.bytes_read() - before);
        before = blocks.bytes_read();
        // Sending fails only after every worker has panicked; joining them reports it.
        let ended = send.send(block).is_err();
        // `check_count` will refuse the file; reading on would only fill memory.
        if ended || rejected.load(Ordering::Relaxed) > MOST_REJECTS {
            break;
        }
    }
    Ok(())
}

fn next_block(receive: &Mutex<mpsc::Receiver<Block>>) -> Option<Block> {
    // Held while waiting: before a block comes the others could do nothing either. A worker that
    // panicked leaves the channel whole.
    let receive = receive.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    receive.recv().ok()
}

/// True if the first record is a header of the plain layout.
pub fn is_plain(input: impl Read, file: &str) -> bool {
    let mut blocks = BlockReader::new(input, file);
    let header = blocks.peek().map_err(IntakeError::from).and_then(|head| header(file, head));
    let columns = header.and_then(|(_, header)| Columns::recognise(file, &header));
    columns.is_ok_and(|columns| {
        // The plain reading takes currencies from cells alone and would miss this one.
        let names_currency =
            columns.header().iter().any(|cell| currency::in_header(cell).is_some());
        let fits = columns.width() <= MAX_COLUMNS;
        let plain = columns.is_plain() && own_output::of_header(columns.header()).is_none();
        fits && plain && !has_buckets(columns.header()) && !names_currency
    })
}

/// Chooses the delimiter with which the first record names the most fields; a tie goes to the
/// earlier in the list.
fn header(file: &str, head: &[u8]) -> Result<(u8, Vec<String>), IntakeError> {
    let mut best: Option<(usize, u8, Vec<String>)> = None;
    for delimiter in DELIMITERS {
        let mut reader = csv_reader(head, delimiter);
        let mut record = ByteRecord::new();
        if !reader.read_byte_record(&mut record).unwrap_or(false) {
            return Err(FileError::Empty(file.to_owned()).into());
        }
        let cells: Vec<_> = record.iter().map(|cell| decoded(cell).into_owned()).collect();
        let recognised = Columns::recognised(&cells);
        if best.as_ref().is_none_or(|(most, ..)| recognised > *most) {
            best = Some((recognised, delimiter, cells));
        }
    }
    let (_, delimiter, cells) = best.ok_or_else(|| FileError::Empty(file.to_owned()))?;
    Ok((delimiter, cells))
}

/// The delimiter and columns, which are the same for every block of a file.
#[derive(Clone, Copy)]
struct Layout<'a> {
    delimiter: u8,
    columns: &'a Columns,
}

impl Layout<'_> {
    fn read_block(self, block: &Block, reader: &mut RowReader<'_>, mut batch: Batch) -> Batch {
        let mut csv = csv_reader(&block.bytes, self.delimiter);
        let mut record = ByteRecord::new();
        // The header is the first record of the file and so of its first block.
        let mut header_pending = block.first_line == 1;
        let mut end = 0;
        while csv.read_byte_record(&mut record).unwrap_or(false) {
            let (start, first_line) =
                record.position().map_or((0, 1), |at| (at.byte() as usize, at.line()));
            end = csv.position().byte() as usize;
            // The reader skips blank lines without a word, but they count as rows of the file.
            let (blank, newlines) = blank_lines(&block.bytes, start);
            batch.counts.classes.blank += blank;
            batch.counts.read += blank;
            if std::mem::take(&mut header_pending) {
                continue;
            }
            let line = block.first_line + first_line - 1 + newlines;
            if swallows_rows(&record, self.delimiter) {
                batch.stray_quote.get_or_insert(line);
            }
            batch.counts.read += 1;
            record = self.read_record(record, line, reader, &mut batch);
        }
        let (blank, _) = blank_lines(&block.bytes, end);
        batch.counts.classes.blank += blank;
        batch.counts.read += blank;
        batch
    }

    /// True if the record has as many cells as the header; more are allowed if they are empty.
    fn fits(self, record: &StringRecord) -> bool {
        let width = self.columns.width();
        // Programs that end each row with a delimiter write one empty cell too many.
        record.len() == width
            || record.len() > width && record.iter().skip(width).all(|cell| cell.trim().is_empty())
    }

    /// Reads one record and hands its buffer back.
    fn read_record(
        self,
        record: ByteRecord,
        line: u64,
        reader: &mut RowReader<'_>,
        batch: &mut Batch,
    ) -> ByteRecord {
        let text = StringRecord::from_byte_record(record).unwrap_or_else(|error| {
            batch.counts.not_utf8 += 1;
            error.into_byte_record().iter().map(decoded).collect()
        });
        if text.iter().all(|cell| cell.trim().is_empty()) {
            batch.counts.classes.blank += 1;
        } else if self.fits(&text) {
            reader.take(&TextCells { record: &text, columns: self.columns }, line, batch);
        } else {
            let row: Vec<_> = text.iter().collect();
            let row = row.join(&char::from(self.delimiter).to_string());
            reader.refuse_width(text.len(), &row, line, batch);
        }
        text.into_byte_record()
    }
}

struct TextCells<'a> {
    record: &'a StringRecord,
    columns: &'a Columns,
}

impl Cells for TextCells<'_> {
    fn cell(&self, field: Field) -> &str {
        let index = self.columns.position(field);
        trimmed(index.and_then(|index| self.record.get(index)).unwrap_or_default())
    }

    fn is_minor(&self, field: Field) -> bool {
        self.columns.is_minor(field)
    }
}

/// The cell without white space around it; most have none, and are recognised as such by their
/// first and last byte.
fn trimmed(cell: &str) -> &str {
    match cell.as_bytes() {
        [] => cell,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => cell,
        _ => cell.trim(),
    }
}
