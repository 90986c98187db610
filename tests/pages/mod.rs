//! One readable snapshot for each kind of page: its text as a person reads it.
//!
//! `FACTORAGE_WRITE_SNAPSHOTS=1 cargo test --test main pages::` writes them anew; then read what
//! changed.

mod guide;
mod offer;
mod portfolio;
pub mod text;

use std::path::Path;

/// Compares the text of a page with `tests/pages/<name>.txt`.
#[track_caller]
pub fn same_page(name: &str, html: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/pages/{name}.txt"));
    let page = text::readable(html);
    if crate::writes_snapshots() {
        std::fs::write(&file, page).expect("a snapshot is written");
        return;
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    let (mut was, mut is) = (kept.lines(), page.lines());
    for number in 1.. {
        match (was.next(), is.next()) {
            (None, None) => break,
            (was, is) => assert_eq!(
                is, was,
                "line {number} of {name}.txt; FACTORAGE_WRITE_SNAPSHOTS=1 writes it anew"
            ),
        }
    }
}
