//! OLE2 compound files: a small file system of sectors, in which XLS and encrypted XLSX are kept.

use super::super::SheetError;

/// How every compound file begins.
pub(super) const SIGNATURE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

const HEADER: usize = 512;
const ENTRY: usize = 128;
const MINI_SECTOR: usize = 64;
/// Streams below this size are kept in the mini stream.
const MINI_LIMIT: usize = 4096;

/// The little-endian number of two bytes at `at`; `None` beyond the end.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|chunk| u16::from_le_bytes(*chunk))
}

/// The little-endian number of four bytes at `at`; `None` beyond the end.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|chunk| u32::from_le_bytes(*chunk))
}

struct Entry {
    name: String,
    start: u32,
    size: usize,
}

/// A compound file with its directory and its table of sectors.
pub(super) struct CompoundFile<'a> {
    sectors: Sectors<'a>,
    entries: Vec<Entry>,
    /// The first sector of the mini stream's table.
    mini_table: u32,
}

impl<'a> CompoundFile<'a> {
    /// Opens the compound file in `bytes`.
    ///
    /// # Errors
    /// [`SheetError::Damaged`] when its header or directory cannot be read.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, SheetError> {
        let header = |at| u32_at(bytes, at).ok_or_else(|| damaged("its header is cut short"));
        let size = match u16_at(bytes, 30) {
            Some(9) => 512,
            Some(12) => 4096,
            _ => return Err(damaged("the size of its sectors is neither 512 nor 4096")),
        };
        let mut sectors = Sectors { bytes: bytes.get(size..).unwrap_or(&[]), size, next: vec![] };
        sectors.next = sectors.read_table(bytes, header(68)?);
        let directory = sectors.chain(header(48)?, usize::MAX);
        let entries: Vec<Entry> = directory.chunks_exact(ENTRY).filter_map(entry).collect();
        if entries.is_empty() {
            return Err(damaged("its directory is missing"));
        }
        Ok(Self { sectors, entries, mini_table: header(60)? })
    }

    /// Whether the directory names such a stream, in any storage.
    pub(super) fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// The content of a stream; `None` when the directory does not name it.
    ///
    /// # Errors
    /// [`SheetError::Damaged`] when the stream is cut short.
    pub(super) fn stream(&self, name: &str) -> Result<Option<Vec<u8>>, SheetError> {
        let Some(entry) = self.find(name) else { return Ok(None) };
        let content = if entry.size >= MINI_LIMIT {
            self.sectors.chain(entry.start, entry.size)
        } else {
            let root = &self.entries[0];
            let bytes = self.sectors.chain(root.start, root.size);
            let next = numbers(&self.sectors.chain(self.mini_table, usize::MAX)).collect();
            Sectors { bytes: &bytes, size: MINI_SECTOR, next }.chain(entry.start, entry.size)
        };
        if content.len() < entry.size {
            return Err(damaged(&format!("its stream {name} is cut short")));
        }
        Ok(Some(content))
    }

    fn find(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))
    }
}

/// Sectors of one size, and for each of them the one that follows it.
struct Sectors<'a> {
    bytes: &'a [u8],
    size: usize,
    next: Vec<u32>,
}

impl Sectors<'_> {
    /// The content of a sector; the last one may be cut short.
    fn sector(&self, number: u32) -> Option<&[u8]> {
        let start = (number as usize).checked_mul(self.size)?;
        let rest = self.bytes.get(start..)?;
        Some(&rest[..rest.len().min(self.size)])
    }

    /// At most `limit` bytes of the chain that begins with sector `start`, as far as it goes. A
    /// chain that bites its tail ends when it is longer than the file.
    fn chain(&self, start: u32, limit: usize) -> Vec<u8> {
        let mut content = Vec::new();
        let mut number = start;
        for _ in 0..self.next.len() {
            let (Some(sector), Some(&next)) = (self.sector(number), self.next.get(number as usize))
            else {
                break;
            };
            content.extend_from_slice(sector);
            if content.len() >= limit {
                break;
            }
            number = next;
        }
        content.truncate(limit);
        content
    }

    /// The table of which sector follows which. The header names its first 109 sectors, and
    /// `extension` begins a chain of sectors that name the others.
    fn read_table(&self, header: &[u8], extension: u32) -> Vec<u32> {
        let count = self.bytes.len().div_ceil(self.size);
        let mut places: Vec<u32> = numbers(header.get(76..HEADER).unwrap_or(&[])).collect();
        let mut number = extension;
        while let Some(sector) = self.sector(number)
            && places.len() <= count
        {
            places.extend(numbers(sector));
            number = places.pop().unwrap_or(u32::MAX);
        }
        let mut table = Vec::new();
        for sector in places.iter().filter_map(|&place| self.sector(place)) {
            if table.len() >= count {
                break;
            }
            table.extend(numbers(sector));
        }
        table.truncate(count);
        table
    }
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    let (chunks, _) = bytes.as_chunks::<4>();
    chunks.iter().map(|chunk| u32::from_le_bytes(*chunk))
}

fn damaged(problem: &str) -> SheetError {
    SheetError::Damaged(format!("the OLE2 file cannot be read: {problem}"))
}

fn entry(bytes: &[u8]) -> Option<Entry> {
    let units = bytes[..64].as_chunks::<2>().0.iter().map(|unit| u16::from_le_bytes(*unit));
    let units: Vec<u16> = units.take_while(|&unit| unit != 0).collect();
    let name = String::from_utf16_lossy(&units);
    let (start, size) = (u32_at(bytes, 116)?, u32_at(bytes, 120)? as usize);
    Some(Entry { name, start, size })
}
