//! Finds the ledgers in a folder without a `portfolio.toml`, one for each client, and the files
//! that are plainly something else.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use ledger::plainly_other;

use super::super::own_file::own_file;
use super::client_entry::{ClientEntry, OneOrMore};
use super::manifest_error::ManifestError;

/// The most skipped files that are named.
const MOST_NAMED: usize = 20;

/// The content of a folder.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub client: Vec<ClientEntry>,
    /// Files and folders that are not ledgers: each name and what it is.
    pub skipped: Vec<String>,
}

impl Found {
    /// Takes every file of a folder as a client's ledger, and every folder `client_id=NAME` in it,
    /// unless it is plainly something else.
    pub fn in_folder(folder: &Path) -> Result<Self, ManifestError> {
        let named = |source| ManifestError::Io { file: folder.display().to_string(), source };
        let mut paths: Vec<PathBuf> = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(named)? {
            paths.push(entry.map_err(named)?.path());
        }
        // A folder gives its entries in no set order.
        paths.sort();
        let mut found = Self::default();
        for path in paths {
            let full = text(path.file_name());
            let id = match full.strip_prefix("client_id=") {
                Some(id) if path.is_dir() => Ok(id.to_owned()),
                _ => other(&path, &full).map_or_else(|| Ok(id(&path)), Err),
            };
            match id {
                Ok(id) => found.client.push(ClientEntry::found(id, full)),
                Err(what) => found.skipped.push(format!("{full} ({what})")),
            }
        }
        found.client.sort_by(|a, b| a.id.cmp(&b.id));
        // Our own files are no surprise to the user, so they come last.
        found.skipped.sort_by_key(|skipped| skipped.ends_with("that Factorage wrote)"));
        found.check(folder)?;
        Ok(found)
    }

    fn check(&self, folder: &Path) -> Result<(), ManifestError> {
        let folder = folder.display().to_string();
        if self.client.is_empty() {
            let skipped = words(&self.skipped);
            return Err(ManifestError::Empty { folder, skipped });
        }
        let same = |pair: &&[ClientEntry]| pair[0].id == pair[1].id;
        let Some([first, second]) = self.client.windows(2).find(same) else { return Ok(()) };
        let name = |entry: &ClientEntry| match &entry.ledger {
            OneOrMore::One(path) => path.display().to_string(),
            OneOrMore::More(_) => entry.id.clone(),
        };
        Err(ManifestError::SameClient {
            folder,
            id: first.id.clone(),
            files: [name(first), name(second)],
        })
    }
}

fn text(name: Option<&OsStr>) -> String {
    name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The client whose ledger is a file of this name.
fn id(path: &Path) -> String {
    let stem = text(path.file_stem());
    stem.strip_prefix("client_id=").map_or_else(|| stem.clone(), str::to_owned)
}

/// Describes an entry of a folder that is not a ledger.
fn other(path: &Path, name: &str) -> Option<&'static str> {
    if name.starts_with('.') {
        return Some("hidden");
    }
    if path.is_dir() {
        return Some("a folder; a client's folder is named client_id=NAME");
    }
    own_file(path).or_else(|| plainly_other(path))
}

/// The skipped entries as the end of a sentence; empty when there are none.
pub(super) fn words(skipped: &[String]) -> String {
    let named: Vec<&str> = skipped.iter().take(MOST_NAMED).map(String::as_str).collect();
    let named = named.join(", ");
    match skipped.len().saturating_sub(MOST_NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}
