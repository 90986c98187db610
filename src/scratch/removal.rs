use std::fs;
use std::io;
use std::path::Path;

/// The name of the file in a folder that its process holds locked.
pub(super) const LOCK: &str = "lock";

/// Removes a folder, its lock last: a folder that is only half removed is still known as ours.
pub(super) fn remove(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name() == LOCK {
            continue;
        }
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    fs::remove_dir_all(folder)
}
