//! Makes two texts of every page. The pages link to each other and to the sources, as they lie in
//! the checkout, so that a forge and an editor follow the links. In rustdoc the same links have to
//! lead to modules; in the service, which has no sources at hand, the documentation of a module
//! stands on the page that asks for it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    let mut pages: Vec<PathBuf> = fs::read_dir(".")?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|kind| kind == "md"))
        .collect();
    pages.sort();
    // The folder, so that a new page is noticed too.
    println!("cargo::rerun-if-changed=.");
    for path in pages {
        let text = fs::read_to_string(&path)?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let root = if name == "index" { "" } else { "../" };
        fs::write(out.join(format!("{name}.rustdoc.md")), linked(&text, root))?;
        fs::write(out.join(format!("{name}.served.md")), with_modules(&text)?)?;
    }
    Ok(())
}

/// Turns `](offers.md#x)` and `](../pricing/apr.rs)` into links between modules in rustdoc. A page
/// is a module of this crate, so its links go up one folder; the front page is the crate itself.
fn linked(text: &str, root: &str) -> String {
    let mut linked = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("](") {
        let (before, target) = rest.split_at(start + 2);
        linked.push_str(before);
        let end = target.find(')').unwrap_or(target.len());
        let (path, anchor) = target[..end].split_once('#').unwrap_or((&target[..end], ""));
        let module = if let Some(page) = path.strip_suffix(".md") {
            let page = if page == "index" { String::new() } else { format!("{page}/") };
            Some(format!("{root}{page}index.html"))
        } else {
            path.strip_prefix("../").and_then(|path| path.strip_suffix(".rs")).map(|path| {
                // The documentation names a module after its folder, and a room after its crate.
                let path = path.trim_end_matches("/mod").trim_end_matches("/lib");
                format!("{root}../factorage_{path}/index.html")
            })
        };
        match module {
            Some(module) if anchor.is_empty() => linked.push_str(&module),
            Some(module) => {
                let _ = write!(linked, "{module}#{anchor}");
            }
            None => linked.push_str(&target[..end]),
        }
        rest = &target[end..];
    }
    linked + rest
}

/// Puts the documentation of a module where `<!-- docs: ../pricing/apr.rs -->` stands.
fn with_modules(text: &str) -> io::Result<String> {
    let mut whole = String::new();
    for line in text.lines() {
        let asked = line.strip_prefix("<!-- docs: ").and_then(|line| line.strip_suffix(" -->"));
        if let Some(path) = asked {
            println!("cargo::rerun-if-changed={path}");
            let source = fs::read_to_string(Path::new(path)).map_err(|error| {
                io::Error::new(error.kind(), format!("{path}, which the guide shows: {error}"))
            })?;
            whole.push_str(&documentation(&source));
        } else {
            whole.push_str(line);
            whole.push('\n');
        }
    }
    Ok(whole)
}

/// The module documentation of a source, its headings below the page's own. Its heading of the
/// formulas is that of the page, and its examples are for those who have the source.
fn documentation(source: &str) -> String {
    let mut own = String::new();
    // Whether a block is open, and whether it is an example.
    let mut open = None;
    // The documentation of a module ends with the first line that is none.
    for line in source.lines().map_while(|line| line.strip_prefix("//!")) {
        let line = line.strip_prefix(' ').unwrap_or(line);
        let is_shown = match (line.strip_prefix("```"), open) {
            (Some(language), None) => {
                open = Some(language.is_empty());
                !language.is_empty()
            }
            (Some(_), Some(is_example)) => {
                open = None;
                !is_example
            }
            (None, open) => open != Some(true) && line != "# Formulas",
        };
        if !is_shown {
            continue;
        }
        let below = if line.starts_with("# ") { "##" } else { "" };
        let _ = writeln!(own, "{below}{line}");
    }
    own
}
