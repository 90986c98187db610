use std::fs;
use std::io;
use std::path::Path;

/// The file that its process holds locked.
pub(super) const LOCK: &str = "lock";

/// Removes a folder, its lock last: what is left of it half-way still shows that it is ours.
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
