//! The ledgers of a portfolio: listed in `portfolio.toml`, else found in the folder or file.

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
    /// The as-of date of the report.
    pub as_of: Option<NaiveDate>,
    /// A policy file for all clients without one of their own.
    pub policy: Option<PathBuf>,
    /// A file of conversion rates to the currency of the totals.
    pub rates: Option<PathBuf>,
    /// A list of the debtors that several clients sell to, `debtors.toml`.
    pub debtors: Option<PathBuf>,
    /// True if debtors with the same id are one debtor even if `debtors` does not list them
    /// [default: true].
    pub same_id_is_same_debtor: Option<bool>,
    /// The upper bounds of the ageing buckets in days, such as `[30, 60, 90]`.
    pub ageing_days: Option<Vec<Day>>,
    /// The clients.
    #[serde(default)]
    pub client: Vec<ClientEntry>,
    /// The skipped files of a folder without a manifest.
    #[serde(skip)]
    pub skipped: Vec<String>,
}

impl Manifest {
    /// The manifest of a folder or file, and the folder that its paths are relative to.
    pub fn of(portfolio: &Path) -> Result<(Self, PathBuf), ManifestError> {
        let named = |source| ManifestError::Io { file: portfolio.display().to_string(), source };
        let kind = std::fs::metadata(portfolio).map_err(named)?;
        if kind.is_file() && portfolio.file_name().is_some_and(|name| name == "portfolio.toml") {
            let folder = portfolio.parent().unwrap_or(Path::new("")).to_owned();
            let manifest = parsed(portfolio, Self::conflicts)?;
            return Ok((manifest, folder));
        }
        // A file of any other name is a ledger itself.
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

    /// The conflicts: clients without a name, or with the same name.
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

/// Reads a TOML file and checks its values together.
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
