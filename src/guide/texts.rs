use std::sync::LazyLock;

use super::page::Page;
use super::render;

macro_rules! texts {
    ($($name:literal),+ $(,)?) => {
        /// Name and Markdown of each page, in the order of reading.
        const TEXTS: &[(&str, &str)] =
            &[$(($name, include_str!(concat!(env!("OUT_DIR"), "/", $name, ".served.md")))),+];
    };
}

texts!(
    "index",
    "first_evaluation",
    "exports",
    "offers",
    "book",
    "service",
    "model",
    "formulas",
    "limits",
    "changelog",
    "contributing",
);

// Rendered once: the texts do not change while the program runs.
static PAGES: LazyLock<Vec<Page>> = LazyLock::new(|| render::pages(TEXTS));

/// The pages in the order of reading, the front page first.
pub fn pages() -> &'static [Page] {
    &PAGES
}

/// Returns the page of this name, `None` if the guide has no such page.
pub fn page(name: &str) -> Option<&'static Page> {
    pages().iter().find(|page| page.name == name)
}
