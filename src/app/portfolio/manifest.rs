//! What a portfolio consists of: `portfolio.toml`, else what is found in the folder or file.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use basics::handwritten::{Conflict, Reading, Tree};
use basics::{Day, OutOfRange};

use super::client_entry::ClientEntry;
use super::found::Found;
use super::identity::DebtorList;
use super::manifest_error::ManifestError;

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
    /// What else is in a folder without a manifest, and was skipped.
    #[serde(skip)]
    pub skipped: Vec<String>,
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
        if !kind.is_dir() {
            return Err(ManifestError::Pipe(portfolio.display().to_string()));
        }
        let file = portfolio.join("portfolio.toml");
        if !file.is_file() {
            let Found { client, skipped } = Found::in_folder(portfolio)?;
            return Ok((Self { client, skipped, ..Self::default() }, portfolio.to_owned()));
        }
        let manifest: Self = parsed(&file, Self::conflicts)?;
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

    /// The list of debtors that several clients sell to.
    pub fn debtor_list(&self, folder: &Path) -> Result<DebtorList, ManifestError> {
        self.debtors
            .as_ref()
            .map_or(Ok(DebtorList::default()), |file| parsed(&folder.join(file), |_| Vec::new()))
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
