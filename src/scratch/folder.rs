use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::live;
use super::lock::is_at;
use super::place::{in_place, place};
use super::removal::{LOCK, remove};

/// The prefix of every folder's name. Hidden, so that no reader of a folder takes it for data.
pub(super) const PREFIX: &str = ".factorage-";

/// The number of names tried, as killed processes with the same id may have left folders behind.
const NAMES: usize = 10_000;

/// A temporary folder that only its user can enter, removed with its content when dropped.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Creates a folder in the [`place`] of temporary data.
    ///
    /// # Errors
    /// If the folder cannot be created there; the error names the place.
    pub fn new() -> io::Result<Self> {
        Self::within(&place()).map_err(|source| in_place(&source))
    }

    /// Creates a folder in `parent`, such as one on the same disk as the files to be published.
    ///
    /// # Errors
    /// If the folder or its lock cannot be created.
    pub fn within(parent: &Path) -> io::Result<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        for _ in 0..NAMES {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = parent.join(format!("{PREFIX}{}-{number}", std::process::id()));
            match Self::at(path) {
                Ok(Some(folder)) => return Ok(folder),
                Ok(None) => {}
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::from(ErrorKind::AlreadyExists))
    }

    /// Creates the folder `path`; `None` if another process swept it away before it was locked.
    fn at(path: PathBuf) -> io::Result<Option<Self>> {
        let mut live = live::folders();
        builder().create(&path)?;
        let lock = match create_private(&path.join(LOCK)) {
            Ok(lock) => lock,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                let _ = fs::remove_dir(&path);
                return Err(error);
            }
        };
        match lock.try_lock() {
            // Some network disks have no locks: the folder is usable, and no process sweeps there.
            Ok(()) | Err(TryLockError::Error(_)) if is_at(&lock, &path.join(LOCK)) => {}
            _ => return Ok(None),
        }
        live.insert(path.clone());
        Ok(Some(Self { path, _lock: lock }))
    }

    /// The path of the folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Creates a file in the folder that only the user can read.
    ///
    /// # Errors
    /// If the file exists or cannot be created.
    pub fn create(&self, name: &str) -> io::Result<File> {
        let _live = live::folders();
        create_private(&self.path.join(name))
    }

    /// Creates a file in the folder that will be published, with the permissions of any other file
    /// of the user.
    ///
    /// # Errors
    /// If the file exists or cannot be created.
    pub fn draft(&self, name: &str) -> io::Result<File> {
        let _live = live::folders();
        File::create_new(self.path.join(name))
    }

    /// Moves drafts to their targets, which must be on the same disk.
    ///
    /// A signal takes effect before the first move or after the last, never in between.
    ///
    /// # Errors
    /// If a draft cannot be moved; the error comes with its index. Earlier drafts stay published.
    pub fn publish(&self, drafts: &[(&str, &Path)]) -> Result<(), (usize, io::Error)> {
        let _live = live::folders();
        for (number, (name, target)) in drafts.iter().enumerate() {
            fs::rename(self.path.join(name), target).map_err(|source| (number, source))?;
        }
        Ok(())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let mut live = live::folders();
        // If it cannot be removed now, the next start sweeps it.
        let _ = remove(&self.path);
        live.remove(&self.path);
    }
}

fn builder() -> DirBuilder {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has modes"))]
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder
}

/// Creates a file that only its user can read and write.
///
/// # Errors
/// If the file exists or cannot be created.
pub fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::super::sweep;
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
        let mut names: Vec<String> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    #[cfg(unix)]
    fn only_the_user_can_enter_it_and_a_published_file_is_as_any_other() {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        let parent = tempfile::tempdir().expect("a folder");
        let folder = Folder::within(parent.path()).expect("made");
        assert_eq!(mode(folder.path()), 0o700);
        drop(folder.create("part").expect("made"));
        assert_eq!(mode(&folder.path().join("part")), 0o600);
        drop(folder.draft("d").expect("made"));
        let (target, plain) = (parent.path().join("out"), parent.path().join("plain"));
        folder.publish(&[("d", &target)]).expect("moved");
        fs::write(&plain, "").expect("written");
        assert_eq!(mode(&target), mode(&plain));
        drop(folder);
        assert_eq!(names(parent.path()), ["out", "plain"]);
    }

    #[test]
    fn what_a_killed_process_left_is_swept_and_nothing_else() {
        let parent = tempfile::tempdir().expect("a folder");
        let living = Folder::within(parent.path()).expect("made");
        let left = parent.path().join(format!("{PREFIX}1-0"));
        fs::create_dir(&left).expect("made");
        fs::write(left.join(LOCK), "").expect("written");
        fs::write(left.join("part"), "client data").expect("written");
        // Killed before it had a lock; empty.
        fs::create_dir(parent.path().join(format!("{PREFIX}1-1"))).expect("made");
        // Not ours: without a lock, and no folder.
        let foreign = parent.path().join(format!("{PREFIX}foreign"));
        fs::create_dir(&foreign).expect("made");
        fs::write(foreign.join("kept"), "").expect("written");
        fs::write(parent.path().join(format!("{PREFIX}file")), "").expect("written");
        fs::write(parent.path().join("other"), "").expect("written");
        sweep(parent.path());
        let own = living.path().file_name().expect("a name").to_string_lossy().into_owned();
        let mut kept =
            [own, format!("{PREFIX}file"), format!("{PREFIX}foreign"), "other".to_owned()];
        kept.sort();
        assert_eq!(names(parent.path()), kept);
        assert!(living.path().join(LOCK).exists());
    }

    #[test]
    fn a_name_that_was_left_is_not_taken_again() {
        let parent = tempfile::tempdir().expect("a folder");
        let number = Folder::within(parent.path()).expect("made").path().to_owned();
        let number: u64 =
            number.to_string_lossy().rsplit('-').next().expect("-").parse().expect("a number");
        let next = format!("{PREFIX}{}-{}", std::process::id(), number + 1);
        // Another test may take the number first, which is as good.
        fs::create_dir(parent.path().join(&next)).expect("made");
        let folder = Folder::within(parent.path()).expect("made");
        assert!(!folder.path().ends_with(&next));
    }
}
