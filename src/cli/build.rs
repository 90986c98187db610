//! Puts the commit that is built behind the version: `factorage --version` tells it. Without git,
//! or outside a clone of this repository, the version stands alone.

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

/// What cargo reads on standard output.
fn tell(line: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "cargo:{line}")
}

/// The commit of this folder's own clone. Only a moved head makes a build look again.
fn commit() -> std::io::Result<Option<String>> {
    let Some(folder) = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from) else {
        return Ok(None);
    };
    let Some(top) = git(&folder, &["rev-parse", "--show-toplevel"]) else { return Ok(None) };
    if Path::new(&top).canonicalize()? != folder.join("../..").canonicalize()? {
        return Ok(None);
    }
    // The log of the head has a line for each of its moves; the others serve where none is kept.
    let branch = git(&folder, &["symbolic-ref", "--quiet", "HEAD"]);
    for file in ["logs/HEAD", "HEAD"].into_iter().chain(branch.as_deref()) {
        watch(&folder, file)?;
    }
    Ok(git(&folder, &["rev-parse", "--short=12", "HEAD"]))
}

/// Looks again when this file of git changes; one that is not there would always count as changed.
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
