//! Opening files of any format as sheets.

use std::collections::HashSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use basics::hex;

use super::archive::{MAX_INFLATED, check_inflation, members, other_document};
use super::cells::Sheet;
use super::error::SheetError;
use super::file_error::FileError;
use super::foreign;
use super::input::{Content, Input};
use super::json::{members_of, read_json};
use super::limits::{MAX_CELLS, MAX_ROWS};
use super::parquet;
use super::reader::Reader;
use super::text::read_text;
use super::ubl::read_ubl;
use super::workbook::{is_workbook, read_workbook};

/// The deepest nesting of archives and folders that is read.
const MAX_DEPTH: usize = 4;

/// The most text of all files of an archive together, in bytes.
const MAX_TEXT: usize = 512 << 20;

/// A file, or a member of an archive, as sheets.
pub struct Opened {
    /// The name as the user gave it; for a member of an archive, followed by the member's name.
    pub name: Arc<str>,
    /// The size of the file.
    pub bytes: u64,
    /// The SHA-256 of the bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// The tables of the file, in order.
    pub sheets: Vec<Sheet>,
    /// The number of rows that were not UTF-8 and were read as Windows-1252.
    pub not_utf8: u64,
    /// The encoding of a text that is neither.
    pub encoding: Option<&'static str>,
    /// The reason the file cannot be a table whatever it contains; it has no sheets then.
    pub refused: Option<FileError>,
}

/// Opens a file, or all files of a folder or archive in order of name.
///
/// Returns the files, and for each that is evidently not a ledger the reason it was left out.
///
/// # Errors
/// If a file is missing, damaged, encrypted, unsupported or too large, or if none is left; the
/// error names the file.
pub fn open(
    input: &Input,
    reader: &dyn Reader,
) -> Result<(Vec<Opened>, Vec<FileError>), FileError> {
    let mut files = Files::of(reader);
    match &input.content {
        Content::Path(path) => open_into(&input.name, path, 0, &mut files)?,
        Content::Bytes(bytes) => read_bytes(&input.name, bytes.to_vec(), 0, &mut files)?,
        Content::Spool(_) => {
            let io = |source| FileError::Io { file: input.name.to_string(), source };
            let mut bytes = Vec::new();
            input.open().and_then(|mut file| file.read_to_end(&mut bytes)).map_err(io)?;
            read_bytes(&input.name, bytes, 0, &mut files)?;
        }
    }
    if !files.opened.is_empty() {
        return Ok((files.opened, files.strays));
    }
    let nothing = || match &input.content {
        Content::Path(path) if path.is_dir() => FileError::Directory(input.name.to_string()),
        _ => {
            let source = SheetError::NoTable("the archive contains no files".to_owned());
            FileError::Sheet { file: input.name.to_string(), source }
        }
    };
    // A folder of strays alone: the reason of the first says more than that nothing is left.
    Err(files.strays.into_iter().next().unwrap_or_else(nothing))
}

/// The files of one input. They are in memory at the same time, so the limits of one file apply to
/// all of them together.
struct Files<'a> {
    reader: &'a dyn Reader,
    opened: Vec<Opened>,
    /// The reasons files in a folder or archive were left out.
    strays: Vec<FileError>,
    /// The folders already read.
    folders: HashSet<PathBuf>,
    /// The number of bytes inflated from archives, at every depth.
    inflated: u64,
    rows: usize,
    cells: usize,
    text: usize,
}

impl<'a> Files<'a> {
    fn of(reader: &'a dyn Reader) -> Self {
        Self {
            reader,
            opened: Vec::new(),
            strays: Vec::new(),
            folders: HashSet::new(),
            inflated: 0,
            rows: 0,
            cells: 0,
            text: 0,
        }
    }

    fn inflate(&mut self, bytes: usize) -> Result<(), SheetError> {
        self.inflated += bytes as u64;
        if self.inflated > MAX_INFLATED {
            return Err(SheetError::Inflates { limit: "1 GiB" });
        }
        Ok(())
    }

    fn push(&mut self, file: Opened) -> Result<(), SheetError> {
        self.rows += file.sheets.iter().map(Sheet::height).sum::<usize>();
        self.cells += file.sheets.iter().map(Sheet::cells).sum::<usize>();
        self.text += file.sheets.iter().map(Sheet::text_bytes).sum::<usize>();
        self.opened.push(file);
        // Text that was not compressed takes no more than the files themselves.
        if self.text > MAX_TEXT && self.inflated > 0 {
            return Err(SheetError::Inflates { limit: "512 MiB of text" });
        }
        if self.cells > MAX_CELLS {
            return Err(SheetError::TooManyCells);
        }
        if self.rows > MAX_ROWS {
            return Err(SheetError::TooManyRows);
        }
        Ok(())
    }
}

fn open_into(
    name: &str,
    path: &Path,
    depth: usize,
    files: &mut Files<'_>,
) -> Result<(), FileError> {
    let io = |source| FileError::Io { file: name.to_owned(), source };
    let kind = fs::metadata(path).map_err(io)?;
    if kind.is_dir() {
        // A symbolic link may lead back to a folder that has been read.
        let is_new = files.folders.insert(fs::canonicalize(path).map_err(io)?);
        if depth < MAX_DEPTH && is_new {
            for entry in entries(path).map_err(io)? {
                open_into(&entry.display().to_string(), &entry, depth + 1, files)?;
            }
        }
        return Ok(());
    }
    // A pipe that the user named has been spooled; reading one found in a folder might never end.
    if !kind.is_file() && depth > 0 {
        let what = "a pipe or a device";
        files.strays.push(FileError::NotLedger { file: name.to_owned(), what });
        return Ok(());
    }
    let bytes = fs::read(path).map_err(io)?;
    read_bytes(name, bytes, depth, files)
}

