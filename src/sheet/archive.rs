//! Zip archives: their members, and the limits to what they may inflate to.
//!
//! Sizes that an archive declares are never trusted; bytes are counted as they are inflated.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use zip::read::ZipFile;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::SheetError;

#[cfg(test)]
mod tests;

/// The most bytes that all members of an archive may inflate to together.
pub(super) const MAX_INFLATED: u64 = 1 << 30;

/// The most bytes that one member may inflate to, as it is held in memory as a whole.
const MAX_IN_MEMORY: usize = 256 << 20;

/// The highest ratio of inflated to compressed size.
const MAX_RATIO: u64 = 200;

/// The inflated size below which the ratio is ignored: small sheets of repeated cells compress very
/// well.
const RATIO_FREE: u64 = 10 << 20;

/// The most members of an archive; an index of millions would fill memory by itself.
const MAX_MEMBERS: usize = 100_000;

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;
type Member<'a, 'b> = ZipFile<'b, Cursor<&'a [u8]>>;

/// Checks what the zip archive in `bytes` inflates to, by inflating every member and keeping
/// nothing.
///
/// # Errors
/// If it inflates to more than 1 GiB, or to more than both 10 MiB and 200 times its size, or if a
/// member is encrypted or damaged.
pub fn check_inflation(bytes: &[u8]) -> Result<(), SheetError> {
    check_members(bytes, &mut open(bytes)?)
}

fn check_members(bytes: &[u8], archive: &mut Archive<'_>) -> Result<(), SheetError> {
    // One meter for the archive: a bomb may be spread over many small members.
    let mut meter = Meter::new(bytes);
    let mut chunk = vec![0; 1 << 16];
    for index in 0..archive.len() {
        let mut member = member(archive, index)?;
        while meter.read(&mut member, &mut chunk)? > 0 {}
    }
    Ok(())
}

/// Recognises a zip archive that is a document of another program, and says what to do about it.
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

/// The files of the zip archive in `bytes` with their contents, in order of name.
///
/// Directories, hidden files and the `__MACOSX` directory are left out; an archive within the
/// archive comes as its bytes. Names only serve to identify a file and are never written to.
///
/// # Errors
/// If the archive cannot be read; for its members, as [`check_inflation`].
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

/// An iterator over the files of an archive, each inflated when it is reached.
pub struct Members<'a> {
    archive: Archive<'a>,
    /// Names and indices, with the next one last.
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
    // macOS keeps resource forks there, under the names of the real files.
    let is_left_out = |part| is_dotted(part) || part == "__MACOSX";
    !name.ends_with('/') && !name.split('/').any(is_left_out)
}

fn open(bytes: &[u8]) -> Result<Archive<'_>, SheetError> {
    // Counted before the archive is opened, because opening it already builds the index.
    let headers = bytes.windows(4).filter(|window| window == b"PK\x01\x02").count();
    if headers > MAX_MEMBERS {
        let problem = format!("the archive lists {headers} files; the limit is {MAX_MEMBERS}");
        return Err(SheetError::Damaged(problem));
    }
    ZipArchive::new(Cursor::new(bytes)).map_err(|error| archive_error(&error))
}

fn name_of(archive: &Archive<'_>, index: usize) -> Result<String, SheetError> {
    let name = archive.name_for_index(index).unwrap_or(Err(ZipError::FileNotFound));
    // Some programs on Windows write backslashes, against the format.
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
                format!("a file in the archive uses {other} compression, expected deflate or none");
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
            SheetError::Damaged("the zip archive is incomplete or inconsistent".to_owned())
        }
        _ => SheetError::Damaged("this kind of zip archive is not supported".to_owned()),
    }
}

/// A count of the bytes inflated from one archive.
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
            SheetError::Damaged("a file in the zip archive cannot be decompressed".to_owned())
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

/// A zip archive of named parts, such as a workbook, whose inflation has been checked.
pub(super) struct Package<'a> {
    archive: Archive<'a>,
    parts: HashMap<String, usize>,
}

impl<'a> Package<'a> {
    /// Opens the archive in `bytes` and checks what it inflates to.
    ///
    /// # Errors
    /// As [`check_inflation`].
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, SheetError> {
        let mut package = Self::index(bytes)?;
        // Once only to count, before any part is parsed; parts are inflated again when they are
        // read.
        check_members(bytes, &mut package.archive)?;
        Ok(package)
    }

    /// Opens the archive in `bytes` without inflating anything, to look at its part names only.
    ///
    /// # Errors
    /// If the archive cannot be read.
    pub(super) fn index(bytes: &'a [u8]) -> Result<Self, SheetError> {
        let archive = open(bytes)?;
        let mut parts = HashMap::new();
        for index in 0..archive.len() {
            parts.insert(part_key(&name_of(&archive, index)?), index);
        }
        Ok(Self { archive, parts })
    }

    /// Returns true if there is a part with this name, whatever its case.
    pub(super) fn has(&self, name: &str) -> bool {
        self.parts.contains_key(&part_key(name))
    }

    /// The content of a part; `None` if no part has this name.
    ///
    /// # Errors
    /// If the part is encrypted or damaged.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<impl Read + '_>, SheetError> {
        match self.parts.get(&part_key(name)) {
            Some(&index) => member(&mut self.archive, index).map(Some),
            None => Ok(None),
        }
    }
}

fn part_key(name: &str) -> String {
    // Names of parts do not depend on case, and some programs refer to a part in another case.
    name.trim_start_matches('/').to_lowercase()
}
