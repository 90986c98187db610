//! Zip archives: what they may inflate to, and the members they hold.
//!
//! Sizes that an archive declares are never trusted; bytes count as they come out of the inflater.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use zip::read::ZipFile;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::SheetError;

#[cfg(test)]
mod tests;

/// The most bytes that the members of an archive may inflate to, all together.
pub(super) const MAX_INFLATED: u64 = 1 << 30;

/// The largest file of an archive, which is in memory as a whole.
const MAX_IN_MEMORY: usize = 256 << 20;

/// How many times its own size an archive may inflate to.
const MAX_RATIO: u64 = 200;

/// Up to here the ratio does not count: a small sheet of repeated cells compresses very well.
const RATIO_FREE: u64 = 10 << 20;

/// The most members of an archive; an index of millions would fill the memory by itself.
const MAX_MEMBERS: usize = 100_000;

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;
type Member<'a, 'b> = ZipFile<'b, Cursor<&'a [u8]>>;

/// Inflates every member of the zip archive in `bytes` once, keeping nothing.
///
/// # Errors
/// [`SheetError::Inflates`] beyond 1 GiB, or beyond 10 MiB and 200 times the archive's size;
/// [`SheetError::Encrypted`] and [`SheetError::Damaged`] where a member cannot be read.
pub fn check_inflation(bytes: &[u8]) -> Result<(), SheetError> {
    check_members(bytes, &mut open(bytes)?)
}

fn check_members(bytes: &[u8], archive: &mut Archive<'_>) -> Result<(), SheetError> {
    let mut meter = Meter::new(bytes);
    let mut chunk = vec![0; 1 << 16];
    for index in 0..archive.len() {
        let mut member = member(archive, index)?;
        while meter.read(&mut member, &mut chunk)? > 0 {}
    }
    Ok(())
}

/// What a zip archive is by one of its members when it is a document of another program, and what
/// to do about it.
pub fn other_document(bytes: &[u8]) -> Option<&'static str> {
    const MEMBERS: [(&str, &str); 4] = [
        ("word/document.xml", "it is a Word document; export the report as XLSX or CSV instead"),
        ("ppt/presentation.xml", "it is a presentation; export the report as XLSX or CSV instead"),
        ("Index/Document.iwa", "it is a Numbers or Pages document; export it as XLSX"),
        ("xl/workbook.bin", "it is a binary workbook (XLSB); save it as XLSX"),
    ];
    let archive = open(bytes).ok()?;
    let is_there = |(member, _): &&(&str, &str)| archive.index_for_name(member).is_some();
    MEMBERS.iter().find(is_there).map(|(_, what)| *what)
}

/// The files of the zip archive in `bytes` with their contents, in the order of their names. Names
/// are names only, never paths to write to. Directories, files whose name or directory begins with
/// a dot, and the `__MACOSX` directory are left out; an archive within it stays as its bytes.
///
/// # Errors
/// As [`check_inflation`], for the members that are not left out.
pub fn members(bytes: &[u8]) -> Result<Members<'_>, SheetError> {
    let archive = open(bytes)?;
    let mut left = Vec::new();
    for index in 0..archive.len() {
        let name = name_of(&archive, index)?;
        if is_file(&name) {
            left.push((name, index));
        }
    }
    left.sort_by(|a, b| b.0.cmp(&a.0));
    Ok(Members { archive, left, meter: Meter::new(bytes) })
}

/// The files of an archive, each inflated when it is asked for.
pub struct Members<'a> {
    archive: Archive<'a>,
    /// Names and indices, the next one last.
    left: Vec<(String, usize)>,
    meter: Meter,
}

impl Iterator for Members<'_> {
    type Item = Result<(String, Vec<u8>), SheetError>;

    fn next(&mut self) -> Option<Self::Item> {
        let (name, index) = self.left.pop()?;
        Some(self.content(index).map(|content| (name, content)))
    }
}

impl Members<'_> {
    fn content(&mut self, index: usize) -> Result<Vec<u8>, SheetError> {
        let mut member = member(&mut self.archive, index)?;
        let mut chunk = vec![0; 1 << 16];
        let mut content = Vec::new();
        loop {
            let read = self.meter.read(&mut member, &mut chunk)?;
            if read == 0 {
                return Ok(content);
            }
            if content.len() + read > MAX_IN_MEMORY {
                return Err(SheetError::Inflates { limit: "256 MiB in one file" });
            }
            content.extend_from_slice(&chunk[..read]);
        }
    }
}

