//! Puts the commit that is built behind the version: `factorage --version` tells it. Without git, or
//! outside a clone of this repository, the version stands alone.

use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=src/build.rs");
    let version = env!("CARGO_PKG_VERSION");
    let version = match commit() {
        Some(commit) => format!("{version} ({commit})"),
        None => version.to_owned(),
    };
    println!("cargo:rustc-env=FACTORAGE_VERSION={version}");
}

/// The commit of this folder's own clone. Only a moved head makes a build look again.
fn commit() -> Option<String> {
    let folder = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from)?;
    let top = git(&folder, &["rev-parse", "--show-toplevel"])?;
    if Path::new(&top).canonicalize().ok()? != folder.canonicalize().ok()? {
        return None;
    }
    // The log of the head has a line for each of its moves; the others serve where none is kept.
    for file in ["logs/HEAD", "HEAD"] {
        watch(&folder, file);
    }
    if let Some(branch) = git(&folder, &["symbolic-ref", "--quiet", "HEAD"]) {
        watch(&folder, &branch);
    }
    git(&folder, &["rev-parse", "--short=12", "HEAD"])
}

/// Looks again when this file of git changes; one that is not there would always count as changed.
fn watch(folder: &Path, file: &str) {
    if let Some(path) = git(folder, &["rev-parse", "--git-path", file]) {
        let path = folder.join(path);
        if path.exists() {
            println!("cargo:rerun-if-changed={}", path.display());
        }
    }
}

fn git(folder: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").current_dir(folder).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    (output.status.success()).then(|| text.trim().to_owned()).filter(|text| !text.is_empty())
}
