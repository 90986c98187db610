//! Damage of the kinds that files really take, drawn at random: bytes, lines, cells, members.

use std::io::{Cursor, Read, Write};
use std::ops::Range;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use zip::write::{SimpleFileOptions, ZipWriter};

/// Bytes that mean something to a reader.
const TELLING: &[u8] = b"\",;\t|\n\r\0\xEF\xFF\xC3 '-+.=()<>&{}[]:0n";

/// Numbers, dates and words that no reader should stumble over.
const HOSTILE: [&str; 36] = [
    "0",
    "-0",
    "-1",
    "(1,234.56)",
    "9223372036854775807",
    "-9223372036854775808",
    "92233720368547758.08",
    "79228162514264337593543950335",
    "-79228162514264337593543950335",
    "99999999999999999999999999999999999999999",
    "0.0000000000000000000000000000001",
    "1e308",
    "1e-999999999",
    "1e99999999999999999999",
    "NaN",
    "inf",
    "1.234,56",
    "1,234.56",
    "1,234",
    "1.2.3.4",
    "=1/0",
    "#REF!",
    "-",
    "--5",
    "5-",
    "5 CR",
    "4294967296",
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "31/12/2026",
    "12/31/2026",
    "2958466",
    "Total",
    "Total for Acme",
    "\u{202e}\u{feff}\u{0}é",
];

/// Draws the damage of one case.
pub struct Mutator {
    rng: ChaCha8Rng,
}

impl Mutator {
    /// The same damage for the same case, always.
    pub fn new(case: u64) -> Self {
        Self { rng: ChaCha8Rng::seed_from_u64(case) }
    }

    /// A number below `limit`; zero when that is zero.
    pub fn below(&mut self, limit: usize) -> usize {
        if limit == 0 { 0 } else { self.rng.random_range(0..limit) }
    }

