//! What a portfolio consists of: `portfolio.toml`, else what is found in the folder or file.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::basics::handwritten::{Conflict, Faults, Reading, Tree};
use crate::basics::{Currency, Day, OutOfRange};

use super::identity::DebtorList;

/// `portfolio.toml`. Paths are relative to its folder.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    pub as_of: Option<NaiveDate>,
    pub policy: Option<PathBuf>,
    /// Rates to the currency of the totals.
    pub rates: Option<PathBuf>,
    pub debtors: Option<PathBuf>,
    /// Whether debtors with the same id are one although `debtors` does not list them.
    pub same_id_is_same_debtor: Option<bool>,
    pub ageing_days: Option<Vec<Day>>,
    #[serde(default)]
    pub client: Vec<ClientEntry>,
}

/// A client of the portfolio.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ClientEntry {
    pub id: String,
    /// The client's sector, for scenarios.
    pub sector: Option<String>,
    /// Its ledger's files.
    pub ledger: OneOrMore,
    pub currency: Option<Currency>,
    pub policy: Option<PathBuf>,
    pub facility: Option<PathBuf>,
    pub debtors: Option<PathBuf>,
}

/// A path, or several.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum OneOrMore {
    One(PathBuf),
    More(Vec<PathBuf>),
}

/// Why a portfolio is none.
#[derive(Debug, Error)]
pub enum ManifestError {
    /// The system's words.
    #[error("{file}: {source}")]
    Io {
        /// The file or folder.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// Everything that is wrong with a file.
    #[error("{file}: {faults}")]
    Faults {
        /// The file.
        file: String,
        /// Line, key and value.
        faults: Faults,
    },
    /// Nothing to report on.
    #[error("{0}: no ledger in it")]
    Empty(String),
}

impl Manifest {
    /// The manifest of a folder or file, and the folder to which its paths are relative.
    pub fn of(portfolio: &Path) -> Result<(Self, PathBuf), ManifestError> {
        let named = |source| ManifestError::Io { file: portfolio.display().to_string(), source };
        let kind = std::fs::metadata(portfolio).map_err(named)?;
        if kind.is_file() && portfolio.file_name().is_some_and(|name| name == "portfolio.toml") {
            let folder = portfolio.parent().unwrap_or(Path::new("")).to_owned();
            let manifest = parsed(portfolio, Self::conflicts)?;
            return Ok((manifest, folder));
        }
        if kind.is_file() {
            return Ok((Self::default(), PathBuf::new()));
        }
        let file = portfolio.join("portfolio.toml");
        let manifest = if file.is_file() {
            parsed(&file, Self::conflicts)?
        } else {
            Self::found_in(portfolio)?
        };
        Ok((manifest, portfolio.to_owned()))
    }

    /// Every client has a name of its own.
    fn conflicts(&self) -> Vec<Conflict> {
        let mut all: Vec<Conflict> = Vec::new();
        for (at, client) in self.client.iter().enumerate() {
            let expected = if client.id.trim().is_empty() {
                "a name"
            } else if self.client[..at].iter().any(|other| other.id == client.id) {
                "a name that no other client has"
            } else {
                continue;
            };
            all.push(OutOfRange::new("client.id", &client.id, expected).into());
        }
        all
    }

    /// Every file of a folder is a client's ledger, and every folder `client_id=NAME` in it.
    fn found_in(folder: &Path) -> Result<Self, ManifestError> {
        let named = |source| ManifestError::Io { file: folder.display().to_string(), source };
        let mut client = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(named)? {
            let path = entry.map_err(named)?.path();
            let name = |part: Option<&std::ffi::OsStr>| {
                part.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
            };
            let full = name(path.file_name());
            let id = match full.strip_prefix("client_id=") {
                Some(id) => id.to_owned(),
                None if path.is_dir() || full.starts_with('.') => continue,
                None => name(path.file_stem()),
            };
            client.push(ClientEntry {
                id,
                sector: None,
                ledger: OneOrMore::One(PathBuf::from(full)),
                currency: None,
                policy: None,
                facility: None,
                debtors: None,
            });
        }
        if client.is_empty() {
            return Err(ManifestError::Empty(folder.display().to_string()));
        }
        client.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Self { client, ..Self::default() })
    }

    /// The list of debtors that several clients sell to.
    pub fn debtor_list(&self, folder: &Path) -> Result<DebtorList, ManifestError> {
        self.debtors
            .as_ref()
            .map_or(Ok(DebtorList::default()), |file| parsed(&folder.join(file), |_| Vec::new()))
    }
}

impl OneOrMore {
    /// The paths, below a folder.
    pub fn below(&self, folder: &Path) -> Vec<PathBuf> {
        match self {
            Self::One(path) => vec![folder.join(path)],
            Self::More(paths) => paths.iter().map(|path| folder.join(path)).collect(),
        }
    }
}

/// A file of TOML, whose values go together.
pub(super) fn parsed<T: DeserializeOwned + JsonSchema>(
    path: &Path,
    check: impl FnOnce(&T) -> Vec<Conflict>,
) -> Result<T, ManifestError> {
    let file = || path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|source| ManifestError::Io { file: file(), source })?;
    let read = Tree::toml(&text).and_then(|tree| Reading::of(tree).hold(check).finish());
    read.map_err(|faults| ManifestError::Faults { file: file(), faults })
}
