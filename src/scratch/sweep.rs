use std::fs::{self, DirEntry, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::Path;

use super::folder::PREFIX;
use super::removal::{LOCK, remove};

/// Removes the folders of temporary data in `parent` that killed processes of this user have left.
///
/// A folder is left when nobody holds its lock. What has another name, belongs to somebody else or
/// has no lock stays, and so does what cannot be removed.
pub fn sweep(parent: &Path) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten().filter(is_own) {
        // It stays where it is, for the next start.
        let _ = remove_left(&entry.path());
    }
}

fn is_own(entry: &DirEntry) -> bool {
    let named = entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX));
    // Of a link the type is that of a link.
    named && entry.file_type().is_ok_and(|kind| kind.is_dir()) && is_of_user(entry)
}

#[cfg(unix)]
fn is_of_user(entry: &DirEntry) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let user = rustix::process::geteuid().as_raw();
    entry.metadata().is_ok_and(|metadata| metadata.uid() == user)
}

#[cfg(not(unix))]
fn is_of_user(_: &DirEntry) -> bool {
    true
}

fn remove_left(folder: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).open(folder.join(LOCK)) {
        Ok(lock) => {
            lock.try_lock()?;
            // Held until all is gone: its process may only now be about to take it.
            remove(folder)
        }
        // Killed before it made the lock; a folder with anything in it is not removed by this.
        Err(error) if error.kind() == ErrorKind::NotFound => fs::remove_dir(folder),
        Err(error) => Err(error),
    }
}
