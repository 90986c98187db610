use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::is_quiet;

/// Bytes between two progress lines.
const STEP: u64 = 1 << 20;

/// Set if another program reads the progress of this one.
static LINES: OnceLock<()> = OnceLock::new();

/// Switches progress to lines on stderr: `progress: DONE TOTAL`, in bytes.
pub(super) fn tell_in_lines() {
    // It may be set already.
    let _ = LINES.set(());
}

/// The progress of reading.
pub(super) enum Reading {
    Bar(ProgressBar),
    Lines { done: AtomicU64, total: AtomicU64 },
}

impl Reading {
    /// Adds bytes read.
    pub fn inc(&self, bytes: u64) {
        match self {
            Self::Bar(bar) => bar.inc(bytes),
            Self::Lines { done, total } => {
                // Several threads may report: each gets bytes of its own, so no step is told twice.
                let before = done.fetch_add(bytes, Ordering::Relaxed);
                if before / STEP != (before + bytes) / STEP {
                    // The reader may have gone.
                    let total = total.load(Ordering::Relaxed);
                    let _ = writeln!(io::stderr(), "progress: {} {total}", before + bytes);
                }
            }
        }
    }

    /// Adds bytes read, of `all` in total.
    pub fn inc_of(&self, bytes: u64, all: u64) {
        match self {
            Self::Bar(bar) => {
                bar.set_length(all);
                if bar.position() + bytes >= all {
                    bar.set_message("computing");
                }
            }
            Self::Lines { total, .. } => total.store(all, Ordering::Relaxed),
        }
        self.inc(bytes);
    }

    /// Ends the progress and clears its bar.
    pub fn finish_and_clear(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

/// A bar over the bytes of the ledger files, on stderr if it is a terminal and silent otherwise.
pub(super) fn reading(files: &[PathBuf]) -> Reading {
    let total =
        // A file that is not there is told when it is read.
        files.iter().filter_map(|file| fs::metadata(file).ok()).map(|file| file.len()).sum();
    told(total, "reading and scoring {wide_bar} {bytes}/{total_bytes}")
}

/// A bar over the ledgers of a portfolio, whose total grows as ledgers are found.
pub(super) fn portfolio() -> Reading {
    let told = told(0, "{msg} {wide_bar} {bytes}/{total_bytes}");
    if let Reading::Bar(bar) = &told {
        bar.set_message("reading");
        // No bytes come in while figures are computed; the ticking shows that it goes on.
        bar.enable_steady_tick(Duration::from_millis(100));
    }
    told
}

/// A bar over rows to write.
pub(super) fn rows(all: u64) -> ProgressBar {
    bar(all, "writing {wide_bar} {human_pos}/{human_len} rows")
}

fn told(total: u64, template: &str) -> Reading {
    if LINES.get().is_some() {
        return Reading::Lines { done: AtomicU64::new(0), total: AtomicU64::new(total) };
    }
    Reading::Bar(bar(total, template))
}

fn bar(total: u64, template: &str) -> ProgressBar {
    if is_quiet() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template(template);
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(total).with_style(style)
}

/// A spinner while files are written.
pub(super) fn writing() -> ProgressBar {
    if is_quiet() {
        return ProgressBar::hidden();
    }
    let spinner = ProgressBar::new_spinner().with_message("writing");
    spinner.enable_steady_tick(Duration::from_millis(100));
    spinner
}
