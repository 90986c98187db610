//! Checks that a result can be written before it is computed.

use std::io::Error;
use std::path::Path;

use super::ReportError;
use super::write::folder_of;

/// Checks that these files can be written into a folder, which need not exist yet. Nothing is left
/// behind.
///
/// # Errors
/// If a file has the name of the folder or of one above it, a folder has the name of one of the
/// files, or the system does not allow writing there.
pub fn check_folder(folder: &Path, names: &[&str]) -> Result<(), ReportError> {
    if folder.is_dir() {
        probed(folder, folder)?;
        return names.iter().try_for_each(|name| not_a_folder(&folder.join(name)));
    }
    // A folder that has to be made is made in the nearest one that exists.
    let above = folder.ancestors().find(|above| {
        // A link that leads nowhere exists as well, and is in the way.
        above.as_os_str().is_empty() || above.symlink_metadata().is_ok()
    });
    let above = above.filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !above.is_dir() {
        return Err(ReportError::NotAFolder(above.display().to_string()));
    }
    probed(above, folder)
}

/// Checks that a file can be written; its folder must exist. Nothing is left behind.
///
/// # Errors
/// If the folder does not exist, `path` is a folder, or the system does not allow writing there.
pub fn check_file(path: &Path) -> Result<(), ReportError> {
    probed(folder_of(path)?, path)
}

/// Makes an unnamed file in the folder, which is gone when it is closed: permissions alone do not
/// tell about a full disk or a read-only mount.
fn probed(folder: &Path, named: &Path) -> Result<(), ReportError> {
    match tempfile::tempfile_in(folder) {
        Ok(_) => Ok(()),
        Err(source) => Err(failed(named, plain(&source))),
    }
}

/// The system's error without the name of the temporary file.
fn plain(error: &Error) -> Error {
    error.raw_os_error().map_or_else(|| error.kind().into(), Error::from_raw_os_error)
}

fn not_a_folder(path: &Path) -> Result<(), ReportError> {
    if path.is_dir() { Err(ReportError::NotAFile(path.display().to_string())) } else { Ok(()) }
}

fn failed(path: &Path, source: Error) -> ReportError {
    ReportError::File { file: path.display().to_string(), source }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn said(checked: Result<(), ReportError>) -> String {
        checked.map_or_else(|error| error.to_string(), |()| "writable".to_owned())
    }

    #[test]
    fn what_can_be_written_is_found_out_and_nothing_is_left() {
        let folder = tempfile::tempdir().expect("a folder");
        let below = |name: &str| folder.path().join(name);
        fs::write(below("file"), "").expect("a file");
        fs::create_dir(below("taken.json")).expect("a folder");
        assert_eq!(said(check_folder(folder.path(), &["a.json"])), "writable");
        assert_eq!(said(check_folder(&below("new/deep"), &["a.json"])), "writable");
        assert_eq!(said(check_file(&below("file"))), "writable");
        assert_eq!(said(check_file(&below("other"))), "writable");
        for (checked, name) in [
            (check_folder(folder.path(), &["a.json", "taken.json"]), "taken.json"),
            (check_folder(&below("file"), &[]), "file"),
            (check_folder(&below("file/deep"), &[]), "file"),
            (check_file(&below("taken.json")), "taken.json"),
            (check_file(&below("file/x.csv")), "file"),
            (check_file(&below("new/x.csv")), "new/x.csv"),
        ] {
            let said = said(checked);
            assert!(said.starts_with(&format!("{}: ", below(name).display())), "{said}");
        }
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 2);
    }
}
