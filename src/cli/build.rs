//! Adds the commit to the version that `factorage --version` prints, if git is installed and this
//! folder is part of a clone.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

fn main() -> std::io::Result<()> {
    tell("rerun-if-changed=build.rs")?;
    let version = env!("CARGO_PKG_VERSION");
    let version = match commit()? {
        Some(commit) => format!("{version} ({commit})"),
        None => version.to_owned(),
    };
    tell(&format!("rustc-env=FACTORAGE_VERSION={version}"))
}

/// Writes an instruction that cargo reads on standard output.
fn tell(line: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "cargo:{line}")
}

/// The commit of the clone that holds this folder. Cargo runs this again only once the head has
/// moved.
fn commit() -> std::io::Result<Option<String>> {
    let Some(folder) = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from) else {
        return Ok(None);
    };
    let Some(top) = git(&folder, &["rev-parse", "--show-toplevel"]) else { return Ok(None) };
    // A copy within another repository must not go by the commit of that one.
    if Path::new(&top).canonicalize()? != folder.join("../..").canonicalize()? {
        return Ok(None);
    }
    // The head's log grows with each of its moves; the other files serve a clone that keeps no log.
    let branch = git(&folder, &["symbolic-ref", "--quiet", "HEAD"]);
    for file in ["logs/HEAD", "HEAD"].into_iter().chain(branch.as_deref()) {
        watch(&folder, file)?;
    }
    Ok(git(&folder, &["rev-parse", "--short=12", "HEAD"]))
}

/// Has cargo run this again when a file of git changes. A missing file is left out: cargo would
/// take it as changed at every build.
fn watch(folder: &Path, file: &str) -> std::io::Result<()> {
    match git(folder, &["rev-parse", "--git-path", file]).map(|path| folder.join(path)) {
        Some(path) if path.exists() => tell(&format!("rerun-if-changed={}", path.display())),
        _ => Ok(()),
    }
}

fn git(folder: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").current_dir(folder).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    (output.status.success()).then(|| text.trim().to_owned()).filter(|text| !text.is_empty())
}
