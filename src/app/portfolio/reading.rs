//! Progress of reading a portfolio, whose ledgers may be read more than once.

use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use ledger::Source;

/// Counts bytes over all passes and reports them as if every ledger were read once.
pub(super) struct Reading<'a> {
    tell: &'a (dyn Fn(u64, u64) + Sync),
    read: AtomicU64,
    /// The bytes of all ledgers and the number of passes; known once the ledgers are listed.
    plan: OnceLock<(u64, u64)>,
}

impl<'a> Reading<'a> {
    pub fn new(tell: &'a (dyn Fn(u64, u64) + Sync)) -> Self {
        Self { tell, read: AtomicU64::new(0), plan: OnceLock::new() }
    }

    /// Reports the total to read; only the first call counts.
    pub fn start<'p>(&self, files: impl Iterator<Item = &'p Source>, passes: u64) {
        let &(total, _) = self.plan.get_or_init(|| (files.map(size).sum(), passes.max(1)));
        (self.tell)(0, total);
    }

    /// Counts more bytes as read.
    pub fn inc(&self, bytes: u64) {
        let &(total, passes) = self.plan.get().unwrap_or(&(0, 1));
        let before = self.read.fetch_add(bytes, Ordering::Relaxed);
        // Differences of rounded-down shares, which add up to the whole whatever the steps.
        (self.tell)((before + bytes) / passes - before / passes, total);
    }
}

/// The size of a source in bytes.
fn size(source: &Source) -> u64 {
    match source {
        Source::Path(path) => bytes(path),
        Source::Bytes { bytes, .. } => bytes.len() as u64,
    }
}

/// The size in bytes of a file, or of the files in a folder. One that cannot be looked at counts as
/// empty here; reading it gives the error.
fn bytes(path: &Path) -> u64 {
    if let Ok(entries) = std::fs::read_dir(path) {
        return entries.flatten().map(|entry| bytes(&entry.path())).sum();
    }
    std::fs::metadata(path).map_or(0, |file| file.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_read_twice_are_told_once() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("a")).expect("a folder");
        std::fs::write(folder.path().join("a/x.csv"), [0; 60]).expect("a file");
        std::fs::write(folder.path().join("y.csv"), [0; 41]).expect("a file");
        let told = AtomicU64::new(0);
        let tell = |more: u64, total: u64| {
            assert_eq!(total, 101);
            told.fetch_add(more, Ordering::Relaxed);
        };
        let reading = Reading::new(&tell);
        let files = ["a", "y.csv"].map(|name| Source::Path(folder.path().join(name)));
        reading.start(files.iter(), 2);
        [60, 41, 60, 41].into_iter().for_each(|bytes| reading.inc(bytes));
        assert_eq!(told.into_inner(), 101);
    }
}
