use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A bar over the bytes of the ledger files, on stderr while it is a terminal and silent otherwise.
pub(super) fn reading(files: &[PathBuf]) -> ProgressBar {
    let bytes =
        files.iter().filter_map(|file| fs::metadata(file).ok()).map(|file| file.len()).sum();
    let style =
        ProgressStyle::with_template("reading and scoring {wide_bar} {bytes}/{total_bytes}");
    ProgressBar::new(bytes).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// A spinner while files are written.
pub(super) fn writing() -> ProgressBar {
    let spinner = ProgressBar::new_spinner().with_message("writing");
    spinner.enable_steady_tick(Duration::from_millis(100));
    spinner
}
