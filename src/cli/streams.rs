//! Paths on the command line: `-` is standard input for a file to read, and standard output for a
//! file to write.

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use clap::builder::{OsStringValueParser, TypedValueParser};

use basics::refusal;
use report::{self, ReportError};

use super::{CliError, print};

/// Standard input as a file, so that the rooms need to know only paths.
const STDIN: &str = "/dev/stdin";

/// The argument for either stream.
const DASH: &str = "-";

/// Set if standard input has another use.
static TAKEN: OnceLock<()> = OnceLock::new();

/// Makes `-` an ordinary file name: the service ends a job by closing its standard input.
pub(super) fn take_stdin() {
    // It may be set already.
    let _ = TAKEN.set(());
}

/// The path of a file to read.
///
/// # Errors
/// If the argument is empty, or `-` on a system without /dev/stdin.
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

/// A parser for a file to read.
pub(super) fn input() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().try_map(|text: OsString| match text.to_str() {
        Some(text) => read_path(text),
        // Not UTF-8, so not `-` either.
        None => Ok(text.into()),
    })
}

/// A parser for a file or folder that must be on disk.
pub(super) fn input_on_disk() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().try_map(|text: OsString| match text.to_str() {
        Some("") => Err("expected a file or folder"),
        Some(DASH) => Err(
            "expected a file or folder, because it is read more than once; save standard input \
                 to a file first",
        ),
        _ => Ok(PathBuf::from(text)),
    })
}

/// A parser for a file to write.
pub(super) fn output() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().try_map(|text: OsString| match text.to_str() {
        Some("") => Err("expected a file, or - for standard output"),
        _ => Ok(PathBuf::from(text)),
    })
}

/// A parser for a folder to write to.
pub(super) fn output_folder() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().try_map(|text: OsString| match text.to_str() {
        Some("") => Err("expected a folder"),
        Some(DASH) => Err("expected a folder, because several files are written"),
        _ => Ok(PathBuf::from(text)),
    })
}

/// True if a path to read is standard input.
pub(super) fn is_stdin(path: &Path) -> bool {
    path == Path::new(STDIN) && TAKEN.get().is_none()
}

/// True if a path to write is standard output.
pub(super) fn is_stdout(path: &Path) -> bool {
    path == Path::new(DASH)
}

/// The text of a file.
///
/// # Errors
/// If the file cannot be read or is not UTF-8; the error names it.
pub(super) fn text(path: &Path) -> Result<String, CliError> {
    fs::read_to_string(path).map_err(|error| named(path, &refusal(&error)))
}

/// The text of an offer.
///
/// # Errors
/// If the file cannot be read or is not UTF-8, as no offer is; the error names it.
pub(super) fn offer_text(path: &Path) -> Result<String, CliError> {
    let bytes = fs::read(path).map_err(|error| named(path, &refusal(&error)))?;
    String::from_utf8(bytes).map_err(|_| named(path, &"not an offer: not UTF-8 text"))
}

/// An error that names its file.
pub(super) fn named(path: &Path, error: &dyn std::fmt::Display) -> CliError {
    format!("{}: {error}", name(path)).into()
}

/// The name of a file in messages.
pub(super) fn name(path: &Path) -> String {
    if is_stdin(path) { "standard input".to_owned() } else { path.display().to_string() }
}

/// Writes a file, or standard output for `-`.
///
/// # Errors
/// If the file cannot be written or `content` fails.
pub(super) fn write(
    path: &Path,
    content: impl FnOnce(&mut dyn Write) -> Result<(), CliError>,
) -> Result<(), CliError> {
    if is_stdout(path) {
        return print(content);
    }
    report::write_file(path, content)
}

/// Checks, before the work is done, that its output can be written.
///
/// # Errors
/// If the file cannot be written.
pub(super) fn check_output(path: &Path) -> Result<(), ReportError> {
    if is_stdout(path) { Ok(()) } else { report::check_file(path) }
}
