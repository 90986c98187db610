//! Paths on the command line: `-` is standard input where a file is read, and standard output
//! where one is written.

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use clap::builder::{OsStringValueParser, TypedValueParser};

use basics::refusal;
use report::{self, ReportError};

use super::{CliError, print};

/// Standard input as a file that every room can open.
const STDIN: &str = "/dev/stdin";

/// What a user types for either stream.
const DASH: &str = "-";

/// Set where standard input belongs to somebody else.
static TAKEN: OnceLock<()> = OnceLock::new();

/// From now on `-` is the name of a file: standard input is how the service tells a job to end.
pub(super) fn take_stdin() {
    // It may have been taken before.
    let _ = TAKEN.set(());
}

/// The file of an argument that is read.
pub(super) fn read_path(text: &str) -> Result<PathBuf, &'static str> {
    if text.is_empty() {
        return Err("expected a file, or - for standard input");
    }
    if text != DASH || TAKEN.get().is_some() {
        return Ok(text.into());
    }
    if cfg!(unix) {
        Ok(STDIN.into())
    } else {
        Err("expected a file: this system has no /dev/stdin")
    }
}

/// Reads an argument as a file to be read.
pub(super) fn input() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().try_map(|text: OsString| match text.to_str() {
        Some(text) => read_path(text),
        None => Ok(text.into()),
    })
}

/// Reads an argument as a file or folder that has to be on disk.
pub(super) fn input_on_disk() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().try_map(|text: OsString| match text.to_str() {
        Some("") => Err("expected a file or folder"),
        Some(DASH) => {
            Err("expected a file or folder: it is read more than once, which standard input \
                 cannot be; save it to a file first")
        }
        _ => Ok(PathBuf::from(text)),
    })
}

/// Reads an argument as a file to be written.
pub(super) fn output() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().try_map(|text: OsString| match text.to_str() {
        Some("") => Err("expected a file, or - for standard output"),
        _ => Ok(PathBuf::from(text)),
    })
}

/// Reads an argument as a folder to be written into.
pub(super) fn output_folder() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().try_map(|text: OsString| match text.to_str() {
        Some("") => Err("expected a folder"),
        Some(DASH) => {
            Err("expected a folder: several files are written, which standard output cannot hold")
        }
        _ => Ok(PathBuf::from(text)),
    })
}

/// Whether a path that is read is standard input.
pub(super) fn is_stdin(path: &Path) -> bool {
    path == Path::new(STDIN) && TAKEN.get().is_none()
}

/// Whether a path that is written is standard output.
pub(super) fn is_stdout(path: &Path) -> bool {
    path == Path::new(DASH)
}

/// The text of a file; an error names it.
pub(super) fn text(path: &Path) -> Result<String, CliError> {
    fs::read_to_string(path).map_err(|error| named(path, &refusal(&error)))
}

/// An error with the file that it is about.
pub(super) fn named(path: &Path, error: &dyn std::fmt::Display) -> CliError {
    format!("{}: {error}", name(path)).into()
}

/// A file as a reader is told of it.
pub(super) fn name(path: &Path) -> String {
    if is_stdin(path) { "standard input".to_owned() } else { path.display().to_string() }
}

/// Writes a file, or standard output for `-`.
pub(super) fn write(
    path: &Path,
    content: impl FnOnce(&mut dyn Write) -> Result<(), CliError>,
) -> Result<(), CliError> {
    if is_stdout(path) {
        return print(content);
    }
    report::write_file(path, content)
}

/// Finds out before the work whether a file can be written at its end.
pub(super) fn check_output(path: &Path) -> Result<(), ReportError> {
    if is_stdout(path) { Ok(()) } else { report::check_file(path) }
}
