//! What a portfolio consists of: `portfolio.toml`, else what is found in the folder or file.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

use basics::handwritten::{Conflict, Faults, Reading, Tree};
use basics::{Currency, Day, OutOfRange, refusal};

use super::found::Found;
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
    /// What else is in a folder without a manifest, and was skipped.
    #[serde(skip)]
    pub skipped: Vec<String>,
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
    #[error("{file}: {}", refusal(source))]
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
    #[error("{folder}: holds no ledger{}", skipped_words(skipped))]
    Empty {
        /// The folder.
        folder: String,
        /// What is in it instead.
        skipped: String,
    },
    /// Two files whose names make them one client.
    #[error(
        "{folder}: {} and {} would both be the ledger of the client '{id}'; rename one, or name the \
         clients in a portfolio.toml",
        files[0],
        files[1]
    )]
    SameClient {
        /// The folder.
        folder: String,
        /// The client.
        id: String,
        /// The files.
        files: [String; 2],
    },
    /// Neither a file nor a folder.
    #[error("{0}: is a pipe or a device; a portfolio is read twice, so write it to a file first")]
    Pipe(String),
}

fn skipped_words(skipped: &str) -> String {
    if skipped.is_empty() { String::new() } else { format!(", only {skipped}") }
}

impl ClientEntry {
    /// The client whose ledger is a file or folder of this name.
    pub fn found(id: String, name: String) -> Self {
        Self {
            id,
            sector: None,
            ledger: OneOrMore::One(PathBuf::from(name)),
            currency: None,
            policy: None,
            facility: None,
            debtors: None,
        }
    }
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
