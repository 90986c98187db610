//! README and the guide: every block is run, every table that follows from the code is compared,
//! every link leads somewhere, every figure has a source.
//!
//! With `FACTORAGE_WRITE_SNAPSHOTS=1` the tests write what commands print, and the tables.

mod figures;
mod links;
mod newcomer;
mod page;
mod tables;

use factorage::guide;
use newcomer::Newcomer;
use page::Page;

macro_rules! pages {
    ($($name:ident = $path:literal;)+) => {
        /// Every page that is checked.
        const PAGES: &[&str] = &[$($path),+];

        $(#[test]
        fn $name() {
            let mut page = Page::read($path);
            tables::check(&mut page);
            Newcomer::new().follow(&mut page);
            page.finish();
        })+
    };
}

pages! {
    readme = "README.md";
    index = "src/guide/index.md";
    first_evaluation = "src/guide/first_evaluation.md";
    exports = "src/guide/exports.md";
    offers = "src/guide/offers.md";
    book = "src/guide/book.md";
    service = "src/guide/service.md";
    model = "src/guide/model.md";
    formulas = "src/guide/formulas.md";
    limits = "src/guide/limits.md";
    changelog = "src/guide/changelog.md";
    contributing = "src/guide/contributing.md";
}

#[test]
fn every_page_of_the_guide_is_checked() {
    let checked: Vec<_> = PAGES.iter().filter_map(|path| path.strip_prefix("src/guide/")).collect();
    let served: Vec<_> = guide::pages().iter().map(|page| format!("{}.md", page.name)).collect();
    assert_eq!(checked, served);
    let lying = std::fs::read_dir("src/guide").expect("the guide").flatten();
    let lying = lying.filter(|file| file.path().extension().is_some_and(|kind| kind == "md"));
    assert_eq!(lying.count(), served.len());
}

#[test]
fn readme_is_one_screen() {
    let bytes = std::fs::metadata("README.md").expect("README").len();
    assert!(bytes <= 10_000, "README.md has {bytes} bytes");
}

#[test]
fn links_lead_to_pages_headings_and_files() {
    let all: Vec<String> = PAGES.iter().flat_map(|path| links::dangling(path)).collect();
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[test]
fn figures_have_a_source() {
    let all: Vec<String> = PAGES.iter().flat_map(|path| figures::unfounded(path)).collect();
    assert!(all.is_empty(), "{}", all.join("\n"));
}
