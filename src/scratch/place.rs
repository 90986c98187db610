use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::OnceLock;

static PLACE: OnceLock<PathBuf> = OnceLock::new();

/// Puts temporary data of this process in `folder` from now on; only the first call counts.
pub fn put_in(folder: PathBuf) {
    // A second call must not separate data that is already in use.
    let _ = PLACE.set(folder);
}

/// The folder of temporary data: the one given to [`put_in`], otherwise the system's.
pub fn place() -> PathBuf {
    PLACE.get().cloned().unwrap_or_else(std::env::temp_dir)
}

/// Creates an unnamed file, which no other process can open and which is removed when closed.
///
/// # Errors
/// If the file cannot be created; the error names the folder.
pub fn spool() -> io::Result<File> {
    let place = place();
    tempfile::tempfile_in(&place).map_err(|source| in_place(&source))
}

/// Adds to an error the folder of temporary data and the option that changes it.
pub(crate) fn in_place(source: &io::Error) -> io::Error {
    let place = place();
    let place = place.display();
    io::Error::new(
        source.kind(),
        format!("temporary data in {place}: {source}; choose another folder with --temp"),
    )
}
