//! Dependencies that a manifest names and no source uses.

use super::layers::Package;
use super::source::{Kind, Lexeme, Source};

/// Dependencies that no source names, each with why it stands in the manifest all the same.
const UNNAMED: [(&str, &str, &str); 0] = [];

/// A manifest, and the sources that may use what it names.
struct Uses<'a> {
    package: &'a Package,
    /// Every source of the package, tests and build script included.
    all: Vec<&'a Source>,
    /// The sources that are compiled without tests.
    built: Vec<&'a Source>,
}

impl<'a> Uses<'a> {
    fn of(package: &'a Package, all: &'a [Source], built: &'a [Source]) -> Self {
        let is_own = |source: &&Source| match package.room.as_str() {
            // The root's own files are `src/lib.rs` and `src/main.rs`.
            "" => source.path.matches('/').count() == 1 || source.path.starts_with("tests/"),
            room => source.path.starts_with(&format!("src/{room}/")),
        };
        Self {
            package,
            all: all.iter().filter(is_own).collect(),
            built: built.iter().filter(is_own).collect(),
        }
    }

    /// The dependencies that nothing uses, tests apart from what is built without them.
    fn unused(&self) -> Vec<String> {
        let room = if self.package.room.is_empty() { "the root" } else { &self.package.room };
        let mut found = Vec::new();
        for (name, kind) in &self.package.names {
            let is_script = |source: &&&Source| source.path.ends_with("/build.rs");
            let used = match kind.as_str() {
                "build" => self.all.iter().filter(is_script).any(|source| names(source, name)),
                "dev" => self.all.iter().any(|source| names(source, name)),
                _ => self.built.iter().any(|source| is_named(source, name, |at| !at.in_test)),
            };
            let excused = UNNAMED.iter().any(|(own, unnamed, _)| own == &room && unnamed == name);
            if !used && !excused {
                found.push(format!("{room}: nothing uses {name} ({kind})"));
            }
        }
        found
    }
}

fn names(source: &Source, name: &str) -> bool {
    is_named(source, name, |_| true)
}

/// True if a path of the source begins with `name`: `name::x`, `use name;`, `#[name]`, or the text
/// `"name::x"` of an attribute.
fn is_named(source: &Source, name: &str, counts: impl Fn(&Lexeme) -> bool) -> bool {
    // A module of the same name hides the dependency.
    let declared = (0..source.lexemes.len()).any(|at| source.reads(at, &["mod", name]));
    let begins = |(at, lexeme): (usize, &Lexeme)| {
        if lexeme.kind == Kind::Text {
            return lexeme.text.starts_with(&format!("\"{name}::"));
        }
        let inside = at >= 2 && source.reads(at - 2, &[":", ":"]) && at >= 3 && {
            let before = &source.lexemes[at - 3];
            before.kind == Kind::Word && before.text != "use" || before.text == ">"
        };
        let is_path = source.reads(at, &[name, ":", ":"]) && !inside;
        let is_used = at >= 1 && source.reads(at - 1, &["use", name]);
        let is_attribute = at >= 2 && source.reads(at - 2, &["#", "[", name]);
        is_path || is_used || is_attribute
    };
    let mut lexemes = source.lexemes.iter().enumerate().filter(|(_, lexeme)| counts(lexeme));
    !declared && lexemes.any(begins)
}

#[test]
fn every_dependency_is_used() {
    let mut all = Source::below("src");
    all.extend(Source::below("tests"));
    let built = Source::tree();
    let packages = Package::all();
    let unused = packages.iter().flat_map(|package| Uses::of(package, &all, &built).unused());
    super::none(&unused.collect::<Vec<_>>());
}

#[test]
fn an_unused_dependency_is_named_with_its_kind() {
    let name = |(name, kind): (&str, &str)| (name.to_owned(), kind.to_owned());
    let package = Package {
        room: "pricing".to_owned(),
        edges: Vec::new(),
        names: [
            ("serde", "normal"),
            ("http_body_util", "normal"),
            ("policy", "normal"),
            ("toml", "normal"),
            ("chrono", "normal"),
            ("clap", "normal"),
            ("proptest", "dev"),
            ("tempfile", "dev"),
            ("polars", "build"),
        ]
        .map(name)
        .to_vec(),
        manifest: toml::Table::new(),
    };
    let fee = "use serde::Serialize;\n\
        #[serde(with = \"http_body_util::x\")]\nstruct Fee;\n\
        fn f() { crate::policy::rate(); toml.x(); polars::x(); }\n\
        #[clap] struct Arguments;\n\
        #[cfg(test)]\nmod tests { use proptest::prelude::*; fn g() { ::chrono::x(); } }\n";
    let sources = [
        Source::parse("src/pricing/fee.rs", fee),
        Source::parse("src/policy/lib.rs", "use tempfile::TempDir;"),
        Source::parse("src/pricing/build.rs", "fn main() {}"),
    ];
    let unused = Uses::of(&package, &sources, &sources).unused();
    let expected = ["policy (normal)", "toml (normal)", "chrono (normal)", "tempfile (dev)"];
    let expected = [&expected[..], &["polars (build)"]].concat();
    let expected: Vec<_> =
        expected.iter().map(|name| format!("pricing: nothing uses {name}")).collect();
    assert_eq!(unused, expected);
    let hidden = Source::parse("src/pricing/lib.rs", "mod toml; fn f() { toml::x(); }");
    assert!(!names(&hidden, "toml"));
}