    /// True once in `times`.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of them.
    pub fn one_of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }

    /// The file with some damage; of an archive mostly within a member. `other` is spliced in.
    pub fn damaged(&mut self, file: &[u8], other: &[u8]) -> Vec<u8> {
        if file.starts_with(b"PK\x03\x04") && !self.once_in(4) {
            return self.damaged_archive(file, other).unwrap_or_else(|| file.to_vec());
        }
        let mut bytes = file.to_vec();
        for _ in 0..1 << self.below(4) {
            self.damage(&mut bytes, other);
        }
        // Repeated chunks may grow a file beyond what a case has time for.
        bytes.truncate(1 << 20);
        bytes
    }

    /// An archive again, with damage in one of its members before they are deflated.
    fn damaged_archive(&mut self, file: &[u8], other: &[u8]) -> Option<Vec<u8>> {
        let mut archive = zip::ZipArchive::new(Cursor::new(file)).ok()?;
        let chosen = self.below(archive.len());
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for index in 0..archive.len() {
            let mut member = archive.by_index(index).ok()?;
            let mut content = Vec::new();
            member.read_to_end(&mut content).ok()?;
            // The large members are the ones with the cells.
            if index == chosen || content.len() > 900 && self.once_in(2) {
                content = self.damaged(&content, other);
            }
            let name = member.name().ok()?.into_owned();
            writer.start_file(name, SimpleFileOptions::default()).ok()?;
            writer.write_all(&content).ok()?;
        }
        Some(writer.finish().ok()?.into_inner())
    }

    fn damage(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        match self.below(16) {
            0 => self.flip(bytes),
            1 | 2 => self.replace_byte(bytes),
            3 => self.insert_chunk(bytes, other),
            4 => drop(bytes.drain(self.chunk(bytes.len()))),
            5 => self.repeat_chunk(bytes),
            6..=8 => self.shuffle_lines(bytes),
            9 => self.splice(bytes, other),
            10 => self.swap_marks(bytes),
            11 => bytes.truncate(self.below(bytes.len())),
            12 | 13 => self.replace_number(bytes),
            14 => self.replace_cell(bytes),
            _ => self.encode(bytes),
        }
    }

    fn chunk(&mut self, len: usize) -> Range<usize> {
        let start = self.below(len);
        // Mostly within a cell or two.
        let longest = if self.once_in(4) { len } else { 12 };
        start..(start + 1 + self.below(longest)).min(len)
    }

    fn flip(&mut self, bytes: &mut [u8]) {
        let (at, bit) = (self.below(bytes.len()), self.below(8));
        bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << bit);
    }

    fn replace_byte(&mut self, bytes: &mut Vec<u8>) {
        let at = self.below(bytes.len());
        let byte = TELLING[self.below(TELLING.len())];
        let kept = usize::from(self.once_in(2)).min(bytes.len());
        bytes.splice(at..at + kept, [byte]);
    }

    fn insert_chunk(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        let chunk = other[self.chunk(other.len())].to_vec();
        let at = self.below(bytes.len());
        bytes.splice(at..at, chunk);
    }

    fn repeat_chunk(&mut self, bytes: &mut Vec<u8>) {
        let chunk = self.chunk(bytes.len());
        let times = if self.once_in(8) { 2000 / chunk.len().max(1) } else { 1 };
        let copy = bytes[chunk.clone()].repeat(times);
        bytes.splice(chunk.end..chunk.end, copy);
    }

    /// Swaps two lines, repeats one or leaves one out.
    fn shuffle_lines(&mut self, bytes: &mut Vec<u8>) {
        let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        let (a, b) = (self.below(lines.len()), self.below(lines.len()));
        match self.below(4) {
            _ if lines.is_empty() => {}
            0 => drop(lines.remove(a)),
            1 => lines.swap(a, b),
            2 => lines.insert(b, lines[a]),
            _ => drop(lines.splice(b..b, vec![lines[a]; 1 << self.below(6)])),
        }
        *bytes = lines.concat();
    }

    /// The head of one file and the tail of another, mostly at ends of lines.
    fn splice(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        let by_lines = !self.once_in(3);
        let mut cut = |bytes: &[u8]| {
            let at = self.below(bytes.len());
            let next = bytes[at..].iter().position(|byte| *byte == b'\n');
            next.filter(|_| by_lines).map_or(at, |next| at + next + 1)
        };
        let (head, tail) = (cut(bytes), cut(other));
        bytes.truncate(head);
        bytes.extend_from_slice(&other[tail..]);
    }

    /// Exchanges one mark for another, throughout or once.
    fn swap_marks(&mut self, bytes: &mut Vec<u8>) {
        let marks: [&[u8]; 10] =
            [b",", b";", b"\t", b"|", b"\n", b"\r\n", b"\r", b"\"", b"'", b"."];
        let (from, to) = (self.one_of(&marks), self.one_of(&marks));
        let mut left = if self.once_in(3) { 1 } else { usize::MAX };
        let mut swapped = Vec::with_capacity(bytes.len());
        let mut rest = bytes.as_slice();
        while let Some((&first, behind)) = rest.split_first() {
            if left > 0 && rest.starts_with(from) {
                swapped.extend_from_slice(to);
                rest = &rest[from.len()..];
                left -= 1;
            } else {
                swapped.push(first);
                rest = behind;
            }
        }
        *bytes = swapped;
    }

    fn replace_number(&mut self, bytes: &mut Vec<u8>) {
        let by = self.one_of(&HOSTILE).as_bytes().to_vec();
        self.replace_run(bytes, &|byte| byte.is_ascii_digit() || b".-".contains(&byte), by);
    }

    /// Replaces a cell by a long one, one of many words or a hostile one.
    fn replace_cell(&mut self, bytes: &mut Vec<u8>) {
        let by = match self.below(5) {
            0 => vec![TELLING[self.below(TELLING.len())]; 1 << self.below(17)],
            1 => vec![b'9'; 1 << self.below(12)],
            2 => "Total for Ä ".repeat(1 << self.below(8)).into_bytes(),
            3 => Vec::new(),
            _ => self.one_of(&HOSTILE).as_bytes().to_vec(),
        };
        self.replace_run(bytes, &|byte| !b",;\t|\n\r\"<>".contains(&byte), by);
    }

    /// Replaces the run of such bytes that begins at or behind a random place.
    fn replace_run(&mut self, bytes: &mut Vec<u8>, is_in: &dyn Fn(u8) -> bool, by: Vec<u8>) {
        let from = self.below(bytes.len());
        let Some(start) = bytes[from..].iter().position(|byte| is_in(*byte)) else { return };
        let start = from + start;
        let len = bytes[start..].iter().position(|byte| !is_in(*byte));
        bytes.splice(start..len.map_or(bytes.len(), |len| start + len), by);
    }

    /// Another encoding of the same text, where it is one.
    fn encode(&mut self, bytes: &mut Vec<u8>) {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        *bytes = match self.below(4) {
            0 => [b"\xFF\xFE".to_vec(), text.encode_utf16().flat_map(u16::to_le_bytes).collect()],
            1 => [b"\xFE\xFF".to_vec(), text.encode_utf16().flat_map(u16::to_be_bytes).collect()],
            2 => [b"\xEF\xBB\xBF".to_vec(), text.as_bytes().to_vec()],
            // As Latin-1; letters beyond it become others, which is damage as well.
            _ => [text.chars().map(|c| c as u8).collect(), Vec::new()],
        }
        .concat();
    }
}