fn is_file(name: &str) -> bool {
    let is_dotted = |part: &str| part.starts_with('.') && part != "." && part != "..";
    let is_left_out = |part| is_dotted(part) || part == "__MACOSX";
    !name.ends_with('/') && !name.split('/').any(is_left_out)
}

fn open(bytes: &[u8]) -> Result<Archive<'_>, SheetError> {
    let headers = bytes.windows(4).filter(|window| window == b"PK\x01\x02").count();
    if headers > MAX_MEMBERS {
        let problem =
            format!("the archive lists {headers} members; at most {MAX_MEMBERS} are read");
        return Err(SheetError::Damaged(problem));
    }
    ZipArchive::new(Cursor::new(bytes)).map_err(|error| archive_error(&error))
}

fn name_of(archive: &Archive<'_>, index: usize) -> Result<String, SheetError> {
    let name = archive.name_for_index(index).unwrap_or(Err(ZipError::FileNotFound));
    Ok(name.map_err(|error| archive_error(&error))?.replace('\\', "/"))
}

fn member<'a, 'b>(
    archive: &'b mut Archive<'a>,
    index: usize,
) -> Result<Member<'a, 'b>, SheetError> {
    let member = archive.by_index(index).map_err(|error| archive_error(&error))?;
    match member.compression() {
        CompressionMethod::Stored | CompressionMethod::Deflated => Ok(member),
        other => {
            let problem =
                format!("a member has the compression {other}, expected deflate or none at all");
            Err(SheetError::Damaged(problem))
        }
    }
}

fn archive_error(error: &ZipError) -> SheetError {
    match error {
        ZipError::UnsupportedArchive(reason) if *reason == ZipError::PASSWORD_REQUIRED => {
            SheetError::Encrypted
        }
        ZipError::Io(_) | ZipError::InvalidArchive(_) => {
            SheetError::Damaged("the zip archive breaks off or contradicts itself".to_owned())
        }
        _ => SheetError::Damaged("the zip archive is of a kind that is not read".to_owned()),
    }
}

/// Counts the bytes that come out of one archive.
struct Meter {
    compressed: u64,
    inflated: u64,
}

impl Meter {
    fn new(archive: &[u8]) -> Self {
        Self { compressed: archive.len() as u64, inflated: 0 }
    }

    fn read(&mut self, member: &mut impl Read, chunk: &mut [u8]) -> Result<usize, SheetError> {
        let read = member.read(chunk).map_err(|_| {
            SheetError::Damaged("a member of the zip archive cannot be inflated".to_owned())
        })?;
        self.inflated += read as u64;
        if self.inflated > MAX_INFLATED {
            return Err(SheetError::Inflates { limit: "1 GiB" });
        }
        if self.inflated > RATIO_FREE.max(self.compressed.saturating_mul(MAX_RATIO)) {
            return Err(SheetError::Inflates { limit: "200 times its size" });
        }
        Ok(read)
    }
}

/// A zip archive of named parts, as workbooks are, whose inflation has been checked.
pub(super) struct Package<'a> {
    archive: Archive<'a>,
    parts: HashMap<String, usize>,
}

impl<'a> Package<'a> {
    /// Opens and checks the archive in `bytes`.
    ///
    /// # Errors
    /// As [`check_inflation`].
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, SheetError> {
        let mut package = Self::index(bytes)?;
        check_members(bytes, &mut package.archive)?;
        Ok(package)
    }

    /// Opens the archive in `bytes` without inflating anything, to see which parts it has.
    ///
    /// # Errors
    /// [`SheetError::Damaged`] where the archive cannot be read.
    pub(super) fn index(bytes: &'a [u8]) -> Result<Self, SheetError> {
        let archive = open(bytes)?;
        let mut parts = HashMap::new();
        for index in 0..archive.len() {
            parts.insert(part_key(&name_of(&archive, index)?), index);
        }
        Ok(Self { archive, parts })
    }

    /// Whether there is a part of this name; upper and lower case are the same.
    pub(super) fn has(&self, name: &str) -> bool {
        self.parts.contains_key(&part_key(name))
    }

    /// The content of a part; `None` when there is none of this name.
    ///
    /// # Errors
    /// [`SheetError::Encrypted`] and [`SheetError::Damaged`] where it cannot be read.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<impl Read + '_>, SheetError> {
        match self.parts.get(&part_key(name)) {
            Some(&index) => member(&mut self.archive, index).map(Some),
            None => Ok(None),
        }
    }
}

fn part_key(name: &str) -> String {
    name.trim_start_matches('/').to_lowercase()
}
