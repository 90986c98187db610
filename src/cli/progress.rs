use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Bytes between two lines.
const STEP: u64 = 1 << 20;

/// Set where another program reads how far this one is.
static LINES: OnceLock<()> = OnceLock::new();

/// From now on progress is told in lines on stderr, `progress: DONE TOTAL` in bytes.
pub(super) fn tell_in_lines() {
    // It may have been said before.
    let _ = LINES.set(());
}

/// How far the reading is.
pub(super) enum Reading {
    Bar(ProgressBar),
    Lines { done: AtomicU64, total: u64 },
}

impl Reading {
    /// So many more bytes were read.
    pub fn inc(&self, bytes: u64) {
        match self {
            Self::Bar(bar) => bar.inc(bytes),
            Self::Lines { done, total } => {
                let before = done.fetch_add(bytes, Ordering::Relaxed);
                if before / STEP != (before + bytes) / STEP {
                    // Whoever reads it may have gone.
                    let _ = writeln!(io::stderr(), "progress: {} {total}", before + bytes);
                }
            }
        }
    }

    /// It is done.
    pub fn finish_and_clear(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

/// A bar over the bytes of the ledger files, on stderr while it is a terminal and silent otherwise.
pub(super) fn reading(files: &[PathBuf]) -> Reading {
    let total =
        files.iter().filter_map(|file| fs::metadata(file).ok()).map(|file| file.len()).sum();
    if LINES.get().is_some() {
        return Reading::Lines { done: AtomicU64::new(0), total };
    }
    let style =
        ProgressStyle::with_template("reading and scoring {wide_bar} {bytes}/{total_bytes}");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    Reading::Bar(ProgressBar::new(total).with_style(style))
}

/// A spinner while files are written.
pub(super) fn writing() -> ProgressBar {
    let spinner = ProgressBar::new_spinner().with_message("writing");
    spinner.enable_steady_tick(Duration::from_millis(100));
    spinner
}
