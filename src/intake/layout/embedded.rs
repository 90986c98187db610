use std::sync::LazyLock;

use include_dir::{Dir, include_dir};

use super::Layout;

/// One TOML file per export format. To support another one, add its file.
static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/layouts");

static LAYOUTS: LazyLock<Vec<Layout>> = LazyLock::new(|| {
    let mut layouts: Vec<Layout> =
        // A test parses every file, so that none is left out here.
        FILES.files().filter_map(|file| file.contents_utf8()?.parse().ok()).collect();
    layouts.sort_by(|a, b| a.name.cmp(&b.name));
    layouts
});

/// Every known layout, ordered by name.
pub fn embedded() -> &'static [Layout] {
    &LAYOUTS
}

/// The names of all known layouts.
pub fn layout_names() -> Vec<&'static str> {
    embedded().iter().map(|layout| layout.name.as_str()).collect()
}

/// The layout with this name.
pub fn named(name: &str) -> Option<&'static Layout> {
    embedded().iter().find(|layout| layout.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_a_layout_of_its_own_name() {
        assert!(FILES.files().count() > 20);
        for file in FILES.files() {
            let text = file.contents_utf8().expect("UTF-8");
            let layout: Layout =
                text.parse().unwrap_or_else(|error| panic!("{}: {error}", file.path().display()));
            let stem = file.path().file_stem().and_then(|stem| stem.to_str());
            assert_eq!(Some(layout.name.as_str()), stem);
            assert!(!layout.title.is_empty(), "{}", layout.name);
            assert!(!layout.headers.is_empty(), "{}: nothing distinguishes it", layout.name);
        }
    }
}
