use std::fs::{self, DirEntry, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::Path;

use super::folder::PREFIX;
use super::removal::{LOCK, remove};

/// Removes the folders of temporary data in `parent` that killed processes of this user left
/// behind.
///
/// A folder was left behind if no process holds its lock. Anything with another name, of another
/// user or without a lock is kept, and so is what cannot be removed.
pub fn sweep(parent: &Path) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten().filter(is_own) {
        // If it cannot be removed now, the next start tries again.
        let _ = remove_left(&entry.path());
    }
}

fn is_own(entry: &DirEntry) -> bool {
    let named = entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX));
    // The type is that of the entry itself: a symbolic link to a folder is not followed.
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
            // Held until everything is gone: its process may be just about to take the lock.
            remove(folder)
        }
        // Killed before it created the lock. `remove_dir` fails on a folder that is not empty, so
        // one that only looks like ours is kept.
        Err(error) if error.kind() == ErrorKind::NotFound => fs::remove_dir(folder),
        Err(error) => Err(error),
    }
}
