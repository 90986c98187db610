use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::OnceLock;

static PLACE: OnceLock<PathBuf> = OnceLock::new();

/// From now on temporary data of this process lies in `folder`; the first word counts.
pub fn put_in(folder: PathBuf) {
    // Whoever comes second keeps what holds already.
    let _ = PLACE.set(folder);
}

/// Where temporary data lies: in the folder that was named, else in the system's.
pub fn place() -> PathBuf {
    PLACE.get().cloned().unwrap_or_else(std::env::temp_dir)
}

/// A file without a name, which is gone when it is closed; nobody else can open it.
///
/// # Errors
/// What the system says, with the folder.
pub fn spool() -> io::Result<File> {
    let place = place();
    tempfile::tempfile_in(&place).map_err(|source| in_place(&source))
}

/// An error about temporary data, with where it lies and how to put it elsewhere.
pub(crate) fn in_place(source: &io::Error) -> io::Error {
    let place = place();
    let place = place.display();
    io::Error::new(
        source.kind(),
        format!("temporary data in {place}: {source}; --temp names another folder"),
    )
}
