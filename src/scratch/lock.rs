use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// A lock among processes: a file that one of them holds locked, removed when dropped. The system
/// gives the lock of a killed process back.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    _file: File,
}

impl Lock {
    /// Takes the lock of this path; `None` if another has it.
    ///
    /// # Errors
    /// If the file cannot be created or locked.
    pub fn take(path: PathBuf) -> io::Result<Option<Self>> {
        let file = File::options().create(true).append(true).open(&path)?;
        match file.try_lock() {
            Ok(()) if is_at(&file, &path) => Ok(Some(Self { path, _file: file })),
            // Another has it, or has just left it and removed the file.
            Ok(()) | Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Still locked, so that nobody else has it; one that stays is taken as it is.
        let _ = fs::remove_file(&self.path);
    }
}

/// Returns true if the open file is still the one at `path`.
pub(super) fn is_at(file: &File, path: &Path) -> bool {
    let (Ok(open), Ok(there)) = (file.metadata(), fs::metadata(path)) else { return false };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        (open.dev(), open.ino()) == (there.dev(), there.ino())
    }
    #[cfg(not(unix))]
    {
        open.len() == there.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_has_it_until_it_is_dropped() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("turn");
        let take = || Lock::take(path.clone()).expect("locks");
        let first = take().expect("free");
        assert!(take().is_none());
        drop(first);
        assert!(!path.exists());
        // Left by a process that was killed.
        File::create(&path).expect("a file");
        assert!(take().is_some());
    }

    #[test]
    fn of_many_at_once_one_has_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("turn");
        let inside = std::sync::atomic::AtomicU32::new(0);
        let take = || {
            for _ in 0..2_000 {
                if let Some(_lock) = Lock::take(path.clone()).expect("locks") {
                    let others = inside.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                    assert_eq!(others, 0);
                    inside.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
                }
            }
        };
        std::thread::scope(|scope| (0..4).for_each(|_| _ = scope.spawn(take)));
    }
}