/// The files and folders in a folder in order of name, without hidden ones.
fn entries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            entries.push(entry.path());
        }
    }
    entries.sort();
    Ok(entries)
}

fn read_bytes(
    name: &str,
    bytes: Vec<u8>,
    depth: usize,
    files: &mut Files<'_>,
) -> Result<(), FileError> {
    let damaged = |source| FileError::Sheet { file: name.to_owned(), source };
    let format = match format(name, &bytes) {
        // Beside ledgers a stray is left out; a file that the user named is refused.
        Err(stray @ FileError::NotLedger { .. }) if depth > 0 => {
            files.strays.push(stray);
            return Ok(());
        }
        other => other?,
    };
    if format == Format::Zip {
        check_inflation(&bytes).map_err(damaged)?;
        // Before `is_workbook`: a Word document has the `_rels/.rels` of an XLSX too.
        if let Some(evidence) = other_document(&bytes) {
            return Err(FileError::Binary { file: name.to_owned(), evidence });
        }
        if !is_workbook(&bytes) {
            if depth >= MAX_DEPTH {
                let problem = "its archives are nested too deeply".to_owned();
                return Err(damaged(SheetError::NoTable(problem)));
            }
            for member in members(&bytes).map_err(damaged)? {
                let (member, bytes) = member.map_err(damaged)?;
                files.inflate(bytes.len()).map_err(damaged)?;
                read_bytes(&format!("{name}/{member}"), bytes, depth + 1, files)?;
            }
            return Ok(());
        }
    }
    let mut file = Opened {
        name: name.into(),
        bytes: bytes.len() as u64,
        sha256: hex(&Sha256::digest(&bytes)),
        sheets: Vec::new(),
        not_utf8: 0,
        encoding: None,
        refused: None,
    };
    file.sheets = match format {
        Format::Zip | Format::Ole => read_workbook(&bytes).map_err(damaged)?,
        Format::Parquet => vec![parquet::sheet(name, bytes)?],
        Format::Xml => vec![read_ubl(&bytes).map_err(damaged)?],
        Format::Json => {
            // RFC 8259 allows no other encoding, whereas text files often come in Windows-1252.
            let text = std::str::from_utf8(&bytes).map_err(|error| {
                let valid = error.valid_up_to();
                let problem = format!("expected UTF-8, found other bytes after byte {valid}");
                damaged(SheetError::Damaged(problem))
            })?;
            file.refused = files.reader.refuses(name, &members_of(text));
            match file.refused {
                Some(_) => Vec::new(),
                None => vec![read_json(text).map_err(damaged)?],
            }
        }
        Format::Text => {
            let text = read_text(name, &bytes, files.reader)?;
            (file.not_utf8, file.encoding) = (text.not_utf8, text.encoding);
            vec![text.sheet]
        }
    };
    files.push(file).map_err(damaged)
}

/// The format of a file, as its bytes show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Text,
    Json,
    Xml,
    Zip,
    Ole,
    Parquet,
}

/// Returns true for HTML: some systems export tables as web pages and name them `.xls`.
fn is_html(head: &[u8]) -> bool {
    let head = String::from_utf8_lossy(head).to_lowercase();
    ["<html", "<!doctype html", "<table"].iter().any(|tag| head.contains(tag))
}

fn format(name: &str, bytes: &[u8]) -> Result<Format, FileError> {
    let head = &bytes[..bytes.len().min(8192)];
    foreign::check_bytes(name, head)?;
    // Half the bytes of such a text may be NUL, so that it is told before the check for them.
    let is_utf16 = head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]);
    match head {
        [b'P', b'A', b'R', b'1', ..] => return Ok(Format::Parquet),
        // An archive without members begins with the record that ends all others.
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => return Ok(Format::Zip),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => return Ok(Format::Ole),
        _ => {}
    }
    let first =
        head.iter().find(|byte| !byte.is_ascii_whitespace() && !matches!(byte, 0xEF | 0xBB | 0xBF));
    match first {
        None => Err(FileError::Empty(name.to_owned())),
        // The byte order decides which of the two bytes of `<` comes first.
        _ if is_utf16 && head.len() > 3 && (head[2] == b'<' || head[3] == b'<') => Ok(Format::Xml),
        _ if is_utf16 => Ok(Format::Text),
        Some(b'{' | b'[') if foreign::is_json(head) => Ok(Format::Json),
        // Before XML: a document type would be refused as an attack, which does not help here.
        Some(b'<') if is_html(head) => Err(FileError::Binary {
            file: name.to_owned(),
            evidence: "it is a web page; open it in a spreadsheet program and save it as XLSX",
        }),
        Some(b'<') => Ok(Format::Xml),
        _ if head.contains(&0) => {
            Err(FileError::Binary { file: name.to_owned(), evidence: "it contains NUL bytes" })
        }
        _ => Ok(Format::Text),
    }
}
