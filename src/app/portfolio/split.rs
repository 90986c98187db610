//! Splits a large file of many clients on disk, so that memory grows with a part and not with the
//! file.

use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};

use csv::{ByteRecord, Reader, ReaderBuilder, WriterBuilder};

use scratch::Folder;

/// The size of a part in bytes.
const PART_BYTES: u64 = 48 << 20;

/// The most parts; each is an open file while the file is split.
const MOST_PARTS: u64 = 200;

/// The parts of a file, deleted when this value is dropped.
pub(super) struct Parts {
    _folder: Folder,
    pub files: Vec<PathBuf>,
}

/// Splits a CSV file with a `client_id` column by client. Returns `None` for a file that is small,
/// is not CSV or has no such column; it is then read as one.
pub(super) fn split(path: &Path) -> std::io::Result<Option<Parts>> {
    let bytes = std::fs::metadata(path)?.len();
    if bytes <= PART_BYTES {
        return Ok(None);
    }
    let mut reader: Reader<_> = ReaderBuilder::new()
        // A row of another length is for ingestion to reject, in the part that it comes to.
        .flexible(true)
        .from_reader(BufReader::with_capacity(1 << 20, File::open(path)?));
    let Ok(header) = reader.byte_headers().cloned() else { return Ok(None) };
    let Some(client) = header.iter().position(|name| name == b"client_id") else {
        return Ok(None);
    };
    let folder = Folder::new()?;
    let count = bytes.div_ceil(PART_BYTES).min(MOST_PARTS);
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut files = Vec::new();
    let mut writers = Vec::new();
    for part in 0..count {
        let file = format!("{part:03}-{name}");
        let out = BufWriter::with_capacity(1 << 18, folder.create(&file)?);
        let mut writer = WriterBuilder::new().flexible(true).from_writer(out);
        writer.write_byte_record(&header)?;
        writers.push(writer);
        files.push(folder.path().join(file));
    }
    let mut record = ByteRecord::new();
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {
                // Its keys are fixed, so that a file is split the same way every time.
                let mut hasher = DefaultHasher::new();
                record.get(client).unwrap_or_default().hash(&mut hasher);
                // All rows of a client go to one part, and the part number is below the count.
                let part = (hasher.finish() % count) as usize;
                writers[part].write_byte_record(&record)?;
            }
            Ok(false) => break,
            // Ingestion judges a file that is not CSV as a whole and names what is wrong.
            Err(_) => return Ok(None),
        }
    }
    for mut writer in writers {
        writer.flush()?;
    }
    Ok(Some(Parts { _folder: folder, files }))
}
